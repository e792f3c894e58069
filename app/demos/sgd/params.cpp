#include "app/demos/sgd/sgd.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "landscape", .type = ParamType::choice, .initial = "line", .choices = {"line", "two-layers", "network"}},
      {.id = "compare", .type = ParamType::choice, .initial = "batches", .choices = {"one", "batches", "optimizers"}},
      {.id = "batch", .type = ParamType::choice, .initial = "4", .choices = {"all", "4", "1"}},
      {.id = "optimizer",
       .type = ParamType::choice,
       .initial = "sgd",
       .choices = {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}},
      {.id = "rate", .type = ParamType::real, .initial = "0.1", .min = 0.001, .max = 3},
      {.id = "schedule",
       .type = ParamType::choice,
       .initial = "constant",
       .choices = {"constant", "step", "cosine", "warmup"}},
      {.id = "step", .type = ParamType::integer, .initial = "40", .min = 0, .max = Sgd::most_steps, .step = 1},
      {.id = "loop", .type = ParamType::toggle, .initial = "0"},
      {.id = "arrows", .type = ParamType::toggle, .initial = "1", .group = ParamGroup::more},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
      // Where the paths begin: dragged on the landscape.
      {.id = "u", .type = ParamType::real, .initial = "-0.5", .min = -3, .max = 3, .group = ParamGroup::state},
      {.id = "v", .type = ParamType::real, .initial = "2.5", .min = -3, .max = 3, .group = ParamGroup::state},
      // Which of the five parts of a step is looked at, from 1, while they are gone through one by one.
      {.id = "part",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 5,
       .step = 1,
       .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_sgd() {
  static const DemoInfo info{
      .id = "sgd", .params = params(), .has_steps = true, .aspect = 1.3, .narrow_aspect = 0.42, .make = make_sgd};
  return info;
}

}  // namespace cvlab::app
