#include "core/image/frame_average.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/parallel/parallel_for.hpp"
#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr std::ptrdiff_t grain = 16384;

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
  constexpr std::ptrdiff_t block = 8192;  // each with a stream of its own: the same on any number of threads
  const std::ptrdiff_t blocks = (scene.count() + block - 1) / block;
  parallel_for(0, blocks, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t b = first; b < last; ++b) {
      Rng rng(seed, (static_cast<std::uint64_t>(frame) << 24U) + static_cast<std::uint64_t>(b));
      const std::ptrdiff_t end = std::min(scene.count(), (b + 1) * block);
      for (std::ptrdiff_t i = b * block; i < end; ++i) to[i] = in[i] + static_cast<float>(rng.normal(0.0, sigma));
      if (!bytes) continue;
      for (std::ptrdiff_t i = b * block; i < end; ++i) to[i] = std::clamp(std::round(to[i]), 0.0F, 255.0F);
    }
  });
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
