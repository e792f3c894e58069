#include "app/demos/homography/homography.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "task", .type = ParamType::choice, .initial = "rectify", .choices = {"rectify", "ransac", "stitch"}},
      {.id = "image",
       .type = ParamType::picture,
       .initial = "notes",
       .choices = {"notes", "coffee", "astronaut", "rocket", "motorcycle_left", "own"}},
      {.id = "aspect",
       .type = ParamType::real,
       .initial = "2.75",
       .min = 0.25,
       .max = 8,
       .only_if = "task",
       .only_value = "rectify"},
      {.id = "outliers",
       .type = ParamType::integer,
       .initial = "40",
       .min = 0,
       .max = 90,
       .step = 5,
       .only_if = "task",
       .only_value = "ransac"},
      {.id = "noise",
       .type = ParamType::real,
       .initial = "1",
       .min = 0,
       .max = 8,
       .only_if = "task",
       .only_value = "ransac"},
      {.id = "rounds",
       .type = ParamType::integer,
       .initial = "250",
       .min = 1,
       .max = 500,
       .step = 1,
       .only_if = "task",
       .only_value = "ransac"},
      {.id = "points",
       .type = ParamType::integer,
       .initial = "60",
       .min = 4,
       .max = 200,
       .step = 1,
       .group = ParamGroup::more,
       .only_if = "task",
       .only_value = "ransac"},
      {.id = "turn",
       .type = ParamType::real,
       .initial = "12",
       .min = -90,
       .max = 90,
       .only_if = "task",
       .only_value = "stitch"},
      {.id = "ratio",
       .type = ParamType::real,
       .initial = "0.8",
       .min = 0.3,
       .max = 1,
       .only_if = "task",
       .only_value = "stitch"},
      {.id = "threshold", .type = ParamType::real, .initial = "3", .min = 0.5, .max = 20, .group = ParamGroup::more},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 999,
       .step = 1,
       .group = ParamGroup::more},
      // The corner that the arrow keys move.
      {.id = "selected",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 4,
       .step = 1,
       .group = ParamGroup::more,
       .only_if = "task",
       .only_value = "rectify"},
      // "x y; x y; x y; x y": upper left, upper right, lower right, lower left of the page, in pixels of the
      // photograph.
      {.id = "corners", .type = ParamType::text, .initial = "", .max = 200, .group = ParamGroup::state},
      // Row and column of the place in the photograph whose way to the page is written out.
      {.id = "cell", .type = ParamType::cell, .initial = "61,229", .min = 1, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_homography() {
  static const DemoInfo info{.id = "homography",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.4,
                             .narrow_aspect = 0.56,
                             .make = make_homography};
  return info;
}

}  // namespace cvlab::app
