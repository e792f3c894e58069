// Numbers of few bits: how many levels a byte keeps, and what becomes of a sum that a byte cannot hold.
//
//   level(v) = floor(v 2^b / 256)          0 .. 2^b - 1: the b most significant bits of v
//   shown(v) = level 255 / (2^b - 1)       the level spread over 0..255 again, halves upwards
//   saturated: below 0 is 0, above 255 is 255        wrapped: modulo 256, as arithmetic on unsigned bytes does
//
// All are curves over the 256 levels, for apply_curve(). b is 1..8.
// Source: Gonzalez, Woods, Digital Image Processing, 4th ed. 2018, section 2.4; wrapping: ISO/IEC 14882:2020, 6.8.2.
#pragma once

#include "core/image/levels.hpp"
#include "core/image/transfer.hpp"

namespace cvlab {

enum class Overflow { saturate, wrap };

std::uint8_t stored_byte(int value, Overflow rule);

ByteCurve level_curve(int bits);
ByteCurve shown_curve(int bits);
ByteCurve offset_curve(int offset, Overflow rule);  // v + offset

// The histogram after a curve: every level's pixels move to the level that it becomes.
Levels moved_levels(const Levels& levels, const ByteCurve& curve);
int different_levels(const Levels& levels);
// Pixels whose sum with `offset` is outside 0..255.
std::int64_t overflowing(const Levels& levels, int offset);

// Of a picture with these levels against itself after the curve: 10 log10(255^2 / MSE), infinite when nothing changes,
// NaN without pixels. Equal to psnr() of the two pictures, in 256 terms.
double curve_psnr(const Levels& levels, const ByteCurve& curve);

}  // namespace cvlab
