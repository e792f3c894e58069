// Weights changed by hand, as the text of the parameter "edits": "conv1:3,1,2,2=0.5;conv2:7=off". Kernel, channel that
// it reads, row and column, counted from 1; "off" makes a whole kernel and its bias zero, so that its map falls silent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/nn/graph.hpp"
#include "core/result.hpp"

namespace cvlab::app {

struct WeightEdit {
  std::string layer;
  int kernel = 0, channel = 0, row = 0, column = 0;  // from 0
  bool off = false;
  double value = 0.0;
  bool same_place(const WeightEdit& other) const {
    return layer == other.layer && kernel == other.kernel && off == other.off && channel == other.channel &&
           row == other.row && column == other.column;
  }
};

Result<std::vector<WeightEdit>> parse_weight_edits(std::string_view text);
std::string format_weight_edits(const std::vector<WeightEdit>& edits);
std::vector<WeightEdit> with_edit(std::vector<WeightEdit> edits,
                                  const WeightEdit& edit);  // replaces an older one there
// In their order. An edit of a weight that does not exist is refused with a sentence; those before it are made.
Result<void> apply_weight_edits(const std::vector<WeightEdit>& edits, nn::Graph& graph);

}  // namespace cvlab::app
