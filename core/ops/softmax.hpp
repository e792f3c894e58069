// Softmax and its logarithm, row by row over the last axis.
//
//   softmax      y(r,c) = exp(x(r,c) - m) / sum over k of exp(x(r,k) - m),   m = max over k of x(r,k)
//   log_softmax  y(r,c) = x(r,c) - m - log(sum over k of exp(x(r,k) - m))
//
//   x, y (…, C), contiguous; y may be x. Subtracting m changes nothing but keeps exp from overflowing.
//   backward needs y, not x:
//     softmax      dx += y * (dy - sum over k of dy*y)      log_softmax  dx += dy - exp(y) * sum over k of dy
// Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 4.1.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

template <class T>
void softmax_forward_ref(BasicView<const T> x, BasicView<T> y);
template <class T>
void softmax_backward_ref(BasicView<const T> y, BasicView<const T> dy, BasicView<T> dx);
template <class T>
void log_softmax_forward_ref(BasicView<const T> x, BasicView<T> y);
template <class T>
void log_softmax_backward_ref(BasicView<const T> y, BasicView<const T> dy, BasicView<T> dx);

// The same, fast (SIMD, threads).
void softmax_forward(ConstView x, View y);
void softmax_backward(ConstView y, ConstView dy, View dx);
void log_softmax_forward(ConstView x, View y);
void log_softmax_backward(ConstView y, ConstView dy, View dx);

}  // namespace cvlab
