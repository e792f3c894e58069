#include "app/demos/edges/edges.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "camera",
       .choices = {"camera", "coins", "astronaut", "cat", "coffee", "page", "moon", "rocket", "shapes", "box", "own"}},
      {.id = "stage",
       .type = ParamType::choice,
       .initial = "direction",
       .choices = {"smoothed", "x", "y", "magnitude", "direction", "thinned", "thresholds", "edges"}},
      {.id = "sigma", .type = ParamType::real, .initial = "1", .min = 0, .max = 6},
      {.id = "low", .type = ParamType::integer, .initial = "40", .min = 0, .max = 500, .step = 1},
      {.id = "high", .type = ParamType::integer, .initial = "120", .min = 0, .max = 500, .step = 1},
      {.id = "cell", .type = ParamType::cell, .initial = "193,43", .min = 1, .max = 8192, .group = ParamGroup::state},
      {.id = "zoom", .type = ParamType::real, .initial = "1", .min = 1, .max = 1024, .group = ParamGroup::state},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_edges() {
  static const DemoInfo info{
      .id = "edges", .params = params(), .has_steps = true, .aspect = 1.3, .narrow_aspect = 0.69, .make = make_edges};
  return info;
}

}  // namespace cvlab::app
