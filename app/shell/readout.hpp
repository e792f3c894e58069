// What a demo measured, as numbers. The label is the word "<demo>.readout.<id>".
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace cvlab::app {

struct Readout {
  std::string id;                           // snake_case, stable: tests, slides and questions read it
  std::variant<double, std::string> value;  // NaN = "not defined in this state" (JSON null)
  std::string unit = {};                    // "px", "%", "" … already language-neutral
  int digits = 4;                           // significant digits for people; JSON has them all
  bool timing = false;                      // depends on the machine and its load: no other run gives the same
};

using Readouts = std::vector<Readout>;

}  // namespace cvlab::app
