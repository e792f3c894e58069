#include "app/demos/yolo-grid/yolo_grid.hpp"

#include <algorithm>
#include <limits>

namespace cvlab::app {

std::unique_ptr<Demo> make_yolo_grid(DemoContext context) { return std::make_unique<YoloGrid>(context); }

bool YoloGrid::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  scene_.read(state_, pictures_);
  assign();
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

int YoloGrid::number() const { return std::min(state_.integer("number"), scene_.shape().per_cell()) - 1; }

Readouts YoloGrid::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const YoloShape& shape = scene_.shape();
  const YoloCell& cell = scene_.cell();
  const YoloTarget* t = target();
  const auto if_target = [&](double v) { return t != nullptr ? v : undefined; };
  const YoloBox wanted = t != nullptr ? t->box : YoloBox{};
  const int box = t != nullptr ? t->responsible : 0;
  const YoloBox answer = scene_.output().box(cell, box);
  const Box decoded = yolo_decode(shape, cell, answer, scene_.picture());
  const auto iou_of = [&](int b) {
    return t != nullptr && b < shape.boxes ? t->ious[static_cast<std::size_t>(b)] : undefined;
  };
  return {
      {"per_cell", static_cast<double>(shape.per_cell())},
      {"numbers", static_cast<double>(shape.numbers())},
      {"row", cell.row + 1.0},
      {"column", cell.column + 1.0},
      {"object", if_target(t != nullptr ? t->object + 1.0 : 0.0)},
      {"label", if_target(t != nullptr ? t->label + 1.0 : 0.0)},
      {"responsible", if_target(box + 1.0)},
      {"iou_1", iou_of(0)},
      {"iou_2", iou_of(1)},
      {"x", answer.x},
      {"y", answer.y},
      {"w", answer.w},
      {"h", answer.h},
      {"confidence", answer.confidence},
      {"target_x", if_target(wanted.x)},
      {"target_y", if_target(wanted.y)},
      {"target_w", if_target(wanted.w)},
      {"target_h", if_target(wanted.h)},
      {"target_confidence", t != nullptr ? wanted.confidence : 0.0},
      {"decoded_x", decoded.x(), "px"},
      {"decoded_y", decoded.y(), "px"},
      {"decoded_width", decoded.width(), "px"},
      {"decoded_height", decoded.height(), "px"},
      {"value", scene_.output().cell(cell)[static_cast<std::size_t>(number())]},
      {"box_row", scene_.cell_of_box(selected()).row + 1.0},
      {"box_column", scene_.cell_of_box(selected()).column + 1.0},
      {"objects", static_cast<double>(scene_.objects().size())},
      {"lost", static_cast<double>(assignment_.lost.size())},
  };
}

std::string YoloGrid::sentence(const Words& words) const {
  if (!scene_.problem().id.empty()) return words.sentence(scene_.problem());
  if (!assignment_.lost.empty()) {
    const YoloObject& lost = scene_.objects()[static_cast<std::size_t>(assignment_.lost.front())];
    return words.format("yolo-grid.lost", {scene_.class_name(words, lost.label)});
  }
  for (int i = 0; i < scene_.predictions(); ++i) {
    if (!scene_.slot(i))
      return words.format("yolo-grid.no_slot", {std::to_string(i + 1), std::to_string(scene_.shape().boxes)});
  }
  const YoloTarget* t = target();
  const std::string cell = State::format(Cell{scene_.cell().row, scene_.cell().column});
  if (t == nullptr) return words.format("yolo-grid.empty_cell", {cell});
  return words.format("yolo-grid.sentence",
                      {cell, scene_.class_name(words, t->label), std::to_string(t->responsible + 1),
                       words.number(t->ious[static_cast<std::size_t>(t->responsible)], 3)});
}

}  // namespace cvlab::app
