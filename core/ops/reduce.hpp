// Sum, mean and maximum along one axis, which disappears.
//
//   sum  y(o, i) = sum over k of x(o, k, i)     mean  the same / n     max  y(o, i) = max over k
//
//   x any shape; seen as (outer, n, inner): the axes before `axis`, the axis, those after. y: (outer, inner), that is
//   x's shape without the axis; all elements of x: reduce_all(x) is it as (1, count, 1). Contiguous.
//   backward: sum dx += dy; mean dx += dy / n; max dx += dy at the first of the largest (a NaN counts as the largest).
// n = 0: sum 0; mean and max need n >= 1.
#pragma once

#include <span>

#include "core/tensor/tensor.hpp"

namespace cvlab {

Shape reduce_output_shape(const Shape& in, int axis);  // (1) when no axis is left

struct ReduceExtents {
  std::ptrdiff_t outer = 1, n = 1, inner = 1;
};
ReduceExtents reduce_along(const Shape& in, int axis);
ReduceExtents reduce_all(const Shape& in);

template <class T>
void sum_forward_ref(const ReduceExtents& extents, BasicView<const T> x, BasicView<T> y, T factor = T(1));
// mean: the same with factor 1/n.
template <class T>
void sum_backward_ref(const ReduceExtents& extents, BasicView<const T> dy, BasicView<T> dx, T factor = T(1));
// `from`: which k was the largest, one number for each output.
template <class T>
void max_forward_ref(const ReduceExtents& extents, BasicView<const T> x, BasicView<T> y, std::span<int> from);
template <class T>
void max_backward_ref(const ReduceExtents& extents, BasicView<const T> dy, std::span<const int> from, BasicView<T> dx);

// The same, fast. Sums are kept in double from block to block. max has one version only: it is bound by memory.
void sum_forward(const ReduceExtents& extents, ConstView x, View y, float factor = 1.0f);
void sum_backward(const ReduceExtents& extents, ConstView dy, View dx, float factor = 1.0f);

// y(i) += sum over k of x(k, i), x (n, inner): what a bias gets.
void add_rows(std::ptrdiff_t n, std::ptrdiff_t inner, const float* x, float* y);

}  // namespace cvlab
