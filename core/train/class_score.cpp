#include "core/train/class_score.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cvlab {

ClassScore class_score(const Tensor& probabilities) {
  ClassScore result;
  const std::ptrdiff_t n = probabilities.size(0), classes = probabilities.size(1);
  result.counts.assign(static_cast<std::size_t>(classes), 0);
  result.sure_counts = result.counts;
  if (n == 0) return result;
  std::vector<double> mean(static_cast<std::size_t>(classes), 0.0);
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const float* row = probabilities.data() + i * classes;
    const auto best = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    const auto sure = static_cast<double>(row[best]);
    result.classes.push_back(static_cast<int>(best));
    result.sure.push_back(sure);
    result.mean_sure += sure / static_cast<double>(n);
    ++result.counts[best];
    if (sure >= ClassScore::sure_from) ++result.sure_counts[best];
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += static_cast<double>(row[c]) / static_cast<double>(n);
  }
  for (const int count : result.sure_counts) result.captured += count > 0 ? 1 : 0;
  double divergence = 0.0;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < mean.size(); ++c) {
      const auto p = static_cast<double>(probabilities.data()[i * classes + static_cast<std::ptrdiff_t>(c)]);
      if (p > 0.0) divergence += p * std::log(p / mean[c]) / static_cast<double>(n);
    }
  }
  result.score = std::exp(divergence);
  return result;
}

Tensor class_probabilities(nn::Graph& classifier, const Tensor& pictures) {
  Tape tape;
  const NoGradient off(tape);
  Rng unused(0);
  const Var logits = classifier.forward(tape, tape.input(pictures.view()), false, unused);
  const ConstView p = std::as_const(tape).value(softmax(tape, logits));
  Tensor result(p.shape());
  std::copy_n(p.data(), p.count(), result.data());
  return result;
}

}  // namespace cvlab
