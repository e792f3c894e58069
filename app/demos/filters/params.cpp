#include "app/demos/filters/filters.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "camera",
       .choices = {"camera", "astronaut", "cat", "coffee", "coins", "moon", "page", "rocket", "ramp", "shapes", "own"}},
      {.id = "mode", .type = ParamType::choice, .initial = "explore", .choices = {"explore", "puzzle"}},
      {.id = "kernel",
       .type = ParamType::choice,
       .initial = "sharpen",
       .choices = {kernel_names.begin(), kernel_names.end()},
       .only_if = "mode",
       .only_value = "explore"},
      // Of a matrix, max is the greatest number of rows and columns.
      {.id = "weights",
       .type = ParamType::matrix,
       .initial = "-1 -1 -1; -1 8 -1; -1 -1 -1",
       .min = 1,
       .max = 9,
       .only_if = "kernel",
       .only_value = "own"},
      {.id = "puzzle",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = kernel_puzzles,
       .step = 1,
       .only_if = "mode",
       .only_value = "puzzle"},
      {.id = "guess",
       .type = ParamType::matrix,
       .initial = "0 0 0; 0 0 0; 0 0 0",
       .min = 1,
       .max = 9,
       .only_if = "mode",
       .only_value = "puzzle"},
      {.id = "divisor",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 25,
       .step = 1,
       .only_if = "mode",
       .only_value = "puzzle"},
      {.id = "hint",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = 3,
       .step = 1,
       .only_if = "mode",
       .only_value = "puzzle"},
      {.id = "negatives", .type = ParamType::choice, .initial = "auto", .choices = {"auto", "signed", "offset", "cut"}},
      {.id = "cell", .type = ParamType::cell, .initial = "130,220", .min = 1, .max = 8192, .group = ParamGroup::state},
      {.id = "zoom", .type = ParamType::real, .initial = "1", .min = 1, .max = 1024, .group = ParamGroup::more},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_filters() {
  static const DemoInfo info{
      .id = "filters", .params = params(), .aspect = 1.4, .narrow_aspect = 0.56, .make = make_filters};
  return info;
}

}  // namespace cvlab::app
