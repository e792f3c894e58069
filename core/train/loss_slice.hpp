// The loss of a real network on a plane through its weights:
//
//   L(u, v) = mean over examples of loss(net with weights w = origin + u first + v second) + decay / 2 |w|^2
//
// Whole networks of two weights are such a plane, too. Training that may only move in the plane follows the gradient
// (dL/du, dL/dv) = (first . g, second . g), g the gradient of all weights, by backpropagation. Of larger networks it is
// the plane of two directions that Li et al. draw, here through two minima that training found.
// Source: H. Li et al., "Visualizing the loss landscape of neural nets", NeurIPS 2018, section 3.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "core/nn/dense_net.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

// line       y = u x + v on 16 points, squared error: the loss is a quadratic
// two_layers y = v tanh(u x) on 16 points, squared error: two minima, a saddle between them
// network    2-6-1 with tanh on 16 points of two moons, cross-entropy of the sigmoid, decay 0.01: the plane through
//            two trained minima, at u = -1 and u = +1, and a random direction (v) of the same length, perpendicular to
//            it
enum class SliceKind { line, two_layers, network };
const char* name(SliceKind kind);

class LossSlice {
 public:
  struct Data {
    std::vector<double> inputs;   // (In, N)
    std::vector<double> targets;  // N
    bool classify = false;        // targets 0 and 1, the output is a logit
    double decay = 0.0;
  };
  // first, second: as many numbers as the net has parameters; origin: the net's parameters.
  LossSlice(DenseNet net, Data data, std::vector<double> first, std::vector<double> second);

  struct Value {
    double loss = 0.0, du = 0.0, dv = 0.0;
  };
  int examples() const { return static_cast<int>(data_.targets.size()); }
  const Data& data() const { return data_; }
  Value at(double u, double v);                                   // over all examples
  Value at(double u, double v, std::span<const int> examples);    // over these: a mini-batch
  std::vector<Value> each(double u, double v);                    // of each example by itself
  double predict(double u, double v, std::span<const double> x);  // the output; of a classifier P(1)

  // The least and the greatest eigenvalue of the matrix of second derivatives, by central differences of the gradient.
  std::array<double, 2> curvature(double u, double v);
  // The losses at rows x columns nodes, row 0 at v0, column 0 at u0.
  Tensor grid(double u0, double u1, double v0, double v1, int rows, int columns);

 private:
  void place(double u, double v);
  Value value_of(std::span<const double> x, std::span<const double> targets);
  double loss_and_slope(std::span<const double> output, std::span<const double> targets);

  DenseNet net_;
  Data data_;
  std::vector<double> origin_, first_, second_;
  std::vector<double> x_, targets_, slope_;  // of a mini-batch
};

LossSlice make_slice(SliceKind kind);

}  // namespace cvlab
