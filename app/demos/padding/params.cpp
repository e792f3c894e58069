#include "app/demos/padding/padding.hpp"
#include "core/image/kernels.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "view", .type = ParamType::choice, .initial = "photo", .choices = {"photo", "sizes"}},
      {.id = "image",
       .type = ParamType::picture,
       .initial = "camera",
       .choices = {"camera", "coins", "astronaut", "cat", "coffee", "page", "moon", "rocket", "shapes", "ramp", "box",
                   "own"},
       .only_if = "view",
       .only_value = "photo"},
      {.id = "kernel",
       .type = ParamType::choice,
       .initial = "mean",
       .choices = {"mean", "gaussian", "sobel-x", "laplacian"},
       .only_if = "view",
       .only_value = "photo"},
      {.id = "size",
       .type = ParamType::integer,
       .initial = "11",
       .min = 1,
       .max = max_kernel_size,
       .step = 1,
       .only_if = "view",
       .only_value = "photo"},
      {.id = "side",
       .type = ParamType::integer,
       .initial = "96",
       .min = 4,
       .max = 256,
       .step = 1,
       .only_if = "view",
       .only_value = "photo"},
      {.id = "rule",
       .type = ParamType::choice,
       .initial = "zero",
       .choices = {"valid", "zero", "replicate", "reflect"},
       .only_if = "view",
       .only_value = "photo"},
      {.id = "n",
       .type = ParamType::integer,
       .initial = "10",
       .min = 1,
       .max = 600,
       .step = 1,
       .only_if = "view",
       .only_value = "sizes"},
      {.id = "k",
       .type = ParamType::integer,
       .initial = "3",
       .min = 1,
       .max = 15,
       .step = 1,
       .only_if = "view",
       .only_value = "sizes"},
      {.id = "p",
       .type = ParamType::integer,
       .initial = "0",
       .min = 0,
       .max = 10,
       .step = 1,
       .only_if = "view",
       .only_value = "sizes"},
      {.id = "s",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 8,
       .step = 1,
       .only_if = "view",
       .only_value = "sizes"},
      // The crop's first row and column.
      {.id = "corner", .type = ParamType::cell, .initial = "53,173", .min = 1, .max = 8192, .group = ParamGroup::state},
      // The pixel that is explained, within the crop.
      {.id = "cell", .type = ParamType::cell, .initial = "1,48", .min = 1, .max = 256, .group = ParamGroup::state},
      // The output cell whose window is shown among the sizes.
      {.id = "output", .type = ParamType::integer, .initial = "1", .min = 1, .max = 620, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_padding() {
  static const DemoInfo info{.id = "padding",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.4,
                             .narrow_aspect = 0.5,
                             .make = make_padding};
  return info;
}

}  // namespace cvlab::app
