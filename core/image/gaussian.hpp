// The Gaussian filter, and how its kernels come about.
//
//   G(x, y) = exp(-(x^2 + y^2) / (2 sigma^2)) / (2 pi sigma^2) = g(x) g(y): one row and one column instead of a table
//
// Source: the bell's discretisations, e.g. T. Lindeberg, "Scale-space for discrete signals", PAMI 12(3), 1990.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab {

// How a weight is read off the bell: its height at the middle of the pixel, or its mean height over the pixel.
enum class Sampling { centre, area };

// The odd size that holds the bell to three sigma on each side: 6 sigma + 1, rounded, then made odd. As OpenCV does for
// 8-bit pictures.
int gaussian_size(double sigma);

// `size` weights (odd) that add up to 1; sigma > 0.
std::vector<double> gaussian_weights(double sigma, int size, Sampling sampling = Sampling::centre);

// The same in 256ths, adding up to 256: rounded from the ends inwards, each passing its rounding error on to the next;
// the middle one takes what is left. OpenCV's 8-bit kernel.
std::vector<std::uint16_t> gaussian_fixed(double sigma, int size);

// The two-dimensional kernel in whole numbers: each weight times `scale`, rounded. Its sum is what a pixel is divided
// by. Area sampling with sigma 1, 5x5 and scale 274 is the table over 273 of the textbooks.
struct IntegerKernel {
  int size = 0;
  std::vector<int> weights;  // size * size
  int sum = 0;
};
IntegerKernel integer_gaussian(double sigma, int size, double scale, Sampling sampling);

// |sum_k w_k exp(-i omega k)| of a symmetric kernel of odd size: what the filter leaves of a wave of `frequency` cycles
// a pixel, 0 .. 0.5. The discrete Fourier transform of the kernel at one frequency; the sign is kept (negative: the
// wave comes out turned upside down).
double frequency_response(const std::vector<double>& weights, double frequency);

// out = (sum_j w_j * (sum_i w_i * in) + 2^15) >> 16 with the weights in 256ths: integer arithmetic, the same numbers as
// OpenCV 4's GaussianBlur of 8-bit pictures. Channels one by one; `size` is odd (0: gaussian_size); sigma > 0; border
// zero, replicate or reflect. Nothing is allocated once a thread's scratch has grown. `out` must not be `in`.
void gaussian_blur_ref(const Image& in, double sigma, int size, Padding border, Image& out);
void gaussian_blur(const Image& in, double sigma, int size, Padding border, Image& out);

}  // namespace cvlab
