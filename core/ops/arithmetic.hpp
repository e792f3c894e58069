// Element by element: a + b, a - b, a * b, where b may be smaller and repeats; factor * x + offset; exp(x).
//
//   y(i0, i1, …) = a(i0, i1, …) op b(j0, j1, …)    axes aligned from the right; where b's extent is 1, or b has no such
//                                                  axis, j = 0 (NumPy's broadcasting, of b only)
//   a, y any shape, b one that broadcasts to it; all contiguous; y may be a.
//   backward adds into da, db (an empty view is passed over):
//     add  da += dy, db += dy    sub  da += dy, db -= dy    mul  da += dy * b, db += dy * a
//   where b repeats, db gets the sum over the repetitions.
//   scale: dx += factor * dy.   exp: dx += dy * y.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

enum class Arithmetic { add, sub, mul };

bool broadcasts_to(const Shape& from, const Shape& to);

// The definition: index by index.
template <class T>
void arithmetic_forward_ref(Arithmetic op, BasicView<const T> a, BasicView<const T> b, BasicView<T> y);
template <class T>
void arithmetic_backward_ref(Arithmetic op, BasicView<const T> a, BasicView<const T> b, BasicView<const T> dy,
                             BasicView<T> da, BasicView<T> db);

// The same, run by run: where b runs along with a, or stands still, the loop is plain and vectorised.
void arithmetic_forward(Arithmetic op, ConstView a, ConstView b, View y);
void arithmetic_backward(Arithmetic op, ConstView a, ConstView b, ConstView dy, View da, View db);

// One load, one store a cell: there is no second version.
template <class T>
void scale_forward(T factor, T offset, BasicView<const T> x, BasicView<T> y);
template <class T>
void scale_backward(T factor, BasicView<const T> dy, BasicView<T> dx);
template <class T>
void exp_forward(BasicView<const T> x, BasicView<T> y);
template <class T>
void exp_backward(BasicView<const T> y, BasicView<const T> dy, BasicView<T> dx);

}  // namespace cvlab
