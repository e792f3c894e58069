#include "app/demos/activation-maps/activation_maps.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "coins",
       .choices = {"coins", "page", "camera", "cat", "astronaut", "coffee", "moon", "rocket", "shapes", "ramp", "box",
                   "own"}},
      {.id = "network",
       .type = ParamType::choice,
       .initial = "small-cnn-digits",
       .choices = {"small-cnn-digits", "small-cnn-fashion-mnist", "lenet5-digits", "lenet5-fashion-mnist"}},
      {.id = "side", .type = ParamType::choice, .initial = "128", .choices = {"32", "64", "128", "256"}},
      {.id = "layer",
       .type = ParamType::choice,
       .initial = "relu2",
       .choices = {"conv1", "relu1", "pool1", "conv2", "relu2", "pool2"}},
      {.id = "map", .type = ParamType::integer, .initial = "2", .min = 1, .max = 16, .step = 1},
      {.id = "invert", .type = ParamType::toggle, .initial = "0", .group = ParamGroup::more},
      // 0,0: the cell that answers most.
      {.id = "cell", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_activation_maps() {
  static const DemoInfo info{.id = "activation-maps",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.4,
                             .narrow_aspect = 0.46,
                             .make = make_activation_maps};
  return info;
}

}  // namespace cvlab::app
