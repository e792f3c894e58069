#include "core/image/frame_average.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "core/parallel/parallel_for.hpp"
#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr std::ptrdiff_t grain = 16384;
constexpr std::uint32_t noise_stream = 0x6E6F6973U;  // apart from everything else that is drawn from a seed

// The normal distribution as 65536 equally likely values: enough for grey levels, and quick.
const std::vector<float>& normal_table() {
  static const std::vector<float> table = [] {
    std::vector<float> values(65536);
    for (std::size_t k = 0; k < values.size(); ++k) {
      values[k] = static_cast<float>(normal_quantile((static_cast<double>(k) + 0.5) / 65536.0));
    }
    return values;
  }();
  return table;
}

}  // namespace

void FrameAverage::add(ConstView frame) {
  assert(frame.contiguous() && "a frame is contiguous");
  if (!(frame.shape() == mean_.shape())) {
    mean_ = Tensor(frame.shape());
    squares_ = Tensor(frame.shape());
    count_ = 0;
  }
  const float part = 1.0F / static_cast<float>(++count_);
  const float* const x = frame.data();
  float* const mean = mean_.data();
  float* const squares = squares_.data();
  parallel_for(0, frame.count(), grain, [=](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t i = first; i < last; ++i) {
      const float before = x[i] - mean[i];
      mean[i] += before * part;
      squares[i] += before * (x[i] - mean[i]);
    }
  });
}

void FrameAverage::variance(Tensor& out) const {
  out.resize(mean_.shape());
  const float factor = count_ > 1 ? 1.0F / static_cast<float>(count_ - 1) : 0.0F;
  std::transform(squares_.data(), squares_.data() + squares_.count(), out.data(),
                 [factor](float s) { return s * factor; });
}

double FrameAverage::mean_variance() const {
  if (count_ < 2 || squares_.empty()) return 0.0;
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < squares_.count(); ++i) sum += static_cast<double>(squares_.data()[i]);
  return sum / static_cast<double>(squares_.count()) / (count_ - 1);
}

void mean_variance_ref(const BasicTensor<double>& frames, BasicTensor<double>& mean, BasicTensor<double>& variance) {
  const std::ptrdiff_t n = frames.size(0);
  const std::ptrdiff_t count = frames.size(1);
  mean = BasicTensor<double>(Shape{count});
  variance = BasicTensor<double>(Shape{count});
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    for (std::ptrdiff_t k = 0; k < n; ++k) mean(i) += frames(k, i) / static_cast<double>(n);
    for (std::ptrdiff_t k = 0; k < n && n > 1; ++k) {
      const double away = frames(k, i) - mean(i);
      variance(i) += away * away / static_cast<double>(n - 1);
    }
  }
}

void noisy_frame(ConstView scene, double sigma, std::uint64_t seed, int frame, bool bytes, View out) {
  assert(scene.contiguous() && out.contiguous() && scene.count() == out.count());
  const float* const in = scene.data();
  float* const to = out.data();
  const float* const table = normal_table().data();
  const auto scale = static_cast<float>(sigma);
  const std::array<std::uint32_t, 2> key = {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)};
  const std::ptrdiff_t count = scene.count();
  parallel_for(0, count, grain, [=](std::ptrdiff_t first, std::ptrdiff_t last) {
    // Eight values of each block of random bits; pieces begin at multiples of eight.
    for (std::ptrdiff_t i = first; i < last; i += 8) {
      const Rng::Block bits =
          Rng::philox({static_cast<std::uint32_t>(i / 8), static_cast<std::uint32_t>(frame), 0U, noise_stream}, key);
      for (std::ptrdiff_t k = 0; k < 8 && i + k < last; ++k) {
        const std::uint32_t word = bits[static_cast<std::size_t>(k / 2)];
        to[i + k] = in[i + k] + scale * table[k % 2 == 0 ? word >> 16U : word & 0xFFFFU];
      }
    }
    if (!bytes) return;
    for (std::ptrdiff_t i = first; i < last; ++i) to[i] = std::clamp(std::round(to[i]), 0.0F, 255.0F);
  });
}

void paint_disc(View plane, double x, double y, double radius, float value, View still) {
  const auto first = [](double at) { return std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(std::floor(at))); };
  const std::ptrdiff_t y1 = std::min(plane.size(0), first(y + radius + 2.0));
  const std::ptrdiff_t x1 = std::min(plane.size(1), first(x + radius + 2.0));
  for (std::ptrdiff_t row = first(y - radius - 1.0); row < y1; ++row) {
    for (std::ptrdiff_t column = first(x - radius - 1.0); column < x1; ++column) {
      const double dx = static_cast<double>(column) - x;
      const double dy = static_cast<double>(row) - y;
      const auto cover = static_cast<float>(std::clamp(radius + 0.5 - std::sqrt(dx * dx + dy * dy), 0.0, 1.0));
      if (cover <= 0.0F) continue;
      plane(row, column) += cover * (value - plane(row, column));
      if (still.data() != nullptr) still(row, column) = 0.0F;
    }
  }
}

double root_mean_square(ConstView a, ConstView b, ConstView where) {
  double sum = 0.0;
  std::ptrdiff_t count = 0;
  for (std::ptrdiff_t i = 0; i < a.count(); ++i) {
    if (where.data() != nullptr && where.data()[i] == 0.0F) continue;
    const double d = static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]);
    sum += d * d;
    ++count;
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(sum / static_cast<double>(count));
}

}  // namespace cvlab
