#include "core/image/warp.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/image/warp_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

constexpr int block = static_cast<int>(warp_kernel::block);

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

struct Cells {  // see warp_kernel
  std::int32_t at[block];
  std::uint16_t parts[block];
};

// All four pixels of every place are inside, here and below. Grey: pairs of neighbours are fetched one by one, all else
// is done in vectors.
void gather_grey(const Image& in, Cells& cells, int n, std::uint8_t* to) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint8_t* data = in.data.data();
  const std::uint8_t* next = data + in.width;
  std::uint16_t upper[block], lower[block];
  for (int i = 0; i < n; ++i) {
    const std::ptrdiff_t at = cells.at[i];
    std::memcpy(upper + i, data + at, 2);
    std::memcpy(lower + i, next + at, 2);
  }
  if (n == block) return warp_kernel::best().blend(upper, lower, cells.parts, to);
  std::fill(upper + n, upper + block, std::uint16_t{0});
  std::fill(lower + n, lower + block, std::uint16_t{0});
  std::fill(cells.parts + n, cells.parts + block, std::uint16_t{0});
  std::uint8_t tail[block];
  warp_kernel::best().blend(upper, lower, cells.parts, tail);
  std::copy_n(tail, n, to);
}

template <int channels>
void gather(const Image& in, const Cells& cells, int n, std::uint8_t* to) {
  const std::uint8_t* data = in.data.data();
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(in.width) * channels;
  for (int i = 0; i < n; ++i, to += channels) {
    const std::uint8_t* p = data + static_cast<std::ptrdiff_t>(cells.at[i]) * channels;
    const std::uint8_t* q = p + stride;
    const int ax = cells.parts[i] & 31;
    const int ay = cells.parts[i] >> 5;
    for (int c = 0; c < channels; ++c) {
      const int upper = 32 * p[c] + ax * (p[c + channels] - p[c]);
      const int lower = 32 * q[c] + ax * (q[c + channels] - q[c]);
      to[c] = static_cast<std::uint8_t>((32 * upper + ay * (lower - upper) + 512) >> 10);
    }
  }
}

void gather_any(const Image& in, Cells& cells, int n, std::uint8_t* to) {
  switch (in.channels) {
    case 1:
      return gather_grey(in, cells, n, to);
    case 2:
      return gather<2>(in, cells, n, to);
    case 3:
      return gather<3>(in, cells, n, to);
    default:
      return gather<4>(in, cells, n, to);
  }
}

enum class Where { inside, outside, unknown };

// One row of the result.
struct Row {
  const Image& in;
  std::uint8_t border;
  std::array<double, 9> line;  // kernel.coordinates' h
  std::uint8_t* to;            // column 0

  // Where the places of the columns first .. first + n - 1 are. With the horizon not between them, they lie on a line
  // from the first to the last; 1/32 px is room for rounding.
  Where where(int first, int n) const {
    const double end = static_cast<double>(first + n - 1);
    if (!((line[6] * first + line[8]) * (line[6] * end + line[8]) > 0.0)) return Where::unknown;
    double xs[2], ys[2];
    const auto& kernel = warp_kernel::best();
    kernel.coordinates(line.data(), static_cast<double>(first), 1, xs, ys);
    kernel.coordinates(line.data(), end, 1, xs + 1, ys + 1);
    const auto both = [&](auto&& holds) {
      return holds(low_half(xs[0]), low_half(ys[0])) && holds(low_half(xs[1]), low_half(ys[1]));
    };
    const int right = 32 * (in.width - 1) - 1, bottom = 32 * (in.height - 1) - 1;
    if (both([&](int x, int y) { return x > 0 && x < right && y > 0 && y < bottom; })) return Where::inside;
    const bool out = both([](int x, int) { return x < -33; }) || both([](int, int y) { return y < -33; }) ||
                     both([&](int x, int) { return x > right + 33; }) ||
                     both([&](int, int y) { return y > bottom + 33; });
    return out ? Where::outside : Where::unknown;
  }

  void fill(int first, int n) const {
    const Where place = where(first, n);
    const int channels = in.channels;
    std::uint8_t* out = to + static_cast<std::ptrdiff_t>(first) * channels;
    const auto& kernel = warp_kernel::best();
    if (place == Where::outside) {
      std::memset(out, border, static_cast<std::size_t>(n) * static_cast<std::size_t>(channels));
    } else if (place == Where::inside) {
      Cells cells;
      for (int done = 0; done < n; done += block, out += block * channels) {
        const int count = std::min(block, n - done);
        kernel.cells(line.data(), static_cast<double>(first + done), count, in.width, cells.at, cells.parts);
        gather_any(in, cells, count, out);
      }
    } else if (n > 16) {
      const int half = n > 2 * block ? n / 2 / block * block : n / 2;
      fill(first, half);
      fill(first + half, n - half);
    } else {
      double xs[16], ys[16];
      kernel.coordinates(line.data(), static_cast<double>(first), n, xs, ys);
      for (int i = 0; i < n; ++i, out += channels) between(in, low_half(xs[i]), low_half(ys[i]), border, out);
    }
  }
};

void warp_row(const Image& in, const std::array<double, 9>& h, int row, Image& out, std::uint8_t border) {
  Row work{in, border, h,
           out.data.data() + static_cast<std::ptrdiff_t>(row) * out.width * static_cast<std::ptrdiff_t>(out.channels)};
  for (const std::size_t i : {std::size_t{2}, std::size_t{5}, std::size_t{8}}) {
    work.line[i] = h[i - 1] * static_cast<double>(row) + h[i];
  }
  if (out.width > 0) work.fill(0, out.width);
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
