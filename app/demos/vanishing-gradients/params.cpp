#include "app/demos/vanishing-gradients/vanishing_gradients.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "depth", .type = ParamType::integer, .initial = "16", .min = 2, .max = 64, .step = 1},
      {.id = "f",
       .type = ParamType::choice,
       .initial = "sigmoid",
       .choices = {"sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu"}},
      {.id = "init",
       .type = ParamType::choice,
       .initial = "xavier",
       .choices = {"zero", "small", "large", "xavier", "he"}},
      {.id = "norm", .type = ParamType::toggle, .initial = "0"},
      {.id = "skip", .type = ParamType::toggle, .initial = "0"},
      {.id = "rate", .type = ParamType::real, .initial = "0.1", .min = 0.001, .max = 1},
      {.id = "steps",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = VanishingGradients::most_steps,
       .step = 1},
      {.id = "own", .type = ParamType::toggle, .initial = "0"},
      {.id = "data",
       .type = ParamType::choice,
       .initial = "circles",
       .choices = {"circles", "moons", "spirals"},
       .group = ParamGroup::more},
      {.id = "log", .type = ParamType::toggle, .initial = "1", .group = ParamGroup::more},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_vanishing_gradients() {
  static const DemoInfo info{.id = "vanishing-gradients",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.4,
                             .narrow_aspect = 0.5,
                             .make = make_vanishing_gradients};
  return info;
}

}  // namespace cvlab::app
