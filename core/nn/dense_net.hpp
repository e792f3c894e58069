// A small fully connected network in double, for figures that draw a path of training: each step depends on all steps
// before, so that one last bit would grow until browser and native program show different paths. Everything here is
// plus, times and the exp below, in a fixed order: the same numbers everywhere. Networks that learn pictures run on the
// tape (core/nn/graph.hpp).
//
//   layer l = 1 .. L:  z_l = W_l a_(l-1) + b_l,   a_l = f(z_l);  a_0 = x;  the last layer has no f.
//
//   A batch of `count` examples lies feature by feature: a(i, r) at i * count + r.
//   parameters(): layer by layer the weight (Out, In), row-major, then the bias (Out), like PyTorch's.
//   backward adds into gradient().
// Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, algorithms 6.3 and 6.4.
#pragma once

#include <span>
#include <vector>

#include "core/ops/activation.hpp"
#include "core/rng.hpp"

namespace cvlab {

double portable_exp(double x);      // to 4e-16 relative, of nothing but IEEE arithmetic; 0 and infinity beyond +-708
double portable_tanh(double x);     // to 3e-16 absolute
double portable_sigmoid(double x);  // 1 / (1 + exp(-x))

class DenseNet {
 public:
  // sizes: of a_0 .. a_L, at least two. hidden: identity, relu, leaky_relu (slope 0.01), sigmoid or tanh.
  explicit DenseNet(std::vector<int> sizes, Activation hidden = Activation::tanh);

  const std::vector<int>& sizes() const { return sizes_; }
  int layers() const { return static_cast<int>(sizes_.size()) - 1; }
  Activation hidden() const { return hidden_; }
  std::vector<double>& parameters() { return parameters_; }
  const std::vector<double>& parameters() const { return parameters_; }
  std::vector<double>& gradient() { return gradient_; }
  const std::vector<double>& gradient() const { return gradient_; }
  void zero_gradient();
  // Place of one number among the parameters; layer from 1, out and in from 0.
  std::size_t weight(int layer, int out, int in) const;
  std::size_t bias(int layer, int out) const;

  // Uniform in +-sqrt(6 / (in + out)) (Glorot), for the ReLU kinds in +-sqrt(6 / in) (He); biases 0.
  void initialise(Rng& rng);

  // x (In, count). The result (Out, count) and all activations stay until the next forward.
  std::span<const double> forward(std::span<const double> x, int count);
  // dout (Out, count), of the last forward. Returns the gradient of x (In, count). into_parameters = false spares
  // those.
  std::span<const double> backward(std::span<const double> dout, bool into_parameters = true);
  std::span<const double> activations(int layer) const;  // a_layer, (size, count)

 private:
  std::vector<int> sizes_;
  Activation hidden_;
  std::vector<std::size_t> first_;  // of each layer's numbers among the parameters; [0] unused
  std::vector<double> parameters_, gradient_;
  int count_ = 0;
  std::vector<std::vector<double>> values_;  // a_0 .. a_L
  std::vector<std::vector<double>> deltas_;  // gradients of a_0 .. a_L
};

}  // namespace cvlab
