#include "app/demos/nms/nms.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = {
      {.id = "image", .type = ParamType::picture, .initial = "astronaut", .choices = Backdrop::choices()},
      {.id = "score", .type = ParamType::real, .initial = "0.3", .min = 0, .max = 1},
      {.id = "iou", .type = ParamType::real, .initial = "0.5", .min = 0, .max = 1},
      {.id = "per_class", .type = ParamType::toggle, .initial = "1"},
      // Decisions made; more than there are means all.
      {.id = "at", .type = ParamType::integer, .initial = "0", .min = 0, .max = Nms::most_steps, .step = 1},
      {.id = "selected",
       .type = ParamType::integer,
       .initial = "1",
       .min = 1,
       .max = Nms::most_boxes,
       .step = 1,
       .group = ParamGroup::more},
      // "left top right bottom score class; …", "" is the scene's own.
      {.id = "boxes", .type = ParamType::text, .initial = "", .max = 900, .group = ParamGroup::state},
  };
  return table;
}

}  // namespace

const DemoInfo& demo_info_nms() {
  static const DemoInfo info{
      .id = "nms", .params = params(), .has_steps = true, .aspect = 1.5, .narrow_aspect = 0.5, .make = make_nms};
  return info;
}

}  // namespace cvlab::app
