// A small classifier as one line of text, for links and for building it layer by layer:
//
//   "conv8:3,relu,pool2,dense32"        layers in order, separated by commas
//   conv<filters>:<kernel>[:<stride>[:<padding>]]     relu     pool<window>[:<stride>]     dense<units>
//
// Stride is 1 (of a pool its window) and padding 0 where they are not said. Before the first dense layer the maps are
// flattened; the layer "fc" with one output a class stands at the end of any list, even an empty one. Layers are named
// by kind and number: conv1, relu1, pool1, conv2, … fc1, fc2, … fc.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::nn {

// What a page can train while one watches.
struct LayerListLimits {
  int layers = 12, filters = 32, kernel = 7, stride = 4, padding = 3, units = 64;
  std::int64_t multiply_adds = 2'000'000;  // of one picture
};
inline constexpr LayerListLimits layer_list_limits;

// Refused with a sentence that quotes the item: what is no layer, and what is beyond the limits.
Result<std::vector<Layer>> parse_layers(std::string_view text);
std::string format_layers(std::span<const Layer> layers);  // the shortest text
void name_layers(std::vector<Layer>& layers);

// The list as a network from `input` to `classes` logits, and whether it works.
struct LayerListCheck {
  Graph graph;                   // all of it, without parameters
  Summary summary;               // as far as it goes
  std::optional<Error> problem;  // shapes that do not fit, or too much work
  int faulty = -1;               // in the list; layers.size() is "fc"
};
LayerListCheck check_layers(std::span<const Layer> layers, const Shape& input, int classes);

}  // namespace cvlab::nn
