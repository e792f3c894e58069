// The bilateral filter: a Gaussian mean that leaves edges alone, because neighbours count less the more they differ.
//
//   out = sum w v / sum w,   w = exp(-d^2 / (2 sigma_space^2)) exp(-|v - v0|^2 / (2 sigma_range^2))
//
// over the pixels within `radius` (d <= radius). |v - v0| is the sum of the channels' absolute differences, so that all
// channels share their weights. Rounded to nearest. Border zero, replicate or reflect. As OpenCV's bilateralFilter of
// 8-bit pictures, to a grey level.
// Source: C. Tomasi, R. Manduchi, "Bilateral filtering for gray and color images", ICCV 1998.
#pragma once

#include "core/image/image.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab {

void bilateral_ref(const Image& in, int radius, double sigma_space, double sigma_range, Padding border, Image& out);
// The same in float, over the threads: within one grey level of the definition, and the same bytes on every machine.
void bilateral(const Image& in, int radius, double sigma_space, double sigma_range, Padding border, Image& out);

}  // namespace cvlab
