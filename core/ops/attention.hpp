// Multi-head scaled dot-product attention, without projections.
//
//   Each head h has d = D / heads of the D features: h*d .. (h+1)*d - 1. For each example n and head h
//     weights = softmax over s of  sum over the head's features of query(n,t,·) * key(n,s,·) / sqrt(d)
//     y(n,t,·) = sum over s of weights(n,h,t,s) * value(n,s,·)
//
//   query, y (N, T, D)   key, value (N, S, D)   weights (N, heads, T, S), kept for backward and for pictures;
//   contiguous backward adds into dquery, dkey, dvalue (an empty view is passed over). With P the weights, per head:
//     dV += P^T dY    dP = dY V^T    dS = P * (dP - sum over s of dP * P)    dQ += dS K / sqrt(d)    dK += dS^T Q /
//     sqrt(d)
// Source: A. Vaswani et al., arXiv:1706.03762, section 3.2.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

template <class T>
void attention_forward_ref(int heads, BasicView<const T> query, BasicView<const T> key, BasicView<const T> value,
                           BasicView<T> weights, BasicView<T> y);
template <class T>
void attention_backward_ref(int heads, BasicView<const T> query, BasicView<const T> key, BasicView<const T> value,
                            BasicView<const T> weights, BasicView<const T> dy, BasicView<T> dquery, BasicView<T> dkey,
                            BasicView<T> dvalue);

// The same by gemm, heads shared out over threads. Scratch memory belongs to the threads and is kept.
void attention_forward(int heads, ConstView query, ConstView key, ConstView value, View weights, View y);
void attention_backward(int heads, ConstView query, ConstView key, ConstView value, ConstView weights, ConstView dy,
                        View dquery, View dkey, View dvalue);

}  // namespace cvlab
