// Padding a picture on its four sides, or cropping it where an amount is negative (zero padding only).
//
//   y(n,c,i,j) = x(n, c, i - top, j - left), and outside of x what `rule` says: zero gives `value`, replicate the
//   nearest edge cell, reflect the mirrored one (core/ops/conv2d.hpp, border_source). `valid` is no rule here.
//
//   x (N, C, H, W)   y (N, C, top + H + bottom, left + W + right)     contiguous
//   backward: dx += dy of every output cell that x's cell was copied to.
#pragma once

#include "core/ops/conv2d.hpp"

namespace cvlab {

struct Pad2dParams {
  int top = 0, bottom = 0, left = 0, right = 0;
  Padding rule = Padding::zero;
  float value = 0.0f;
};

Shape pad2d_output_shape(const Pad2dParams& params, const Shape& in);

// Copies: the float instantiation is as fast as memory, there is no second version.
template <class T>
void pad2d_forward(const Pad2dParams& params, BasicView<const T> x, BasicView<T> y);
template <class T>
void pad2d_backward(const Pad2dParams& params, BasicView<const T> dy, BasicView<T> dx);

}  // namespace cvlab
