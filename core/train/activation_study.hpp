// What the four criteria for an activation function come to when they are measured, and two small experiments on what
// they are good for. All in double and without fused products, so that every build gives the same numbers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/ops/activation.hpp"

namespace cvlab {

inline constexpr int activation_count = 10;
inline constexpr std::array<Activation, activation_count> all_activations = {
    Activation::sigmoid, Activation::tanh, Activation::relu,     Activation::leaky_relu, Activation::elu,
    Activation::gelu,    Activation::silu, Activation::softplus, Activation::step,       Activation::identity};

// `count` numbers that lie as a normal distribution's do: its quantiles at (i + 1/2) / count, times `deviation`.
std::vector<double> normal_quantiles(int count, double deviation);

// f and f' at each x, with PyTorch's alphas.
void activation_values(Activation kind, std::span<const double> x, std::vector<double>& y);
void activation_slopes(Activation kind, std::span<const double> x, std::vector<double>& slope);
double activation_value(Activation kind, double x);
double activation_slope(Activation kind, double x);

// A slope below this lets so little of a gradient through that the input counts as saturated.
inline constexpr double saturation_slope = 0.1;

struct ActivationProfile {
  double mean = 0.0;       // of f(x) over the inputs
  double deviation = 0.0;  // of f(x)
  double slope = 0.0;      // root of the mean of f'(x)^2: what is left of a gradient's size behind one such layer
  double saturated = 0.0;  // share of the inputs with |f'(x)| < saturation_slope
  // Of two independent inputs of a neuron, each an f(x): the greatest curvature of the squared error over its two
  // weights, by the least. (m2 + m1^2) / (m2 - m1^2), m1 and m2 the means of f and f^2; 1 where the mean is 0.
  double condition = 1.0;
  // At 0, from one-sided differences: how far f jumps, and where it does not, how far f' does.
  double jump = 0.0;
  double kink = 0.0;
};
ActivationProfile profile_activation(Activation kind, std::span<const double> inputs);

// Nanoseconds an element, on this machine and now: the fastest of several passes over 4096 numbers on one core.
struct ActivationCost {
  double forward = 0.0;
  double backward = 0.0;
};
ActivationCost measure_activation_cost(Activation kind, double seconds);

// One neuron with two inputs x = f(z) - centre, z independent and normal, learns y = w* x by one example a step:
//   w <- w - rate (w x - y) x,   rate = share * 2 / (greatest curvature of the mean squared error)
// so that two runs are compared at the same share of what the mean error can bear. Both inputs of one sign make both
// components of every step of one sign: from (-1, 1) to w* = (1, -1) it has to tack. Source: Y. LeCun, L. Bottou, G.
// Orr, K.-R. Müller, "Efficient BackProp", 1998, section 4.3.
struct ZigZag {
  struct Point {
    double w1, w2;
  };
  static constexpr Point start = {-1.0, 1.0};
  static constexpr Point goal = {1.0, -1.0};

  std::vector<Point> path;    // from start; steps + 1 points
  std::vector<Point> inputs;  // of each step
  double rate = 0.0;
  double same_sign = 0.0;  // share of the steps that move w1 and w2 the same way (or not at all)
  int arrival = -1;        // first step within a tenth of the way from the goal; -1 = not within `steps`
  double along = 0.0;      // curvature of the mean squared error along (1, 1) / sqrt(2)
  double across = 0.0;     // and along (1, -1) / sqrt(2)

  double away(int step) const;  // distance from the goal then
};
ZigZag run_zigzag(Activation kind, bool centred, double share, int steps, std::uint64_t seed);

// A network 2 - units - 1 learns to tell two moons apart by full-batch gradient descent, and its units may die: a unit
// is dead when f' is 0 for it at every point of the data, so that no gradient can ever move it again.
class DyingUnits {
 public:
  struct Unit {
    double w1, w2, b, v;  // v weighs its output
    int active = 0;       // points where f' is not 0
  };
  DyingUnits(Activation kind, int units, double rate, std::uint64_t seed);

  void step();
  int steps() const { return static_cast<int>(history_.size()) - 1; }
  int units() const { return units_; }
  int points() const { return static_cast<int>(labels_.size()); }
  double x(int point, int axis) const { return points_[static_cast<std::size_t>(2 * point + axis)]; }
  int label(int point) const { return labels_[static_cast<std::size_t>(point)]; }

  // As they were after that many steps.
  std::span<const Unit> at(int step) const { return history_[static_cast<std::size_t>(step)].units; }
  double bias(int step) const { return history_[static_cast<std::size_t>(step)].bias; }
  double loss(int step) const { return history_[static_cast<std::size_t>(step)].loss; }
  int right(int step) const { return history_[static_cast<std::size_t>(step)].right; }
  int dead(int step) const;

 private:
  struct State {
    std::vector<Unit> units;
    double bias = 0.0;
    double loss = 0.0;  // mean binary cross-entropy
    int right = 0;
  };
  void forward(State& state);

  Activation kind_;
  int units_;
  double rate_;
  std::vector<double> points_;  // x, y of each
  std::vector<int> labels_;
  std::vector<State> history_;
  std::vector<double> z_, h_, slope_, delta_;  // of the last forward(): points x units, and points
};

}  // namespace cvlab
