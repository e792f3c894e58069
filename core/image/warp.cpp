#include "core/image/warp.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/image/warp_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr int block = 64;  // columns at a time: coordinates stay in the first-level cache

void prepare(const Image& in, Image& out) {
  out.channels = std::max(1, in.channels);
  out.data.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) *
                  static_cast<std::size_t>(out.channels));
}

// Between four pixels, any of which may lie outside. x and y are in 1/32 px.
void between(const Image& in, std::int32_t x, std::int32_t y, std::uint8_t border, std::uint8_t* to) {
  const int column = x >> 5;
  const int row = y >> 5;
  const int ax = x & 31;
  const int ay = y & 31;
  const auto pixel = [&](int r, int c, int channel) {
    const bool inside = r >= 0 && r < in.height && c >= 0 && c < in.width;
    return inside ? static_cast<int>(in.at(r, c, channel)) : static_cast<int>(border);
  };
  for (int c = 0; c < in.channels; ++c) {
    const int upper = (32 - ax) * pixel(row, column, c) + ax * pixel(row, column + 1, c);
    const int lower = (32 - ax) * pixel(row + 1, column, c) + ax * pixel(row + 1, column + 1, c);
    to[c] = static_cast<std::uint8_t>(((32 - ay) * upper + ay * lower + 512) >> 10);
  }
}

std::int32_t low_half(double rounded) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(rounded)));
}

std::uint64_t key_of(double key) { return std::bit_cast<std::uint64_t>(key) & (~std::uint64_t{0} >> 12); }

// All four pixels of every place are inside, here and below. Grey: pairs of neighbours are fetched one by one, all else
// is done in vectors.
void gather_grey(const Image& in, const double* keys, int n, std::uint8_t* to) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint8_t* data = in.data.data();
  const auto stride = static_cast<std::size_t>(in.width);
  std::uint16_t upper[block], lower[block], parts[block];
  for (int i = 0; i < n; ++i) {
    const std::uint64_t key = key_of(keys[i]);
    const std::uint8_t* p = data + static_cast<std::size_t>(key >> 10);
    std::memcpy(upper + i, p, 2);
    std::memcpy(lower + i, p + stride, 2);
    parts[i] = static_cast<std::uint16_t>(key & 1023);
  }
  warp_kernel::best().blend(upper, lower, parts, n, to);
}

template <int channels>
void gather(const Image& in, const double* keys, int n, std::uint8_t* to) {
  const std::uint8_t* data = in.data.data();
  const std::size_t stride = static_cast<std::size_t>(in.width) * channels;
  for (int i = 0; i < n; ++i, to += channels) {
    const std::uint64_t key = key_of(keys[i]);
    const std::uint8_t* p = data + static_cast<std::size_t>(key >> 10) * channels;
    const std::uint8_t* q = p + stride;
    const int ax = static_cast<int>(key & 31);
    const int ay = static_cast<int>((key >> 5) & 31);
    for (int c = 0; c < channels; ++c) {
      const int upper = 32 * p[c] + ax * (p[c + channels] - p[c]);
      const int lower = 32 * q[c] + ax * (q[c + channels] - q[c]);
      to[c] = static_cast<std::uint8_t>((32 * upper + ay * (lower - upper) + 512) >> 10);
    }
  }
}

void gather_any(const Image& in, const double* keys, int n, std::uint8_t* to) {
  switch (in.channels) {
    case 1:
      return gather_grey(in, keys, n, to);
    case 2:
      return gather<2>(in, keys, n, to);
    case 3:
      return gather<3>(in, keys, n, to);
    default:
      return gather<4>(in, keys, n, to);
  }
}

