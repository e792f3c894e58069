#include "app/demos/mlp/mlp.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "data",
       .type = ParamType::choice,
       .initial = "circles",
       .choices = {"moons", "circles", "spirals", "blobs", "own", "digits"}},
      {.id = "classes", .type = ParamType::integer, .initial = "3", .min = 2, .max = Mlp::most_classes, .step = 1},
      {.id = "digits",
       .type = ParamType::integer,
       .initial = "10",
       .min = 2,
       .max = Mlp::most_digits,
       .step = 1,
       .only_if = "data",
       .only_value = "digits"},
      {.id = "side",
       .type = ParamType::choice,
       .initial = "8",
       .choices = {"8", "14"},
       .only_if = "data",
       .only_value = "digits"},
      {.id = "brush",
       .type = ParamType::choice,
       .initial = "a",
       .choices = {"a", "b", "c", "d"},
       .only_if = "data",
       .only_value = "own"},
      {.id = "hidden", .type = ParamType::choice, .initial = "8", .choices = {"none", "2", "4", "8", "4-4", "8-8"}},
      {.id = "activation", .type = ParamType::choice, .initial = "tanh", .choices = {"tanh", "relu", "sigmoid"}},
      {.id = "optimizer", .type = ParamType::choice, .initial = "adam", .choices = {"sgd", "momentum", "adam"}},
      {.id = "rate", .type = ParamType::real, .initial = "0.03", .min = 0.001, .max = 1000},
      {.id = "batch", .type = ParamType::choice, .initial = "16", .choices = {"1", "16", "all"}},
      {.id = "edges", .type = ParamType::choice, .initial = "weights", .choices = {"weights", "gradients"}},
      {.id = "step", .type = ParamType::integer, .initial = "0", .min = 0, .max = Mlp::most_steps, .step = 1},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
      // The held-out picture whose values fill the network, counted along the rows of the wall.
      {.id = "picture",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = Mlp::most_digits * Mlp::shown_of_each,
       .step = 1,
       .group = ParamGroup::state},
      // The unit of the first layer whose sum is drawn large.
      {.id = "unit",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = Mlp::most_digits,
       .step = 1,
       .group = ParamGroup::state},
      {.id = "points",
       .type = ParamType::text,
       .initial = "",
       .max = static_cast<double>(most_drawn_points * drawn_point_bytes),
       .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_mlp() {
  static const DemoInfo info{
      .id = "mlp", .params = params(), .has_steps = true, .aspect = 1.35, .narrow_aspect = 0.42, .make = make_mlp};
  return info;
}

}  // namespace cvlab::app
