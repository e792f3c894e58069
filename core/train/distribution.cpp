#include "core/train/distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cvlab {

namespace {

template <class T>
Moments moments(std::span<const T> values) {
  Moments m;
  double sum = 0.0, squares = 0.0;
  for (const T value : values) {
    const auto x = static_cast<double>(value);
    if (!std::isfinite(x)) {
      ++m.not_finite;
      continue;
    }
    ++m.count;
    m.zeros += x == 0.0 ? 1 : 0;
    sum += x;
    squares += x * x;
    m.greatest = std::max(m.greatest, std::abs(x));
  }
  if (m.count == 0) return m;
  const auto n = static_cast<double>(m.count);
  m.mean = sum / n;
  m.rms = std::sqrt(squares / n);
  double about_mean = 0.0;
  for (const T value : values) {
    const double away = static_cast<double>(value) - m.mean;
    if (std::isfinite(away)) about_mean += away * away;
  }
  m.deviation = std::sqrt(about_mean / n);
  return m;
}

template <class T>
Histogram histogram(std::span<const T> values, double low, double high, int bins) {
  assert(low < high && bins > 0);
  Histogram h{low, high, std::vector<std::ptrdiff_t>(static_cast<std::size_t>(bins))};
  for (const T value : values) {
    const auto x = static_cast<double>(value);
    if (!std::isfinite(x)) {
      ++h.not_finite;
    } else if (x < low) {
      ++h.below;
    } else if (x > high) {
      ++h.above;
    } else {
      const auto bin = static_cast<int>((x - low) / (high - low) * bins);
      ++h.counts[static_cast<std::size_t>(std::min(bin, bins - 1))];
    }
  }
  return h;
}

}  // namespace

Moments moments_of(std::span<const float> values) { return moments(values); }
Moments moments_of(std::span<const double> values) { return moments(values); }

std::ptrdiff_t Histogram::fullest() const {
  return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

std::ptrdiff_t Histogram::total() const {
  std::ptrdiff_t sum = 0;
  for (const std::ptrdiff_t count : counts) sum += count;
  return sum;
}

Histogram histogram_of(std::span<const float> values, double low, double high, int bins) {
  return histogram(values, low, high, bins);
}
Histogram histogram_of(std::span<const double> values, double low, double high, int bins) {
  return histogram(values, low, high, bins);
}

}  // namespace cvlab
