// cvlab-app without a window: posters, read-outs, smoke test.
#pragma once

#include "app/platform/command_line.hpp"
#include "app/platform/host_native.hpp"

namespace cvlab::app {

// Exit codes: 0 done, 1 not possible on this machine, 2 bad request, 3 the drawing made GL errors.
int run_headless(const CommandLine& request, HostNative& host);

// Opens what was asked for. False after printing one sentence.
bool open_request(App& app, const CommandLine& request);

}  // namespace cvlab::app
