// The networks of the course by name, built as graphs.
#pragma once

#include <string_view>
#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::nn {

enum class Objective { classify, reconstruct, variational, other };  // what a Trainer can make of it

struct ModelInfo {
  std::string_view name;  // "lenet5"
  Shape input;            // (C, H, W) when none is given
  int classes;            // likewise
  Objective objective;
  std::string_view source;  // paper
};
const std::vector<ModelInfo>& all_models();
const ModelInfo* find_model(std::string_view name);

// Empty shape, 0 classes: the model's own. An unknown name gets a sentence that lists the known ones; "resnet-20" and
// other resnet-N of the CIFAR family (N = 6n + 2) are known too. Parameters are not made yet: Graph::initialise.
Result<Graph> make_model(std::string_view name, const Shape& input = {}, int classes = 0);

}  // namespace cvlab::nn
