// A network as a graph that can be walked: shapes, parameters, multiply-adds, memory, receptive field, ONNX and the
// pictures all come from the walk; forward() runs it on a tape. A model is data: layers in order of computing, each
// naming the earlier layers it reads.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/autodiff/functions.hpp"
#include "core/result.hpp"

namespace cvlab::nn {

enum class LayerKind {
  input,     // shape without the batch axis
  constant,  // a trained tensor of `shape`, the same for every example (positions, class token)
  conv2d,
  conv_transpose2d,
  linear,  // over the last axis
  max_pool2d,
  avg_pool2d,
  global_avg_pool2d,
  batch_norm,
  layer_norm,
  dropout,
  activation,
  softmax,
  flatten,
  reshape,  // to `shape`, without the batch axis
  permute,  // `axes`, counted with the batch axis, which stays first
  concat,   // along `axis`
  slice,    // `first`, `count` along `axis`
  add,
  multiply,
  scale,  // factor * x + offset
  upsample2d,
  pad2d,
  attention,  // inputs query, key, value
  sample      // inputs mean, log variance: mean + exp(log variance / 2) * noise; in evaluation the mean
};
const char* name(LayerKind kind);

// One node. Attributes that a kind does not use keep their defaults.
struct Layer {
  LayerKind kind = LayerKind::input;
  std::string name = {};         // unique; prefix of its parameters' names: "layer1.0.conv1" -> "layer1.0.conv1.weight"
  std::vector<int> inputs = {};  // indices of earlier layers
  int channels = 0;              // out channels, out features
  int kernel_y = 1, kernel_x = 1;
  int stride = 1, dilation = 1, groups = 1;
  int padding = 0;  // zeros on each side
  int output_padding = 0;
  bool bias = true;
  bool ceil_mode = false;  // pooling: a last window that hangs over the edge counts
  Activation activation = Activation::relu;
  float alpha = 0.0f;  // leaky_relu's slope and elu's scale (0: PyTorch's 0.01 and 1), dropout's p, scale's factor
  float offset = 0.0f;
  float epsilon = 1e-5f;
  int heads = 1;
  int factor = 2;  // upsample2d
  Interpolation interpolation = Interpolation::nearest;
  int axis = 1, first = 0, count = 0;
  Shape shape = {};
  std::vector<int> axes = {};
  std::string shares = {};  // name of an earlier layer whose parameters this one uses (siamese)
};

struct LayerSummary {
  std::string name;
  LayerKind kind = LayerKind::input;
  Shape output;  // with batch 1
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;     // of one example
  std::int64_t activation_bytes = 0;  // of one example; 0 where the output lies in its input's memory
  int receptive_field = 1;            // input pixels seen by one output pixel, along y; 0 = all of them
  int receptive_jump = 1;             // input pixels between neighbours; 0 when receptive_field is
};

struct Summary {
  std::vector<LayerSummary> layers;
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;
  std::int64_t activation_bytes = 0;
};

class Graph {
 public:
  explicit Graph(std::string name = {}) : name_(std::move(name)) {}

  // Returns the layer's index. Without `inputs`, a layer that needs one reads the layer before.
  int add(Layer layer);
  const std::string& name() const { return name_; }
  const std::vector<Layer>& layers() const { return layers_; }
  int find_layer(std::string_view name) const;  // -1 when there is none
  int output() const { return static_cast<int>(layers_.size()) - 1; }
  // Further results by layer, before output(): a VAE's mean and log variance. Empty for most.
  std::vector<int> extra_outputs;

  // Checks every shape; the sentence names the layer, what it got and what does not fit.
  Result<Summary> summarise() const;

  // Makes the parameters and running statistics, all as if nothing was learned: weights 0, gamma 1, beta 0, mean 0,
  // variance 1. What was there is lost.
  Result<void> make_parameters();
  // Makes the parameters: He for layers that feed a ReLU kind, Xavier else, zero biases, gamma 1, beta 0.
  Result<void> initialise(Rng& rng);
  std::span<Parameter> parameters() { return parameters_; }
  std::span<const Parameter> parameters() const { return parameters_; }
  Parameter* find(std::string_view name);
  // Batch norm's running mean and variance by layer name: saved with the weights ("bn1.running_mean"), not trained.
  std::map<std::string, BatchNormStatistics>& statistics() { return statistics_; }
  const std::map<std::string, BatchNormStatistics>& statistics() const { return statistics_; }

  // Inputs in the order of the input layers, each (N, …). Returns the output; every layer's value stays on the tape:
  // value_of(). Pre-activations are overwritten by their ReLU unless `keep_all`.
  Var forward(Tape& tape, std::span<const Var> inputs, bool training, Rng& rng, bool keep_all = false);
  Var forward(Tape& tape, Var input, bool training, Rng& rng, bool keep_all = false) {
    return forward(tape, std::span<const Var>(&input, 1), training, rng, keep_all);
  }
  Var value_of(int layer) const { return values_[static_cast<std::size_t>(layer)]; }

 private:
  std::string name_;
  std::vector<Layer> layers_;
  std::vector<Parameter> parameters_;
  std::map<std::string, BatchNormStatistics> statistics_;
  std::vector<Var> values_;
  // Whether a layer's output takes its input's memory in forward(): an activation alone behind a layer whose backward
  // does not look at its output.
  bool overwrites_input(int layer) const;
  void count_consumers();
  Var run_layer(Tape& tape, int index, bool training, Rng& rng, bool in_place);

  std::vector<int> first_parameter_;  // of each layer, into parameters_; -1 = none
  std::vector<int> consumers_;        // of each layer
};

}  // namespace cvlab::nn
