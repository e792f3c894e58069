#include "app/demos/pixels/pixels.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "astronaut",
       .choices = {"astronaut", "cat", "coffee", "camera", "coins", "page", "moon", "rocket", "portrait", "shapes",
                   "ramp", "box", "own"}},
      {.id = "channel",
       .type = ParamType::choice,
       .initial = "colour",
       .choices = {"colour", "grey", "red", "green", "blue", "hue", "saturation", "value", "lightness", "a", "b"}},
      {.id = "bits", .type = ParamType::integer, .initial = "8", .min = 1, .max = 8, .step = 1},
      {.id = "show", .type = ParamType::choice, .initial = "picture", .choices = {"picture", "error"}},
      {.id = "zoom", .type = ParamType::real, .initial = "1", .min = 1, .max = 1024},
      {.id = "numbers",
       .type = ParamType::choice,
       .initial = "levels",
       .choices = {"levels", "unit"},
       .group = ParamGroup::more},
      {.id = "offset",
       .type = ParamType::integer,
       .initial = "0",
       .min = -255,
       .max = 255,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "overflow",
       .type = ParamType::choice,
       .initial = "saturate",
       .choices = {"saturate", "wrap"},
       .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "120,224", .min = 1, .max = 8192, .group = ParamGroup::state},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_pixels() {
  static const DemoInfo info{
      .id = "pixels", .params = params(), .aspect = 1.5, .narrow_aspect = 0.62, .make = make_pixels};
  return info;
}

}  // namespace cvlab::app
