// Graph::forward(): the walk that computes.
#include <algorithm>
#include <cmath>

#include "core/nn/shapes.hpp"

namespace cvlab::nn {

namespace {

// The parameter once for every example; its gradient is the sum over them.
void repeat_backward(Tape& tape, Var out) {
  const Var parameter = tape.input_of(out, 0);
  const ConstView dout = tape.gradient(out);
  const View dparameter = tape.gradient(parameter);
  const std::ptrdiff_t size = dparameter.count();
  for (std::ptrdiff_t i = 0; i < dout.count(); ++i) dparameter.data()[i % size] += dout.data()[i];
}

Var repeat(Tape& tape, Var parameter, const Shape& example, std::ptrdiff_t batch) {
  const Var out = tape.node("constant", with_batch(batch, example), {&parameter, 1}, repeat_backward);
  const ConstView one = tape.value(parameter);
  float* to = tape.value(out).data();
  for (std::ptrdiff_t n = 0; n < batch; ++n) to = std::copy_n(one.data(), one.count(), to);
  return out;
}

// mean + exp(log variance / 2) * noise: the noise has no gradient, so that mean and variance get one.
// Source: D. Kingma, M. Welling, arXiv:1312.6114.
Var sample_normal(Tape& tape, Var mean, Var log_variance, Rng& rng) {
  const Shape shape = tape.shape(mean);  // a copy: nodes move when one is added
  const Var noise = tape.node("noise", shape, {}, nullptr);
  const View values = tape.value(noise);
  for (std::ptrdiff_t i = 0; i < values.count(); ++i) values.data()[i] = static_cast<float>(rng.normal());
  return add(tape, mean, mul(tape, exp(tape, scale(tape, log_variance, 0.5f)), noise));
}

}  // namespace

Var Graph::run_layer(Tape& tape, int index, bool training, Rng& rng, bool in_place) {
  const Layer& layer = layers_[static_cast<std::size_t>(index)];
  Var in[Tape::max_inputs];
  const std::size_t count = layer.inputs.size();
  for (std::size_t i = 0; i < count; ++i) in[i] = values_[static_cast<std::size_t>(layer.inputs[i])];
  const int first = first_parameter_[static_cast<std::size_t>(index)];
  const auto parameter = [&](int i) { return tape.parameter(parameters_[static_cast<std::size_t>(first + i)]); };
  const auto bias = [&] { return layer.bias ? parameter(1) : Var{}; };
  const auto batch = [&] { return tape.shape(values_[0])[0]; };

  switch (layer.kind) {
    case LayerKind::input:
      break;  // forward() has it
    case LayerKind::constant:
      return repeat(tape, parameter(0), layer.shape, batch());
    case LayerKind::conv2d: {
      const Var weight = parameter(0);
      return conv2d(tape, conv2d_params(layer), in[0], weight, bias());
    }
    case LayerKind::conv_transpose2d: {
      const Var weight = parameter(0);
      return conv_transpose2d(tape, conv_transpose2d_params(layer), in[0], weight, bias());
    }
    case LayerKind::linear: {
      const Var weight = parameter(0);
      return linear(tape, in[0], weight, bias());
    }
    case LayerKind::max_pool2d:
      return max_pool2d(tape, pool2d_params(layer), in[0]);
    case LayerKind::avg_pool2d:
      return avg_pool2d(tape, pool2d_params(layer), in[0]);
    case LayerKind::global_avg_pool2d:
      return global_avg_pool2d(tape, in[0]);
    case LayerKind::batch_norm: {
      const Var gamma = parameter(0), beta = parameter(1);
      const std::string& owner = layer.shares.empty() ? layer.name : layer.shares;
      return batch_norm(tape, in[0], gamma, beta, statistics_.find(owner)->second, training, 0.1f, layer.epsilon);
    }
    case LayerKind::layer_norm: {
      const Var gamma = parameter(0), beta = parameter(1);
      return layer_norm(tape, in[0], gamma, beta, layer.epsilon);
    }
    case LayerKind::dropout:
      return dropout(tape, in[0], layer.alpha, rng, training);
    case LayerKind::activation:
      return activate(tape, layer.activation, in[0], layer.alpha, in_place);
    case LayerKind::softmax:
      return softmax(tape, in[0]);
    case LayerKind::flatten: {
      const Shape& shape = tape.shape(in[0]);
      return reshape(tape, in[0], {shape[0], shape.count() / std::max<std::ptrdiff_t>(1, shape[0])});
    }
    case LayerKind::reshape:
      return reshape(tape, in[0], with_batch(tape.shape(in[0])[0], layer.shape));
    case LayerKind::permute:
      return permute(tape, in[0], layer.axes);
    case LayerKind::concat:
      return concat(tape, {in, count}, layer.axis);
    case LayerKind::slice:
      return slice(tape, in[0], layer.axis, layer.first, layer.count);
    case LayerKind::add:
      return cvlab::add(tape, in[0], in[1]);
    case LayerKind::multiply:
      return mul(tape, in[0], in[1]);
    case LayerKind::scale:
      return scale(tape, in[0], layer.alpha, layer.offset);
    case LayerKind::upsample2d:
      return upsample2d(tape, {layer.factor, layer.interpolation}, in[0]);
    case LayerKind::pad2d:
      return pad2d(tape, in[0], layer.padding, layer.padding, layer.padding, layer.padding, Padding::zero);
    case LayerKind::attention:
      return attention(tape, in[0], in[1], in[2], layer.heads);
    case LayerKind::sample:
      return training ? sample_normal(tape, in[0], in[1], rng) : in[0];
  }
  return in[0];
}

Var Graph::forward(Tape& tape, std::span<const Var> inputs, bool training, Rng& rng, bool keep_all) {
  assert(first_parameter_.size() == layers_.size() && "a graph is initialised before it runs");
  count_consumers();
  values_.assign(layers_.size(), Var{});
  std::size_t next = 0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (layers_[i].kind == LayerKind::input) {
      assert(next < inputs.size() && "an input is missing");
      assert(tape.shape(inputs[next]) == with_batch(tape.shape(inputs[0])[0], layers_[i].shape) &&
             "an input has another shape than its layer says");
      values_[i] = inputs[next++];
    } else {
      const int index = static_cast<int>(i);
      values_[i] = run_layer(tape, index, training, rng, !keep_all && overwrites_input(index));
    }
  }
  assert(next == inputs.size() && "more inputs than input layers");
  return values_.back();
}

}  // namespace cvlab::nn