void warp_row(const Image& in, const std::array<double, 9>& h, int row, Image& out, std::uint8_t border) {
  const auto& kernel = warp_kernel::best();
  double xs[block];
  double ys[block];
  double line[9];
  std::copy(h.begin(), h.end(), line);
  for (const std::size_t i : {std::size_t{2}, std::size_t{5}, std::size_t{8}}) {
    line[i] = h[i - 1] * static_cast<double>(row) + h[i];
  }
  const auto inside = [&](int i) {
    const std::int32_t x = low_half(xs[i]);
    const std::int32_t y = low_half(ys[i]);
    return !std::isnan(xs[i]) && !std::isnan(ys[i]) && x >= 0 && (x >> 5) < in.width - 1 && y >= 0 &&
           (y >> 5) < in.height - 1;
  };
  for (int first = 0; first < out.width; first += block) {
    const int n = std::min(block, out.width - first);
    std::uint8_t* to = out.data.data() + (static_cast<std::size_t>(row) * static_cast<std::size_t>(out.width) +
                                          static_cast<std::size_t>(first)) *
                                             static_cast<std::size_t>(out.channels);
    // With the horizon not between them, places lie on a line from the first to the last: if these are inside, all are.
    const double last = static_cast<double>(first + n - 1);
    const bool one_side = (line[6] * first + line[8]) * (line[6] * last + line[8]) > 0.0;
    kernel.coordinates(line, static_cast<double>(first), 1, xs, ys);
    kernel.coordinates(line, last, 1, xs + 1, ys + 1);
    if (one_side && inside(0) && inside(1)) {
      kernel.keys(line, static_cast<double>(first), n, static_cast<double>(in.width), xs);
      gather_any(in, xs, n, to);
      continue;
    }
    kernel.coordinates(line, static_cast<double>(first), n, xs, ys);
    for (int i = 0; i < n; ++i, to += out.channels) {
      if (std::isnan(xs[i]) || std::isnan(ys[i])) {
        std::fill_n(to, out.channels, border);
      } else {
        between(in, low_half(xs[i]), low_half(ys[i]), border, to);
      }
    }
  }
}

}  // namespace

void warp_perspective_ref(const Image& in, const Homography& to_source, Image& out, std::uint8_t border) {
  prepare(in, out);
  std::fill(out.data.begin(), out.data.end(), border);
  if (in.empty()) return;
  const auto rounded = [](double v) {
    return static_cast<std::int32_t>(std::nearbyint(std::clamp(v, -warp_kernel::far_away, warp_kernel::far_away)));
  };
  const std::array<double, 9>& h = to_source.h;
  for (int row = 0; row < out.height; ++row) {
    for (int column = 0; column < out.width; ++column) {
      const auto sum = [&](std::size_t i) { return h[i] * column + (h[i + 1] * row + h[i + 2]); };
      const double w = sum(6);
      if (w == 0.0) continue;
      const double scale = 32.0 / w;
      const double x = sum(0) * scale;
      const double y = sum(3) * scale;
      if (std::isnan(x) || std::isnan(y)) continue;
      between(in, rounded(x), rounded(y), border,
              &out.data[(static_cast<std::size_t>(row) * static_cast<std::size_t>(out.width) +
                         static_cast<std::size_t>(column)) *
                        static_cast<std::size_t>(out.channels)]);
    }
  }
}

void warp_perspective(const Image& in, const Homography& to_source, Image& out, std::uint8_t border) {
  prepare(in, out);
  if (in.empty()) {
    std::fill(out.data.begin(), out.data.end(), border);
    return;
  }
  parallel_for(0, out.height, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t row = first; row < last; ++row) {
      warp_row(in, to_source.h, static_cast<int>(row), out, border);
    }
  });
}

Homography affine(double a, double b, double c, double d, double e, double f) { return {{a, b, c, d, e, f, 0, 0, 1}}; }

void rotate_image(const Image& in, double degrees, Image& out, std::uint8_t border) {
  out.width = in.width;
  out.height = in.height;
  const Point2 middle{0.5 * (in.width - 1), 0.5 * (in.height - 1)};
  warp_perspective(in, rotation_about(middle, -degrees), out, border);
}

}  // namespace cvlab
