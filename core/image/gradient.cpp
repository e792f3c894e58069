#include "core/image/gradient.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/image/border.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/gradient8_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

// Value of the picture with its border.
int value_at(const Image& in, int row, int column, int channel, Padding border) {
  const int y = border_source(border, row, in.height);
  const int x = border_source(border, column, in.width);
  return y < 0 || x < 0 ? 0 : in.at(y, x, channel);
}

// f(row, column, channel, window) for every value; window(dy, dx) reads around it.
template <class Function>
void each_window(const Image& in, Padding border, Function&& function) {
  for (int row = 0; row < in.height; ++row)
    for (int column = 0; column < in.width; ++column)
      for (int channel = 0; channel < in.channels; ++channel)
        function(row, column, channel,
                 [&](int dy, int dx) { return value_at(in, row + dy, column + dx, channel, border); });
}

void shape_like(const Image& in, Gradient& out) {
  out.width = in.width;
  out.height = in.height;
  out.channels = in.channels;
  out.x.resize(in.data.size());
  out.y.resize(in.data.size());
}

int side_weight(GradientKernel kernel) { return kernel == GradientKernel::sobel ? 1 : 3; }
int centre_weight(GradientKernel kernel) { return kernel == GradientKernel::sobel ? 2 : 10; }

// work(row, windows) for each row, over the threads; windows are its three padded rows.
template <class Work>
void each_row(const Image& in, Padding border, Work&& work) {
  if (in.empty()) return;
  parallel_for(0, in.height, band_rows(in.height, 2), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    thread_local std::vector<std::uint8_t> scratch;
    const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width + 2) * in.channels;
    if (scratch.size() < static_cast<std::size_t>(3 * n)) scratch.resize(static_cast<std::size_t>(3 * n));
    const auto slot = [&](std::ptrdiff_t row) { return scratch.data() + ((row + 3) % 3) * n; };
    padded_row(in, static_cast<int>(first) - 1, 1, border, slot(first - 1));
    padded_row(in, static_cast<int>(first), 1, border, slot(first));
    for (std::ptrdiff_t row = first; row < last; ++row) {
      padded_row(in, static_cast<int>(row) + 1, 1, border, slot(row + 1));
      work(row, gradient8_kernel::Rows{slot(row - 1), slot(row), slot(row + 1), in.channels});
    }
  });
}

}  // namespace

void gradient_ref(const Image& in, GradientKernel kernel, Padding border, Gradient& out) {
  shape_like(in, out);
  const int a = side_weight(kernel);
  const int c = centre_weight(kernel);
  each_window(in, border, [&](int row, int column, int channel, auto&& at) {
    const std::size_t i = out.index(row, column, channel);
    out.x[i] = static_cast<std::int16_t>(a * (at(-1, 1) - at(-1, -1)) + c * (at(0, 1) - at(0, -1)) +
                                         a * (at(1, 1) - at(1, -1)));
    out.y[i] = static_cast<std::int16_t>(a * (at(1, -1) - at(-1, -1)) + c * (at(1, 0) - at(-1, 0)) +
                                         a * (at(1, 1) - at(-1, 1)));
  });
}

void gradient(const Image& in, GradientKernel kernel, Padding border, Gradient& out) {
  shape_like(in, out);
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  each_row(in, border, [&](std::ptrdiff_t row, const gradient8_kernel::Rows& rows) {
    best.gradient(rows, n, side_weight(kernel), centre_weight(kernel), out.x.data() + row * n, out.y.data() + row * n);
  });
}

void gradient_magnitude_ref(const Image& in, GradientKernel kernel, Padding border, Image& out) {
  Gradient g;
  gradient_ref(in, kernel, border, g);
  match_size(in, out);
  for (std::size_t i = 0; i < out.data.size(); ++i) {
    const double x = g.x[i];
    const double y = g.y[i];
    out.data[i] = static_cast<std::uint8_t>(std::min(255.0, std::round(std::sqrt(x * x + y * y))));
  }
}

void gradient_magnitude(const Image& in, GradientKernel kernel, Padding border, Image& out) {
  assert(&in != &out && "the gradient cannot work in place");
  match_size(in, out);
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  each_row(in, border, [&](std::ptrdiff_t row, const gradient8_kernel::Rows& rows) {
    thread_local std::vector<std::int16_t> scratch;
    if (scratch.size() < static_cast<std::size_t>(2 * n)) scratch.resize(static_cast<std::size_t>(2 * n));
    std::int16_t* gx = scratch.data();
    std::int16_t* gy = gx + n;
    best.gradient(rows, n, side_weight(kernel), centre_weight(kernel), gx, gy);
    best.magnitude(gx, gy, n, out.data.data() + row * n);
  });
}

double gradient_direction(int gx, int gy) {
  const double degrees = std::atan2(static_cast<double>(gy), static_cast<double>(gx)) * 180.0 / std::numbers::pi;
  return degrees < 0.0 ? degrees + 360.0 : degrees;
}

