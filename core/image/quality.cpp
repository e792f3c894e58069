#include "core/image/quality.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "core/image/gaussian.hpp"

namespace cvlab {

double mean_squared_error(const Image& a, const Image& b) {
  assert(a.width == b.width && a.height == b.height && a.channels == b.channels && "pictures of one size");
  if (a.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < a.data.size(); ++i) {
    const int difference = a.data[i] - b.data[i];
    sum += static_cast<std::uint64_t>(difference * difference);
  }
  return static_cast<double>(sum) / static_cast<double>(a.data.size());
}

double psnr(const Image& a, const Image& b) {
  const double error = mean_squared_error(a, b);
  return error > 0.0 ? 10.0 * std::log10(255.0 * 255.0 / error)
                     : (error == 0.0 ? std::numeric_limits<double>::infinity() : error);
}

namespace {

constexpr int window = 11;
using Moments = std::array<double, 5>;  // of a, b, a^2, b^2, ab

// Windows that start in row `row`: their weighted moments down each column.
void column_moments(const Image& a, const Image& b, int channel, int row, const std::vector<double>& weights,
                    std::vector<Moments>& out) {
  for (int column = 0; column < a.width; ++column) {
    Moments m{};
    for (int k = 0; k < window; ++k) {
      const double x = a.at(row + k, column, channel);
      const double y = b.at(row + k, column, channel);
      const double w = weights[static_cast<std::size_t>(k)];
      m[0] += w * x;
      m[1] += w * y;
      m[2] += w * x * x;
      m[3] += w * y * y;
      m[4] += w * x * y;
    }
    out[static_cast<std::size_t>(column)] = m;
  }
}

double similarity(const Moments& m) {
  constexpr double c1 = (0.01 * 255.0) * (0.01 * 255.0);
  constexpr double c2 = (0.03 * 255.0) * (0.03 * 255.0);
  const double va = m[2] - m[0] * m[0];
  const double vb = m[3] - m[1] * m[1];
  const double covariance = m[4] - m[0] * m[1];
  return (2.0 * m[0] * m[1] + c1) * (2.0 * covariance + c2) / ((m[0] * m[0] + m[1] * m[1] + c1) * (va + vb + c2));
}

}  // namespace

double ssim(const Image& a, const Image& b) {
  assert(a.width == b.width && a.height == b.height && a.channels == b.channels && "pictures of one size");
  if (a.width < window || a.height < window || a.channels < 1) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> weights = gaussian_weights(1.5, window);
  std::vector<Moments> columns(static_cast<std::size_t>(a.width));
  double sum = 0.0;
  for (int channel = 0; channel < a.channels; ++channel) {
    for (int row = 0; row + window <= a.height; ++row) {
      column_moments(a, b, channel, row, weights, columns);
      for (int column = 0; column + window <= a.width; ++column) {
        Moments m{};
        for (int k = 0; k < window; ++k) {
          const Moments& from = columns[static_cast<std::size_t>(column + k)];
          const double w = weights[static_cast<std::size_t>(k)];
          for (std::size_t i = 0; i < m.size(); ++i) m[i] += w * from[i];
        }
        sum += similarity(m);
      }
    }
  }
  return sum / (static_cast<double>(a.width - window + 1) * static_cast<double>(a.height - window + 1) *
                static_cast<double>(a.channels));
}

}  // namespace cvlab
