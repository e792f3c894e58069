#include "core/image/canny.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "core/image/border.hpp"
#include "core/image/gradient8_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr int tangent = 13573;  // tan(22.5 degrees) * 2^15, rounded

// Whole numbers to compare magnitudes with: of |Gx| + |Gy|, or of Gx^2 + Gy^2.
struct Thresholds {
  int low = 0;
  int high = 0;
};
Thresholds thresholds(const CannyParams& params) {
  constexpr double most = 32767.0;
  double low = std::clamp(std::min(params.low, params.high), 0.0, most);
  double high = std::clamp(std::max(params.low, params.high), 0.0, most);
  if (params.euclidean) {
    low *= low;
    high *= high;
  }
  return {static_cast<int>(std::floor(low)), static_cast<int>(std::floor(high))};
}

int strength(int gx, int gy, bool euclidean) { return euclidean ? gx * gx + gy * gy : std::abs(gx) + std::abs(gy); }

// Weak pixels beside strong ones become strong, and so on. `classes` has one pixel of zeros around it.
void follow(std::vector<std::uint8_t*>& stack, std::ptrdiff_t stride) {
  const std::ptrdiff_t around[8] = {-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1};
  while (!stack.empty()) {
    std::uint8_t* at = stack.back();
    stack.pop_back();
    for (const std::ptrdiff_t step : around) {
      if (at[step] != canny_weak) continue;
      at[step] = canny_strong;
      stack.push_back(at + step);
    }
  }
}

}  // namespace

CannyStep canny_step(int gx, int gy) {
  const int x = std::abs(gx);
  const int y = std::abs(gy) << 15;
  const int flat = x * tangent;
  if (y < flat) return {0, 1};
  if (y > flat + (x << 16)) return {1, 0};
  return (gx ^ gy) < 0 ? CannyStep{1, -1} : CannyStep{1, 1};
}

void canny_stages(const Image& in, const CannyParams& params, CannyStages& out) {
  assert((in.empty() || in.channels == 1) && "Canny works on one channel: make the picture grey first");
  gradient(in, GradientKernel::sobel, Padding::replicate, out.gradient);
  const Gradient& g = out.gradient;
  const Thresholds limit = thresholds(params);
  const int stride = in.width + 2;
  std::vector<int> m(static_cast<std::size_t>(stride) * static_cast<std::size_t>(in.height + 2));
  const auto place = [&](int row, int column) {
    return static_cast<std::size_t>(row + 1) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(column + 1);
  };
  out.magnitude.resize(in.data.size());
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      const std::size_t i = g.index(row, column);
      const int v = strength(g.x[i], g.y[i], params.euclidean);
      m[place(row, column)] = v;
      out.magnitude[i] = params.euclidean ? std::sqrt(static_cast<float>(v)) : static_cast<float>(v);
    }
  }
  out.ridge.assign(in.data.size(), 0);
  out.classes.assign(in.data.size(), canny_none);
  std::vector<std::uint8_t> map(m.size(), canny_none);
  std::vector<std::uint8_t*> stack;
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      const std::size_t i = g.index(row, column);
      const CannyStep step = canny_step(g.x[i], g.y[i]);
      const int here = m[place(row, column)];
      const int before = m[place(row - step.row, column - step.column)];
      const int after = m[place(row + step.row, column + step.column)];
      const bool diagonal = step.row != 0 && step.column != 0;
      if (here <= before || (diagonal ? here <= after : here < after)) continue;
      out.ridge[i] = 1;
      if (here > limit.low) out.classes[i] = here > limit.high ? canny_strong : canny_weak;
      std::uint8_t& at = map[place(row, column)];
      at = out.classes[i];
      if (at == canny_strong) stack.push_back(&at);
    }
  }
  follow(stack, stride);
  match_size(in, out.edges);
  for (int row = 0; row < in.height; ++row)
    for (int column = 0; column < in.width; ++column)
      out.edges.at(row, column) = map[place(row, column)] == canny_strong ? 255 : 0;
}

void canny_ref(const Image& in, const CannyParams& params, Image& out) {
  CannyStages stages;
  canny_stages(in, params, stages);
  out = std::move(stages.edges);
}

