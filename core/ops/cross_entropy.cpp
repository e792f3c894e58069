#include "core/ops/cross_entropy.hpp"

#include <algorithm>
#include <cmath>

#include "core/ops/softmax_kernel.hpp"

namespace cvlab {

namespace {

template <class T>
T weight_of(std::span<const float> weights, std::ptrdiff_t c) {
  return weights.empty() ? T(1) : static_cast<T>(weights[static_cast<std::size_t>(c)]);
}

template <class T>
T sum_of_weights(std::span<const float> weights, std::ptrdiff_t classes) {
  T sum = 0;
  for (std::ptrdiff_t c = 0; c < classes; ++c) sum += weight_of<T>(weights, c);
  return sum;
}

template <class T>
T divisor(std::span<const float> weights, std::span<const int> labels) {
  T sum = 0;
  for (const int label : labels) sum += weight_of<T>(weights, label);
  return sum;
}

[[maybe_unused]] bool fits(const Shape& logits, std::span<const int> labels, std::span<const float> weights) {
  return logits.rank() == 2 && labels.size() == static_cast<std::size_t>(logits[0]) &&
         (weights.empty() || weights.size() == static_cast<std::size_t>(logits[1])) &&
         std::all_of(labels.begin(), labels.end(), [&](int label) { return label >= 0 && label < logits[1]; });
}

// Of one example: -log p(c) = log_sum - (x(c) - largest), log_sum the logarithm of the sum of exp(x - largest).
template <class T>
T loss_of(const T* x, T largest, T log_sum, std::ptrdiff_t classes, int label, std::span<const float> weights,
          T smoothing) {
  const auto minus_log_p = [&](std::ptrdiff_t c) { return log_sum - (x[c] - largest); };
  T loss = (T(1) - smoothing) * weight_of<T>(weights, label) * minus_log_p(label);
  if (smoothing > 0)
    for (std::ptrdiff_t c = 0; c < classes; ++c)
      loss += smoothing / static_cast<T>(classes) * weight_of<T>(weights, c) * minus_log_p(c);
  return loss;
}

template <class T, bool accumulate>
void backward(BasicView<const T> probabilities, std::span<const int> labels, std::span<const float> weights,
              T smoothing, T dloss, BasicView<T> dlogits) {
  assert(probabilities.contiguous() && dlogits.contiguous() && probabilities.shape() == dlogits.shape());
  assert(fits(probabilities.shape(), labels, weights));
  if (labels.empty()) return;
  const std::ptrdiff_t classes = probabilities.size(1);
  const T share = dloss / divisor<T>(weights, labels), even = smoothing / static_cast<T>(classes);
  const T all = sum_of_weights<T>(weights, classes);
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const T* p = probabilities.data() + static_cast<std::ptrdiff_t>(n) * classes;
    T* gradient = dlogits.data() + static_cast<std::ptrdiff_t>(n) * classes;
    const T own = (T(1) - smoothing) * weight_of<T>(weights, labels[n]);
    const T factor = share * (own + even * all);
    for (std::ptrdiff_t c = 0; c < classes; ++c) gradient[c] = (accumulate ? gradient[c] : T(0)) + factor * p[c];
    if (smoothing > 0)
      for (std::ptrdiff_t c = 0; c < classes; ++c) gradient[c] -= share * even * weight_of<T>(weights, c);
    gradient[labels[n]] -= share * own;
  }
}

}  // namespace

template <class T>
T cross_entropy_forward_ref(BasicView<const T> logits, std::span<const int> labels, std::span<const float> weights,
                            T smoothing, BasicView<T> probabilities) {
  assert(logits.contiguous() && probabilities.contiguous() && logits.shape() == probabilities.shape());
  assert(fits(logits.shape(), labels, weights));
  if (labels.empty()) return T(0);
  const std::ptrdiff_t classes = logits.size(1);
  T total = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const T* x = logits.data() + static_cast<std::ptrdiff_t>(n) * classes;
    T* p = probabilities.data() + static_cast<std::ptrdiff_t>(n) * classes;
    const T largest = *std::max_element(x, x + classes);
    T sum = 0;
    for (std::ptrdiff_t c = 0; c < classes; ++c) sum += p[c] = std::exp(x[c] - largest);
    for (std::ptrdiff_t c = 0; c < classes; ++c) p[c] /= sum;
    total += loss_of(x, largest, std::log(sum), classes, labels[n], weights, smoothing);
  }
  return total / divisor<T>(weights, labels);
}

template <class T>
void cross_entropy_backward_ref(BasicView<const T> probabilities, std::span<const int> labels,
                                std::span<const float> weights, T smoothing, T dloss, BasicView<T> dlogits) {
  backward<T, true>(probabilities, labels, weights, smoothing, dloss, dlogits);
}

template float cross_entropy_forward_ref<float>(ConstView, std::span<const int>, std::span<const float>, float, View);
template void cross_entropy_backward_ref<float>(ConstView, std::span<const int>, std::span<const float>, float, float,
                                                View);
template double cross_entropy_forward_ref<double>(BasicView<const double>, std::span<const int>, std::span<const float>,
                                                  double, BasicView<double>);
template void cross_entropy_backward_ref<double>(BasicView<const double>, std::span<const int>, std::span<const float>,
                                                 double, double, BasicView<double>);

float cross_entropy_forward(ConstView logits, std::span<const int> labels, std::span<const float> weights,
                            float smoothing, View probabilities) {
  assert(logits.contiguous() && probabilities.contiguous() && logits.shape() == probabilities.shape());
  assert(fits(logits.shape(), labels, weights));
  if (labels.empty()) return 0.0f;
  const softmax_kernel::Table& kernel = softmax_kernel::best();
  const std::ptrdiff_t classes = logits.size(1);
  double total = 0.0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(n) * classes;
    const softmax_kernel::Sums sums = kernel.softmax(logits.data() + row, 1.0f, probabilities.data() + row, classes);
    total += static_cast<double>(
        loss_of(logits.data() + row, sums.largest, std::log(sums.sum), classes, labels[n], weights, smoothing));
  }
  return static_cast<float>(total / divisor<double>(weights, labels));
}

// A product and a subtraction a number: the plain loop is the fast one.
void cross_entropy_backward(ConstView probabilities, std::span<const int> labels, std::span<const float> weights,
                            float smoothing, float dloss, View dlogits, bool accumulate) {
  if (accumulate)
    backward<float, true>(probabilities, labels, weights, smoothing, dloss, dlogits);
  else
    backward<float, false>(probabilities, labels, weights, smoothing, dloss, dlogits);
}

}  // namespace cvlab
