#include "app/demos/denoise/denoise.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "camera",
       .choices = {"camera", "astronaut", "cat", "coffee", "coins", "moon", "page", "rocket", "shapes", "box", "own"}},
      {.id = "noise", .type = ParamType::choice, .initial = "salt", .choices = {"salt", "gaussian"}},
      // Percent of the pixels.
      {.id = "amount",
       .type = ParamType::real,
       .initial = "10",
       .min = 0,
       .max = 50,
       .only_if = "noise",
       .only_value = "salt"},
      // Standard deviation in grey levels.
      {.id = "level",
       .type = ParamType::real,
       .initial = "20",
       .min = 0,
       .max = 80,
       .only_if = "noise",
       .only_value = "gaussian"},
      {.id = "mean", .type = ParamType::integer, .initial = "3", .min = 1, .max = 15, .step = 2},
      {.id = "sigma", .type = ParamType::real, .initial = "1", .min = 0.3, .max = 5},
      {.id = "median", .type = ParamType::integer, .initial = "3", .min = 1, .max = 15, .step = 2},
      {.id = "space", .type = ParamType::real, .initial = "2", .min = 0.5, .max = 5},
      {.id = "range", .type = ParamType::real, .initial = "50", .min = 5, .max = 150},
      {.id = "explain",
       .type = ParamType::choice,
       .initial = "median",
       .choices = {"mean", "gaussian", "median", "bilateral"}},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "139,228", .min = 1, .max = 8192, .group = ParamGroup::state},
      {.id = "zoom", .type = ParamType::real, .initial = "3", .min = 1, .max = 1024, .group = ParamGroup::state},
      {.id = "centre",
       .type = ParamType::cell,
       .initial = "120,230",
       .min = 0,
       .max = 8192,
       .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_denoise() {
  static const DemoInfo info{
      .id = "denoise", .params = params(), .aspect = 1.4, .narrow_aspect = 0.56, .make = make_denoise};
  return info;
}

}  // namespace cvlab::app
