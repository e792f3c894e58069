#include "app/demos/activations/activations.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "view", .type = ParamType::choice, .initial = "curve", .choices = {"curve", "zigzag", "dying"}},
      {.id = "f",
       .type = ParamType::choice,
       .initial = "relu",
       .choices = {"sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "step", "identity"}},
      {.id = "x",
       .type = ParamType::real,
       .initial = "1",
       .min = -6,
       .max = 6,
       .only_if = "view",
       .only_value = "curve"},
      {.id = "spread",
       .type = ParamType::real,
       .initial = "1",
       .min = 0.1,
       .max = 5,
       .only_if = "view",
       .only_value = "curve"},
      {.id = "small_steps",
       .type = ParamType::integer,
       .initial = "60",
       .min = 0,
       .max = Activations::most_steps,
       .step = 1,
       .only_if = "view",
       .only_value = "zigzag"},
      {.id = "small_rate",
       .type = ParamType::real,
       .initial = "0.05",
       .min = 0.005,
       .max = 0.2,
       .only_if = "view",
       .only_value = "zigzag"},
      {.id = "steps",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = Activations::most_steps,
       .step = 1,
       .only_if = "view",
       .only_value = "dying"},
      {.id = "rate",
       .type = ParamType::real,
       .initial = "0.5",
       .min = 0.05,
       .max = 20,
       .only_if = "view",
       .only_value = "dying"},
      {.id = "units",
       .type = ParamType::integer,
       .initial = "24",
       .min = 4,
       .max = 48,
       .step = 1,
       .group = ParamGroup::more,
       .only_if = "view",
       .only_value = "dying"},
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

const DemoInfo& demo_info_activations() {
  static const DemoInfo info{.id = "activations",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.5,
                             .narrow_aspect = 0.46,
                             .make = make_activations};
  return info;
}

}  // namespace cvlab::app
