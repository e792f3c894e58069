// A picture in another size.
//
// in: any size, 1 to 4 channels; out: its size is what is asked for, it gets in's channels. Pixel c covers [c, c + 1),
// so column x of the result has its middle at (x + 1/2) in.width / out.width - 1/2 of the source. Beyond the edge the
// edge pixel counts (replicate). An empty source gives zeros. Results, fast and reference alike:
//   nearest   the pixel at floor(x in.width / out.width): OpenCV's INTER_NEAREST
//   bilinear  between four pixels, weights whole 1/2048 on each axis, the sum rounded to nearest; OpenCV's INTER_LINEAR
//             to one grey level (it drops bits on the way). Leaves pixels out when it makes a picture much smaller
//   area      the mean of what the result's pixel covers, in whole numbers, rounded to nearest, halves up; OpenCV's
//             INTER_AREA to one grey level when it makes smaller
#pragma once

#include "core/image/image.hpp"

namespace cvlab {

enum class Resampling { nearest, bilinear, area };

void resize_ref(const Image& in, Resampling how, Image& out);
void resize(const Image& in, Resampling how, Image& out);

}  // namespace cvlab
