// A network's weights as a safetensors file, under PyTorch's names: every parameter, and batch norm's "running_mean"
// and "running_var".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/formats/safetensors.hpp"
#include "core/nn/graph.hpp"

namespace cvlab::nn {

// Everything the graph has must be there in its shape: the sentence names what is missing, does not fit or is too much.
// Tensors whose names begin with "optimizer." (a checkpoint's) and PyTorch's "num_batches_tracked" are passed over.
// Makes the parameters first when the graph has none.
Result<void> load_weights(Graph& graph, const Safetensors& file);

// `extra`: further tensors, such as "optimizer.…".
std::vector<std::uint8_t> save_weights(const Graph& graph, WeightType type,
                                       const std::map<std::string, std::string>& metadata = {},
                                       std::span<const NamedView> extra = {});

}  // namespace cvlab::nn
