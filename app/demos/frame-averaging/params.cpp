#include "app/demos/frame-averaging/frame_averaging.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image",
       .type = ParamType::picture,
       .initial = "cat",
       .choices = {"cat", "astronaut", "camera", "coffee", "coins", "page", "moon", "rocket", "shapes", "box", "own"}},
      // Of an own picture: noise is added to it, or the frames of the camera are averaged as they come.
      {.id = "source",
       .type = ParamType::choice,
       .initial = "made",
       .choices = {"made", "camera"},
       .only_if = "image",
       .only_value = "own"},
      {.id = "frames", .type = ParamType::integer, .initial = "16", .min = 1, .max = FrameAveraging::most, .step = 1},
      {.id = "sigma", .type = ParamType::real, .initial = "30", .min = 0, .max = 80},
      {.id = "moving", .type = ParamType::toggle, .initial = "0"},
      {.id = "show", .type = ParamType::choice, .initial = "mean", .choices = {"mean", "error", "deviation"}},
      {.id = "bytes", .type = ParamType::toggle, .initial = "0", .group = ParamGroup::more},
      {.id = "seed",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = 9999,
       .step = 1,
       .group = ParamGroup::more},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_frame_averaging() {
  static const DemoInfo info{.id = "frame-averaging",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.4,
                             .narrow_aspect = 0.72,
                             .make = make_frame_averaging};
  return info;
}

}  // namespace cvlab::app
