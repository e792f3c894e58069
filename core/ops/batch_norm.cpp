#include "core/ops/batch_norm.hpp"

#include <cmath>

namespace cvlab {

namespace {

struct Sizes {
  std::ptrdiff_t examples, channels, cells;  // cells: H*W
  explicit Sizes(const Shape& x) : examples(x[0]), channels(x[1]), cells(x.rank() == 4 ? x[2] * x[3] : 1) {
    assert((x.rank() == 2 || x.rank() == 4) && "batch_norm: x is (N, C) or (N, C, H, W)");
  }
  std::ptrdiff_t numbers() const { return examples * cells; }
  std::ptrdiff_t row(std::ptrdiff_t n, std::ptrdiff_t c) const { return (n * channels + c) * cells; }
};

// Calls visit(i) for every number of channel c.
template <class Visit>
void for_channel(const Sizes& s, std::ptrdiff_t c, Visit&& visit) {
  for (std::ptrdiff_t n = 0; n < s.examples; ++n)
    for (std::ptrdiff_t i = 0; i < s.cells; ++i) visit(s.row(n, c) + i);
}

}  // namespace

template <class T>
void batch_norm_statistics_ref(BasicView<const T> x, BasicView<T> mean, BasicView<T> variance) {
  const Sizes s(x.shape());
  assert(x.contiguous() && mean.count() == s.channels && variance.count() == s.channels && s.numbers() > 0);
  const T numbers = static_cast<T>(s.numbers());
  for (std::ptrdiff_t c = 0; c < s.channels; ++c) {
    T sum = 0, squares = 0;
    for_channel(s, c, [&](std::ptrdiff_t i) { sum += x.data()[i]; });
    const T centre = sum / numbers;
    for_channel(s, c, [&](std::ptrdiff_t i) { squares += (x.data()[i] - centre) * (x.data()[i] - centre); });
    mean.data()[c] = centre;
    variance.data()[c] = squares / numbers;
  }
}

template <class T>
void batch_norm_forward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> beta,
                            BasicView<const T> mean, BasicView<const T> variance, T epsilon, BasicView<T> y) {
  const Sizes s(x.shape());
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  for (std::ptrdiff_t c = 0; c < s.channels; ++c) {
    const T inverse = T(1) / std::sqrt(variance.data()[c] + epsilon);
    for_channel(s, c, [&](std::ptrdiff_t i) {
      y.data()[i] = gamma.data()[c] * (x.data()[i] - mean.data()[c]) * inverse + beta.data()[c];
    });
  }
}

template <class T>
void batch_norm_backward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> mean,
                             BasicView<const T> variance, T epsilon, bool from_batch, BasicView<const T> dy,
                             BasicView<T> dx, BasicView<T> dgamma, BasicView<T> dbeta) {
  const Sizes s(x.shape());
  assert(x.contiguous() && dy.contiguous() && x.shape() == dy.shape());
  const T numbers = static_cast<T>(s.numbers());
  for (std::ptrdiff_t c = 0; c < s.channels; ++c) {
    const T inverse = T(1) / std::sqrt(variance.data()[c] + epsilon);
    const auto xhat = [&](std::ptrdiff_t i) { return (x.data()[i] - mean.data()[c]) * inverse; };
    T sum_dy = 0, sum_dy_xhat = 0;
    for_channel(s, c, [&](std::ptrdiff_t i) {
      sum_dy += dy.data()[i];
      sum_dy_xhat += dy.data()[i] * xhat(i);
    });
    if (dgamma.data()) dgamma.data()[c] += sum_dy_xhat;
    if (dbeta.data()) dbeta.data()[c] += sum_dy;
    if (!dx.data()) continue;
    const T factor = gamma.data()[c] * inverse;
    for_channel(s, c, [&](std::ptrdiff_t i) {
      T gradient = dy.data()[i];
      if (from_batch) gradient -= sum_dy / numbers + xhat(i) * sum_dy_xhat / numbers;
      dx.data()[i] += factor * gradient;
    });
  }
}

template void batch_norm_statistics_ref<float>(ConstView, View, View);
template void batch_norm_forward_ref<float>(ConstView, ConstView, ConstView, ConstView, ConstView, float, View);
template void batch_norm_backward_ref<float>(ConstView, ConstView, ConstView, ConstView, float, bool, ConstView, View,
                                             View, View);
template void batch_norm_statistics_ref<double>(BasicView<const double>, BasicView<double>, BasicView<double>);
template void batch_norm_forward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                             BasicView<const double>, BasicView<const double>, double,
                                             BasicView<double>);
template void batch_norm_backward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                              BasicView<const double>, double, bool, BasicView<const double>,
                                              BasicView<double>, BasicView<double>, BasicView<double>);

void batch_norm_update(BatchNormStatistics& running, ConstView mean, ConstView variance, std::ptrdiff_t count,
                       float momentum) {
  assert(running.mean.count() == mean.count() && running.variance.count() == variance.count());
  const float unbiased = count > 1 ? static_cast<float>(count) / static_cast<float>(count - 1) : 1.0f;
  for (std::ptrdiff_t c = 0; c < mean.count(); ++c) {
    float& m = running.mean.data()[c];
    float& v = running.variance.data()[c];
    m = (1.0f - momentum) * m + momentum * mean.data()[c];
    v = (1.0f - momentum) * v + momentum * unbiased * variance.data()[c];
  }
}

}  // namespace cvlab