namespace {

// The rows that thinning needs at once: padded pixels, and gradients and magnitudes of three rows.
struct Window {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int16_t> values;

  void grow(std::ptrdiff_t stride) {
    if (pixels.size() < static_cast<std::size_t>(3 * stride)) pixels.resize(static_cast<std::size_t>(3 * stride));
    if (values.size() < static_cast<std::size_t>(9 * stride)) values.resize(static_cast<std::size_t>(9 * stride));
  }
};

void classify_band(const Image& in, Thresholds limit, std::ptrdiff_t first, std::ptrdiff_t last, std::uint8_t* map,
                   std::ptrdiff_t map_stride) {
  thread_local Window window;
  const std::ptrdiff_t n = in.width;
  const std::ptrdiff_t stride = n + 2 + gradient8_kernel::slack;
  window.grow(stride);
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  const auto pixels = [&](std::ptrdiff_t row) { return window.pixels.data() + ((row + 3) % 3) * stride; };
  const auto values = [&](std::ptrdiff_t row, int which) {
    return window.values.data() + (((row + 3) % 3) * 3 + which) * stride;
  };
  const auto pad = [&](std::ptrdiff_t row) {
    padded_row(in, static_cast<int>(row), 1, Padding::replicate, pixels(row));
  };
  const auto differentiate = [&](std::ptrdiff_t row) {  // pixels of row - 1 .. row + 1 are there
    std::int16_t* magnitude = values(row, 2);
    if (row < 0 || row >= in.height) {
      std::fill_n(magnitude, n + 2, std::int16_t{0});
      return;
    }
    best.gradient({pixels(row - 1), pixels(row), pixels(row + 1), 1}, n, 1, 2, values(row, 0), values(row, 1));
    best.absolute_sum(values(row, 0), values(row, 1), n, magnitude + 1);
    magnitude[0] = magnitude[n + 1] = 0;
  };
  for (std::ptrdiff_t row = first - 2; row <= first; ++row) pad(row);
  differentiate(first - 1);
  pad(first + 1);
  differentiate(first);
  for (std::ptrdiff_t row = first; row < last; ++row) {
    pad(row + 2);
    differentiate(row + 1);
    std::uint8_t* to = map + (row + 1) * map_stride + 1;
    best.ridge(
        {values(row, 0), values(row, 1), values(row - 1, 2), values(row, 2), values(row + 1, 2), limit.low, limit.high},
        n, to);
  }
}

}  // namespace

void canny(const Image& in, const CannyParams& params, Image& out) {
  assert((in.empty() || in.channels == 1) && "Canny works on one channel: make the picture grey first");
  assert(&in != &out && "Canny cannot work in place");
  if (params.euclidean || in.empty()) return canny_ref(in, params, out);
  thread_local std::vector<std::uint8_t> map;
  thread_local std::vector<std::uint8_t*> stack;
  const std::ptrdiff_t n = in.width;
  const std::ptrdiff_t stride = n + 2 + gradient8_kernel::slack;
  map.resize(static_cast<std::size_t>(stride * (in.height + 2)));
  std::fill_n(map.begin(), stride, std::uint8_t{0});
  std::fill_n(map.end() - stride, stride, std::uint8_t{0});
  std::uint8_t* const classes = map.data();
  const Thresholds limit = thresholds(params);
  parallel_for(0, in.height, band_rows(in.height, 8), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    classify_band(in, limit, first, last, classes, stride);
  });
  stack.clear();
  for (std::ptrdiff_t row = 1; row <= in.height; ++row) {
    std::uint8_t* line = classes + row * stride;
    line[0] = line[n + 1] = 0;
    const std::uint8_t* const end = line + n + 1;
    for (std::uint8_t* at = line + 1; at < end; ++at) {
      at = static_cast<std::uint8_t*>(std::memchr(at, canny_strong, static_cast<std::size_t>(end - at)));
      if (at == nullptr) break;
      stack.push_back(at);
    }
  }
  follow(stack, stride);
  match_size(in, out);
  for (std::ptrdiff_t row = 0; row < in.height; ++row)
    gradient8_kernel::best().edges(classes + (row + 1) * stride + 1, n, out.data.data() + row * n);
}

}  // namespace cvlab
