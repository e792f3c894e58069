// The fully connected layer:  y = x W^T + b.
//
//   y(r,o) = bias(o) + sum over i of x(r,i) * weight(o,i)
//
//   x (…, In), its leading axes together are R rows   weight (Out, In)   bias (Out) or empty   y (…, Out)   contiguous
//   backward adds into dx, dweight, dbias (an empty view is passed over):
//     dx += dy W      dweight += dy^T x      dbias += sum of dy over the rows
// Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.5.6.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

Shape linear_output_shape(const Shape& in, const Shape& weight);

template <class T>
void linear_forward_ref(BasicView<const T> x, BasicView<const T> weight, BasicView<const T> bias, BasicView<T> y);
template <class T>
void linear_backward_ref(BasicView<const T> x, BasicView<const T> weight, BasicView<const T> dy, BasicView<T> dx,
                         BasicView<T> dweight, BasicView<T> dbias);

// The same by gemm (SIMD, threads). accumulate = false: dx is written, whatever it held (dweight, dbias always add up).
void linear_forward(ConstView x, ConstView weight, ConstView bias, View y);
void linear_backward(ConstView x, ConstView weight, ConstView dy, View dx, View dweight, View dbias,
                     bool accumulate = true);

}  // namespace cvlab
