#include "core/nn/weights.hpp"

#include <algorithm>

#include "core/nn/shapes.hpp"

namespace cvlab::nn {

namespace {

struct Slot {
  std::string name;
  Tensor* value;
};

std::vector<Slot> slots_of(Graph& graph) {
  std::vector<Slot> slots;
  for (Parameter& p : graph.parameters()) slots.push_back({p.name, &p.value});
  for (auto& [layer, statistics] : graph.statistics()) {
    slots.push_back({layer + ".running_mean", &statistics.mean});
    slots.push_back({layer + ".running_var", &statistics.variance});
  }
  return slots;
}

}  // namespace

Result<void> load_weights(Graph& graph, const Safetensors& file) {
  if (graph.parameters().empty())
    if (Result<void> made = graph.make_parameters(); !made) return made;
  const std::vector<Slot> slots = slots_of(graph);
  for (const Slot& slot : slots) {
    const auto found = file.tensors.find(slot.name);
    if (found == file.tensors.end())
      return Error{"weights-missing",
                   "The weights file has no tensor \"" + slot.name + "\", which the model " + graph.name() + " needs.",
                   {slot.name, graph.name()}};
    const std::string theirs = to_text(found->second.shape()), ours = to_text(slot.value->shape());
    if (!(found->second.shape() == slot.value->shape()))
      return Error{"weights-shape",
                   "The tensor \"" + slot.name + "\" of the weights file is " + theirs + "; the model " + graph.name() +
                       " needs " + ours + ".",
                   {slot.name, theirs, graph.name(), ours}};
  }
  for (const auto& tensor : file.tensors) {
    const std::string& name = tensor.first;
    if (name.starts_with("optimizer.") || name.ends_with(".num_batches_tracked")) continue;
    if (std::none_of(slots.begin(), slots.end(), [&](const Slot& slot) { return slot.name == name; })) {
      const std::string shown = name.substr(0, 80);
      return Error{
          "weights-unused",
          "The weights file has a tensor \"" + shown + "\", which the model " + graph.name() + " does not know.",
          {shown, graph.name()}};
    }
  }
  for (const Slot& slot : slots) *slot.value = file.tensors.find(slot.name)->second;
  return {};
}

std::vector<std::uint8_t> save_weights(const Graph& graph, WeightType type,
                                       const std::map<std::string, std::string>& metadata,
                                       std::span<const NamedView> extra) {
  std::vector<NamedView> all;
  for (const Parameter& p : graph.parameters()) all.push_back({p.name, p.value.view()});
  for (const auto& [layer, statistics] : graph.statistics()) {
    all.push_back({layer + ".running_mean", statistics.mean.view()});
    all.push_back({layer + ".running_var", statistics.variance.view()});
  }
  all.insert(all.end(), extra.begin(), extra.end());
  return write_safetensors(all, metadata, type);
}

}  // namespace cvlab::nn
