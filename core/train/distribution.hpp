// How numbers are distributed: their moments, and counts in bins of equal width.
//
//   mean = sum x / n     deviation = sqrt(sum (x - mean)^2 / n)     rms = sqrt(sum x^2 / n)
//
// Numbers that are not finite are counted apart and part of nothing else. Sums are kept in double.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace cvlab {

struct Moments {
  std::ptrdiff_t count = 0;  // finite ones
  std::ptrdiff_t not_finite = 0;
  std::ptrdiff_t zeros = 0;
  double mean = 0.0;
  double deviation = 0.0;
  double rms = 0.0;
  double greatest = 0.0;  // absolute value
};
Moments moments_of(std::span<const float> values);
Moments moments_of(std::span<const double> values);

struct Histogram {
  double low = 0.0, high = 1.0;
  std::vector<std::ptrdiff_t> counts;  // bin i holds low + i w <= x < low + (i + 1) w; the last one also x = high
  std::ptrdiff_t below = 0, above = 0, not_finite = 0;

  double width() const { return counts.empty() ? 0.0 : (high - low) / static_cast<double>(counts.size()); }
  std::ptrdiff_t fullest() const;
  std::ptrdiff_t total() const;  // in the bins
};
Histogram histogram_of(std::span<const float> values, double low, double high, int bins);
Histogram histogram_of(std::span<const double> values, double low, double high, int bins);

}  // namespace cvlab
