// The fast batch norm. Pictures: channel by channel, row by row of H*W numbers, sums of rows added up in double.
// Without rows, (N, C), neighbours belong to different channels: strips of channels, example by example.
#include <algorithm>
#include <cmath>

#include "core/ops/batch_norm.hpp"
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

// What backward needs of a channel: dx = dy_factor * dy + x_factor * x + offset.
struct ChannelGradient {
  double dy_factor, x_factor = 0.0, offset = 0.0;
  ChannelGradient(double gamma, double mean, double inverse_deviation, bool from_batch, double mean_dy,
                  double mean_dy_xhat)
      : dy_factor(gamma * inverse_deviation) {
    if (!from_batch) return;
    x_factor = -dy_factor * mean_dy_xhat * inverse_deviation;
    offset = -dy_factor * mean_dy - x_factor * mean;
  }
};

constexpr std::ptrdiff_t strip = 64;  // channels side by side

// work(first channel, count) for strips of channels.
template <class Work>
void for_strips(const Sizes& s, Work&& work) {
  const std::ptrdiff_t strips = (s.channels + strip - 1) / strip;
  parallel_for(0, strips, std::max<std::ptrdiff_t>(1, s.grain() / strip),
               [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
                 for (std::ptrdiff_t i = begin; i < end; ++i) work(i * strip, std::min(strip, s.channels - i * strip));
               });
}

void column_statistics(const Sizes& s, const float* x, float* mean, float* variance) {
  assert(s.examples > 0);
  for_strips(s, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
    double sums[strip] = {}, squares[strip] = {};
    float centre[strip] = {};
    for (std::ptrdiff_t n = 0; n < s.examples; ++n)
      for (std::ptrdiff_t c = 0; c < count; ++c) sums[c] += static_cast<double>(x[s.row(n, first) + c]);
    for (std::ptrdiff_t c = 0; c < count; ++c)
      centre[c] = static_cast<float>(sums[c] / static_cast<double>(s.examples));
    for (std::ptrdiff_t n = 0; n < s.examples; ++n)
      for (std::ptrdiff_t c = 0; c < count; ++c) {
        const float away = x[s.row(n, first) + c] - centre[c];
        squares[c] += static_cast<double>(away * away);
      }
    for (std::ptrdiff_t c = 0; c < count; ++c) {
      mean[first + c] = centre[c];
      variance[first + c] = static_cast<float>(squares[c] / static_cast<double>(s.examples));
    }
  });
}

void column_forward(const Sizes& s, ConstView x, ConstView gamma, ConstView beta, ConstView mean, ConstView variance,
                    float epsilon, View y) {
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  for_strips(s, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
    float factor[strip] = {}, offset[strip] = {};
    for (std::ptrdiff_t c = 0; c < count; ++c) {
      factor[c] = gamma.data()[first + c] / std::sqrt(variance.data()[first + c] + epsilon);
      offset[c] = beta.data()[first + c] - mean.data()[first + c] * factor[c];
    }
    for (std::ptrdiff_t n = 0; n < s.examples; ++n) {
      const float* in = x.data() + s.row(n, first);
      float* out = y.data() + s.row(n, first);
      for (std::ptrdiff_t c = 0; c < count; ++c) out[c] = in[c] * factor[c] + offset[c];
    }
  });
}

void column_backward(const Sizes& s, ConstView x, ConstView gamma, ConstView mean, ConstView variance, float epsilon,
                     bool from_batch, ConstView dy, View dx, View dgamma, View dbeta, bool accumulate) {
  assert(x.contiguous() && dy.contiguous() && x.shape() == dy.shape());
  const double numbers = static_cast<double>(s.examples);
  for_strips(s, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
    double sum_dy[strip] = {}, sum_dy_away[strip] = {};
    const float* centre = mean.data() + first;
    for (std::ptrdiff_t n = 0; n < s.examples; ++n) {
      const float* in = x.data() + s.row(n, first);
      const float* gradient = dy.data() + s.row(n, first);
      for (std::ptrdiff_t c = 0; c < count; ++c) {
        sum_dy[c] += static_cast<double>(gradient[c]);
        sum_dy_away[c] += static_cast<double>(gradient[c] * (in[c] - centre[c]));
      }
    }
    float dy_factor[strip] = {}, x_factor[strip] = {}, offset[strip] = {};
    for (std::ptrdiff_t c = 0; c < count; ++c) {
      const double inverse =
          1.0 / std::sqrt(static_cast<double>(variance.data()[first + c]) + static_cast<double>(epsilon));
      const double sum_dy_xhat = sum_dy_away[c] * inverse;
      if (dgamma.data()) dgamma.data()[first + c] += static_cast<float>(sum_dy_xhat);
      if (dbeta.data()) dbeta.data()[first + c] += static_cast<float>(sum_dy[c]);
      const ChannelGradient g(static_cast<double>(gamma.data()[first + c]), static_cast<double>(centre[c]), inverse,
                              from_batch, sum_dy[c] / numbers, sum_dy_xhat / numbers);
      dy_factor[c] = static_cast<float>(g.dy_factor);
      x_factor[c] = static_cast<float>(g.x_factor);
      offset[c] = static_cast<float>(g.offset);
    }
    if (!dx.data()) return;
    for (std::ptrdiff_t n = 0; n < s.examples; ++n) {
      const float* in = x.data() + s.row(n, first);
      const float* gradient = dy.data() + s.row(n, first);
      float* out = dx.data() + s.row(n, first);
      if (!accumulate) std::fill_n(out, count, 0.0f);
      for (std::ptrdiff_t c = 0; c < count; ++c)
        out[c] += gradient[c] * dy_factor[c] + (in[c] * x_factor[c] + offset[c]);
    }
  });
}

}  // namespace

void batch_norm_statistics(ConstView x, View mean, View variance) {
  const Sizes s(x.shape());
  if (s.cells == 1) return column_statistics(s, x.data(), mean.data(), variance.data());
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
  if (s.cells == 1) return column_forward(s, x, gamma, beta, mean, variance, epsilon, y);
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
  if (s.cells == 1)
    return column_backward(s, x, gamma, mean, variance, epsilon, from_batch, dy, dx, dgamma, dbeta, accumulate);
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
      const ChannelGradient g(static_cast<double>(gamma.data()[c]), static_cast<double>(centre), inverse, from_batch,
                              sum_dy / numbers, sum_dy_xhat / numbers);
      for (std::ptrdiff_t n = 0; n < s.examples; ++n) {
        const std::ptrdiff_t row = s.row(n, c);
        kernel.mix(dy.data() + row, static_cast<float>(g.dy_factor), x.data() + row, static_cast<float>(g.x_factor),
                   static_cast<float>(g.offset), dx.data() + row, s.cells, accumulate);
      }
    }
  });
}

}  // namespace cvlab
