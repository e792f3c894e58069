// Every demo, every parameter over its range, drawn small: accepted, and no GL error.
#pragma once

namespace cvlab::app {

class HostNative;
class Session;

// Prints each failure and one last line "N passed, N failed"; returns the exit code.
int run_smoke(Session& session, HostNative& host, int frames);

}  // namespace cvlab::app
