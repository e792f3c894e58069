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

// The weights in the kernel's forms.
class Forms {
 public:
  explicit Forms(const std::vector<std::uint16_t>& weights) : plain_(weights) {
    const auto at = [&](std::size_t k) { return k < weights.size() ? static_cast<int>(weights[k]) : 0; };
    for (std::size_t j = 0; j <= weights.size() / 2; ++j) {
      const int before = j == 0 ? 0 : at(2 * j - 1);
      bytes_.push_back(static_cast<std::int16_t>(at(2 * j) | (at(2 * j + 1) << 8)));
      upper_.push_back(at(2 * j) | (at(2 * j + 1) << 16));
      lower_.push_back(before | (at(2 * j) << 16));
    }
  }
  gaussian8_kernel::Weights get() const {
    return {plain_.data(), bytes_.data(), upper_.data(), lower_.data(), static_cast<int>(plain_.size() / 2)};
  }

 private:
  std::vector<std::uint16_t> plain_;
  std::vector<std::int16_t> bytes_;
  std::vector<std::int32_t> upper_, lower_;
};

struct Blur {
  const Image& in;
  Image& out;
  Padding border;
  gaussian8_kernel::Weights weights;
  std::vector<int> beside;  // border_values of a row

  std::ptrdiff_t row_length() const { return static_cast<std::ptrdiff_t>(in.width) * in.channels; }
  std::ptrdiff_t side() const { return static_cast<std::ptrdiff_t>(weights.radius) * in.channels; }
};

// One thread's rows between the two passes: a ring of as many pairs as the kernel reaches over.
struct Ring {
  std::vector<std::uint8_t> bytes;
  std::vector<std::int16_t> pairs;
  std::vector<const std::int16_t*> pointers;
};

template <class T>
void grow(std::vector<T>& values, std::ptrdiff_t count) {
  if (values.size() < static_cast<std::size_t>(count)) values.resize(static_cast<std::size_t>(count));
}

// Values x0 .. x1 of a row, with `side` more on each side, flipped.
void padded_part(const Blur& blur, std::ptrdiff_t row, std::ptrdiff_t x0, std::ptrdiff_t x1, std::uint8_t* to) {
  const std::ptrdiff_t n = blur.row_length(), side = blur.side();
  const int source = border_source(blur.border, static_cast<int>(row), blur.in.height);
  const gaussian8_kernel::Table& kernel = gaussian8_kernel::best();
  if (source < 0) {
    std::memset(to, kernel.flip, static_cast<std::size_t>(x1 - x0 + 2 * side));
    return;
  }
  const std::uint8_t* const from = blur.in.data.data() + source * n;
  const std::ptrdiff_t first = x0 - side;
  const std::ptrdiff_t left = std::max<std::ptrdiff_t>(first, 0), right = std::min(n, x1 + side);
  kernel.copy(from + left, right - left, to + (left - first));
  const auto beside = [&](std::ptrdiff_t place) {
    const int value = blur.beside[static_cast<std::size_t>(place)];
    return static_cast<std::uint8_t>(kernel.flip ^ (value < 0 ? 0 : from[value]));
  };
  for (std::ptrdiff_t x = first; x < 0; ++x) to[x - first] = beside(x + side);
  for (std::ptrdiff_t x = n; x < x1 + side; ++x) to[x - first] = beside(x - n + side);
}

// Columns x0 .. x1 of the rows first .. last, counted in values.
void blur_strip(const Blur& blur, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t x0, std::ptrdiff_t x1) {
  thread_local Ring ring;
  constexpr std::ptrdiff_t slack = gaussian8_kernel::slack;
  const int radius = blur.weights.radius;
  const std::ptrdiff_t step = blur.in.channels, n = blur.row_length(), slots = radius + 1;
  const std::ptrdiff_t whole = (x1 - x0) - (x1 - x0) % slack;
  const std::ptrdiff_t room = whole == x1 - x0 ? whole : whole + slack;
  const std::ptrdiff_t padded = room + 2 * blur.side() + slack;
  grow(ring.bytes, 2 * padded);
  grow(ring.pairs, 2 * room * slots);
  grow(ring.pointers, 2 * slots);
  const gaussian8_kernel::Table& kernel = gaussian8_kernel::best();
  std::uint8_t* const bytes = ring.bytes.data();
  const auto slot = [&](std::ptrdiff_t pair) { return ring.pairs.data() + pair % slots * 2 * room; };
  const auto fill = [&](std::ptrdiff_t pair) {
    const std::ptrdiff_t row = first - radius + 2 * pair;
    padded_part(blur, row, x0, x1, bytes);
    padded_part(blur, std::min(row + 1, last - 1 + radius), x0, x1, bytes + padded);
    kernel.row(bytes, bytes + padded, room, step, blur.weights, slot(pair));
  };
  for (std::ptrdiff_t pair = 0; pair < radius; ++pair) fill(pair);
  for (std::ptrdiff_t row = first, pair = 0; row < last; row += 2, ++pair) {
    fill(pair + radius);
    const std::int16_t** const pointers = ring.pointers.data();
    for (std::ptrdiff_t j = 0; j < slots; ++j) {
      pointers[j] = slot(pair + j);
      pointers[slots + j] = pointers[j] + 2 * whole;
    }
    const bool both = row + 1 < last;
    std::uint8_t* const to = blur.out.data.data() + row * n + x0;
    std::uint8_t* const below = both ? to + n : bytes;
    kernel.column(pointers, whole, step, blur.weights, to, below);
    if (whole == x1 - x0) continue;
    kernel.column(pointers + slots, slack, step, blur.weights, bytes, bytes + padded);
    std::memcpy(to + whole, bytes, static_cast<std::size_t>(x1 - x0 - whole));
    if (both) std::memcpy(below + whole, bytes + padded, static_cast<std::size_t>(x1 - x0 - whole));
  }
}

// A high kernel's ring of rows stays in the first cache when it is cut into strips.
void blur_band(const Blur& blur, std::ptrdiff_t first, std::ptrdiff_t last) {
  constexpr std::ptrdiff_t cache = 8192;  // pairs of values
  const std::ptrdiff_t n = blur.row_length(), step = gaussian8_kernel::slack;
  const std::ptrdiff_t strip = std::max(step, cache / (blur.weights.radius + 1) / step * step);
  for (std::ptrdiff_t x = 0; x < n; x += strip) blur_strip(blur, first, last, x, std::min(n, x + strip));
}

}  // namespace

void gaussian_blur(const Image& in, double sigma, int size, Padding border, Image& out) {
  assert(&in != &out && "the Gaussian filter cannot work in place");
  if (size == 0) size = gaussian_size(sigma);
  match_size(in, out);
  if (in.empty()) return;
  const Forms weights(gaussian_fixed(sigma, size));
  Blur blur{in, out, border, weights.get(), {}};
  if (blur.weights.plain[blur.weights.radius] == 256) {  // no neighbour counts
    out.data = in.data;
    return;
  }
  border_values(in.width, in.channels, size / 2, size / 2, border, blur.beside);
  parallel_for(0, in.height, band_rows(in.height, size),
               [&](std::ptrdiff_t first, std::ptrdiff_t last) { blur_band(blur, first, last); });
}

}  // namespace cvlab
