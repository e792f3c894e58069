#include "app/demos/threshold/threshold.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "coins",
       .choices = {"coins", "page", "camera", "moon", "astronaut", "cat", "coffee", "rocket", "shapes", "box", "own"}},
      {.id = "method", .type = ParamType::choice, .initial = "fixed", .choices = {"fixed", "otsu", "adaptive"}},
      {.id = "level",
       .type = ParamType::integer,
       .initial = "100",
       .min = 0,
       .max = 255,
       .step = 1,
       .only_if = "method",
       .only_value = "fixed"},
      {.id = "size",
       .type = ParamType::integer,
       .initial = "35",
       .min = 3,
       .max = 151,
       .step = 2,
       .only_if = "method",
       .only_value = "adaptive"},
      {.id = "offset",
       .type = ParamType::integer,
       .initial = "10",
       .min = -100,
       .max = 100,
       .step = 1,
       .only_if = "method",
       .only_value = "adaptive"},
      {.id = "weights",
       .type = ParamType::choice,
       .initial = "mean",
       .choices = {"mean", "gaussian"},
       .only_if = "method",
       .only_value = "adaptive"},
      {.id = "dark", .type = ParamType::toggle, .initial = "0"},
      {.id = "smallest", .type = ParamType::integer, .initial = "1", .min = 1, .max = 1000, .step = 1},
      {.id = "show", .type = ParamType::choice, .initial = "components", .choices = {"components", "mask", "errors"}},
      {.id = "tool", .type = ParamType::choice, .initial = "look", .choices = {"look", "paint", "erase"}},
      {.id = "brush",
       .type = ParamType::integer,
       .initial = "22",
       .min = 1,
       .max = 120,
       .step = 1,
       .only_if = "tool",
       .only_value = "paint"},
      {.id = "neighbours", .type = ParamType::choice, .initial = "8", .choices = {"4", "8"}, .group = ParamGroup::more},
      {.id = "open",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 31,
       .step = 2,
       .group = ParamGroup::more},
      {.id = "close",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 31,
       .step = 2,
       .group = ParamGroup::more},
      {.id = "truth", .type = ParamType::text, .initial = "", .max = 6000, .group = ParamGroup::state},
      {.id = "cell", .type = ParamType::cell, .initial = "40,45", .min = 1, .max = 8192, .group = ParamGroup::state},
      {.id = "zoom", .type = ParamType::real, .initial = "1", .min = 1, .max = 1024, .group = ParamGroup::more},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_threshold() {
  static const DemoInfo info{
      .id = "threshold", .params = params(), .aspect = 1.3, .narrow_aspect = 0.55, .make = make_threshold};
  return info;
}

}  // namespace cvlab::app
