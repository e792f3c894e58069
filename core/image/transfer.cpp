#include "core/image/transfer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "core/image/reshape.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

template <class Function>
Transfer transfer_of(Function function) {
  Transfer transfer;
  for (int level = 0; level < 256; ++level) {
    const auto i = static_cast<std::size_t>(level);
    transfer.exact[i] = function(static_cast<double>(level));
    transfer.value[i] = saturated_byte(transfer.exact[i]);
  }
  return transfer;
}

// Eight bytes are read and written at once: a table of bytes is bound by the stores.
void look_up(const std::uint8_t* table, const std::uint8_t* from, std::ptrdiff_t n, std::uint8_t* to) {
  std::ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8) {
    std::uint64_t in = 0, out = 0;
    std::memcpy(&in, from + i, sizeof in);
    for (int bit = 0; bit < 64; bit += 8) out |= std::uint64_t{table[(in >> bit) & 255U]} << bit;
    std::memcpy(to + i, &out, sizeof out);
  }
  for (; i < n; ++i) to[i] = table[from[i]];
}

bool has_alpha(const Image& image) { return image.channels == 2 || image.channels == 4; }

double through(std::span<const CurvePoint> points, double x) {
  if (x <= points.front().x) return points.front().y;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const CurvePoint& a = points[i - 1];
    const CurvePoint& b = points[i];
    if (x <= b.x) return a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x);
  }
  return points.back().y;
}

}  // namespace

std::uint8_t saturated_byte(double value) {
  if (std::isnan(value)) return 0;
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

int Transfer::clipped(int level) const {
  assert(level >= 0 && level < 256 && "Transfer::clipped: a level is 0..255");
  const double rounded = std::floor(exact[static_cast<std::size_t>(level)] + 0.5);
  return rounded < 0.0 ? -1 : rounded > 255.0 ? 1 : 0;
}

Transfer identity_transfer() {
  return transfer_of([](double v) { return v; });
}

Transfer add_transfer(double offset) {
  return transfer_of([&](double v) { return v + offset; });
}

Transfer multiply_transfer(double factor, double about) {
  return transfer_of([&](double v) { return about + factor * (v - about); });
}

Transfer gamma_transfer(double gamma) {
  assert(gamma > 0.0 && "gamma_transfer: gamma is positive");
  return transfer_of([&](double v) { return 255.0 * std::pow(v / 255.0, gamma); });
}

Transfer invert_transfer() {
  return transfer_of([](double v) { return 255.0 - v; });
}

Transfer points_transfer(std::span<const CurvePoint> points) {
  if (points.empty()) return identity_transfer();
  return transfer_of([&](double v) { return through(points, v); });
}

void apply_curve_ref(const Image& in, const ByteCurve& curve, Image& out) {
  const int last = has_alpha(in) ? in.channels - 1 : in.channels;
  if (&out != &in) reshape(out, in.width, in.height, in.channels);
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x)
      for (int c = 0; c < in.channels; ++c) out.at(y, x, c) = c < last ? curve[in.at(y, x, c)] : in.at(y, x, c);
}

void apply_curve(const Image& in, const ByteCurve& curve, Image& out) {
  if (has_alpha(in)) return apply_curve_ref(in, curve, out);
  if (&out != &in) reshape(out, in.width, in.height, in.channels);
  const std::uint8_t* from = in.data.data();
  std::uint8_t* to = out.data.data();
  const std::uint8_t* table = curve.data();
  constexpr std::ptrdiff_t piece = 1 << 16;
  parallel_for(0, static_cast<std::ptrdiff_t>(in.data.size()), piece, [=](std::ptrdiff_t first, std::ptrdiff_t last) {
    look_up(table, from + first, last - first, to + first);
  });
}

void flip(const Image& in, bool vertical, Image& out) {
  assert(&in != &out && "flip: out is another picture");
  reshape(out, in.width, in.height, in.channels);
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x)
      for (int c = 0; c < in.channels; ++c)
        out.at(y, x, c) = vertical ? in.at(in.height - 1 - y, x, c) : in.at(y, in.width - 1 - x, c);
}

}  // namespace cvlab
