// Enlarging by a whole factor.
//
//   nearest   y(n,c,i,j) = x(n, c, floor(i/factor), floor(j/factor))
//   bilinear  y(n,c,i,j) = sum of the four cells around (u, v), weighted by nearness,
//             u = max(0, (i + 1/2) / factor - 1/2), v alike; beyond the last row the last row again
//             (PyTorch's align_corners = False: pixels are squares, corners of the picture stay where they are)
//
//   x (N, C, H, W)   y (N, C, factor*H, factor*W)     all contiguous
//   backward: dx += each output's gradient with the weight it was made with.
// Source: PyTorch's upsample_nearest2d, upsample_bilinear2d.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

enum class Interpolation { nearest, bilinear };

struct Upsample2dParams {
  int factor = 2;
  Interpolation interpolation = Interpolation::nearest;
};

Shape upsample2d_output_shape(const Upsample2dParams& params, const Shape& in);

template <class T>
void upsample2d_forward_ref(const Upsample2dParams& params, BasicView<const T> x, BasicView<T> y);
template <class T>
void upsample2d_backward_ref(const Upsample2dParams& params, BasicView<const T> dy, BasicView<T> dx);

// The same, fast: rows widened once, planes shared out over threads.
void upsample2d_forward(const Upsample2dParams& params, ConstView x, View y);
void upsample2d_backward(const Upsample2dParams& params, ConstView dy, View dx);

}  // namespace cvlab
