#include <algorithm>

#include "core/autodiff/functions.hpp"
#include "core/autodiff/recording.hpp"
#include "core/ops/arithmetic.hpp"
#include "core/ops/layer_norm.hpp"
#include "core/ops/pad2d.hpp"
#include "core/ops/softmax.hpp"

namespace cvlab {

using namespace recording;

namespace {

struct ActivationAttributes {
  Activation kind;
  float alpha;
};

void activation_in_place_backward(Tape& tape, Var out) {
  const auto [kind, alpha] = tape.attributes<ActivationAttributes>(out);
  const View gradient = tape.gradient(out);
  activation_backward(kind, alpha, {}, tape.value(out), gradient, gradient, false);
}

void activation_out_of_place_backward(Tape& tape, Var out) {
  const auto [kind, alpha] = tape.attributes<ActivationAttributes>(out);
  const Tape::Target dx = target_of(tape, out, 0);
  activation_backward(kind, alpha, value_of(tape, out, 0), tape.value(out), gradient_of_result(tape, out), dx.view,
                      !dx.fresh);
}

}  // namespace

Var activate(Tape& tape, Activation kind, Var x, float alpha, bool in_place) {
  if (alpha == 0.0f) alpha = default_alpha(kind);
  assert((kind == Activation::leaky_relu || kind == Activation::elu ? alpha > 0.0f : true) &&
         "activate: alpha is above 0, so that the gradient can be told from the output");
  const Shape shape = tape.shape(x);
  const Var out = in_place && !activation_needs_input(kind)
                      ? tape.alias(name(kind), shape, x, activation_in_place_backward)
                      : tape.node(name(kind), shape, inputs(x), activation_out_of_place_backward);
  tape.attributes<ActivationAttributes>(out) = {kind, alpha};
  activation_forward(kind, alpha, tape.value(x), tape.value(out));
  return out;
}

Var max_pool2d(Tape& tape, const Pool2dParams& params, Var x) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    max_pool2d_backward(t.attributes<Pool2dParams>(out), gradient_of_result(t, out), t.indices(out), dx.view,
                        !dx.fresh);
  };
  const Shape shape = pool2d_output_shape(params, tape.shape(x));
  const Var out = tape.node("max_pool2d", shape, inputs(x), backward);
  tape.attributes<Pool2dParams>(out) = params;
  const std::span<int> from = tape.wants_gradient(out) ? tape.indices(out, shape.count()) : std::span<int>();
  max_pool2d_forward(params, tape.value(x), tape.value(out), from);
  return out;
}

Var avg_pool2d(Tape& tape, const Pool2dParams& params, Var x) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    avg_pool2d_backward(t.attributes<Pool2dParams>(out), gradient_of_result(t, out), dx.view, !dx.fresh);
  };
  const Var out = tape.node("avg_pool2d", pool2d_output_shape(params, tape.shape(x)), inputs(x), backward);
  tape.attributes<Pool2dParams>(out) = params;
  avg_pool2d_forward(params, tape.value(x), tape.value(out));
  return out;
}

Var global_avg_pool2d(Tape& tape, Var x) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    global_avg_pool2d_backward(gradient_of_result(t, out), dx.view, !dx.fresh);
  };
  const Shape shape = {tape.shape(x)[0], tape.shape(x)[1]};
  const Var out = tape.node("global_avg_pool2d", shape, inputs(x), backward);
  global_avg_pool2d_forward(tape.value(x), tape.value(out));
  return out;
}

namespace {

struct BatchNormAttributes {
  float epsilon;
  bool training;
};

}  // namespace

