// Exact Euclidean distance transform: for every pixel, how far the nearest pixel of value 0 is, middle to middle.
//
//   squared(x, y) = min over (u, v) with f(u, v) = 0 of (x - u)^2 + (y - v)^2
//
// One channel. Where no pixel is 0 every distance is no_zero.
// Source: Meijster, Roerdink, Hesselink, A general algorithm for computing distance transforms in linear time, 2000:
// down the columns, then the lower envelope of parabolas along each row, in whole numbers.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/image/image.hpp"

namespace cvlab {

inline constexpr std::int32_t no_zero = std::numeric_limits<std::int32_t>::max();

// `squared`: height * width. The reference looks at all pairs of pixels.
void squared_distance_ref(const Image& mask, std::vector<std::int32_t>& squared);
void squared_distance(const Image& mask, std::vector<std::int32_t>& squared);

}  // namespace cvlab
