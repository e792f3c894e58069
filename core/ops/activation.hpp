// Activations, element by element: y = f(x).
//
//   identity    x                              relu   max(0, x)               sigmoid   1 / (1 + exp(-x))
//   leaky_relu  x > 0 ? x : alpha * x          tanh   tanh(x)                 silu      x * sigmoid(x)
//   elu         x > 0 ? x : alpha (exp(x) - 1) step   x >= 0 ? 1 : 0          softplus  log(1 + exp(x))
//   gelu        x/2 (1 + erf(x / sqrt(2)))     (exact, not its tanh approximation)
//
//   x, y, dy, dx: contiguous, any shape, the same count; y may be x, dx may be dy.
//   backward: dx += dy * f'(x). At a kink the derivative is that from below: relu'(0) = 0; step' = 0 everywhere.
//   alpha: leaky_relu's slope, elu's scale; others ignore it. On the tape alpha 0 means PyTorch's default: 0.01 and 1.
// Sources: V. Nair, G. Hinton, ICML 2010 (relu); A. Maas et al., ICML workshop 2013 (leaky relu); D. Clevert et al.,
// arXiv:1511.07289 (elu); D. Hendrycks, K. Gimpel, arXiv:1606.08415 (gelu); S. Elfwing et al., arXiv:1702.03118 (silu);
// C. Dugas et al., NIPS 2000 (softplus); W. McCulloch, W. Pitts, 1943 (step).
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

enum class Activation { identity, relu, leaky_relu, elu, gelu, silu, sigmoid, tanh, softplus, step };

const char* name(Activation kind);             // "leaky_relu"
float default_alpha(Activation kind);          // PyTorch's
bool activation_needs_input(Activation kind);  // gelu and silu: the derivative cannot be told from y alone

template <class T>
void activation_forward_ref(Activation kind, T alpha, BasicView<const T> x, BasicView<T> y);
// x may be empty unless activation_needs_input(kind); y may be empty if it is. From y alone, leaky_relu and elu need
// alpha > 0.
template <class T>
void activation_backward_ref(Activation kind, T alpha, BasicView<const T> x, BasicView<const T> y,
                             BasicView<const T> dy, BasicView<T> dx);

// The same, fast (SIMD, threads). accumulate = false: dx is written, whatever it held.
void activation_forward(Activation kind, float alpha, ConstView x, View y);
void activation_backward(Activation kind, float alpha, ConstView x, ConstView y, ConstView dy, View dx,
                         bool accumulate = true);

}  // namespace cvlab
