#include "app/demos/nms/nms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/shell/picture_library.hpp"

namespace cvlab::app {

namespace {

struct Scene {
  std::string_view image;
  std::string_view boxes;
};
// What a detector answers before it is tidied up: several boxes an object, and some that are mistaken.
constexpr Scene scenes[] = {
    {"astronaut",
     "150 12 304 194 0.92 1;165 30 296 200 0.85 1;130 0 310 180 0.67 1;182 66 286 168 0.55 1;"
     "280 345 508 512 0.88 2;262 330 500 505 0.71 2;300 380 512 512 0.6 2;114 148 306 298 0.46 2;"
     "356 0 470 284 0.81 3;380 10 462 250 0.64 3;340 20 480 300 0.35 3;134 334 210 424 0.18 1"},
    {"coffee",
     "172 18 410 286 0.9 4;160 30 400 300 0.74 4;200 60 440 320 0.4 4;77 65 480 388 0.83 5;"
     "90 90 500 400 0.52 5;326 67 425 327 0.66 6;322 180 410 330 0.45 6"},
    {"cat",
     "132 82 210 150 0.94 7;120 70 220 160 0.7 7;140 90 200 140 0.58 7;294 108 344 166 0.86 7;"
     "286 100 352 172 0.61 7;232 222 296 270 0.3 7"},
    {"rocket",
     "306 124 338 409 0.9 3;300 140 346 400 0.76 3;310 120 334 300 0.5 3;168 122 206 376 0.41 3;"
     "438 122 476 400 0.38 3"}};

constexpr std::size_t columns = 6;

}  // namespace

std::unique_ptr<Demo> make_nms(DemoContext context) { return std::make_unique<Nms>(context); }

bool Nms::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  const bool same_boxes = state_.raw("boxes") == text_;
  if (backdrop_.load(pictures_, state_.raw("image")) && loaded_ && same_boxes) {
    (void)state_.set("boxes", "");  // boxes belong to the picture they were drawn on
  }
  loaded_ = true;
  read_boxes();
  suppress();
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

NumberRows Nms::scene() const {
  for (const Scene& s : scenes) {
    if (s.image == state_.raw("image")) return parse_rows(s.boxes, columns, most_boxes).value();
  }
  NumberRows rows;
  const double w = backdrop_.width();
  const double h = backdrop_.height();
  for (int i = 0; i < 3; ++i) {
    const double off = 0.06 * i;
    rows.push_back({std::round((0.25 + off) * w), std::round((0.2 + off) * h), std::round((0.65 + off) * w),
                    std::round((0.7 + off) * h), 0.9 - 0.15 * i, 1.0});
  }
  return rows;
}

void Nms::read_boxes() {
  text_ = state_.raw("boxes");
  auto rows = parse_rows(text_, columns, most_boxes);
  problem_ = rows ? Error{} : rows.error();
  rows_ = rows && !rows.value().empty() ? std::move(rows).value() : scene();
  for (auto& row : rows_) {
    put_box(row, box_of(row));
    row[4] = std::clamp(row[4], 0.0, 1.0);
    row[5] = std::clamp(std::round(row[5]), 1.0, 99.0);
  }
}

void Nms::suppress() {
  std::vector<Detection> detections;
  for (const auto& row : rows_) detections.push_back({box_of(row), row[4], static_cast<int>(row[5])});
  const NmsOptions options{state_.real("score"), state_.real("iou"), state_.toggle("per_class")};
  NonMaximumSuppression all(detections, options);
  all.run();
  all_steps_ = all.steps();
  result_ = all.kept();
  run_ = NonMaximumSuppression(std::move(detections), options);
  for (int i = 0; i < state_.integer("at"); ++i) {
    if (!run_.step()) break;
  }
}

void Nms::keep_rows() {
  (void)state_.set("boxes", format_rows(rows_));
  read_boxes();
  suppress();
}

bool Nms::step(int delta) {
  const int at = std::min(state_.integer("at"), all_steps_);
  const bool again = ended_ && at == all_steps_ && delta > 0;
  ended_ = !again && at == all_steps_ && delta > 0;
  const int next = again ? 0 : at + delta;
  if (next < 0 || next > all_steps_) return false;
  return static_cast<bool>(state_.set("at", std::to_string(next)));
}

std::string Nms::names(const std::vector<int>& list) const {
  std::string text;
  for (const int i : list) text += (text.empty() ? "" : " ") + std::to_string(i + 1);
  return text;
}

Readouts Nms::readouts() const {
  const auto& last = run_.last();
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool compares = last.kind == Kind::compare;
  const auto box = [](int i) { return static_cast<double>(i + 1); };
  return {
      {"boxes", static_cast<double>(count())},
      {"step", static_cast<double>(run_.steps())},
      {"steps", static_cast<double>(all_steps_)},
      {"kept", static_cast<double>(run_.count(Status::kept))},
      {"suppressed", static_cast<double>(run_.count(Status::suppressed))},
      {"low_score", static_cast<double>(run_.count(Status::low_score))},
      {"waiting", static_cast<double>(run_.count(Status::waiting))},
      {"comparisons", static_cast<double>(run_.comparisons())},
      {"best", last.box >= 0 ? box(last.box) : undefined},
      {"other", compares ? box(last.other) : undefined},
      {"pair_iou", compares ? last.iou : undefined},
      {"kept_order", names(run_.kept())},
      {"result", names(result_)},
      {"result_count", static_cast<double>(result_.size())},
  };
}

std::string Nms::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  return step_text(words);
}

}  // namespace cvlab::app
