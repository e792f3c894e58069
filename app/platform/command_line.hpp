// What cvlab-app was asked to do.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/shell/app.hpp"

namespace cvlab::app {

struct CommandLine {
  std::string demo;
  std::string state;                                        // a whole state, as in a URL
  std::vector<std::pair<std::string, std::string>> params;  // --set, in order
  std::string open;                                         // a file of one's own
  AppOptions options;
  int width = 1280;  // CSS px
  int height = 800;
  double scale = 1.0;
  bool play = false;

  std::string screenshot;
  bool readouts = false;
  std::optional<int> frames;
  bool smoke = false;
  bool list = false;

  bool headless() const { return !screenshot.empty() || readouts || frames.has_value() || smoke; }
};

// The finished request, or the exit code: 0 after --help, 2 after one sentence on what is wrong.
std::variant<CommandLine, int> parse_command_line(int count, char** arguments);

}  // namespace cvlab::app
