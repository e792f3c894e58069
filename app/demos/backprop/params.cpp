#include "app/demos/backprop/backprop.hpp"

namespace cvlab::app {

namespace {

Param number(std::string_view id, std::string_view initial, double min, double max) {
  return {.id = id, .type = ParamType::real, .initial = initial, .min = min, .max = max, .group = ParamGroup::more};
}

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "step", .type = ParamType::integer, .initial = "23", .min = 0, .max = 55, .step = 1},
      {.id = "updates", .type = ParamType::integer, .initial = "0", .min = 0, .max = Backprop::most_updates, .step = 1},
      {.id = "rate", .type = ParamType::real, .initial = "0.5", .min = 0.01, .max = 10},
      {.id = "biases", .type = ParamType::toggle, .initial = "0"},
      number("i1", "0.05", -5, 5),
      number("i2", "0.1", -5, 5),
      number("t1", "0.01", 0, 1),
      number("t2", "0.99", 0, 1),
      number("w1", "0.15", -20, 20),
      number("w2", "0.2", -20, 20),
      number("w3", "0.25", -20, 20),
      number("w4", "0.3", -20, 20),
      number("w5", "0.4", -20, 20),
      number("w6", "0.45", -20, 20),
      number("w7", "0.5", -20, 20),
      number("w8", "0.55", -20, 20),
      number("b1", "0.35", -20, 20),
      number("b2", "0.6", -20, 20),
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_backprop() {
  static const DemoInfo info{.id = "backprop",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.25,
                             .narrow_aspect = 0.42,
                             .make = make_backprop};
  return info;
}

}  // namespace cvlab::app
