// Dropout: while training, each number is dropped (becomes 0) with probability p.
//
//   classic   training y = x * kept              evaluation y = (1 - p) * x, so that expectations agree
//   inverted  training y = x * kept / (1 - p)    evaluation y = x: what libraries do
//
//   mask = kept, or kept / (1 - p); x, y, mask: the same count, contiguous; y may be x.
//   backward: dx += dy * mask in training, dx += factor * dy in evaluation (scale_backward).
// Source: N. Srivastava et al., Dropout, JMLR 15, 2014, section 10 (classic: its "weight scaling" applied to the
// output).
#pragma once

#include "core/rng.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

enum class DropoutKind { inverted, classic };

// One draw of 32 bits an element: kept when it is not below p * 2^32.
void dropout_mask(DropoutKind kind, double p_drop, Rng& rng, View mask);
double dropout_evaluation_factor(DropoutKind kind, double p_drop);

// One product a cell: the float instantiation is as fast as memory, there is no second version.
template <class T>
void dropout_forward(BasicView<const T> x, BasicView<const T> mask, BasicView<T> y);
template <class T>
void dropout_backward(BasicView<const T> mask, BasicView<const T> dy, BasicView<T> dx);

}  // namespace cvlab
