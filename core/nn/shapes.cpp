#include "core/nn/shapes.hpp"

#include <algorithm>

namespace cvlab::nn {

namespace {

using Extents = std::vector<std::ptrdiff_t>;

Extents extents_of(const Shape& shape) {
  Extents extents;
  for (int axis = 0; axis < shape.rank(); ++axis) extents.push_back(shape[axis]);
  return extents;
}

std::string example_text(const Shape& shape) {
  const Extents all = extents_of(shape);
  return to_text(Shape(std::span(all).subspan(1)));
}

std::string quoted(const Layer& layer) { return "Layer \"" + layer.name + "\" (" + name(layer.kind) + ")"; }

Error attribute(const Layer& layer, const std::string& what, const std::string& value) {
  return {"layer-attribute",
          quoted(layer) + ": " + what + " = " + value + " is not possible.",
          {layer.name, name(layer.kind), what, value}};
}
Error attribute(const Layer& layer, const std::string& what, std::ptrdiff_t value) {
  return attribute(layer, what, std::to_string(value));
}

Error needs_picture(const Layer& layer, const Shape& got) {
  const std::string text = example_text(got);
  return {"layer-picture",
          quoted(layer) + " got " + text + "; it needs a picture: channels x height x width.",
          {layer.name, name(layer.kind), text}};
}

Error too_small(const Layer& layer, const Shape& got) {
  const std::string window = std::to_string(layer.kernel_y) + "x" + std::to_string(layer.kernel_x);
  const std::string text = example_text(got);
  return {"layer-too-small",
          quoted(layer) + ": its window of " + window + " does not fit into " + text + ".",
          {layer.name, name(layer.kind), window, text}};
}

Error unlike(const Layer& layer, const Shape& a, const Shape& b) {
  const std::string first = example_text(a), second = example_text(b);
  return {"layer-unlike",
          quoted(layer) + " got " + first + " and " + second + ", which do not fit together.",
          {layer.name, name(layer.kind), first, second}};
}

bool has_zero(const Shape& shape) {
  const Extents e = extents_of(shape);
  return std::any_of(e.begin(), e.end(), [](std::ptrdiff_t extent) { return extent < 1; });
}

Result<void> check_window(const Layer& layer, const Shape& in) {
  if (in.rank() != 4) return needs_picture(layer, in);
  if (layer.kernel_y < 1) return attribute(layer, "kernel", layer.kernel_y);
  if (layer.kernel_x < 1) return attribute(layer, "kernel", layer.kernel_x);
  if (layer.stride < 1) return attribute(layer, "stride", layer.stride);
  if (layer.padding < 0) return attribute(layer, "padding", layer.padding);
  if (layer.dilation < 1) return attribute(layer, "dilation", layer.dilation);
  return {};
}

Result<void> check_convolution(const Layer& layer, const Shape& in) {
  if (Result<void> good = check_window(layer, in); !good) return good;
  if (layer.channels < 1) return attribute(layer, "channels", layer.channels);
  if (layer.groups < 1 || in[1] % layer.groups != 0 || layer.channels % layer.groups != 0)
    return attribute(layer, "groups", layer.groups);
  return {};
}

Result<Shape> convolution(const Layer& layer, const Shape& in) {
  if (Result<void> good = check_convolution(layer, in); !good) return good.error();
  const Shape out = conv2d_output_shape(conv2d_params(layer), in, parameter_shapes(layer, {&in, 1})[0].shape);
  if (has_zero(out)) return too_small(layer, in);
  return out;
}

Result<Shape> transposed_convolution(const Layer& layer, const Shape& in) {
  if (Result<void> good = check_convolution(layer, in); !good) return good.error();
  if (layer.output_padding < 0 || layer.output_padding >= std::max(layer.stride, layer.dilation))
    return attribute(layer, "output_padding", layer.output_padding);
  const auto size = [&](std::ptrdiff_t cells, int kernel) {
    return (cells - 1) * layer.stride - 2 * layer.padding + layer.dilation * (kernel - 1) + layer.output_padding + 1;
  };
  const std::ptrdiff_t height = size(in[2], layer.kernel_y), width = size(in[3], layer.kernel_x);
  if (height < 1 || width < 1) return too_small(layer, in);
  return Shape{in[0], layer.channels, height, width};
}

Result<Shape> pooling(const Layer& layer, const Shape& in) {
  if (Result<void> good = check_window(layer, in); !good) return good.error();
  if (layer.padding > std::min(layer.kernel_y, layer.kernel_x) / 2) return attribute(layer, "padding", layer.padding);
  const Shape out = pool2d_output_shape(pool2d_params(layer), in);
  if (has_zero(out)) return too_small(layer, in);
  return out;
}

Result<Shape> linear_shape(const Layer& layer, const Shape& in) {
  if (layer.channels < 1) return attribute(layer, "features", layer.channels);
  Extents extents = extents_of(in);
  extents.back() = layer.channels;
  return Shape(std::span<const std::ptrdiff_t>(extents));
}

Result<Shape> reshaped(const Layer& layer, const Shape& in) {
  if (layer.shape.rank() < 1 || layer.shape.rank() >= max_rank) return attribute(layer, "axes", layer.shape.rank());
  const Shape out = with_batch(in[0], layer.shape);
  if (out.count() == in.count()) return out;
  const std::string from = example_text(in), to = to_text(layer.shape);
  return Error{"layer-reshape",
               quoted(layer) + " cannot make " + to + " of " + from + ": the number of values differs.",
               {layer.name, name(layer.kind), from, to}};
}

Result<Shape> permuted(const Layer& layer, const Shape& in) {
  Extents extents;
  std::vector<int> sorted = layer.axes;
  std::sort(sorted.begin(), sorted.end());
  for (int i = 0; i < static_cast<int>(sorted.size()); ++i)
    if (sorted[static_cast<std::size_t>(i)] != i) return attribute(layer, "axes", sorted[static_cast<std::size_t>(i)]);
  if (static_cast<int>(sorted.size()) != in.rank() || layer.axes[0] != 0)
    return attribute(layer, "axes", static_cast<std::ptrdiff_t>(sorted.size()));
  for (const int axis : layer.axes) extents.push_back(in[axis]);
  return Shape(std::span<const std::ptrdiff_t>(extents));
}

Result<Shape> concatenated(const Layer& layer, std::span<const Shape> in) {
  if (layer.axis < 1 || layer.axis >= in[0].rank()) return attribute(layer, "axis", layer.axis);
  Extents extents = extents_of(in[0]);
  const auto axis = static_cast<std::size_t>(layer.axis);
  for (const Shape& other : in.subspan(1)) {
    Extents others = extents_of(other);
    if (others.size() != extents.size()) return unlike(layer, in[0], other);
    extents[axis] += others[axis];
    others[axis] = extents[axis];
    if (others != extents) return unlike(layer, in[0], other);
  }
  return Shape(std::span<const std::ptrdiff_t>(extents));
}

Result<Shape> sliced(const Layer& layer, const Shape& in) {
  if (layer.axis < 1 || layer.axis >= in.rank()) return attribute(layer, "axis", layer.axis);
  if (layer.first < 0) return attribute(layer, "first", layer.first);
  if (layer.count < 1 || layer.count > in[layer.axis] - layer.first) return attribute(layer, "count", layer.count);
  Extents extents = extents_of(in);
  extents[static_cast<std::size_t>(layer.axis)] = layer.count;
  return Shape(std::span<const std::ptrdiff_t>(extents));
}

// The second repeats along axes where its extent is 1.
Result<Shape> broadcast(const Layer& layer, const Shape& a, const Shape& b) {
  if (b.rank() != a.rank()) return unlike(layer, a, b);
  for (int axis = 0; axis < a.rank(); ++axis)
    if (b[axis] != a[axis] && b[axis] != 1) return unlike(layer, a, b);
  return a;
}

Result<Shape> enlarged(const Layer& layer, const Shape& in) {
  if (in.rank() != 4) return needs_picture(layer, in);
  if (layer.factor < 1) return attribute(layer, "factor", layer.factor);
  return Shape{in[0], in[1], in[2] * layer.factor, in[3] * layer.factor};
}

Result<Shape> padded(const Layer& layer, const Shape& in) {
  if (in.rank() != 4) return needs_picture(layer, in);
  if (layer.padding < 0) return attribute(layer, "padding", layer.padding);
  return Shape{in[0], in[1], in[2] + 2 * layer.padding, in[3] + 2 * layer.padding};
}

Result<Shape> attended(const Layer& layer, std::span<const Shape> in) {
  for (const Shape& shape : in)
    if (shape.rank() != 3 || shape[2] != in[0][2]) return unlike(layer, in[0], shape);
  if (in[1][1] != in[2][1]) return unlike(layer, in[1], in[2]);
  if (layer.heads < 1 || in[0][2] % layer.heads != 0) return attribute(layer, "heads", layer.heads);
  return in[0];
}

Result<Shape> same_shape(const Layer& layer, std::span<const Shape> in) {
  if (layer.kind == LayerKind::batch_norm && in[0].rank() != 2 && in[0].rank() != 4) return needs_picture(layer, in[0]);
  if (layer.kind == LayerKind::dropout && !(layer.alpha >= 0.0f && layer.alpha < 1.0f))
    return attribute(layer, "p", std::to_string(layer.alpha));
  const bool sloped = layer.activation == Activation::leaky_relu || layer.activation == Activation::elu;
  if (layer.kind == LayerKind::activation && sloped && !(layer.alpha >= 0.0f))
    return attribute(layer, "alpha", std::to_string(layer.alpha));
  if (layer.kind == LayerKind::sample && !(in[0] == in[1])) return unlike(layer, in[0], in[1]);
  return in[0];
}

Result<Shape> given_shape(const Layer& layer) {
  if (layer.shape.rank() < 1 || layer.shape.rank() >= max_rank) return attribute(layer, "axes", layer.shape.rank());
  return with_batch(1, layer.shape);
}

Result<Shape> shape_of_kind(const Layer& layer, std::span<const Shape> in) {
  switch (layer.kind) {
    case LayerKind::input:
    case LayerKind::constant:
      return given_shape(layer);
    case LayerKind::conv2d:
      return convolution(layer, in[0]);
    case LayerKind::conv_transpose2d:
      return transposed_convolution(layer, in[0]);
    case LayerKind::linear:
      return linear_shape(layer, in[0]);
    case LayerKind::max_pool2d:
    case LayerKind::avg_pool2d:
      return pooling(layer, in[0]);
    case LayerKind::global_avg_pool2d:
      if (in[0].rank() != 4) return needs_picture(layer, in[0]);
      return Shape{in[0][0], in[0][1]};
    case LayerKind::flatten:
      return Shape{in[0][0], in[0].count() / in[0][0]};
    case LayerKind::reshape:
      return reshaped(layer, in[0]);
    case LayerKind::permute:
      return permuted(layer, in[0]);
    case LayerKind::concat:
      return concatenated(layer, in);
    case LayerKind::slice:
      return sliced(layer, in[0]);
    case LayerKind::add:
    case LayerKind::multiply:
      return broadcast(layer, in[0], in[1]);
    case LayerKind::upsample2d:
      return enlarged(layer, in[0]);
    case LayerKind::pad2d:
      return padded(layer, in[0]);
    case LayerKind::attention:
      return attended(layer, in);
    case LayerKind::batch_norm:
    case LayerKind::layer_norm:
    case LayerKind::dropout:
    case LayerKind::activation:
    case LayerKind::softmax:
    case LayerKind::scale:
    case LayerKind::sample:
      return same_shape(layer, in);
  }
  return in[0];
}

}  // namespace

Shape with_batch(std::ptrdiff_t batch, const Shape& example) {
  std::array<std::ptrdiff_t, max_rank> extents{batch};
  for (int axis = 0; axis < example.rank(); ++axis) extents[static_cast<std::size_t>(axis) + 1] = example[axis];
  return Shape(std::span<const std::ptrdiff_t>(extents).first(static_cast<std::size_t>(example.rank()) + 1));
}

std::string to_text(const Shape& shape) {
  if (shape.rank() == 0) return "one number";
  std::string text;
  for (int axis = 0; axis < shape.rank(); ++axis) text += (axis > 0 ? "x" : "") + std::to_string(shape[axis]);
  return text;
}

InputCount input_count(LayerKind kind) {
  switch (kind) {
    case LayerKind::input:
    case LayerKind::constant:
      return {0, 0};
    case LayerKind::concat:
      return {2, Tape::max_inputs};
    case LayerKind::add:
    case LayerKind::multiply:
    case LayerKind::sample:
      return {2, 2};
    case LayerKind::attention:
      return {3, 3};
    default:
      return {1, 1};
  }
}

Result<Shape> output_shape(const Layer& layer, std::span<const Shape> inputs) {
  const InputCount wanted = input_count(layer.kind);
  const int got = static_cast<int>(inputs.size());
  if (got < wanted.least || got > wanted.most)
    return Error{"layer-inputs",
                 quoted(layer) + " cannot read " + std::to_string(got) + " inputs.",
                 {layer.name, name(layer.kind), std::to_string(got)}};
  Result<Shape> out = shape_of_kind(layer, inputs);
  if (!out) return out;
  constexpr double largest = 1e12;  // values of one example: summaries multiply further, in 64 bits
  double count = 1.0;
  for (const std::ptrdiff_t extent : extents_of(out.value())) {
    if (extent < 1) return attribute(layer, "size", extent);
    count *= static_cast<double>(extent);
  }
  if (count > largest)
    return Error{
        "layer-too-large", quoted(layer) + " would make more than 1e12 values.", {layer.name, name(layer.kind)}};
  return out;
}

std::vector<ParameterShape> parameter_shapes(const Layer& layer, std::span<const Shape> inputs) {
  std::vector<ParameterShape> all;
  const auto bias = [&](std::ptrdiff_t size) {
    if (layer.bias) all.push_back({"bias", {size}});
  };
  switch (layer.kind) {
    case LayerKind::constant:
      all.push_back({"", with_batch(1, layer.shape)});
      break;
    case LayerKind::conv2d:
      all.push_back({"weight", {layer.channels, inputs[0][1] / layer.groups, layer.kernel_y, layer.kernel_x}});
      bias(layer.channels);
      break;
    case LayerKind::conv_transpose2d:
      all.push_back({"weight", {inputs[0][1], layer.channels / layer.groups, layer.kernel_y, layer.kernel_x}});
      bias(layer.channels);
      break;
    case LayerKind::linear:
      all.push_back({"weight", {layer.channels, inputs[0][inputs[0].rank() - 1]}});
      bias(layer.channels);
      break;
    case LayerKind::batch_norm:
      all.push_back({"weight", {inputs[0][1]}});
      all.push_back({"bias", {inputs[0][1]}});
      break;
    case LayerKind::layer_norm:
      all.push_back({"weight", {inputs[0][inputs[0].rank() - 1]}});
      all.push_back({"bias", {inputs[0][inputs[0].rank() - 1]}});
      break;
    default:
      break;
  }
  return all;
}

Conv2dParams conv2d_params(const Layer& layer) {
  Conv2dParams params;
  params.stride_y = params.stride_x = layer.stride;
  params.dilation_y = params.dilation_x = layer.dilation;
  params.padding = layer.padding > 0 ? Padding::zero : Padding::valid;
  if (layer.padding > 0) params.padding_y = params.padding_x = layer.padding;
  params.groups = layer.groups;
  return params;
}

ConvTranspose2dParams conv_transpose2d_params(const Layer& layer) {
  return {layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups};
}

Pool2dParams pool2d_params(const Layer& layer) {
  return {layer.kernel_y, layer.kernel_x, layer.stride, layer.stride, layer.padding, layer.padding, layer.ceil_mode};
}

}  // namespace cvlab::nn