Var batch_norm(Tape& tape, Var x, Var gamma, Var beta, BatchNormStatistics& running, bool training, float momentum,
               float epsilon) {
  const auto backward = [](Tape& t, Var out) {
    const auto [eps, from_batch] = t.attributes<BatchNormAttributes>(out);
    const Tape::Target dx = target_of(t, out, 0);
    batch_norm_backward(value_of(t, out, 0), value_of(t, out, 1), t.scratch(out, 0), t.scratch(out, 1), eps, from_batch,
                        gradient_of_result(t, out), dx.view, gradient_of(t, out, 1), gradient_of(t, out, 2), !dx.fresh);
  };
  const Shape shape = tape.shape(x), channels = {shape[1]};
  assert(running.mean.shape() == channels && running.variance.shape() == channels &&
         "batch_norm: the running statistics have a number for each channel");
  const Var out = tape.node("batch_norm", shape, inputs(x, gamma, beta), backward);
  tape.attributes<BatchNormAttributes>(out) = {epsilon, training};
  const View mean = tape.scratch(out, 0, channels), variance = tape.scratch(out, 1, channels);
  if (training) {
    batch_norm_statistics(tape.value(x), mean, variance);
    batch_norm_update(running, mean, variance, shape.count() / std::max<std::ptrdiff_t>(channels[0], 1), momentum);
  } else {
    std::copy_n(running.mean.data(), channels[0], mean.data());
    std::copy_n(running.variance.data(), channels[0], variance.data());
  }
  batch_norm_forward(tape.value(x), tape.value(gamma), tape.value(beta), mean, variance, epsilon, tape.value(out));
  return out;
}

Var layer_norm(Tape& tape, Var x, Var gamma, Var beta, float epsilon) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    layer_norm_backward(value_of(t, out, 0), value_of(t, out, 1), t.scratch(out, 0), t.scratch(out, 1),
                        gradient_of_result(t, out), dx.view, gradient_of(t, out, 1), gradient_of(t, out, 2), !dx.fresh);
  };
  const Shape shape = tape.shape(x);
  const Shape rows = {shape.count() / std::max<std::ptrdiff_t>(shape[shape.rank() - 1], 1)};
  const Var out = tape.node("layer_norm", shape, inputs(x, gamma, beta), backward);
  layer_norm_forward(tape.value(x), tape.value(gamma), tape.value(beta), epsilon, tape.value(out),
                     tape.scratch(out, 0, rows), tape.scratch(out, 1, rows));
  return out;
}

Var dropout(Tape& tape, Var x, float p_drop, Rng& rng, bool training, DropoutKind kind) {
  const double p = static_cast<double>(p_drop);
  if (!training) {
    const float factor = static_cast<float>(dropout_evaluation_factor(kind, p));
    return factor == 1.0f ? x : scale(tape, x, factor);
  }
  if (p_drop == 0.0f) return x;
  const auto backward = [](Tape& t, Var out) {
    dropout_backward<float>(t.scratch(out, 0), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Shape shape = tape.shape(x);
  const Var out = tape.node("dropout", shape, inputs(x), backward);
  const View mask = tape.scratch(out, 0, shape);
  dropout_mask(kind, p, rng, mask);
  dropout_forward<float>(tape.value(x), mask, tape.value(out));
  return out;
}

Var softmax(Tape& tape, Var x) {
  const auto backward = [](Tape& t, Var out) {
    softmax_backward(t.value(out), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Var out = tape.node("softmax", Shape(tape.shape(x)), inputs(x), backward);
  softmax_forward(tape.value(x), tape.value(out));
  return out;
}

Var log_softmax(Tape& tape, Var x) {
  const auto backward = [](Tape& t, Var out) {
    log_softmax_backward(t.value(out), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Var out = tape.node("log_softmax", Shape(tape.shape(x)), inputs(x), backward);
  log_softmax_forward(tape.value(x), tape.value(out));
  return out;
}

Var upsample2d(Tape& tape, const Upsample2dParams& params, Var x) {
  const auto backward = [](Tape& t, Var out) {
    upsample2d_backward(t.attributes<Upsample2dParams>(out), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Var out = tape.node("upsample2d", upsample2d_output_shape(params, tape.shape(x)), inputs(x), backward);
  tape.attributes<Upsample2dParams>(out) = params;
  upsample2d_forward(params, tape.value(x), tape.value(out));
  return out;
}

Var pad2d(Tape& tape, Var x, int top, int bottom, int left, int right, Padding rule, float value) {
  const auto backward = [](Tape& t, Var out) {
    pad2d_backward<float>(t.attributes<Pad2dParams>(out), gradient_of_result(t, out), gradient_of(t, out, 0));
  };
  const Pad2dParams params = {top, bottom, left, right, rule, value};
  const Var out = tape.node("pad2d", pad2d_output_shape(params, tape.shape(x)), inputs(x), backward);
  tape.attributes<Pad2dParams>(out) = params;
  pad2d_forward<float>(params, tape.value(x), tape.value(out));
  return out;
}

}  // namespace cvlab
