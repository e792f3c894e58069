// Ops on the tape: the plain functions of core/ops, with their backward recorded. Shapes and formulas are in each op's
// own header. A Var{} as bias means none. After the first step of a training loop they allocate nothing: what they keep
// for backward lies in the tape's nodes.
#pragma once

#include <span>

#include "core/autodiff/tape.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/batch_norm.hpp"
#include "core/ops/conv2d.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/pool2d.hpp"
#include "core/ops/upsample2d.hpp"
#include "core/rng.hpp"

namespace cvlab {

// --- products (functions_product.cpp)
Var linear(Tape&, Var x, Var weight, Var bias);  // x (…, In), weight (Out, In), bias (Out) -> (…, Out)
Var matmul(Tape&, Var a, Var b);                 // (…, M, K) (…, K, N) -> (…, M, N), equal leading axes
Var conv2d(Tape&, const Conv2dParams&, Var x, Var weight, Var bias);
struct ConvTranspose2dParams;  // core/ops/conv_transpose2d.hpp
Var conv_transpose2d(Tape&, const ConvTranspose2dParams&, Var x, Var weight, Var bias);
Var attention(Tape&, Var query, Var key, Var value, int heads);  // (N, T, D) each -> (N, T, D)

// --- layers (functions_layer.cpp)
// alpha 0: PyTorch's default, 0.01 for leaky_relu, 1 for elu. in_place: the result takes x's memory; only where x has
// no other consumer and its producer does not need it. gelu and silu need x for their gradient and ignore it.
Var activate(Tape&, Activation, Var x, float alpha = 0.0f, bool in_place = false);
Var max_pool2d(Tape&, const Pool2dParams&, Var x);
Var avg_pool2d(Tape&, const Pool2dParams&, Var x);
Var global_avg_pool2d(Tape&, Var x);  // (N, C, H, W) -> (N, C)
// x (N, C) or (N, C, H, W); training: the batch's statistics, and the running ones move.
Var batch_norm(Tape&, Var x, Var gamma, Var beta, BatchNormStatistics& running, bool training, float momentum = 0.1f,
               float epsilon = 1e-5f);
Var layer_norm(Tape&, Var x, Var gamma, Var beta, float epsilon = 1e-5f);  // over the last axis
// inverted: kept ones are scaled by 1/(1-p), evaluation is the identity; classic: evaluation scales by 1-p.
Var dropout(Tape&, Var x, float p_drop, Rng& rng, bool training, DropoutKind kind = DropoutKind::inverted);
Var softmax(Tape&, Var x);  // over the last axis
Var log_softmax(Tape&, Var x);
Var upsample2d(Tape&, const Upsample2dParams&, Var x);
Var pad2d(Tape&, Var x, int top, int bottom, int left, int right, Padding rule, float value = 0.0f);

// --- arithmetic and shapes (functions_shape.cpp)
// b has a's shape, or broadcasts: axes aligned from the right, an extent of 1 (or a missing axis) repeats.
Var add(Tape&, Var a, Var b);
Var sub(Tape&, Var a, Var b);
Var mul(Tape&, Var a, Var b);
Var scale(Tape&, Var x, float factor, float offset = 0.0f);  // factor * x + offset
Var exp(Tape&, Var x);
Var reshape(Tape&, Var x, const Shape& shape);  // the same memory
Var permute(Tape&, Var x, std::span<const int> axes);
Var concat(Tape&, std::span<const Var> parts, int axis);  // at most Tape::max_inputs parts
Var slice(Tape&, Var x, int axis, std::ptrdiff_t first, std::ptrdiff_t count);
Var sum(Tape&, Var x);  // of all elements -> (1)
Var mean(Tape&, Var x);
Var sum(Tape&, Var x, int axis);  // the axis disappears
Var mean(Tape&, Var x, int axis);
Var max(Tape&, Var x, int axis);

// --- losses (functions_loss.cpp): each gives (1), the mean that core/ops/losses.hpp defines. Targets of
// binary_cross_entropy and dice have no gradient.
Var mse_loss(Tape&, Var prediction, Var target);
Var mae_loss(Tape&, Var prediction, Var target);
Var huber_loss(Tape&, Var prediction, Var target, float delta = 1.0f);
Var binary_cross_entropy_with_logits(Tape&, Var logits, Var target);
// logits (N, C); labels N class numbers; weights C or empty.
Var cross_entropy(Tape&, Var logits, std::span<const int> labels, std::span<const float> class_weights = {},
                  float label_smoothing = 0.0f);
// KL(N(mean, exp(log_variance)) || N(0, 1)), summed over features, mean over the batch.
Var gaussian_kl(Tape&, Var mean, Var log_variance);
// The same to N(mean2, exp(log_variance2)), which has no gradient.
Var gaussian_kl(Tape&, Var mean, Var log_variance, Var mean2, Var log_variance2);
// Sum of p (log p - log_q) over classes, mean over the batch; p has no gradient.
Var categorical_kl(Tape&, Var log_q, Var p);
Var hinge_loss(Tape&, Var scores, std::span<const int> labels, float margin = 1.0f);
Var triplet_loss(Tape&, Var anchor, Var positive, Var negative, float margin = 1.0f);
Var dice_loss(Tape&, Var logits, Var target);

}  // namespace cvlab
