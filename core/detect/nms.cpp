#include "core/detect/nms.hpp"

#include <algorithm>
#include <numeric>

namespace cvlab {

NonMaximumSuppression::NonMaximumSuppression(std::vector<Detection> detections, const NmsOptions& options)
    : detections_(std::move(detections)),
      options_(options),
      order_(detections_.size()),
      status_(detections_.size(), Status::waiting),
      by_(detections_.size(), -1) {
  std::iota(order_.begin(), order_.end(), 0);
  std::sort(order_.begin(), order_.end(), [this](int a, int b) {
    const double score_a = detections_[static_cast<std::size_t>(a)].score;
    const double score_b = detections_[static_cast<std::size_t>(b)].score;
    return score_a > score_b || (score_a == score_b && a < b);
  });
}

bool NonMaximumSuppression::step() {
  using Kind = Step::Kind;
  if (last_.kind == Kind::end) return false;
  ++steps_;
  if (last_.kind == Kind::begin) {
    last_ = {Kind::drop};
    for (std::size_t i = 0; i < detections_.size(); ++i) {
      if (detections_[i].score >= options_.score_threshold) continue;
      status_[i] = Status::low_score;
      ++last_.dropped;
    }
    return true;
  }
  if (last_.kind != Kind::drop && compare()) return true;
  if (choose()) return true;
  last_ = {Kind::end};
  return true;
}

// The next one waiting, from the place where the last comparison was.
bool NonMaximumSuppression::compare() {
  const int best = kept_.back();
  const Detection& kept = detections_[static_cast<std::size_t>(best)];
  for (; next_ < order_.size(); ++next_) {
    const int other = order_[next_];
    const Detection& candidate = detections_[static_cast<std::size_t>(other)];
    if (status(other) != Status::waiting || (options_.per_class && candidate.label != kept.label)) continue;
    ++next_;
    ++comparisons_;
    const double value = iou(kept.box, candidate.box);
    last_ = {Step::Kind::compare, best, other, value, value > options_.iou_threshold};
    if (last_.suppresses) {
      status_[static_cast<std::size_t>(other)] = Status::suppressed;
      by_[static_cast<std::size_t>(other)] = best;
    }
    return true;
  }
  return false;
}

bool NonMaximumSuppression::choose() {
  const auto waits = [this](int i) { return status(i) == Status::waiting; };
  const auto found = std::find_if(order_.begin(), order_.end(), waits);
  if (found == order_.end()) return false;
  status_[static_cast<std::size_t>(*found)] = Status::kept;
  kept_.push_back(*found);
  next_ = static_cast<std::size_t>(found - order_.begin()) + 1;
  last_ = {Step::Kind::keep, *found};
  return true;
}

int NonMaximumSuppression::count(Status status) const {
  return static_cast<int>(std::count(status_.begin(), status_.end(), status));
}

std::vector<int> nms(std::vector<Detection> detections, const NmsOptions& options) {
  NonMaximumSuppression suppression(std::move(detections), options);
  suppression.run();
  return suppression.kept();
}

}  // namespace cvlab
