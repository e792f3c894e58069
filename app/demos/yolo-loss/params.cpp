#include "app/demos/yolo-loss/yolo_loss.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = [] {
    ParamTable rows = {
        {.id = "term",
         .type = ParamType::choice,
         .initial = "total",
         .choices = {"total", "xy", "wh", "object", "nothing", "classes"}},
        {.id = "coord", .type = ParamType::real, .initial = "5", .min = 0, .max = 10},
        {.id = "noobj", .type = ParamType::real, .initial = "0.5", .min = 0, .max = 2},
        {.id = "roots", .type = ParamType::toggle, .initial = "1"},
        {.id = "confidence", .type = ParamType::choice, .initial = "iou", .choices = {"iou", "one"}},
        {.id = "rate", .type = ParamType::real, .initial = "0.02", .min = 0.001, .max = 0.2},
    };
    for (Param param : YoloScene::params()) {
      if (param.group == ParamGroup::main && param.id != "image") param.group = ParamGroup::more;
      rows.push_back(param);
    }
    return rows;
  }();
  return table;
}

}  // namespace

const DemoInfo& demo_info_yolo_loss() {
  static const DemoInfo info{.id = "yolo-loss",
                             .params = params(),
                             .has_steps = true,
                             .aspect = 1.45,
                             .narrow_aspect = 0.5,
                             .make = make_yolo_loss};
  return info;
}

}  // namespace cvlab::app
