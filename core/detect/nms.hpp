// Greedy non-maximum suppression, one decision at a time. A detector answers one object with many boxes; of those that
// overlap, the one with the highest score stays.
//   1. Detections with a score below the score threshold are dropped.
//   2. Of those still waiting, the one with the highest score is kept (equal scores: the first in the list).
//   3. It is compared with every other one that waits (per class: of its class), in the order of scores; an IoU above
//      the IoU threshold removes that one. Then 2 again, until nobody waits.
// The result is torchvision's ops.nms and ops.batched_nms, which compare in the same sense (strictly above).
#pragma once

#include <vector>

#include "core/detect/box.hpp"

namespace cvlab {

struct Detection {
  Box box;
  double score = 0.0;
  int label = 0;
};

struct NmsOptions {
  double score_threshold = 0.0;
  double iou_threshold = 0.5;
  bool per_class = true;  // boxes of different classes leave each other alone
};

class NonMaximumSuppression {
 public:
  enum class Status { waiting, low_score, kept, suppressed };
  struct Step {
    enum class Kind { begin, drop, keep, compare, end };
    Kind kind = Kind::begin;
    int box = -1;    // keep, compare: the detection that was kept
    int other = -1;  // compare: the one it is compared with …
    double iou = 0.0;
    bool suppresses = false;  // … and whether that one goes
    int dropped = 0;          // drop: how many
  };

  NonMaximumSuppression() = default;
  NonMaximumSuppression(std::vector<Detection> detections, const NmsOptions& options);

  bool step();  // makes the next decision; false when there is none left
  void run() {
    while (step()) {
    }
  }

  const std::vector<Detection>& detections() const { return detections_; }
  const std::vector<int>& order() const { return order_; }  // indices by falling score
  const std::vector<int>& kept() const { return kept_; }    // in the order in which they were chosen
  Status status(int index) const { return status_[static_cast<std::size_t>(index)]; }
  int suppressed_by(int index) const { return by_[static_cast<std::size_t>(index)]; }  // -1: nobody
  int count(Status status) const;
  int steps() const { return steps_; }
  int comparisons() const { return comparisons_; }
  const Step& last() const { return last_; }

 private:
  bool choose();
  bool compare();

  std::vector<Detection> detections_;
  NmsOptions options_;
  std::vector<int> order_;
  std::vector<Status> status_;
  std::vector<int> by_;
  std::vector<int> kept_;
  int steps_ = 0;
  int comparisons_ = 0;
  std::size_t next_ = 0;  // place in order_ from which the next comparison is looked for
  Step last_;
};

std::vector<int> nms(std::vector<Detection> detections, const NmsOptions& options);  // kept indices, best first

}  // namespace cvlab
