#include "app/demos/iou/iou.hpp"

#include <cmath>

#include "app/shell/picture_library.hpp"
#include "app/views/boxes_text.hpp"

namespace cvlab::app {

namespace {

struct Scene {
  std::string_view image;
  Box truth, prediction;
};
// The object as a careful person would outline it, and a detector that is somewhat off.
constexpr Scene scenes[] = {{"coffee", {172, 18, 410, 286}, {200, 60, 440, 320}},
                            {"astronaut", {152, 14, 302, 192}, {170, 50, 330, 230}},
                            {"cat", {132, 82, 210, 150}, {150, 90, 240, 160}},
                            {"rocket", {308, 124, 337, 409}, {300, 110, 350, 330}}};

std::string text_of(const Box& box) {
  NumberRows rows(1, std::vector<double>(4));
  put_box(rows[0], box);
  return format_rows(rows);
}

}  // namespace

std::unique_ptr<Demo> make_iou(DemoContext context) { return std::make_unique<Iou>(context); }

bool Iou::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  const bool same_boxes = state_.raw("a") == a_text_ && state_.raw("b") == b_text_;
  if (backdrop_.load(pictures_, state_.raw("image")) && loaded_ && same_boxes) {
    (void)state_.set("a", "");  // boxes belong to the picture they were drawn on
    (void)state_.set("b", "");
  }
  loaded_ = true;
  read_boxes();
  overlap_ = overlap(boxes_[0], boxes_[1]);
  sweep();
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

std::array<Box, 2> Iou::scene() const {
  for (const Scene& s : scenes) {
    if (s.image == state_.raw("image")) return {s.truth, s.prediction};
  }
  const double w = backdrop_.width();
  const double h = backdrop_.height();
  const auto part = [&](double x0, double y0, double x1, double y1) {
    return Box{std::round(x0 * w), std::round(y0 * h), std::round(x1 * w), std::round(y1 * h)};
  };
  return {part(0.2, 0.2, 0.65, 0.7), part(0.35, 0.3, 0.8, 0.8)};
}

void Iou::read_boxes() {
  problem_ = {};
  boxes_ = scene();
  constexpr const char* ids[] = {"a", "b"};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto rows = parse_rows(state_.raw(ids[i]), 4, 1);
    if (!rows) {
      problem_ = rows.error();
    } else if (!rows.value().empty()) {
      boxes_[i] = box_of(rows.value()[0]);
    }
  }
  a_text_ = state_.raw("a");
  b_text_ = state_.raw("b");
}

void Iou::sweep() {
  constexpr int points = 240;
  iou_curve_.clear();
  dice_curve_.clear();
  giou_curve_.clear();
  for (int i = 0; i <= points; ++i) {
    const double x = backdrop_.width() * i / points;
    const Overlap o = overlap(boxes_[0], moved(boxes_[1], x - boxes_[1].x0, 0.0));
    iou_curve_.push_back({x, o.iou});
    dice_curve_.push_back({x, o.dice});
    giou_curve_.push_back({x, o.giou});
  }
}

void Iou::keep(int index, const Box& box) {
  (void)state_.set(index == 0 ? "a" : "b", text_of(box));
  // What is drawn in this very frame follows.
  boxes_[static_cast<std::size_t>(index)] = box;
  overlap_ = overlap(boxes_[0], boxes_[1]);
}

Readouts Iou::readouts() const {
  const Overlap& o = overlap_;
  return {
      {"area_a", o.area_a, "px²", 7},
      {"area_b", o.area_b, "px²", 7},
      {"overlap_width", o.intersection.width() > 0 && o.intersection.height() > 0 ? o.intersection.width() : 0.0, "px"},
      {"overlap_height", o.intersection.width() > 0 && o.intersection.height() > 0 ? o.intersection.height() : 0.0,
       "px"},
      {"intersection", o.area_intersection, "px²", 7},
      {"union", o.area_union, "px²", 7},
      {"hull", o.area_hull, "px²", 7},
      {"iou", o.iou},
      {"dice", o.dice},
      {"giou", o.giou},
      {"match", matches() ? 1.0 : 0.0},
  };
}

std::string Iou::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (overlap_.area_a == 0.0 || overlap_.area_b == 0.0) return words("iou.no_area");
  const std::string threshold = words.number(state_.real("threshold"), 3);
  const std::string value = words.number(overlap_.iou, 3);
  if (overlap_.area_intersection == 0.0) return words.format("iou.apart", {words.number(overlap_.giou, 3)});
  return words.format(matches() ? "iou.hit" : "iou.miss", {value, threshold});
}

}  // namespace cvlab::app
