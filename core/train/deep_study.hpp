// What happens to signals and gradients in a deep network of equal layers, measured on one batch while it learns.
//
//   x_0 = points (N, 2)     x_l = f(norm(W_l x_{l-1} + b_l))  [+ x_{l-1} with skip connections, l > 1],  l = 1 .. depth
//   logits = W x_depth + b      loss = mean cross-entropy
//
// norm is the identity or batch normalisation (then there is no b_l). The batch is the whole data set, so that a step
// of gradient descent and the measurement are one pass: what is shown is what the step was made of.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/toy.hpp"
#include "core/nn/graph.hpp"
#include "core/train/distribution.hpp"

namespace cvlab {

// The deviation of the hidden layers' normal weights; the last layer's are Xavier's unless all are zero.
enum class FirstWeights { zero, small, large, xavier, he };  // 0, 0.01, 1, sqrt(2 / (in + out)), sqrt(2 / in)

struct DeepParams {
  int depth = 16;  // hidden layers
  int width = 32;
  Activation activation = Activation::sigmoid;
  FirstWeights weights = FirstWeights::xavier;
  bool batch_norm = false;
  bool skip = false;
  float rate = 0.1f;
  std::uint64_t seed = 1;
  bool operator==(const DeepParams&) const = default;
};

struct LayerStatistics {
  Moments activation;       // of x_l over batch and units
  Moments gradient;         // of d loss / d x_l
  Moments weight_gradient;  // of d loss / d W_l
  int dead = 0;             // units whose f' is exactly 0 for every point
};

class DeepStudy {
 public:
  DeepStudy(const DeepParams& params, ToyData data);

  // One step of gradient descent with the gradients measured last, then a new measurement. False: numbers are not
  // finite any more, and nothing was done.
  bool step();
  // A third of a step, for pictures that must not wait: forward, back, measured. True when the step is done; until then
  // layers() and the numbers below are those of the step before, but activations() and gradients() are under way.
  bool part();
  bool under_way() const { return part_ != Part::forward; }
  int steps() const { return steps_; }
  // Starts again from the beginning if `step` lies behind, else from the latest kept state up to it.
  void rewind(int step);

  const DeepParams& params() const { return params_; }
  nn::Graph& graph() { return graph_; }  // whoever changes weights measures again
  void measure();

  const std::vector<LayerStatistics>& layers() const { return layers_; }  // 1 .. depth
  std::span<const float> activations(int layer) const;                    // layer from 0; until the next measure()
  std::span<const float> gradients(int layer);
  double loss() const { return loss_; }
  // Share of the points whose class gets a probability above 0.6: a net that does not tell them apart has none.
  double accuracy() const { return accuracy_; }
  int dead() const;  // over all layers
  // The layer, from 0, where numbers stop being finite, forwards; then backwards. -1: nowhere. depth: the last layer.
  int not_finite_forward() const { return bad_forward_; }
  int not_finite_backward() const { return bad_backward_; }
  bool finite() const { return bad_forward_ < 0 && bad_backward_ < 0; }
  const std::vector<double>& losses() const { return losses_; }  // before step 1, 2, …; those done so far

 private:
  struct Kept {
    int step;
    std::vector<Tensor> values;
  };
  void build();
  void initialise();
  void keep();
  LayerStatistics statistics(std::size_t layer);
  void descend();
  void pass_forward();
  void pass_back();
  void read();

  enum class Part { forward, back, reading };  // what comes next

  DeepParams params_;
  ToyData data_;
  nn::Graph graph_;
  std::vector<int> before_, bent_, outputs_;  // of each hidden layer: what f is applied to, f's result, x_l
  Tape tape_;
  Part part_ = Part::forward;
  Var logits_, loss_node_;
  Tensor ones_, slope_;
  std::vector<LayerStatistics> layers_;
  double loss_ = 0.0, accuracy_ = 0.0;
  int steps_ = 0, bad_forward_ = -1, bad_backward_ = -1;
  std::vector<double> losses_;
  std::vector<Kept> kept_;
};

}  // namespace cvlab
