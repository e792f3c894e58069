// A transfer curve as short text: its points from left to right, "0,0 96,32 160,224 255,255". Coordinates are levels,
// whole numbers 0..255, x rises.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/transfer.hpp"
#include "core/result.hpp"

namespace cvlab {

inline constexpr std::size_t most_curve_points = 16;

// Refused with a sentence: something that is no point, a level outside 0..255, x that does not rise, more points.
Result<std::vector<CurvePoint>> parse_curve(std::string_view text);
std::string format_curve(std::span<const CurvePoint> points);

}  // namespace cvlab
