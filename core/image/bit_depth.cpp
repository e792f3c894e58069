#include "core/image/bit_depth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/image/convert.hpp"

namespace cvlab {

namespace {

template <class F>
ByteCurve curve_of(F f) {
  ByteCurve curve{};
  for (int v = 0; v < 256; ++v) curve[static_cast<std::size_t>(v)] = f(v);
  return curve;
}

}  // namespace

std::uint8_t stored_byte(int value, Overflow rule) {
  return static_cast<std::uint8_t>(rule == Overflow::wrap ? value & 255 : std::clamp(value, 0, 255));
}

ByteCurve level_curve(int bits) {
  return curve_of([=](int v) { return static_cast<std::uint8_t>(quantise_level(v, bits)); });
}

ByteCurve shown_curve(int bits) {
  return curve_of([=](int v) { return saturated_byte(quantised_value(quantise_level(v, bits), bits)); });
}

ByteCurve offset_curve(int offset, Overflow rule) {
  return curve_of([=](int v) { return stored_byte(v + offset, rule); });
}

Levels moved_levels(const Levels& levels, const ByteCurve& curve) {
  Levels moved;
  for (std::size_t v = 0; v < 256; ++v) moved.count[curve[v]] += levels.count[v];
  return moved;
}

int different_levels(const Levels& levels) {
  return static_cast<int>(std::count_if(levels.count.begin(), levels.count.end(), [](auto n) { return n > 0; }));
}

std::int64_t overflowing(const Levels& levels, int offset) {
  std::int64_t count = 0;
  for (int v = 0; v < 256; ++v) {
    if (v + offset < 0 || v + offset > 255) count += levels.count[static_cast<std::size_t>(v)];
  }
  return count;
}

double curve_psnr(const Levels& levels, const ByteCurve& curve) {
  const std::int64_t all = levels.total();
  if (all == 0) return std::numeric_limits<double>::quiet_NaN();
  std::int64_t sum = 0;
  for (int v = 0; v < 256; ++v) {
    const auto i = static_cast<std::size_t>(v);
    const std::int64_t error = curve[i] - v;
    sum += levels.count[i] * error * error;
  }
  if (sum == 0) return std::numeric_limits<double>::infinity();
  return 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(all) / static_cast<double>(sum));
}

}  // namespace cvlab
