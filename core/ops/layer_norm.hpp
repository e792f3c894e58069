// Layer normalisation: every row gets mean 0 and variance 1, then a scale and a shift for each of its places.
//
//   y(r,i) = gamma(i) * (x(r,i) - mean(r)) / sqrt(variance(r) + epsilon) + beta(i)
//
//   x, y (…, D), the leading axes together are R rows   gamma, beta (D)   variance is the biased one, 1/D
//   mean, inverse_deviation (R): kept for backward; inverse_deviation = 1 / sqrt(variance + epsilon)
//   backward adds into dx, dgamma, dbeta (an empty view is passed over). With xhat the normalised x, g = gamma * dy:
//     dx += inverse_deviation * (g - mean(g) - xhat * mean(g * xhat)),  means over i
//     dgamma += sum over r of dy * xhat     dbeta += sum over r of dy
// All contiguous. Source: J. Ba, J. Kiros, G. Hinton, arXiv:1607.06450.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

template <class T>
void layer_norm_forward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> beta, T epsilon,
                            BasicView<T> y, BasicView<T> mean, BasicView<T> inverse_deviation);
template <class T>
void layer_norm_backward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> mean,
                             BasicView<const T> inverse_deviation, BasicView<const T> dy, BasicView<T> dx,
                             BasicView<T> dgamma, BasicView<T> dbeta);

// The same, fast (SIMD, threads). accumulate = false: dx is written, whatever it held (dgamma, dbeta always add up).
void layer_norm_forward(ConstView x, ConstView gamma, ConstView beta, float epsilon, View y, View mean,
                        View inverse_deviation);
void layer_norm_backward(ConstView x, ConstView gamma, ConstView mean, ConstView inverse_deviation, ConstView dy,
                         View dx, View dgamma, View dbeta, bool accumulate = true);

}  // namespace cvlab
