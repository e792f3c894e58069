// Point operations: every output pixel depends on the input pixel at the same place and on nothing else,
//
//   g(x, y) = T(f(x, y)),
//
// so that on bytes an operation is a table of 256 entries, the transfer curve. `exact` is T before it becomes a byte;
// `value` is exact rounded to the nearest whole number (halves upwards), then saturated: below 0 is 0, above 255 is
// 255. A level that had to be saturated is clipped: different inputs became one output, and nothing brings them back.
// Alpha (the last of 2 or 4 channels) is copied. Pictures without pixels are right arguments.
// Source: Gonzalez, Woods, Digital Image Processing, 4th ed. 2018, section 3.2.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/image/image.hpp"

namespace cvlab {

using ByteCurve = std::array<std::uint8_t, 256>;

// floor(value + 1/2), saturated to 0..255; NaN is 0.
std::uint8_t saturated_byte(double value);

struct Transfer {
  std::array<double, 256> exact{};
  ByteCurve value{};

  // -1: below 0, +1: above 255, 0: kept.
  int clipped(int level) const;
};

Transfer identity_transfer();
Transfer add_transfer(double offset);                         // v + offset
Transfer multiply_transfer(double factor, double about = 0);  // about + factor (v - about): contrast around a level
Transfer gamma_transfer(double gamma);                        // 255 (v / 255)^gamma, gamma > 0
Transfer invert_transfer();                                   // 255 - v

// The broken line through the points, level at both ends; `points` has rising x. No point: the identity.
struct CurvePoint {
  double x = 0.0;
  double y = 0.0;
  bool operator==(const CurvePoint&) const = default;
};
Transfer points_transfer(std::span<const CurvePoint> points);

// out = curve[in]; `out` may be the same picture. The reference and its twin: bands of rows on all threads.
void apply_curve_ref(const Image& in, const ByteCurve& curve, Image& out);
void apply_curve(const Image& in, const ByteCurve& curve, Image& out);

// g(x, y) = f(width - 1 - x, y), and for `vertical` f(x, height - 1 - y). `out` is another picture.
void flip(const Image& in, bool vertical, Image& out);

}  // namespace cvlab
