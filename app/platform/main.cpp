// cvlab-app, the native program.
#include <iostream>

#include "app/platform/command_line.hpp"
#include "app/platform/host_native.hpp"
#include "app/platform/loop.hpp"
#include "app/platform/run_headless.hpp"
#include "app/platform/window.hpp"

namespace {

using namespace cvlab::app;

int run_window(const CommandLine& request, HostNative& host) {
  auto made = Window::make("cvlab", request.width, request.height);
  if (!made) {
    std::cerr << "cvlab-app: " << made.error().sentence << " --screenshot and --readouts work without one.\n";
    return 1;
  }
  const std::unique_ptr<Window> window = std::move(made).value();
  Session session(host, request.options);
  window->attach_input();
  Loop loop(*window, session,
            {.before_frame = [&] { host.pump(); }, .dropped = [&](const std::string& path) { host.open_path(path); }});
  host.attach(session.app(), [&] { loop.wake(); });
  const bool opened = open_request(session.app(), request);
  if (opened && !request.open.empty()) host.open_path(request.open);
  if (opened) loop.run();
  host.attach(session.app(), nullptr);
  window->detach_input();
  return opened ? 0 : 2;
}

}  // namespace

int main(int count, char** arguments) {
  const auto parsed = parse_command_line(count, arguments);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  const CommandLine& request = std::get<CommandLine>(parsed);
  if (request.list) {
    for (const DemoInfo* info : all_demos()) {
      const Words words(request.options.language);
      std::cout << info->id << "  " << words(std::string(info->id) + ".title") << '\n';
    }
    return 0;
  }
  HostNative host(arguments[0]);
  return request.headless() ? run_headless(request, host) : run_window(request, host);
}
