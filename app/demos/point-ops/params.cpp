#include "app/demos/point-ops/point_ops.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "camera",
       .choices = {"camera", "astronaut", "cat", "coffee", "coins", "moon", "page", "rocket", "ramp", "own"}},
      {.id = "operation",
       .type = ParamType::choice,
       .initial = "add",
       .choices = {"add", "contrast", "gamma", "invert", "equalise", "draw"}},
      {.id = "offset",
       .type = ParamType::integer,
       .initial = "60",
       .min = -255,
       .max = 255,
       .step = 1,
       .only_if = "operation",
       .only_value = "add"},
      {.id = "factor",
       .type = ParamType::real,
       .initial = "2",
       .min = 0,
       .max = 8,
       .only_if = "operation",
       .only_value = "contrast"},
      {.id = "gamma",
       .type = ParamType::real,
       .initial = "0.5",
       .min = 0.1,
       .max = 10,
       .only_if = "operation",
       .only_value = "gamma"},
      {.id = "curve",
       .type = ParamType::text,
       .initial = "0,0 96,32 160,224 255,255",
       .max = 128,
       .only_if = "operation",
       .only_value = "draw"},
      {.id = "flip", .type = ParamType::choice, .initial = "none", .choices = {"none", "x", "y"}},
      {.id = "marks", .type = ParamType::toggle, .initial = "1"},
      {.id = "log", .type = ParamType::toggle, .initial = "0", .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "60,60", .min = 1, .max = 8192, .group = ParamGroup::state},
      {.id = "zoom", .type = ParamType::real, .initial = "1", .min = 1, .max = 1024, .group = ParamGroup::more},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_point_ops() {
  static const DemoInfo info{
      .id = "point-ops", .params = params(), .aspect = 1.3, .narrow_aspect = 0.52, .make = make_point_ops};
  return info;
}

}  // namespace cvlab::app
