#include "app/demos/matrix-backprop/matrix_backprop.hpp"

namespace cvlab::app {

namespace {

Param size(std::string_view id, std::string_view initial) {
  return {.id = id, .type = ParamType::integer, .initial = initial, .min = 1, .max = 6, .step = 1};
}

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "step", .type = ParamType::integer, .initial = "7", .min = 0, .max = 12, .step = 1},
      size("batch", "3"),
      {.id = "activation",
       .type = ParamType::choice,
       .initial = "relu",
       .choices = {"relu", "logistic", "tanh", "identity"}},
      size("inputs", "3"),
      size("hidden", "4"),
      size("outputs", "2"),
      {.id = "seed", .type = ParamType::integer, .initial = "1", .min = 1, .max = 99, .step = 1},
      {.id = "look",
       .type = ParamType::choice,
       .initial = "step",
       .choices = {"step", "Z1", "A1", "Z2", "E", "L", "dZ2", "dW2", "dB2", "dA1", "dZ1", "dW1", "dB1"},
       .group = ParamGroup::state},
      {.id = "cell", .type = ParamType::cell, .initial = "1,1", .min = 1, .max = 6, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_matrix_backprop() {
  static const DemoInfo info{.id = "matrix-backprop",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.25,
                             .narrow_aspect = 0.42,
                             .make = make_matrix_backprop};
  return info;
}

}  // namespace cvlab::app
