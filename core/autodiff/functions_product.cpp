#include "core/autodiff/functions.hpp"
#include "core/autodiff/recording.hpp"
#include "core/ops/attention.hpp"
#include "core/ops/conv_transpose2d.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/matmul.hpp"

namespace cvlab {

using namespace recording;

Var linear(Tape& tape, Var x, Var weight, Var bias) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    linear_backward(value_of(t, out, 0), value_of(t, out, 1), gradient_of_result(t, out), dx.view,
                    gradient_of(t, out, 1), gradient_of(t, out, 2), !dx.fresh);
  };
  const Var out =
      tape.node("linear", linear_output_shape(tape.shape(x), tape.shape(weight)), inputs(x, weight, bias), backward);
  linear_forward(tape.value(x), tape.value(weight), value_of(tape, out, 2), tape.value(out));
  return out;
}

Var matmul(Tape& tape, Var a, Var b) {
  const auto backward = [](Tape& t, Var out) {
    matmul_backward(value_of(t, out, 0), value_of(t, out, 1), gradient_of_result(t, out), gradient_of(t, out, 0),
                    gradient_of(t, out, 1));
  };
  const Var out = tape.node("matmul", matmul_output_shape(tape.shape(a), tape.shape(b)), inputs(a, b), backward);
  matmul_forward(tape.value(a), tape.value(b), tape.value(out));
  return out;
}

Var conv2d(Tape& tape, const Conv2dParams& params, Var x, Var weight, Var bias) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    conv2d_backward(t.attributes<Conv2dParams>(out), value_of(t, out, 0), value_of(t, out, 1),
                    gradient_of_result(t, out), dx.view, gradient_of(t, out, 1), gradient_of(t, out, 2), !dx.fresh);
  };
  const Var out = tape.node("conv2d", conv2d_output_shape(params, tape.shape(x), tape.shape(weight)),
                            inputs(x, weight, bias), backward);
  tape.attributes<Conv2dParams>(out) = params;
  conv2d_forward(params, tape.value(x), tape.value(weight), value_of(tape, out, 2), tape.value(out));
  return out;
}

Var conv_transpose2d(Tape& tape, const ConvTranspose2dParams& params, Var x, Var weight, Var bias) {
  const auto backward = [](Tape& t, Var out) {
    const Tape::Target dx = target_of(t, out, 0);
    conv_transpose2d_backward(t.attributes<ConvTranspose2dParams>(out), value_of(t, out, 0), value_of(t, out, 1),
                              gradient_of_result(t, out), dx.view, gradient_of(t, out, 1), gradient_of(t, out, 2),
                              !dx.fresh);
  };
  const Var out =
      tape.node("conv_transpose2d", conv_transpose2d_output_shape(params, tape.shape(x), tape.shape(weight)),
                inputs(x, weight, bias), backward);
  tape.attributes<ConvTranspose2dParams>(out) = params;
  conv_transpose2d_forward(params, tape.value(x), tape.value(weight), value_of(tape, out, 2), tape.value(out));
  return out;
}

Var attention(Tape& tape, Var query, Var key, Var value, int heads) {
  const auto backward = [](Tape& t, Var out) {
    attention_backward(t.attributes<int>(out), value_of(t, out, 0), value_of(t, out, 1), value_of(t, out, 2),
                       t.scratch(out, 0), gradient_of_result(t, out), gradient_of(t, out, 0), gradient_of(t, out, 1),
                       gradient_of(t, out, 2));
  };
  const Shape &q = tape.shape(query), &k = tape.shape(key);
  assert(q.rank() == 3 && k.rank() == 3 && tape.shape(value) == k &&
         "attention: query (N, T, D), key, value (N, S, D)");
  const Shape weights = {q[0], heads, q[1], k[1]};
  const Var out = tape.node("attention", Shape(q), inputs(query, key, value), backward);
  tape.attributes<int>(out) = heads;
  attention_forward(heads, tape.value(query), tape.value(key), tape.value(value), tape.scratch(out, 0, weights),
                    tape.value(out));
  return out;
}

}  // namespace cvlab
