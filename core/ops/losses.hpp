// Losses: one number for a batch. M is the count of numbers, N the first axis (examples); a mean over M unless said.
//
//   mse    mean of (a - b)^2                           mae   mean of |a - b|
//   huber  mean of  r^2/2 where |r| <= delta, delta (|r| - delta/2) elsewhere,  r = a - b
//   binary_cross_entropy  mean of  -t log s(x) - (1 - t) log(1 - s(x)),  s the sigmoid, computed as
//                         max(x, 0) - x t + log(1 + exp(-|x|));  t in 0..1
//   gaussian_kl     sum over features of KL(N(m, exp(v)) || N(m2, exp(v2))), mean over N:
//                   1/2 (v2 - v + (exp(v) + (m - m2)^2) / exp(v2) - 1);   without m2, v2: the standard normal, 0 and 0
//   categorical_kl  sum over the rest of  p (log p - log_q), mean over N;  0 log 0 = 0
//   hinge    of N examples, mean of  1/C * sum over c != label of max(0, margin - x(label) + x(c))
//   triplet  of N examples, mean of  max(0, d(anchor, positive) - d(anchor, negative) + margin),
//            d(a, b) = |a - b + 1e-6| (Euclidean; the 1e-6, on each number, keeps the root's slope finite)
//   dice     of N examples, mean of  1 - (2 sum s(x) t + 1) / (sum s(x) + sum t + 1):  soft Dice of logits, sums over
//            the rest of the axes; the 1 makes an empty mask predicted empty perfect
//
//   Arguments of a pair have one shape; contiguous. No examples give 0.
//   backward adds dloss times the derivative into each d… (an empty view is passed over). Targets t and p, and the
//   second Gaussian, have none. At a kink, 0.
// Sources: P. Huber, 1964; D. Kingma, M. Welling, arXiv:1312.6114, appendix B (gaussian_kl); K. Crammer, Y. Singer,
// 2001, as PyTorch's multi_margin_loss; F. Schroff et al., arXiv:1503.03832 (triplet); F. Milletari et al.,
// arXiv:1606.04797 (dice; sums of s and t, not of their squares).
#pragma once

#include <span>

#include "core/tensor/tensor.hpp"

namespace cvlab {

template <class T>
T mse_forward(BasicView<const T> a, BasicView<const T> b);
template <class T>
void mse_backward(BasicView<const T> a, BasicView<const T> b, T dloss, BasicView<T> da, BasicView<T> db);

template <class T>
T mae_forward(BasicView<const T> a, BasicView<const T> b);
template <class T>
void mae_backward(BasicView<const T> a, BasicView<const T> b, T dloss, BasicView<T> da, BasicView<T> db);

template <class T>
T huber_forward(T delta, BasicView<const T> a, BasicView<const T> b);
template <class T>
void huber_backward(T delta, BasicView<const T> a, BasicView<const T> b, T dloss, BasicView<T> da, BasicView<T> db);

template <class T>
T binary_cross_entropy_forward_ref(BasicView<const T> logits, BasicView<const T> target);
template <class T>
void binary_cross_entropy_backward_ref(BasicView<const T> logits, BasicView<const T> target, T dloss,
                                       BasicView<T> dlogits);

template <class T>
T gaussian_kl_forward(BasicView<const T> mean, BasicView<const T> log_variance, BasicView<const T> mean2,
                      BasicView<const T> log_variance2);
template <class T>
void gaussian_kl_backward(BasicView<const T> mean, BasicView<const T> log_variance, BasicView<const T> mean2,
                          BasicView<const T> log_variance2, T dloss, BasicView<T> dmean, BasicView<T> dlog_variance);

template <class T>
T categorical_kl_forward(BasicView<const T> log_q, BasicView<const T> p);
template <class T>
void categorical_kl_backward(BasicView<const T> p, T dloss, BasicView<T> dlog_q);

template <class T>
T hinge_forward(T margin, BasicView<const T> scores, std::span<const int> labels);  // scores (N, C)
template <class T>
void hinge_backward(T margin, BasicView<const T> scores, std::span<const int> labels, T dloss, BasicView<T> dscores);

template <class T>
T triplet_forward(T margin, BasicView<const T> anchor, BasicView<const T> positive, BasicView<const T> negative);
template <class T>
void triplet_backward(T margin, BasicView<const T> anchor, BasicView<const T> positive, BasicView<const T> negative,
                      T dloss, BasicView<T> danchor, BasicView<T> dpositive, BasicView<T> dnegative);

template <class T>
T dice_forward_ref(BasicView<const T> logits, BasicView<const T> target);
template <class T>
void dice_backward_ref(BasicView<const T> logits, BasicView<const T> target, T dloss, BasicView<T> dlogits);

// One pass over a batch each, small beside the network that made it: the float instantiations, which sum in double, are
// what runs. Where a mask or a picture has an exponential for each pixel there is a fast one (SIMD):
float binary_cross_entropy_forward(ConstView logits, ConstView target);
void binary_cross_entropy_backward(ConstView logits, ConstView target, float dloss, View dlogits);
float dice_forward(ConstView logits, ConstView target);
void dice_backward(ConstView logits, ConstView target, float dloss, View dlogits);

}  // namespace cvlab
