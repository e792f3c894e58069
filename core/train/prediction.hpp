// What a classifier says about every picture of a data set, worked out slice by slice, so that a page can draw between
// two slices: probabilities, confusion matrix, the worst mistakes.
#pragma once

#include <span>
#include <vector>

#include "core/data/dataset.hpp"
#include "core/nn/graph.hpp"

namespace cvlab {

class Prediction {
 public:
  // Forgets what was and begins with the first picture. `data` must outlive the prediction; `model` has logits
  // (N, classes) as its output.
  void start(nn::Graph model, const Dataset& data, const Normalisation& normalisation);
  // Works for about `budget_seconds`, at least one batch. Returns true while there is more to do.
  bool work(double budget_seconds);

  bool started() const { return data_ != nullptr; }
  bool finished() const { return data_ != nullptr && done() == data_->count(); }
  int done() const { return static_cast<int>(predicted_.size()); }  // pictures, from the first

  // Of picture i < done(): its most probable class, and softmax of its logits.
  int predicted(int i) const { return predicted_[static_cast<std::size_t>(i)]; }
  std::span<const float> probabilities(int i) const;
  double loss() const;      // mean cross-entropy of the pictures that are done, natural logarithm
  double accuracy() const;  // share of right answers among them; both NaN before the first
  int right() const { return right_; }

  // classes x classes, row-major: how often a picture of class `row` was taken for class `column`.
  const std::vector<int>& confusion() const { return confusion_; }
  // Pictures of class `truth` taken for class `answer` (-1 = any), at most `count`. Wrong answers come with the surest
  // first; with truth == answer the right ones, the least sure first. With -1, -1: all mistakes.
  std::vector<int> examples(int truth, int answer, int count) const;

 private:
  void batch();

  const Dataset* data_ = nullptr;
  std::vector<Loader> loader_;  // one, made by start()
  nn::Graph model_;
  Tape tape_;
  Tensor images_;
  std::vector<int> labels_;
  std::vector<int> predicted_;
  std::vector<float> probabilities_;
  std::vector<int> confusion_;
  double loss_sum_ = 0.0;
  int right_ = 0;
};

}  // namespace cvlab
