// Reordering axes: axis i of y is axis axes[i] of x.
//
//   y(a0, a1, …) = x(…), where index ai stands at axis axes[i]     transpose of a matrix: axes = {1, 0}
//
//   x any shape of rank R, y the shape with extents x.size(axes[i]); both contiguous. `axes` holds each of 0 .. R-1
//   once. backward: dx += dy, put back in the old order.
#pragma once

#include <span>

#include "core/tensor/tensor.hpp"

namespace cvlab {

Shape permute_output_shape(const Shape& in, std::span<const int> axes);

// Copies, in y's order: the float instantiation is what runs, there is no second version.
template <class T>
void permute_forward(std::span<const int> axes, BasicView<const T> x, BasicView<T> y);
template <class T>
void permute_backward(std::span<const int> axes, BasicView<const T> dy, BasicView<T> dx);

}  // namespace cvlab
