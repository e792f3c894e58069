#include "core/image/quality.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "core/image/gaussian.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

double mean_squared_error(const Image& a, const Image& b) {
  assert(a.width == b.width && a.height == b.height && a.channels == b.channels && "pictures of one size");
  if (a.empty()) return std::numeric_limits<double>::quiet_NaN();
  constexpr std::size_t block = 65536;  // times 255^2 is less than 2^32
  std::uint64_t sum = 0;
  for (std::size_t first = 0; first < a.data.size(); first += block) {
    const std::size_t last = std::min(a.data.size(), first + block);
    std::uint32_t part = 0;
    for (std::size_t i = first; i < last; ++i) {
      const int difference = a.data[i] - b.data[i];
      part += static_cast<std::uint32_t>(difference * difference);
    }
    sum += part;
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

double ssim_ref(const Image& a, const Image& b) {
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

namespace {

constexpr int block = 128;  // columns at a time: their sums stay in the cache

// Both pictures' levels minus 128 (variances do not notice, and squares stay small), rows first .. first + 10, weighted
// and added: five sums for each column.
struct Sums {
  std::array<std::array<float, block + window>, 5> of;

  void clear() {
    for (auto& row : of) row.fill(0.0F);
  }
  void add(const float* a, const float* b, float weight, int n) {
    for (int x = 0; x < n; ++x) {
      const float wa = weight * a[x];
      const float wb = weight * b[x];
      of[0][static_cast<std::size_t>(x)] += wa;
      of[1][static_cast<std::size_t>(x)] += wb;
      of[2][static_cast<std::size_t>(x)] += wa * a[x];
      of[3][static_cast<std::size_t>(x)] += wb * b[x];
      of[4][static_cast<std::size_t>(x)] += wa * b[x];
    }
  }
};

// The same across: `n` windows; then their similarities added up, in a fixed order.
double add_windows(const Sums& columns, const std::array<float, window>& weights, int n) {
  Sums sums;
  for (std::size_t i = 0; i < 5; ++i) {
    float* const to = sums.of[i].data();
    const float* const from = columns.of[i].data();
    for (int x = 0; x < n; ++x) to[x] = weights[0] * from[x];
    for (int k = 1; k < window; ++k) {
      const float w = weights[static_cast<std::size_t>(k)];
      for (int x = 0; x < n; ++x) to[x] += w * from[x + k];
    }
  }
  constexpr float c1 = 6.5025F;   // (0.01 * 255)^2
  constexpr float c2 = 58.5225F;  // (0.03 * 255)^2
  std::array<float, block> similarities;
  for (int x = 0; x < n; ++x) {
    const auto i = static_cast<std::size_t>(x);
    const float a = sums.of[0][i];
    const float b = sums.of[1][i];
    const float variances = sums.of[2][i] - a * a + (sums.of[3][i] - b * b);
    const float covariance = sums.of[4][i] - a * b;
    const float ma = a + 128.0F;
    const float mb = b + 128.0F;
    similarities[i] = (2.0F * ma * mb + c1) * (2.0F * covariance + c2) / ((ma * ma + mb * mb + c1) * (variances + c2));
  }
  double sum = 0.0;
  for (int x = 0; x < n; ++x) sum += static_cast<double>(similarities[static_cast<std::size_t>(x)]);
  return sum;
}

// One channel as numbers around 0.
std::vector<float> levelled(const Image& image, int channel) {
  std::vector<float> values(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
  const auto step = static_cast<std::size_t>(image.channels);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(image.data[i * step + static_cast<std::size_t>(channel)]) - 128.0F;
  return values;
}

}  // namespace

double ssim(const Image& a, const Image& b) {
  assert(a.width == b.width && a.height == b.height && a.channels == b.channels && "pictures of one size");
  if (a.width < window || a.height < window || a.channels < 1) return std::numeric_limits<double>::quiet_NaN();
  std::array<float, window> weights{};
  const std::vector<double> exact = gaussian_weights(1.5, window);
  std::transform(exact.begin(), exact.end(), weights.begin(), [](double w) { return static_cast<float>(w); });
  const int rows = a.height - window + 1;
  const int columns = a.width - window + 1;
  std::vector<double> row_sums(static_cast<std::size_t>(rows));
  double sum = 0.0;
  for (int channel = 0; channel < a.channels; ++channel) {
    const std::vector<float> x = levelled(a, channel);
    const std::vector<float> y = levelled(b, channel);
    parallel_for(0, rows, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      Sums sums;
      for (std::ptrdiff_t row = first; row < last; ++row) {
        double total = 0.0;
        for (int column = 0; column < columns; column += block) {
          const int n = std::min(block, columns - column);
          sums.clear();
          for (int k = 0; k < window; ++k) {
            const std::ptrdiff_t at = (row + k) * a.width + column;
            sums.add(x.data() + at, y.data() + at, weights[static_cast<std::size_t>(k)], n + window - 1);
          }
          total += add_windows(sums, weights, n);
        }
        row_sums[static_cast<std::size_t>(row)] = total;
      }
    });
    for (const double s : row_sums) sum += s;
  }
  return sum / (static_cast<double>(columns) * static_cast<double>(rows) * static_cast<double>(a.channels));
}

}  // namespace cvlab
