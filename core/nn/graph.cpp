#include "core/nn/graph.hpp"

#include <algorithm>

#include "core/nn/shapes.hpp"

namespace cvlab::nn {

const char* name(LayerKind kind) {
  constexpr const char* names[] = {
      "input",      "constant",          "conv2d",     "conv_transpose2d", "linear",  "max_pool2d",
      "avg_pool2d", "global_avg_pool2d", "batch_norm", "layer_norm",       "dropout", "activation",
      "softmax",    "flatten",           "reshape",    "permute",          "concat",  "slice",
      "add",        "multiply",          "scale",      "upsample2d",       "pad2d",   "attention",
      "sample"};
  return names[static_cast<int>(kind)];
}

int Graph::add(Layer layer) {
  if (layer.inputs.empty() && input_count(layer.kind).least > 0) {
    assert(!layers_.empty() && "the first layer is an input");
    layer.inputs.assign(1, output());
  }
  for ([[maybe_unused]] const int input : layer.inputs)
    assert(input >= 0 && input <= output() && "a layer reads earlier layers");
  assert(find_layer(layer.name) < 0 && "layers' names are unique");
  layers_.push_back(std::move(layer));
  return output();
}

int Graph::find_layer(std::string_view name) const {
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (layers_[i].name == name) return static_cast<int>(i);
  return -1;
}

Parameter* Graph::find(std::string_view name) {
  for (Parameter& parameter : parameters_)
    if (parameter.name == name) return &parameter;
  return nullptr;
}

Result<void> Graph::make_parameters() {
  const Result<Summary> summary = summarise();
  if (!summary) return summary.error();
  parameters_.clear();
  statistics_.clear();
  first_parameter_.assign(layers_.size(), -1);
  std::vector<Shape> inputs;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    if (!layer.shares.empty()) {
      first_parameter_[i] = first_parameter_[static_cast<std::size_t>(find_layer(layer.shares))];
      continue;
    }
    inputs.clear();
    for (const int input : layer.inputs)
      inputs.push_back(summary.value().layers[static_cast<std::size_t>(input)].output);
    const std::vector<ParameterShape> shapes = parameter_shapes(layer, inputs);
    if (!shapes.empty()) first_parameter_[i] = static_cast<int>(parameters_.size());
    for (const ParameterShape& p : shapes) {
      const bool gamma = p.suffix == "weight" && p.shape.rank() == 1;
      const std::string name = p.suffix.empty() ? layer.name : layer.name + "." + p.suffix;
      parameters_.push_back({name, Tensor(p.shape, gamma ? 1.0f : 0.0f), {}});
    }
    if (layer.kind == LayerKind::batch_norm)
      statistics_[layer.name] = {Tensor({inputs[0][1]}), Tensor({inputs[0][1]}, 1.0f)};
  }
  return {};
}

void Graph::count_consumers() {
  consumers_.assign(layers_.size(), 0);
  for (const Layer& layer : layers_)
    for (const int input : layer.inputs) ++consumers_[static_cast<std::size_t>(input)];
  for (const int extra : extra_outputs) ++consumers_[static_cast<std::size_t>(extra)];
}

bool Graph::overwrites_input(int layer) const {
  const Layer& it = layers_[static_cast<std::size_t>(layer)];
  if (it.kind != LayerKind::activation || activation_needs_input(it.activation)) return false;
  if (consumers_[static_cast<std::size_t>(it.inputs[0])] != 1) return false;
  switch (layers_[static_cast<std::size_t>(it.inputs[0])].kind) {
    case LayerKind::conv2d:
    case LayerKind::conv_transpose2d:
    case LayerKind::linear:
    case LayerKind::batch_norm:
    case LayerKind::add:
    case LayerKind::upsample2d:
    case LayerKind::avg_pool2d:
      return true;
    default:
      return false;
  }
}

}  // namespace cvlab::nn
