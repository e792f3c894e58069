// What padding invents, measured: a square crop of a picture is filtered as if nothing lay around it, once for each
// rule, and compared with what its real neighbours in the picture would have given.
//
//   error(i, j) = O_rule(i, j) - O_picture(top + i, left + j)
//
// It is 0 wherever the kernel stays inside the crop; elsewhere the pixel is a border pixel. And the arithmetic of
// sizes. Kernels lie as in core/ops/conv2d.hpp: floor((k - 1) / 2) cells before the pixel, the rest behind.
#pragma once

#include <array>

#include "core/ops/conv2d.hpp"

namespace cvlab {

struct BorderError {
  Padding padding = Padding::valid;
  Tensor output;       // (1, 1, n, n): as large as the crop, or smaller where padding is valid
  Tensor error;        // likewise
  double mean = 0.0;   // of |error| over the border pixels; 0 where there are none
  double worst = 0.0;  // the greatest |error|
};

struct BorderStudy {
  int top = 0, left = 0, side = 0;
  Tensor crop;                       // (1, 1, side, side)
  Tensor truth;                      // (1, 1, side, side), with the picture's pixels around
  std::array<BorderError, 4> rules;  // valid, zero, replicate, reflect
  int border_pixels = 0;
};

// The side of the largest square whose real neighbours, as far as a k x k kernel reaches, lie in the picture; 0: none.
int largest_crop(int rows, int columns, int k);

// picture (1, 1, H, W), weights (1, 1, k, k), side at most largest_crop(). The corner is moved to where it can lie.
BorderStudy study_border(const Tensor& picture, const Tensor& weights, int top, int left, int side);

// How many of the k x k cells around pixel (row, column) lie outside a crop.
int cells_outside(int side, int k, int row, int column);

// Along one axis: n cells, p more at each end, a kernel of k that moves by s.
struct SlidingSize {
  int output = 0;  // floor((n - k + 2p) / s) + 1, or 0 where the kernel does not fit
  int unread = 0;  // cells at the end, padding counted, that no window reaches
};
SlidingSize sliding_size(int n, int k, int p, int s);

}  // namespace cvlab
