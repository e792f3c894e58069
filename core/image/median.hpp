// The median over a square window: the middle of its size * size values in order.
//
// Unlike a mean it is always one of the values, so a single wrong pixel leaves no trace. Exact, channels one by one,
// edge pixels repeated at the border (as OpenCV's medianBlur). Size odd, 1 .. 255. 3x3 and 5x5 are sorting networks in
// the lanes; larger windows cost the same for every size, by histograms of columns that slide along. Source: S.
// Perreault, P. Hébert, "Median filtering in constant time", IEEE TIP 16(9), 2007.
#pragma once

#include "core/image/image.hpp"

namespace cvlab {

inline constexpr int max_median_size = 255;

void median_ref(const Image& in, int size, Image& out);
void median(const Image& in, int size, Image& out);  // `out` must not be `in`

}  // namespace cvlab
