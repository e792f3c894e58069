// Putting tensors one after the other along an axis, and cutting a piece out along one.
//
//   slice_forward  y = x with only indices first .. first + y.size(axis) - 1 of `axis`
//   concat writes each part with slice_backward's mirror: place_forward puts a part at `first` into y
//
//   All contiguous; shapes of whole and part are equal but for `axis`.
//   slice_backward: dx += dy at the piece's place. place_backward: dpart += dy's piece.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

// Copies of whole runs: the float instantiation is as fast as memory, there is no second version.
template <class T>
void slice_forward(BasicView<const T> x, int axis, std::ptrdiff_t first, BasicView<T> y);
template <class T>
void slice_backward(BasicView<const T> dy, int axis, std::ptrdiff_t first, BasicView<T> dx);
template <class T>
void place_forward(BasicView<const T> part, int axis, std::ptrdiff_t first, BasicView<T> y);
template <class T>
void place_backward(BasicView<const T> dy, int axis, std::ptrdiff_t first, BasicView<T> dpart);

}  // namespace cvlab
