#include "app/demos/yolo-loss/yolo_loss.hpp"

#include <algorithm>
#include <limits>

namespace cvlab::app {

namespace {

constexpr std::size_t most_back = 1000;  // steps that can be taken back
constexpr const char* term_ids[] = {"xy", "wh", "object", "nothing", "classes"};

}  // namespace

std::unique_ptr<Demo> make_yolo_loss(DemoContext context) { return std::make_unique<YoloLossDemo>(context); }

bool YoloLossDemo::update(double /*dt*/) {
  if (state_.version() == seen_state_ && pictures_.version() == seen_pictures_) return false;
  scene_.read(state_, pictures_);
  compute();
  if (state_.raw("predictions") != stepped_) before_.clear();
  seen_state_ = state_.version();
  seen_pictures_ = pictures_.version();
  return false;
}

YoloLossOptions YoloLossDemo::options() const {
  return {state_.real("coord"), state_.real("noobj"), state_.toggle("roots")};
}

void YoloLossDemo::compute() {
  const bool iou_target = state_.choice("confidence") == "iou";
  assignment_ = yolo_assign(scene_.output(), scene_.objects(), scene_.picture(), iou_target);
  loss_ = yolo_loss(scene_.output(), assignment_, options());
}

// One step of descent on the boxes, or back to what was before it.
bool YoloLossDemo::step(int delta) {
  if (delta < 0) {
    if (before_.empty() || state_.raw("predictions") != stepped_) return false;
    const std::string text = before_.back();
    before_.pop_back();
    stepped_ = text;
    return static_cast<bool>(state_.set("predictions", text));
  }
  const std::string text(state_.raw("predictions"));
  if (text != stepped_) before_.clear();
  YoloOutput output = scene_.output();
  yolo_descend(output, loss_.gradient, state_.real("rate"));
  scene_.set_predictions(state_, output);
  if (state_.raw("predictions") == text) return false;  // arrived
  if (before_.size() < most_back) before_.push_back(text);
  stepped_ = state_.raw("predictions");
  return true;
}

int YoloLossDemo::term() const {
  for (int t = 0; t < YoloLoss::terms; ++t) {
    if (state_.choice("term") == term_ids[t]) return t;
  }
  return total;
}

double YoloLossDemo::share(int term, int cell) const {
  const auto i = static_cast<std::size_t>(cell);
  if (term < total) return loss_.cells[term][i];
  double sum = 0.0;
  for (const auto& cells : loss_.cells) sum += cells[i];
  return sum;
}

std::optional<YoloScene::Slot> YoloLossDemo::explained() const {
  const int index = selected();
  if (!scene_.is_object(index)) return scene_.slot(scene_.prediction_index(index));
  for (const YoloTarget& t : assignment_.targets) {
    if (t.object == index) return YoloScene::Slot{t.cell, t.responsible};
  }
  return std::nullopt;
}

bool YoloLossDemo::responsible(const YoloScene::Slot& slot) const {
  const YoloTarget* t = assignment_.at(slot.cell);
  return t != nullptr && t->responsible == slot.box;
}

Readouts YoloLossDemo::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  Readouts list = {{"total", loss_.total, "", 6}};
  for (int t = 0; t < YoloLoss::terms; ++t) list.push_back({term_ids[t], loss_.weighted[t], "", 5});
  for (int t = 0; t < YoloLoss::terms; ++t) {
    list.push_back({std::string("sum_") + term_ids[t], loss_.sums[t], "", 5});
  }
  const auto slot = explained();
  const YoloTarget* t = slot ? assignment_.at(slot->cell) : nullptr;
  const YoloBox answer = slot ? scene_.output().box(slot->cell, slot->box) : YoloBox{};
  const YoloBox slope = slot ? loss_.gradient.box(slot->cell, slot->box) : YoloBox{};
  const auto any = [&](double v) { return slot ? v : undefined; };
  const bool answers = slot && responsible(*slot);
  list.insert(list.end(), {{"responsible", any(answers ? 1.0 : 0.0)},
                           {"iou", t != nullptr ? t->ious[static_cast<std::size_t>(slot->box)] : undefined},
                           {"confidence", any(answer.confidence)},
                           {"target_confidence", any(answers ? t->box.confidence : 0.0)},
                           {"slope_x", any(slope.x)},
                           {"slope_y", any(slope.y)},
                           {"slope_w", any(slope.w)},
                           {"slope_h", any(slope.h)},
                           {"slope_confidence", any(slope.confidence)}});
  return list;
}

std::string YoloLossDemo::sentence(const Words& words) const {
  if (!scene_.problem().id.empty()) return words.sentence(scene_.problem());
  if (!explained()) return words("yolo-loss.no_slot");
  const auto largest = std::max_element(loss_.weighted, loss_.weighted + YoloLoss::terms) - loss_.weighted;
  return words.format("yolo-loss.sentence",
                      {words.number(loss_.total, 4), words(std::string("yolo-loss.name.") + term_ids[largest]),
                       words.number(loss_.weighted[largest], 3)});
}

}  // namespace cvlab::app
