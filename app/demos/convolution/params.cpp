#include "app/demos/convolution/convolution.hpp"
#include "core/image/kernels.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "box",
       .choices = {"box", "numbered", "ramp", "shapes", "astronaut", "cat", "coffee", "camera", "coins", "page", "moon",
                   "rocket", "own"}},
      {.id = "kernel",
       .type = ParamType::choice,
       .initial = "mean",
       .choices = {"mean", "identity", "shift", "sharpen", "sobel-x", "sobel-y", "laplacian", "emboss", "gaussian",
                   "own"}},
      {.id = "rows", .type = ParamType::integer, .initial = "3", .min = 1, .max = max_kernel_size, .step = 1},
      {.id = "columns", .type = ParamType::integer, .initial = "3", .min = 1, .max = max_kernel_size, .step = 1},
      {.id = "sigma",
       .type = ParamType::real,
       .initial = "1",
       .min = 0.2,
       .max = 5,
       .only_if = "kernel",
       .only_value = "gaussian"},
      // min/max here are the greatest number of rows and columns; a cell may hold any finite number.
      {.id = "weights",
       .type = ParamType::matrix,
       .initial = "0 -1 0; -1 5 -1; 0 -1 0",
       .min = 1,
       .max = max_kernel_size,
       .only_if = "kernel",
       .only_value = "own"},
      {.id = "padding",
       .type = ParamType::choice,
       .initial = "valid",
       .choices = {"valid", "zero", "replicate", "reflect"}},
      {.id = "stride",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 4,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "dilation",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 4,
       .step = 1,
       .group = ParamGroup::more},
      {.id = "flip", .type = ParamType::toggle, .initial = "0", .group = ParamGroup::more},
      {.id = "signed", .type = ParamType::toggle, .initial = "1", .group = ParamGroup::more},
      {.id = "cell", .type = ParamType::cell, .initial = "3,4", .min = 1, .max = 8192, .group = ParamGroup::state},
      // Cells after the present one are still empty: what step and play set, and pointing at a cell ends.
      {.id = "fill", .type = ParamType::toggle, .initial = "0", .group = ParamGroup::state},
      {.id = "edits", .type = ParamType::text, .initial = "", .group = ParamGroup::state},
      {.id = "zoom", .type = ParamType::real, .initial = "1", .min = 1, .max = 1024, .group = ParamGroup::state},
      {.id = "centre", .type = ParamType::cell, .initial = "0,0", .min = 0, .max = 8192, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_convolution() {
  static const DemoInfo info{
      .id = "convolution", .params = params(), .has_steps = true, .aspect = 1.6, .make = make_convolution};
  return info;
}

}  // namespace cvlab::app
