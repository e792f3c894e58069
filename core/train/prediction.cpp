#include "core/train/prediction.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace cvlab {

namespace {

constexpr int batch_size = 50;  // 1 to 3 ms of small-cnn: fine enough a grain for a frame

}  // namespace

void Prediction::start(nn::Graph model, const Dataset& data, const Normalisation& normalisation) {
  data_ = &data;
  loader_.clear();
  loader_.emplace_back(data, batch_size, false, 0, Augmentation{}, normalisation);
  model_ = std::move(model);
  predicted_.clear();
  probabilities_.clear();
  const auto classes = static_cast<std::size_t>(data.classes());
  predicted_.reserve(static_cast<std::size_t>(data.count()));
  probabilities_.reserve(static_cast<std::size_t>(data.count()) * classes);
  confusion_.assign(classes * classes, 0);
  loss_sum_ = 0.0;
  right_ = 0;
}

bool Prediction::work(double budget_seconds) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  while (started() && !finished()) {
    batch();
    if (std::chrono::duration<double>(Clock::now() - start).count() >= budget_seconds) break;
  }
  return started() && !finished();
}

void Prediction::batch() {
  loader_.front().batch(0, done() / batch_size, images_, labels_);
  tape_.rewind();
  const NoGradient evaluation(tape_);
  Rng unused(0);
  const Var logits = model_.forward(tape_, tape_.input(images_.view()), false, unused);
  const ConstView p = std::as_const(tape_).value(softmax(tape_, logits));
  const std::ptrdiff_t classes = p.size(1);
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const float* row = p.data() + static_cast<std::ptrdiff_t>(i) * classes;
    const int answer = static_cast<int>(std::max_element(row, row + classes) - row);
    const int truth = labels_[i];
    predicted_.push_back(answer);
    probabilities_.insert(probabilities_.end(), row, row + classes);
    ++confusion_[static_cast<std::size_t>(truth * classes + answer)];
    right_ += truth == answer ? 1 : 0;
    loss_sum_ -= std::log(std::max(static_cast<double>(row[truth]), 1e-30));  // a float's softmax can be 0
  }
}

std::span<const float> Prediction::probabilities(int i) const {
  const auto classes = static_cast<std::size_t>(data_->classes());
  return std::span(probabilities_).subspan(static_cast<std::size_t>(i) * classes, classes);
}

double Prediction::loss() const { return done() > 0 ? loss_sum_ / done() : std::numeric_limits<double>::quiet_NaN(); }

double Prediction::accuracy() const {
  return done() > 0 ? static_cast<double>(right_) / done() : std::numeric_limits<double>::quiet_NaN();
}

std::vector<int> Prediction::examples(int truth, int answer, int count) const {
  const bool right_ones = truth >= 0 && truth == answer;
  std::vector<int> found;
  for (int i = 0; i < done(); ++i) {
    const int label = data_->labels[static_cast<std::size_t>(i)];
    const bool wanted = (truth < 0 || label == truth) && (answer < 0 || predicted(i) == answer);
    if (wanted && (label == predicted(i)) == right_ones) found.push_back(i);
  }
  const auto sureness = [&](int i) { return probabilities(i)[static_cast<std::size_t>(predicted(i))]; };
  std::stable_sort(found.begin(), found.end(),
                   [&](int a, int b) { return right_ones ? sureness(a) < sureness(b) : sureness(a) > sureness(b); });
  if (static_cast<int>(found.size()) > count) found.resize(static_cast<std::size_t>(count));
  return found;
}

}  // namespace cvlab
