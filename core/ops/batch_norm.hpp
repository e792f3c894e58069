// Batch normalisation: every channel gets mean 0 and variance 1 over the batch, then a scale and a shift of its own.
//
//   y(n,c,i) = gamma(c) * (x(n,c,i) - mean(c)) / sqrt(variance(c) + epsilon) + beta(c)
//
//   x, y (N, C) or (N, C, H, W); i runs over the H*W cells, M = N*H*W    gamma, beta, mean, variance (C)
//   Training: mean and (biased, 1/M) variance of this batch; the running ones move,
//     running = (1 - momentum) * running + momentum * batch's,   with the unbiased variance, M/(M-1), as PyTorch has it
//     (a batch of M = 1 has none: its biased one, 0, is taken).
//   Evaluation: the running ones.
//   backward adds into dx, dgamma, dbeta (an empty view is passed over). With xhat the normalised x, training:
//     dx += gamma / sqrt(variance + epsilon) * (dy - mean(dy) - xhat * mean(dy * xhat)),  means over n and i
//     evaluation: dx += gamma / sqrt(variance + epsilon) * dy
//     dgamma += sum dy * xhat    dbeta += sum dy
// All contiguous. Source: S. Ioffe, C. Szegedy, arXiv:1502.03167.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

struct BatchNormStatistics {
  Tensor mean, variance;  // (C): 0 and 1 before the first batch
};

// Mean and biased variance of each channel of x: (C) each.
template <class T>
void batch_norm_statistics_ref(BasicView<const T> x, BasicView<T> mean, BasicView<T> variance);
template <class T>
void batch_norm_forward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> beta,
                            BasicView<const T> mean, BasicView<const T> variance, T epsilon, BasicView<T> y);
// from_batch: mean and variance are x's own (training), so that they carry gradients too.
template <class T>
void batch_norm_backward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> mean,
                             BasicView<const T> variance, T epsilon, bool from_batch, BasicView<const T> dy,
                             BasicView<T> dx, BasicView<T> dgamma, BasicView<T> dbeta);

// running moves by `momentum` towards a batch's mean and biased variance over `count` numbers.
void batch_norm_update(BatchNormStatistics& running, ConstView mean, ConstView variance, std::ptrdiff_t count,
                       float momentum);

// The same, fast (SIMD, threads). accumulate = false: dx is written, whatever it held (dgamma, dbeta always add up).
void batch_norm_statistics(ConstView x, View mean, View variance);
void batch_norm_forward(ConstView x, ConstView gamma, ConstView beta, ConstView mean, ConstView variance, float epsilon,
                        View y);
void batch_norm_backward(ConstView x, ConstView gamma, ConstView mean, ConstView variance, float epsilon,
                         bool from_batch, ConstView dy, View dx, View dgamma, View dbeta, bool accumulate = true);

}  // namespace cvlab
