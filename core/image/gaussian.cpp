#include "core/image/gaussian.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/image/border.hpp"
#include "core/image/gaussian8_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

int gaussian_size(double sigma) { return static_cast<int>(std::lround(6.0 * sigma + 1.0)) | 1; }

std::vector<double> gaussian_weights(double sigma, int size, Sampling sampling) {
  assert(sigma > 0.0 && size % 2 == 1 && "a Gaussian kernel has an odd size and a positive sigma");
  std::vector<double> weights(static_cast<std::size_t>(size));
  double sum = 0.0;
  const int radius = size / 2;
  for (int i = 0; i < size; ++i) {
    const double x = i - radius;
    const double root = std::numbers::sqrt2 * sigma;
    const double weight = sampling == Sampling::centre ? std::exp(-x * x / (2.0 * sigma * sigma))
                                                       : std::erf((x + 0.5) / root) - std::erf((x - 0.5) / root);
    weights[static_cast<std::size_t>(i)] = weight;
    sum += weight;
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

std::vector<std::uint16_t> gaussian_fixed(double sigma, int size) {
  const std::vector<double> weights = gaussian_weights(sigma, size);
  std::vector<std::uint16_t> fixed(weights.size());
  double error = 0.0;
  int sum = 0;
  for (std::size_t i = 0; i < weights.size() / 2; ++i) {
    const double wanted = weights[i] * 256.0 + error;
    const double rounded = std::nearbyint(wanted);
    error = wanted - rounded;
    fixed[i] = fixed[weights.size() - 1 - i] = static_cast<std::uint16_t>(rounded);
    sum += 2 * static_cast<int>(rounded);
  }
  fixed[weights.size() / 2] = static_cast<std::uint16_t>(256 - sum);
  return fixed;
}

IntegerKernel integer_gaussian(double sigma, int size, double scale, Sampling sampling) {
  const std::vector<double> weights = gaussian_weights(sigma, size, sampling);
  IntegerKernel kernel{size, {}, 0};
  kernel.weights.reserve(weights.size() * weights.size());
  for (const double row : weights) {
    for (const double column : weights) {
      kernel.weights.push_back(static_cast<int>(std::lround(scale * row * column)));
      kernel.sum += kernel.weights.back();
    }
  }
  return kernel;
}

double frequency_response(const std::vector<double>& weights, double frequency) {
  double sum = 0.0;
  const std::size_t half = weights.size() / 2;
  const auto middle = static_cast<double>(half);
  for (std::size_t i = 0; i < weights.size(); ++i)
    sum += weights[i] * std::cos(2.0 * std::numbers::pi * frequency * (static_cast<double>(i) - middle));
  return sum;
}

void gaussian_blur_ref(const Image& in, double sigma, int size, Padding border, Image& out) {
  if (size == 0) size = gaussian_size(sigma);
  const std::vector<std::uint16_t> weights = gaussian_fixed(sigma, size);
  const int radius = size / 2;
  Image result(in.width, in.height, in.channels);
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      for (int c = 0; c < in.channels; ++c) {
        std::uint32_t sum = 1U << 15;
        for (int j = 0; j < size; ++j) {
          const int y = border_source(border, row + j - radius, in.height);
          for (int i = 0; i < size; ++i) {
            const int x = border_source(border, column + i - radius, in.width);
            if (y < 0 || x < 0) continue;
            sum += static_cast<std::uint32_t>(weights[static_cast<std::size_t>(j)]) *
                   weights[static_cast<std::size_t>(i)] * in.at(y, x, c);
          }
        }
        result.at(row, column, c) = static_cast<std::uint8_t>(sum >> 16);
      }
    }
  }
  out = std::move(result);
}

namespace {

// One thread's rows between the two passes: a ring of as many as the kernel is high.
struct Ring {
  std::vector<std::uint8_t> bytes;
  std::vector<std::int16_t> rows;
  std::vector<const std::int16_t*> pointers;
};

// Columns x0 .. x1 of the rows first .. last, counted in values; x1 - x0 is a multiple of the kernel's step, or reaches
// to the row's end.
void blur_strip(const Image& in, const std::vector<std::uint16_t>& weights, Padding border, std::ptrdiff_t first,
                std::ptrdiff_t last, std::ptrdiff_t x0, std::ptrdiff_t x1, Image& out) {
  thread_local Ring ring;
  const auto size = static_cast<int>(weights.size());
  const int radius = size / 2;
  const std::ptrdiff_t step = in.channels;
  const std::ptrdiff_t n = in.width * step;
  const std::ptrdiff_t padded = n + 2 * radius * step + gaussian8_kernel::slack;
  const std::ptrdiff_t stride = x1 - x0 + gaussian8_kernel::slack;
  const auto room = [](std::ptrdiff_t count) { return static_cast<std::size_t>(count); };
  if (ring.bytes.size() < room(padded)) ring.bytes.resize(room(padded));
  if (ring.rows.size() < room(stride * size)) ring.rows.resize(room(stride * size));
  if (ring.pointers.size() < 2 * weights.size()) ring.pointers.resize(2 * weights.size());
  const gaussian8_kernel::Table& kernel = gaussian8_kernel::best();
  const auto slot = [&](std::ptrdiff_t row) { return ring.rows.data() + ((row + radius) % size) * stride; };
  const auto fill = [&](std::ptrdiff_t row) {
    padded_row(in, static_cast<int>(row), radius, border, ring.bytes.data());
    kernel.row(ring.bytes.data() + x0, x1 - x0, step, weights.data(), radius, slot(row));
  };
  const std::ptrdiff_t whole = (x1 - x0) - (x1 - x0) % gaussian8_kernel::slack;
  for (std::ptrdiff_t row = first - radius; row < first + radius; ++row) fill(row);
  for (std::ptrdiff_t row = first; row < last; ++row) {
    fill(row + radius);
    const std::int16_t** const pointers = ring.pointers.data();
    for (int k = 0; k < size; ++k) {
      pointers[k] = slot(row + k - radius);
      pointers[size + k] = pointers[k] + whole;
    }
    std::uint8_t* const to = out.data.data() + row * n + x0;
    kernel.column(pointers, whole, weights.data(), radius, to);
    if (whole == x1 - x0) continue;
    kernel.column(pointers + size, gaussian8_kernel::slack, weights.data(), radius, ring.bytes.data());
    std::memcpy(to + whole, ring.bytes.data(), static_cast<std::size_t>(x1 - x0 - whole));
  }
}

// A high kernel's ring of rows stays in the first cache when it is cut into strips.
void blur_band(const Image& in, const std::vector<std::uint16_t>& weights, Padding border, std::ptrdiff_t first,
               std::ptrdiff_t last, Image& out) {
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const std::ptrdiff_t strip = weights.size() > 13 ? 3 * gaussian8_kernel::slack : n;
  for (std::ptrdiff_t x = 0; x < n; x += strip)
    blur_strip(in, weights, border, first, last, x, std::min(n, x + strip), out);
}

}  // namespace

void gaussian_blur(const Image& in, double sigma, int size, Padding border, Image& out) {
  assert(&in != &out && "the Gaussian filter cannot work in place");
  if (size == 0) size = gaussian_size(sigma);
  match_size(in, out);
  if (in.empty()) return;
  const std::vector<std::uint16_t> weights = gaussian_fixed(sigma, size);
  parallel_for(0, in.height, band_rows(in.height, size),
               [&](std::ptrdiff_t first, std::ptrdiff_t last) { blur_band(in, weights, border, first, last, out); });
}

}  // namespace cvlab
