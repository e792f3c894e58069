// Graph::summarise(): the walk that only looks.
#include <algorithm>
#include <optional>

#include "core/nn/shapes.hpp"

namespace cvlab::nn {

namespace {

// What one output cell sees of the picture, along y. No value: it comes from vectors alone. size 0: everything.
struct Reach {
  int size, jump;
};
using Field = std::optional<Reach>;

constexpr Reach everything = {0, 0};

// A kernel of `cells` cells, `dilation` apart, every `stride`-th position.
Reach windowed(Reach in, int cells, int dilation, int stride) {
  return {in.size + (cells - 1) * dilation * in.jump, in.jump * stride};
}

// Output cells lie `factor` times closer; each reads `cells` neighbours. Closer than pixels does not exist.
Reach enlarged(Reach in, int cells, int factor) {
  return {in.size + (cells - 1) * in.jump, std::max(1, in.jump / factor)};
}

Field widest(const Layer& layer, std::span<const Field> fields) {
  Field all;
  for (const int input : layer.inputs) {
    const Field& one = fields[static_cast<std::size_t>(input)];
    if (!one) continue;
    if (one->size == 0 || (all && all->size == 0)) {
      all = everything;
    } else {
      all = all ? Reach{std::max(all->size, one->size), std::max(all->jump, one->jump)} : *one;
    }
  }
  return all;
}

Field field_of(const Layer& layer, std::span<const Field> fields, const Shape& output) {
  if (layer.kind == LayerKind::input) return layer.shape.rank() == 3 ? Field{Reach{1, 1}} : Field{};
  const Field in = widest(layer, fields);
  if (!in || in->size == 0) return in;
  switch (layer.kind) {
    case LayerKind::conv2d:
      return windowed(*in, layer.kernel_y, layer.dilation, layer.stride);
    case LayerKind::max_pool2d:
    case LayerKind::avg_pool2d:
      return windowed(*in, layer.kernel_y, 1, layer.stride);
    case LayerKind::conv_transpose2d: {  // of every `stride` kernel cells in a row, one meets an input cell
      const int cells = (layer.dilation * (layer.kernel_y - 1) + layer.stride) / layer.stride;
      return enlarged(*in, cells, layer.stride);
    }
    case LayerKind::upsample2d:
      return enlarged(*in, layer.interpolation == Interpolation::bilinear ? 2 : 1, layer.factor);
    case LayerKind::global_avg_pool2d:
    case LayerKind::attention:
      return everything;
    case LayerKind::linear:
      return output.rank() == 2 ? everything : *in;  // of tokens: each alone
    default:
      return in;
  }
}

std::int64_t multiply_adds(const Layer& layer, std::span<const Shape> in, const Shape& out) {
  const auto window = std::int64_t{layer.kernel_y} * layer.kernel_x;
  switch (layer.kind) {
    case LayerKind::conv2d:
      return out.count() * (in[0][1] / layer.groups) * window;
    case LayerKind::conv_transpose2d:
      return in[0].count() * (layer.channels / layer.groups) * window;
    case LayerKind::linear:
      return out.count() * in[0][in[0].rank() - 1];
    case LayerKind::attention:  // scores, then their weighted mean of the values
      return 2 * in[0].count() * in[1][1];
    default:
      return 0;
  }
}

bool shares_memory(LayerKind kind) {
  return kind == LayerKind::input || kind == LayerKind::flatten || kind == LayerKind::reshape;
}

Error cannot_share(const Layer& layer) {
  return {"layer-shares",
          "Layer \"" + layer.name + "\" (" + name(layer.kind) + ") cannot share the parameters of \"" + layer.shares +
              "\".",
          {layer.name, name(layer.kind), layer.shares}};
}

}  // namespace

Result<Summary> Graph::summarise() const {
  if (layers_.empty()) return Error{"model-empty", "The network has no layers."};
  Graph counted = Graph(name_);
  counted.layers_ = layers_;
  counted.extra_outputs = extra_outputs;
  counted.count_consumers();
  Summary summary;
  std::vector<Field> fields;
  std::vector<std::vector<ParameterShape>> parameters;
  std::vector<Shape> in;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    in.clear();
    for (const int input : layer.inputs) in.push_back(summary.layers[static_cast<std::size_t>(input)].output);
    const Result<Shape> shape = output_shape(layer, in);
    if (!shape) return shape.error();
    LayerSummary one{layer.name, layer.kind, shape.value()};
    parameters.push_back(parameter_shapes(layer, in));
    if (!layer.shares.empty()) {
      const int owner = find_layer(layer.shares);
      if (owner < 0 || owner >= static_cast<int>(i)) return cannot_share(layer);
      const auto& theirs = parameters[static_cast<std::size_t>(owner)];
      if (!std::equal(theirs.begin(), theirs.end(), parameters.back().begin(), parameters.back().end(),
                      [](const ParameterShape& a, const ParameterShape& b) { return a.shape == b.shape; }))
        return cannot_share(layer);
    } else {
      for (const ParameterShape& p : parameters.back()) one.parameters += p.shape.count();
    }
    one.multiply_adds = multiply_adds(layer, in, one.output);
    const bool none = shares_memory(layer.kind) || counted.overwrites_input(static_cast<int>(i));
    one.activation_bytes = none ? 0 : one.output.count() * std::int64_t{sizeof(float)};
    fields.push_back(field_of(layer, fields, one.output));
    const Reach reach = fields.back().value_or(everything);
    one.receptive_field = reach.size;
    one.receptive_jump = reach.jump;
    summary.parameters += one.parameters;
    summary.multiply_adds += one.multiply_adds;
    summary.activation_bytes += one.activation_bytes;
    summary.layers.push_back(std::move(one));
  }
  return summary;
}

}  // namespace cvlab::nn