void laplacian_ref(const Image& in, Padding border, std::vector<std::int16_t>& out) {
  out.resize(in.data.size());
  std::size_t i = 0;
  each_window(in, border, [&](int, int, int, auto&& at) {
    out[i++] = static_cast<std::int16_t>(at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1) - 4 * at(0, 0));
  });
}

void laplacian(const Image& in, Padding border, std::vector<std::int16_t>& out) {
  out.resize(in.data.size());
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  each_row(in, border, [&](std::ptrdiff_t row, const gradient8_kernel::Rows& rows) {
    best.laplacian(rows, n, out.data() + row * n);
  });
}

void sharpen_ref(const Image& in, Padding border, Image& out) {
  Image result(in.width, in.height, in.channels);
  each_window(in, border, [&](int row, int column, int channel, auto&& at) {
    const int v = 5 * at(0, 0) - at(-1, 0) - at(1, 0) - at(0, -1) - at(0, 1);
    result.at(row, column, channel) = static_cast<std::uint8_t>(std::clamp(v, 0, 255));
  });
  out = std::move(result);
}

void sharpen(const Image& in, Padding border, Image& out) {
  assert(&in != &out && "sharpening cannot work in place");
  match_size(in, out);
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  each_row(in, border, [&](std::ptrdiff_t row, const gradient8_kernel::Rows& rows) {
    best.sharpen(rows, n, out.data.data() + row * n);
  });
}

void filter_3x3_ref(const Image& in, const std::array<float, 9>& weights, Padding border, Image& out) {
  Image result(in.width, in.height, in.channels);
  each_window(in, border, [&](int row, int column, int channel, auto&& at) {
    float sum = 0.0F;
    for (int k = 0; k < 9; ++k)
      sum += weights[static_cast<std::size_t>(k)] * static_cast<float>(at(k / 3 - 1, k % 3 - 1));
    result.at(row, column, channel) = static_cast<std::uint8_t>(std::nearbyint(std::clamp(sum, 0.0F, 255.0F)));
  });
  out = std::move(result);
}

namespace {

// The rows first .. last in float: each row of the picture is widened once.
void filter_band(const Image& in, const float* weights, Padding border, std::ptrdiff_t first, std::ptrdiff_t last,
                 Image& out) {
  thread_local std::vector<std::uint8_t> bytes;
  thread_local std::vector<float> ring;
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels, padded = n + 2 * in.channels;
  if (bytes.size() < static_cast<std::size_t>(padded)) bytes.resize(static_cast<std::size_t>(padded));
  if (ring.size() < static_cast<std::size_t>(3 * padded)) ring.resize(static_cast<std::size_t>(3 * padded));
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  const auto slot = [&](std::ptrdiff_t row) { return ring.data() + ((row + 3) % 3) * padded; };
  const auto fill = [&](std::ptrdiff_t row) {
    padded_row(in, static_cast<int>(row), 1, border, bytes.data());
    best.widen(bytes.data(), padded, slot(row));
  };
  fill(first - 1);
  fill(first);
  for (std::ptrdiff_t row = first; row < last; ++row) {
    fill(row + 1);
    float* const rows[3] = {slot(row - 1), slot(row), slot(row + 1)};
    best.real(rows, n, in.channels, weights, out.data.data() + row * n);
  }
}

}  // namespace

void filter_3x3(const Image& in, const std::array<float, 9>& weights, Padding border, Image& out) {
  assert(&in != &out && "a filter cannot work in place");
  match_size(in, out);
  if (in.empty()) return;
  std::array<std::int16_t, 9> whole{};
  float reach = 0.0F;
  bool in_16_bits = true;
  for (std::size_t k = 0; k < 9; ++k) {
    reach += std::abs(weights[k]);
    in_16_bits = in_16_bits && reach <= 128.0F && weights[k] == std::nearbyint(weights[k]);
    if (in_16_bits) whole[k] = static_cast<std::int16_t>(weights[k]);
  }
  if (!in_16_bits) {
    parallel_for(0, in.height, band_rows(in.height, 2), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      filter_band(in, weights.data(), border, first, last, out);
    });
    return;
  }
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const gradient8_kernel::Table& best = gradient8_kernel::best();
  each_row(in, border, [&](std::ptrdiff_t row, const gradient8_kernel::Rows& rows) {
    best.whole(rows, n, whole.data(), out.data.data() + row * n);
  });
}

void unsharp(const Image& in, double sigma, double amount, Padding border, Image& out) {
  gaussian_blur(in, sigma, 0, border, out);
  const auto factor = static_cast<float>(amount);
  for (std::size_t i = 0; i < in.data.size(); ++i) {
    const auto v = static_cast<float>(in.data[i]);
    const float sharper = v + factor * (v - static_cast<float>(out.data[i]));
    out.data[i] = static_cast<std::uint8_t>(std::lround(std::clamp(sharper, 0.0F, 255.0F)));
  }
}

}  // namespace cvlab
