// Cross-entropy of classes, from logits.
//
//   p(n,·) = softmax(logits(n,·))      w(c) = 1 without weights      s = label smoothing, 0 <= s < 1
//   loss = sum over n of [ (1 - s) * w(label n) * -log p(n, label n) + s/C * sum over c of w(c) * -log p(n,c) ]
//          / sum over n of w(label n)
//
//   logits, probabilities (N, C)   labels N numbers 0 .. C-1   weights C numbers or none   contiguous; N = 0 gives 0
//   forward keeps the probabilities for backward (and for pictures).
//   backward, with W the divisor above, c the column, l the label:
//     dlogits(n,c) += dloss / W * [ (1 - s) * w(l) * (p(n,c) - [c = l]) + s/C * (p(n,c) * sum of w - w(c)) ]
// Source: C. Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.108; smoothing: C. Szegedy et al.,
// arXiv:1512.00567, section 7; weights and divisor as PyTorch's cross_entropy.
#pragma once

#include <span>

#include "core/tensor/tensor.hpp"

namespace cvlab {

template <class T>
T cross_entropy_forward_ref(BasicView<const T> logits, std::span<const int> labels, std::span<const float> weights,
                            T smoothing, BasicView<T> probabilities);
template <class T>
void cross_entropy_backward_ref(BasicView<const T> probabilities, std::span<const int> labels,
                                std::span<const float> weights, T smoothing, T dloss, BasicView<T> dlogits);

// The same, fast (SIMD along a row). accumulate = false: dlogits is written, whatever it held.
float cross_entropy_forward(ConstView logits, std::span<const int> labels, std::span<const float> weights,
                            float smoothing, View probabilities);
void cross_entropy_backward(ConstView probabilities, std::span<const int> labels, std::span<const float> weights,
                            float smoothing, float dloss, View dlogits, bool accumulate = true);

}  // namespace cvlab
