#include "core/ops/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include "core/ops/reduce_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

struct Sizes {
  std::ptrdiff_t examples, channels, cells;  // cells: H*W
  explicit Sizes(const Shape& x) : examples(x[0]), channels(x[1]), cells(x.rank() == 4 ? x[2] * x[3] : 1) {
    assert((x.rank() == 2 || x.rank() == 4) && "batch_norm: x is (N, C) or (N, C, H, W)");
  }
  std::ptrdiff_t numbers() const { return examples * cells; }
  std::ptrdiff_t row(std::ptrdiff_t n, std::ptrdiff_t c) const { return (n * channels + c) * cells; }
  // Channels a piece: about 2^16 numbers.
  std::ptrdiff_t grain() const {
    return std::max<std::ptrdiff_t>(1, (std::ptrdiff_t{1} << 16) / std::max<std::ptrdiff_t>(1, numbers()));
  }
};

// Calls visit(i) for every number of channel c.
template <class Visit>
void for_channel(const Sizes& s, std::ptrdiff_t c, Visit&& visit) {
  for (std::ptrdiff_t n = 0; n < s.examples; ++n)
    for (std::ptrdiff_t i = 0; i < s.cells; ++i) visit(s.row(n, c) + i);
}

// What backward needs of a channel: dx = dy_factor * dy + x_factor * x + offset.
template <class T>
struct ChannelGradient {
  T dy_factor, x_factor = 0, offset = 0;
  ChannelGradient(T gamma, T mean, T inverse_deviation, bool from_batch, T mean_dy, T mean_dy_xhat)
      : dy_factor(gamma * inverse_deviation) {
    if (!from_batch) return;
    x_factor = -dy_factor * mean_dy_xhat * inverse_deviation;
    offset = -dy_factor * mean_dy - x_factor * mean;
  }
};

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

// The fast twin goes channel by channel, row by row of H*W numbers; sums of rows are added up in double. Without rows,
// (N, C), neighbours belong to different channels and the reference's loops over a few thousand numbers do.

void batch_norm_statistics(ConstView x, View mean, View variance) {
  const Sizes s(x.shape());
  if (s.cells == 1) return batch_norm_statistics_ref<float>(x, mean, variance);
  assert(x.contiguous() && mean.count() == s.channels && variance.count() == s.channels && s.numbers() > 0);
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  const double numbers = static_cast<double>(s.numbers());
  parallel_for(0, s.channels, s.grain(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t c = first; c < last; ++c) {
      double sum = 0.0, squares = 0.0;
      for (std::ptrdiff_t n = 0; n < s.examples; ++n)
        sum += static_cast<double>(kernel.sum(x.data() + s.row(n, c), s.cells));
      const float centre = static_cast<float>(sum / numbers);
      for (std::ptrdiff_t n = 0; n < s.examples; ++n)
        squares += static_cast<double>(kernel.squares(x.data() + s.row(n, c), centre, s.cells));
      mean.data()[c] = centre;
      variance.data()[c] = static_cast<float>(squares / numbers);
    }
  });
}

void batch_norm_forward(ConstView x, ConstView gamma, ConstView beta, ConstView mean, ConstView variance, float epsilon,
                        View y) {
  const Sizes s(x.shape());
  if (s.cells == 1) return batch_norm_forward_ref<float>(x, gamma, beta, mean, variance, epsilon, y);
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  parallel_for(0, s.channels, s.grain(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t c = first; c < last; ++c) {
      const float factor = gamma.data()[c] / std::sqrt(variance.data()[c] + epsilon);
      const float offset = beta.data()[c] - mean.data()[c] * factor;
      for (std::ptrdiff_t n = 0; n < s.examples; ++n)
        kernel.affine(x.data() + s.row(n, c), factor, offset, y.data() + s.row(n, c), s.cells);
    }
  });
}

void batch_norm_backward(ConstView x, ConstView gamma, ConstView mean, ConstView variance, float epsilon,
                         bool from_batch, ConstView dy, View dx, View dgamma, View dbeta, bool accumulate) {
  const Sizes s(x.shape());
  if (s.cells == 1) {
    if (dx.data() && !accumulate) std::fill_n(dx.data(), dx.count(), 0.0f);
    return batch_norm_backward_ref<float>(x, gamma, mean, variance, epsilon, from_batch, dy, dx, dgamma, dbeta);
  }
  assert(x.contiguous() && dy.contiguous() && x.shape() == dy.shape());
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  const double numbers = static_cast<double>(s.numbers());
  parallel_for(0, s.channels, s.grain(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t c = first; c < last; ++c) {
      const double inverse = 1.0 / std::sqrt(static_cast<double>(variance.data()[c]) + static_cast<double>(epsilon));
      const float centre = mean.data()[c];
      double sum_dy = 0.0, sum_dy_xhat = 0.0;
      for (std::ptrdiff_t n = 0; n < s.examples; ++n) {
        const float* gradient = dy.data() + s.row(n, c);
        sum_dy += static_cast<double>(kernel.sum(gradient, s.cells));
        sum_dy_xhat += static_cast<double>(kernel.dot(x.data() + s.row(n, c), centre, gradient, s.cells));
      }
      sum_dy_xhat *= inverse;
      if (dgamma.data()) dgamma.data()[c] += static_cast<float>(sum_dy_xhat);
      if (dbeta.data()) dbeta.data()[c] += static_cast<float>(sum_dy);
      if (!dx.data()) continue;
      const ChannelGradient<double> g(static_cast<double>(gamma.data()[c]), static_cast<double>(centre), inverse,
                                      from_batch, sum_dy / numbers, sum_dy_xhat / numbers);
      for (std::ptrdiff_t n = 0; n < s.examples; ++n) {
        const std::ptrdiff_t row = s.row(n, c);
        kernel.mix(dy.data() + row, static_cast<float>(g.dy_factor), x.data() + row, static_cast<float>(g.x_factor),
                   static_cast<float>(g.offset), dx.data() + row, s.cells, accumulate);
      }
    }
  });
}

}  // namespace cvlab
