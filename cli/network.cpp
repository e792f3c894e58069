#include "cli/network.hpp"

#include <nlohmann/json.hpp>

namespace cvlab::cli {

Error not_trained_here(const std::string& model) {
  return {"model-objective", "The network " + model +
                                 " is not trained by this command: it needs a training of its own, with more than "
                                 "pictures and classes."};
}

Result<Network> make_network(const std::string& model, const Shape& example, int classes, int code) {
  const nn::ModelInfo* info = nn::find_model(model);
  if (info && info->objective == nn::Objective::other) return not_trained_here(model);
  Result<nn::Graph> graph =
      nn::make_model(model, example, info && info->objective == nn::Objective::classify ? classes : code);
  if (!graph) return graph.error();
  if (const Result<nn::Summary> summary = graph.value().summarise(); !summary) return summary.error();
  return Network{std::move(graph).value(), info->objective};
}

Result<Shape> wanted_example(const std::string& model, int size) {
  const nn::ModelInfo* info = nn::find_model(model);
  if (!info) return nn::make_model(model).error();  // its sentence lists the known ones
  if (info->input.rank() != 3) return Error{"model-input", "The network " + model + " does not take pictures."};
  return size > 0 ? Shape{info->input[0], size, size} : info->input;
}

std::map<std::string, std::string> describe(const std::string& model, const Dataset& data, int classes) {
  std::string input;
  for (int axis = 0; axis < 3; ++axis) input += (axis > 0 ? "x" : "") + std::to_string(data.example[axis]);
  return {{"model", model},
          {"data", data.name},
          {"input", input},
          {"classes", std::to_string(classes)},
          {"class_names", nlohmann::json(data.class_names).dump()}};
}

}  // namespace cvlab::cli
