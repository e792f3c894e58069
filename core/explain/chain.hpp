// A trained network in double, one example at a time, with the gradient of any of its units in everything before it:
// what explanations are made of. In double, because gradient ascent repeats a step hundreds of times and would amplify
// the last bit of a float, in which builds differ; and so that gradients can be checked by differences.
//
//   conv2d (stride 1, zeros around), relu, max_pool2d (of equals the first in reading order passes its gradient on),
//   flatten, linear: layers in a row, each reading the one before. Formulas: core/ops.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::explain {

// Maps of a layer: channels x rows x columns; of a dense one rows = columns = 1.
struct Extent {
  int channels = 0, rows = 1, columns = 1;
  std::size_t count() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  }
  bool operator==(const Extent&) const = default;
};

class Chain {
 public:
  // Whether the network is of that kind.
  static bool takes(const nn::Graph& trained);
  // The network must be one that it takes, with its parameters. Copies the weights; layers keep their numbers.
  explicit Chain(const nn::Graph& trained);

  int layers() const { return static_cast<int>(layers_.size()); }
  int output() const { return layers() - 1; }
  const Extent& extent(int layer) const { return at(layer).extent; }

  // From picture (layer 0) to layer `last`. Values stay until the next run.
  void forward(std::span<const double> picture, int last);
  std::span<const double> values(int layer) const { return at(layer).values; }

  // d (sum of seed * values of `layer`) / d each value of the layers before it, after forward() to there.
  void backward(int layer, std::span<const double> seed);
  std::span<const double> gradient(int layer) const { return at(layer).gradient; }

 private:
  struct Step {
    nn::LayerKind kind = nn::LayerKind::input;
    Extent extent;
    int kernel = 1, stride = 1, padding = 0;
    std::vector<double> weight, bias;
    std::vector<double> values, gradient;
    std::vector<int> winners;  // of max_pool2d, in the layer before
  };
  const Step& at(int layer) const { return layers_[static_cast<std::size_t>(layer)]; }
  Step& at(int layer) { return layers_[static_cast<std::size_t>(layer)]; }
  static void run(Step& step, const Step& from);
  static void run_back(const Step& step, Step& from);

  std::vector<Step> layers_;
};

// e^z_k / sum of e^z, of the greatest first to keep it finite.
std::vector<double> probabilities(std::span<const double> logits);

}  // namespace cvlab::explain
