#include "app/platform/run_headless.hpp"

#include <cmath>
#include <fstream>
#include <iostream>

#include "app/platform/headless.hpp"
#include "app/platform/session.hpp"
#include "app/platform/smoke.hpp"
#include "core/image/codec.hpp"

namespace cvlab::app {

namespace {

constexpr double frame_seconds = 1.0 / 60.0;
constexpr double settling_seconds = 0.1;  // between frames that nobody asked for: ImGui settles in time, not in frames
constexpr int most_frames = 600;          // until a demo must have come to rest
constexpr int most_working_frames = 60'000;  // the same for one that works: on a slow machine that takes longer

bool say(const App& app, const Result<void>& result) {
  if (!result) std::cerr << "cvlab-app: " << app.words().sentence(result.error()) << '\n';
  return static_cast<bool>(result);
}

bool write_png(const std::string& path, const Image& image) {
  const std::vector<std::uint8_t> bytes = encode_png(image);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) std::cerr << "cvlab-app: The file " << path << " cannot be written.\n";
  return static_cast<bool>(file);
}

// Draws the frames asked for; without a number, until pictures are loaded and nothing moves by itself any more.
void draw(const CommandLine& request, HostNative& host, Session& session, const Viewport& viewport) {
  const bool works = session.app().info() != nullptr && session.app().info()->works;
  const int count = request.frames.value_or(works ? most_working_frames : most_frames);
  const double dt = request.frames ? frame_seconds : settling_seconds;
  for (int i = 0; i < count; ++i) {
    const bool loaded = host.pump();
    if (!request.frames && session.work(dt)) continue;
    const bool again = session.frame(viewport, dt);
    Headless::finish();
    if (!request.frames && !again && !loaded) break;
    if (!request.frames && request.play && !works && i > 0) break;  // playing never rests
  }
}

}  // namespace

bool open_request(App& app, const CommandLine& request) {
  if (!say(app, app.open(request.demo))) return false;
  if (request.demo.empty() && (!request.params.empty() || !request.state.empty())) {
    std::cerr << "cvlab-app: --set and --state need --demo.\n";
    return false;
  }
  if (!request.state.empty() && !say(app, app.set_all(request.state))) return false;
  for (const auto& [id, value] : request.params) {
    if (!say(app, app.set(id, value))) return false;
  }
  if (request.play && !app.play(true)) {
    std::cerr << "cvlab-app: This demo has no steps to play.\n";
    return false;
  }
  return true;
}

int run_headless(const CommandLine& request, HostNative& host) {
  const auto device = [&](int size) { return static_cast<int>(std::lround(size * request.scale)); };
  auto made = Headless::make(device(request.width), device(request.height));
  if (!made) {
    std::cerr << "cvlab-app: " << made.error().sentence << '\n';
    return 1;
  }
  const std::unique_ptr<Headless> headless = std::move(made).value();
  Session session(host, request.options);
  host.attach(session.app(), [] {});
  if (request.smoke) return run_smoke(session, host, request.frames.value_or(60));
  if (!open_request(session.app(), request)) return 2;
  if (!request.open.empty()) host.open_path(request.open);
  const Viewport viewport{static_cast<float>(request.width), static_cast<float>(request.height),
                          static_cast<float>(request.scale)};
  draw(request, host, session, viewport);
  if (!request.screenshot.empty() && !write_png(request.screenshot, headless->read())) return 1;
  if (request.readouts) std::cout << session.app().readouts_json() << std::endl;
  const Error* failure = session.app().pictures().failure();
  if (failure == nullptr) failure = session.app().files().failure();
  if (failure != nullptr) {
    std::cerr << "cvlab-app: " << session.app().words().sentence(*failure) << '\n';
    return 1;
  }
  const std::string errors = Headless::take_errors();
  if (!errors.empty()) std::cerr << "cvlab-app: OpenGL reported " << errors << ".\n";
  return errors.empty() ? 0 : 3;
}

}  // namespace cvlab::app
