// The mean over a rectangular window.
//
//   out = floor((sum of the window + area / 2) / area), the mean rounded to nearest, halves upwards
//
// Column sums run down the picture, so the cost does not grow with the window's height; small windows are added across
// in the lanes, wide ones by a running sum. Channels one by one. An even window reaches one further down and right, as
// in core/ops/conv2d.hpp. Windows larger than the picture are all right. Border zero, replicate or reflect.
#pragma once

#include "core/image/image.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab {

void box_mean_ref(const Image& in, int rows, int columns, Padding border, Image& out);
// The same numbers, fast, for windows of at most 1024 x 1024. `out` must not be `in`.
void box_mean(const Image& in, int rows, int columns, Padding border, Image& out);

}  // namespace cvlab
