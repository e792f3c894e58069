#include "app/platform/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

namespace cvlab::app {

namespace {

std::string check_size(const std::string& text) {
  int width = 0;
  int height = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &used) != 2 || used != static_cast<int>(text.size()) ||
      width < 64 || height < 64 || width > 8192 || height > 8192) {
    return "must be WIDTHxHEIGHT, each from 64 to 8192, as in 1280x800";
  }
  return {};
}

std::string check_pair(const std::string& text) {
  return text.find('=') == std::string::npos || text[0] == '=' ? "must be PARAMETER=VALUE, as in kernel=sobel-x" : "";
}

}  // namespace

std::variant<CommandLine, int> parse_command_line(int count, char** arguments) {
  CommandLine request;
  std::vector<std::string> pairs;
  std::string size;
  std::string theme = "light";
  bool panel = true;
  CLI::App cli{
      "cvlab: computer vision that runs. Opens a window; with --screenshot, --readouts, --frames or --smoke it "
      "works without a display."};
  cli.option_defaults()->always_capture_default(false);
  cli.add_option("--demo", request.demo, "Demo to open; without it, the gallery")->type_name("ID");
  cli.add_option("--set", pairs, "Value of a parameter; may be given again")
      ->type_name("PARAM=VALUE")
      ->check(check_pair)
      ->allow_extra_args(false);
  cli.add_option("--state", request.state, "Whole state, as it stands in a link: a=1&b=2")->type_name("TEXT");
  cli.add_option("--open", request.open, "Opens a picture (.png, .jpg) or weights (.safetensors) of one's own")
      ->type_name("FILE");
  cli.add_option("--screenshot", request.screenshot, "Writes the picture to this file and ends")->type_name("FILE.png");
  cli.add_flag("--readouts", request.readouts, "Prints what the demo measured as one JSON object and ends");
  cli.add_option("--frames", request.frames, "Draws this many frames, 1/60 s apart, and ends")
      ->check(CLI::Range(1, 100000));
  cli.add_option("--size", size, "Size in px (1280x800)")->type_name("WxH")->check(check_size);
  cli.add_option("--scale", request.scale, "Device pixels per px of a screenshot (1)")->check(CLI::Range(0.5, 4.0));
  cli.add_option("--theme", theme, "light or dark")->check(CLI::IsMember({"light", "dark"}));
  cli.add_option("--lang", request.options.language, "en or fr")->check(CLI::IsMember({"en", "fr"}));
  cli.add_flag("--panel,!--no-panel", panel, "With or without menu and controls");
  cli.add_flag("--reduced-motion", request.options.reduced_motion, "No animation that is not asked for");
  cli.add_flag("--play", request.play, "Starts the demo's steps");
  cli.add_flag("--list", request.list, "Lists the demos and ends");
  cli.add_flag("--smoke", request.smoke, "Runs every demo over its parameters and fails on any GL error");
  try {
    cli.parse(count, arguments);
  } catch (const CLI::CallForHelp&) {
    std::cout << cli.help();
    return 0;
  } catch (const CLI::ParseError& error) {
    std::cerr << "cvlab-app: " << error.what() << '\n';
    return 2;
  }
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    request.params.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  if (!size.empty()) std::sscanf(size.c_str(), "%dx%d", &request.width, &request.height);
  request.options.dark = theme == "dark";
  request.options.panel = panel;
  return request;
}

}  // namespace cvlab::app
