#include "app/demos/optical-flow/optical_flow.hpp"

namespace cvlab::app {

namespace {

Param of(std::string_view figure, Param param) {
  param.only_if = "figure";
  param.only_value = figure;
  return param;
}

Param flow(Param param) { return of("flow", std::move(param)); }
Param line(Param param) { return of("line", std::move(param)); }

const ParamTable& params() {
  using enum ParamType;
  constexpr ParamGroup more = ParamGroup::more;
  constexpr ParamGroup hidden = ParamGroup::state;
  static const ParamTable table = {
      {.id = "figure", .type = choice, .initial = "flow", .choices = {"flow", "line"}},
      flow({.id = "image",
            .type = picture,
            .initial = "camera",
            .choices = {"camera", "astronaut", "cat", "coffee", "coins", "page", "moon", "rocket", "shapes", "ramp",
                        "own"}}),
      // What the second frame is: the picture moved by dx, dy, turn and zoom, or the own picture before the present
      // one: two frames of a camera.
      {.id = "second",
       .type = choice,
       .initial = "moved",
       .choices = {"moved", "before"},
       .only_if = "image",
       .only_value = "own"},
      flow({.id = "dx", .type = real, .initial = "0.8", .min = -12, .max = 12}),
      flow({.id = "dy", .type = real, .initial = "-0.5", .min = -12, .max = 12}),
      flow({.id = "method", .type = choice, .initial = "lucas-kanade", .choices = {"lucas-kanade", "horn-schunck"}}),
      flow({.id = "window", .type = integer, .initial = "11", .min = 3, .max = 31, .step = 2}),
      flow({.id = "levels", .type = integer, .initial = "1", .min = 1, .max = 5, .step = 1}),
      flow({.id = "iterations", .type = integer, .initial = "1", .min = 1, .max = 10, .step = 1}),
      flow({.id = "show", .type = choice, .initial = "arrows", .choices = {"arrows", "colours", "difference"}}),
      flow({.id = "turn", .type = real, .initial = "0", .min = -5, .max = 5, .group = more}),
      flow({.id = "zoom", .type = real, .initial = "0", .min = -10, .max = 10, .group = more}),
      flow({.id = "least", .type = real, .initial = "20", .min = 0, .max = 200, .group = more}),
      flow({.id = "alpha", .type = real, .initial = "8", .min = 1, .max = 100, .group = more}),
      flow({.id = "sweeps", .type = integer, .initial = "60", .min = 1, .max = 300, .step = 1, .group = more}),
      {.id = "point", .type = cell, .initial = "250,288", .min = 1, .max = 8192, .group = hidden},
      line({.id = "count", .type = integer, .initial = "30", .min = 2, .max = 100, .step = 1}),
      line({.id = "outliers", .type = real, .initial = "0.3", .min = 0, .max = 0.8}),
      line({.id = "noise", .type = real, .initial = "0.05", .min = 0, .max = 0.3}),
      line({.id = "threshold", .type = real, .initial = "0.12", .min = 0.01, .max = 0.5}),
      line({.id = "trials", .type = integer, .initial = "6", .min = 0, .max = 60, .step = 1}),
      line({.id = "seed", .type = integer, .initial = "1", .min = 1, .max = 9999, .step = 1, .group = more}),
      // Points moved or added by hand, as drawn_points.hpp writes them.
      {.id = "points", .type = text, .initial = "", .max = 500, .group = hidden},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_optical_flow() {
  static const DemoInfo info{.id = "optical-flow",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.35,
                             .narrow_aspect = 0.58,
                             .make = make_optical_flow};
  return info;
}

}  // namespace cvlab::app
