// Weights changed by hand, as the text of the parameters "edits" and "begun", separated by semicolons, all counted from
// 1:
//   conv1:3,1,2,2=0.5  of a convolution: kernel, channel that it reads, row, column
//   fc:10,312=0.5      of a dense layer: output, input
//   conv1:3,bias=0.5   the bias of a kernel or output
//   conv1:3=off        a whole kernel and its bias become zero, so that its map falls silent
//   20@conv1:3=off     in "begun": made after 20 mini-batches of training
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/nn/graph.hpp"
#include "core/result.hpp"

namespace cvlab::app {

enum class EditedWeight { kernel, dense, bias, off };

struct WeightEdit {
  std::string layer;
  EditedWeight what = EditedWeight::kernel;
  int kernel = 0;                        // or output; from 0
  int channel = 0, row = 0, column = 0;  // of a dense weight, channel is the input
  double value = 0.0;
  int step = 0;  // mini-batches trained before it
  bool operator==(const WeightEdit&) const = default;
  bool same_place(const WeightEdit& other) const {
    return layer == other.layer && what == other.what && kernel == other.kernel && channel == other.channel &&
           row == other.row && column == other.column && step == other.step;
  }
};

Result<std::vector<WeightEdit>> parse_weight_edits(std::string_view text);
std::string format_weight_edits(const std::vector<WeightEdit>& edits);
std::vector<WeightEdit> with_edit(std::vector<WeightEdit> edits,
                                  const WeightEdit& edit);  // replaces an older one there
// The edit that sets number `index` of the layer's weight, whose shape is (O, C, Kh, Kw) or (O, I).
WeightEdit edit_of(std::string_view layer, const Shape& weight, std::ptrdiff_t index, double value);
// In their order. An edit of a weight that does not exist is refused with a sentence; those before it are made.
Result<void> apply_weight_edits(const std::vector<WeightEdit>& edits, nn::Graph& graph);

}  // namespace cvlab::app
