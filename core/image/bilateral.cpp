#include "core/image/bilateral.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "core/image/bilateral8_kernel.hpp"
#include "core/image/border.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

void bilateral_ref(const Image& in, int radius, double sigma_space, double sigma_range, Padding border, Image& out) {
  Image result(in.width, in.height, in.channels);
  const auto channels = static_cast<std::size_t>(in.channels);
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      std::array<double, 4> sum{};
      double weights = 0.0;
      for (int dy = -radius; dy <= radius; ++dy) {
        for (int dx = -radius; dx <= radius; ++dx) {
          if (dy * dy + dx * dx > radius * radius) continue;
          const int y = border_source(border, row + dy, in.height);
          const int x = border_source(border, column + dx, in.width);
          const auto at = [&](int c) { return y < 0 || x < 0 ? 0 : static_cast<int>(in.at(y, x, c)); };
          int difference = 0;
          for (int c = 0; c < in.channels; ++c) difference += std::abs(at(c) - in.at(row, column, c));
          const double w = std::exp(-(dy * dy + dx * dx) / (2.0 * sigma_space * sigma_space) -
                                    difference * difference / (2.0 * sigma_range * sigma_range));
          weights += w;
          for (std::size_t c = 0; c < channels; ++c) sum[c] += w * at(static_cast<int>(c));
        }
      }
      for (std::size_t c = 0; c < channels; ++c)
        result.at(row, column, static_cast<int>(c)) = static_cast<std::uint8_t>(std::floor(sum[c] / weights + 0.5));
    }
  }
  out = std::move(result);
}

namespace {

using bilateral8_kernel::Neighbour;

constexpr double log2_e = std::numbers::log2e;

// The neighbours within `radius`, as offsets in rows of `stride` values.
std::vector<Neighbour> neighbours_of(int radius, double sigma_space, std::ptrdiff_t stride) {
  std::vector<Neighbour> neighbours;
  for (int dy = -radius; dy <= radius; ++dy) {
    for (int dx = -radius; dx <= radius; ++dx) {
      const int squared = dy * dy + dx * dx;
      if (squared > radius * radius) continue;
      const double logarithm = -log2_e * squared / (2.0 * sigma_space * sigma_space);
      neighbours.push_back({dy * stride + dx, static_cast<float>(logarithm)});
    }
  }
  return neighbours;
}

struct Scratch {
  std::vector<std::uint8_t> bytes;  // a row with its border
  std::vector<float> planes;        // channel by channel: the band's rows with their borders
  std::vector<float> means;         // channel by channel: a row of results
};

template <class T>
void grow(std::vector<T>& values, std::ptrdiff_t count) {
  if (values.size() < static_cast<std::size_t>(count)) values.resize(static_cast<std::size_t>(count));
}

struct Filter {
  const Image& in;
  int radius;
  Padding border;
  bilateral8_kernel::Window window;
  std::ptrdiff_t stride;  // of a row in the planes
};

void filter_band(const Filter& f, std::ptrdiff_t first, std::ptrdiff_t last, Image& out) {
  thread_local Scratch scratch;
  const std::ptrdiff_t channels = f.in.channels;
  const std::ptrdiff_t padded = f.in.width + 2 * f.radius;
  const std::ptrdiff_t plane = f.stride * (last - first + 2 * f.radius);
  grow(scratch.bytes, padded * channels);
  grow(scratch.planes, plane * channels + bilateral8_kernel::slack);
  grow(scratch.means, f.stride * channels + bilateral8_kernel::slack);
  for (std::ptrdiff_t row = first - f.radius; row < last + f.radius; ++row) {
    padded_row(f.in, static_cast<int>(row), f.radius, f.border, scratch.bytes.data());
    for (std::ptrdiff_t c = 0; c < channels; ++c) {
      float* to = scratch.planes.data() + c * plane + (row - first + f.radius) * f.stride;
      for (std::ptrdiff_t x = 0; x < padded; ++x) to[x] = scratch.bytes[static_cast<std::size_t>(x * channels + c)];
    }
  }
  const bilateral8_kernel::Table& best = bilateral8_kernel::best();
  const std::array works = {best.grey, best.grey_alpha, best.rgb, best.rgba};
  const auto work = works[static_cast<std::size_t>(channels - 1)];
  for (std::ptrdiff_t row = first; row < last; ++row) {
    const float* centre = scratch.planes.data() + (row - first + f.radius) * f.stride + f.radius;
    work(f.window, centre, plane, f.in.width, scratch.means.data(), f.stride);
    std::uint8_t* to = out.data.data() + row * f.in.width * channels;
    for (std::ptrdiff_t c = 0; c < channels; ++c) {
      const float* means = scratch.means.data() + c * f.stride;
      for (std::ptrdiff_t x = 0; x < f.in.width; ++x) {
        const float raised = means[x] + 0.5F;
        to[x * channels + c] = static_cast<std::uint8_t>(raised);
      }
    }
  }
}

}  // namespace

void bilateral(const Image& in, int radius, double sigma_space, double sigma_range, Padding border, Image& out) {
  assert(&in != &out && "the bilateral filter cannot work in place");
  assert(radius >= 0 && sigma_space > 0.0 && sigma_range > 0.0 && in.channels <= 4);
  match_size(in, out);
  if (in.empty()) return;
  const std::ptrdiff_t stride = in.width + 2 * radius + bilateral8_kernel::slack;
  const std::vector<Neighbour> neighbours = neighbours_of(radius, sigma_space, stride);
  const double range = -log2_e / (2.0 * sigma_range * sigma_range);
  const Filter filter{
      in, radius, border, {neighbours.data(), static_cast<int>(neighbours.size()), static_cast<float>(range)}, stride};
  const std::ptrdiff_t rows = std::max(32, 2 * radius);  // a band and its halo stay in the cache
  parallel_for(0, in.height, rows,
               [&](std::ptrdiff_t first, std::ptrdiff_t last) { filter_band(filter, first, last, out); });
}

}  // namespace cvlab
