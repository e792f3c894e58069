#include "app/demos/stereo/stereo.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "pair", .type = ParamType::choice, .initial = "motorcycle", .choices = {"motorcycle", "dots"}},
      {.id = "window", .type = ParamType::integer, .initial = "9", .min = 1, .max = 25, .step = 2},
      {.id = "range", .type = ParamType::integer, .initial = "40", .min = 1, .max = 64, .step = 1},
      {.id = "check", .type = ParamType::toggle, .initial = "1"},
      {.id = "show",
       .type = ParamType::choice,
       .initial = "disparity",
       .choices = {"disparity", "depth"},
       .only_if = "pair",
       .only_value = "motorcycle"},
      {.id = "subpixel", .type = ParamType::toggle, .initial = "1", .group = ParamGroup::more},
      {.id = "tolerance",
       .type = ParamType::integer,
       .initial = "1",
       .min = 0,
       .max = 8,
       .step = 1,
       .group = ParamGroup::more,
       .only_if = "check",
       .only_value = "1"},
      // Row and column in the left picture.
      {.id = "cell", .type = ParamType::cell, .initial = "164,188", .min = 1, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_stereo() {
  static const DemoInfo info{
      .id = "stereo", .params = params(), .aspect = 1.35, .narrow_aspect = 0.5, .make = make_stereo};
  return info;
}

}  // namespace cvlab::app
