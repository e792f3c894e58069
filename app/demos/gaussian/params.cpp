#include "app/demos/gaussian/gaussian.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "astronaut",
       .choices = {"astronaut", "cat", "camera", "coffee", "coins", "page", "moon", "rocket", "shapes", "own"}},
      {.id = "view",
       .type = ParamType::choice,
       .initial = "kernel",
       .choices = {"kernel", "table", "separable", "waves"}},
      {.id = "filter", .type = ParamType::choice, .initial = "gaussian", .choices = {"gaussian", "mean"}},
      {.id = "sigma", .type = ParamType::real, .initial = "2", .min = 0.3, .max = 8},
      {.id = "window", .type = ParamType::integer, .initial = "7", .min = 1, .max = 31, .step = 2},
      {.id = "scale",
       .type = ParamType::real,
       .initial = "274",
       .min = 10,
       .max = 1000,
       .only_if = "view",
       .only_value = "table"},
      {.id = "sampling",
       .type = ParamType::choice,
       .initial = "area",
       .choices = {"area", "centre"},
       .only_if = "view",
       .only_value = "table"},
      {.id = "frequency", .type = ParamType::real, .initial = "0.2", .min = 0, .max = 0.5, .group = ParamGroup::state},
      {.id = "split", .type = ParamType::real, .initial = "0.5", .min = 0, .max = 1, .group = ParamGroup::state},
      {.id = "turn", .type = ParamType::real, .initial = "30", .min = 0, .max = 360, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_gaussian() {
  static const DemoInfo info{
      .id = "gaussian", .params = params(), .aspect = 1.5, .narrow_aspect = 0.68, .make = make_gaussian};
  return info;
}

}  // namespace cvlab::app
