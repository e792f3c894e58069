// cvlab summary MODEL: what the walk over a network's graph tells.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/model_file.hpp"
#include "core/nn/shapes.hpp"

namespace cvlab::cli {

namespace {

using Json = nlohmann::ordered_json;
using nn::LayerSummary;

Json shape_json(const Shape& shape) {  // of one example
  Json extents = Json::array();
  for (int axis = 1; axis < shape.rank(); ++axis) extents.push_back(shape[axis]);
  return extents;
}

std::string shape_text(const Shape& shape) {
  std::string text;
  for (int axis = 1; axis < shape.rank(); ++axis) text += (axis > 1 ? " x " : "") + std::to_string(shape[axis]);
  return text;
}

// 1234567 -> "1,234,567"
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

// Names and shapes of what a weights file for this network holds.
Json weights_json(const nn::Graph& graph, const nn::Summary& summary, std::size_t index) {
  const nn::Layer& layer = graph.layers()[index];
  Json all = Json::array();
  if (!layer.shares.empty()) return all;
  std::vector<Shape> inputs;
  for (const int input : layer.inputs) inputs.push_back(summary.layers[static_cast<std::size_t>(input)].output);
  const auto add = [&](const std::string& name, const Shape& shape) {
    Json extents = Json::array();
    for (int axis = 0; axis < shape.rank(); ++axis) extents.push_back(shape[axis]);
    all.push_back({{"name", name}, {"shape", extents}});
  };
  for (const nn::ParameterShape& p : nn::parameter_shapes(layer, inputs))
    add(p.suffix.empty() ? layer.name : layer.name + "." + p.suffix, p.shape);
  if (layer.kind == nn::LayerKind::batch_norm)
    for (const char* statistic : {".running_mean", ".running_var"}) add(layer.name + statistic, {inputs[0][1]});
  return all;
}

void print_json(const nn::Graph& graph, const nn::Summary& summary) {
  Json layers = Json::array();
  for (std::size_t i = 0; i < summary.layers.size(); ++i) {
    const LayerSummary& layer = summary.layers[i];
    Json inputs = Json::array();
    for (const int input : graph.layers()[i].inputs)
      inputs.push_back(summary.layers[static_cast<std::size_t>(input)].name);
    layers.push_back({{"name", layer.name},
                      {"kind", name(layer.kind)},
                      {"inputs", inputs},
                      {"output", shape_json(layer.output)},
                      {"weights", weights_json(graph, summary, i)},
                      {"parameters", layer.parameters},
                      {"multiply_adds", layer.multiply_adds},
                      {"activation_bytes", layer.activation_bytes},
                      {"receptive_field", layer.receptive_field},
                      {"receptive_jump", layer.receptive_jump}});
  }
  const Json all = {{"model", graph.name()},
                    {"parameters", summary.parameters},
                    {"multiply_adds", summary.multiply_adds},
                    {"activation_bytes", summary.activation_bytes},
                    {"layers", layers}};
  std::puts(all.dump(1).c_str());
}

void print_table(const nn::Summary& summary) {
  std::size_t widest = 5;
  for (const LayerSummary& layer : summary.layers) widest = std::max(widest, layer.name.size());
  const int width = static_cast<int>(widest);
  std::printf("%-*s  %-17s  %16s  %12s  %15s  %12s  %5s\n", width, "layer", "kind", "output", "parameters",
              "multiply-adds", "activations", "field");
  for (const LayerSummary& layer : summary.layers)
    std::printf("%-*s  %-17s  %16s  %12s  %15s  %12s  %5s\n", width, layer.name.c_str(), name(layer.kind),
                shape_text(layer.output).c_str(), grouped(layer.parameters).c_str(),
                grouped(layer.multiply_adds).c_str(), grouped(layer.activation_bytes).c_str(),
                layer.receptive_field > 0 ? std::to_string(layer.receptive_field).c_str() : "all");
  std::printf("%s parameters, %s multiply-adds, %s bytes of activations for one example\n",
              grouped(summary.parameters).c_str(), grouped(summary.multiply_adds).c_str(),
              grouped(summary.activation_bytes).c_str());
}

}  // namespace

void add_summary_command(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* command =
      root.add_subcommand("summary", "Shapes, parameters, work and memory of a network, layer by layer");
  command->footer(
      "activations: bytes of float32, 0 where the output lies in its input's memory. field: the receptive field, how "
      "many rows of the input one output sees; all = the whole input.");
  auto request = std::make_shared<ModelRequest>();
  auto json = std::make_shared<bool>(false);
  add_model_options(*command, *request);
  command->add_flag("--json", *json, "For programs");
  commands.push_back({command, [request, json]() -> Result<void> {
                        const Result<nn::Graph> graph = make_requested(*request);
                        if (!graph) return graph.error();
                        const Result<nn::Summary> summary = graph.value().summarise();
                        if (!summary) return summary.error();
                        *json ? print_json(graph.value(), summary.value()) : print_table(summary.value());
                        return {};
                      }});
}

}  // namespace cvlab::cli
