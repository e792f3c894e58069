#include "app/demos/iou/iou.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image", .type = ParamType::picture, .initial = "coffee", .choices = Backdrop::choices()},
      {.id = "measure", .type = ParamType::choice, .initial = "iou", .choices = {"iou", "dice", "giou"}},
      {.id = "threshold", .type = ParamType::real, .initial = "0.5", .min = 0, .max = 1},
      {.id = "selected", .type = ParamType::choice, .initial = "prediction", .choices = {"truth", "prediction"}},
      // Left, top, right, bottom in pixels; "" is the scene's own.
      {.id = "a", .type = ParamType::text, .initial = "", .max = 120, .group = ParamGroup::state},
      {.id = "b", .type = ParamType::text, .initial = "", .max = 120, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_iou() {
  static const DemoInfo info{.id = "iou", .params = params(), .aspect = 1.45, .narrow_aspect = 0.5, .make = make_iou};
  return info;
}

}  // namespace cvlab::app
