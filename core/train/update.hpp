// One step of an optimizer on one array of parameters; optimizer.hpp calls it for each. g is the gradient, p the
// parameter, m and v the moments (first and second), r the learning rate, t the number of this step from 1:
//
//   all but adamw   g <- factor g + decay p
//   sgd             p <- p - r g
//   momentum        m <- mu m + g                p <- p - r m
//   nesterov        m <- mu m + g                p <- p - r (g + mu m)
//   adagrad         v <- v + g^2                 p <- p - r g / (sqrt(v) + eps)
//   rmsprop         v <- a v + (1 - a) g^2       p <- p - r g / (sqrt(v) + eps)
//   adam            m <- b1 m + (1 - b1) g       v <- b2 v + (1 - b2) g^2
//                   p <- p - r / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps)
//   adamw           g <- factor g;  p <- (1 - r decay) p;  then as adam
//
// factor is 1, or what clipping scales gradients by. Source: the formulas in PyTorch 1.13's documentation of
// torch.optim, without dampening, centring or AMSGrad; D. Kingma, J. Ba, "Adam", ICLR 2015; I. Loshchilov, F. Hutter,
// "Decoupled weight decay regularization", ICLR 2019.
#pragma once

#include <cstddef>

#include "core/train/optimizer.hpp"

namespace cvlab {

template <class T>
struct UpdateConstants {
  OptimizerKind kind = OptimizerKind::sgd;
  T rate = 0;             // r; for adam and adamw r / (1 - b1^t)
  T decay = 0;            // added to the gradient; 0 for adamw
  T keep = 1;             // 1 - r decay for adamw; 1 else
  T factor = 1;           // of the gradient
  T momentum = 0;         // mu, b1
  T smoothing = 0;        // a, b2
  T epsilon = 0;          // eps
  T root_correction = 1;  // 1 / sqrt(1 - b2^t)
};

template <class T>
UpdateConstants<T> update_constants(const OptimizerParams& params, T learning_rate, int step, T gradient_factor);

bool uses_first_moment(OptimizerKind kind);
bool uses_second_moment(OptimizerKind kind);

// gradient, value, first, second: n numbers each; moments that the kind does not use may be null. value and moments are
// overwritten.
template <class T>
void update_ref(const UpdateConstants<T>& c, std::ptrdiff_t n, const T* gradient, T* value, T* first, T* second);
void update(const UpdateConstants<float>& c, std::ptrdiff_t n, const float* gradient, float* value, float* first,
            float* second);

// Sum of squares, added up in float lanes: 1e-6 relative.
double sum_of_squares(const float* values, std::ptrdiff_t n);

}  // namespace cvlab
