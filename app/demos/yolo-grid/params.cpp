#include "app/demos/yolo-grid/yolo_grid.hpp"

namespace cvlab::app {

namespace {

const ParamTable& params() {
  static const ParamTable table = [] {
    ParamTable rows = YoloScene::params();
    // Of the cell's numbers, the one that is written out.
    rows.push_back({.id = "number",
                    .type = ParamType::integer,
                    .initial = "1",
                    .min = 1,
                    .max = 100,
                    .step = 1,
                    .group = ParamGroup::more});
    return rows;
  }();
  return table;
}

}  // namespace

const DemoInfo& demo_info_yolo_grid() {
  static const DemoInfo info{
      .id = "yolo-grid", .params = params(), .aspect = 1.5, .narrow_aspect = 0.52, .make = make_yolo_grid};
  return info;
}

}  // namespace cvlab::app
