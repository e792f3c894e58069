// One neuron with two inputs, and the rule by which it learns one example at a time.
//
//   net = w1 x1 + w2 x2 + b        out = f(net)        f: step, sigmoid, tanh or relu
//
// It says yes where net >= threshold: 0, for relu 1/2 (where out is half of what is wanted). That is one side of a
// line. Wanted: 1 for yes, 0 for no; tanh -1 for no. Learning, with the learning rate r:
//
//   w += r (wanted - out) f'(net) x        b += r (wanted - out) f'(net)
//
// that is gradient descent on (wanted - out)^2 / 2; for step, which has no slope, f' counts as 1: the perceptron rule.
// The same numbers natively and in the browser (portable_exp).
// Sources: F. Rosenblatt, Psychological Review 65, 1958; B. Widrow, M. Hoff, 1960; W. McCulloch, W. Pitts, 1943.
#pragma once

#include <array>

#include "core/ops/activation.hpp"

namespace cvlab {

struct SingleNeuron {
  double w1 = 0.0;
  double w2 = 0.0;
  double b = 0.0;
  Activation f = Activation::step;

  double net(double x1, double x2) const { return w1 * x1 + w2 * x2 + b; }
  double out(double x1, double x2) const;
  double threshold() const { return f == Activation::relu ? 0.5 : 0.0; }
  bool says_yes(double x1, double x2) const { return net(x1, x2) >= threshold(); }
  double wanted(bool yes) const { return yes ? 1.0 : f == Activation::tanh ? -1.0 : 0.0; }
};

double neuron_value(Activation f, double net);
double neuron_slope(Activation f, double net);  // f'; 0 for step

// Which of the corners (0, 0), (0, 1), (1, 0), (1, 1) are to be answered with yes.
using LogicTask = std::array<bool, 4>;
inline constexpr std::array<std::array<double, 2>, 4> logic_corners = {{{0, 0}, {0, 1}, {1, 0}, {1, 1}}};

int right_answers(const SingleNeuron& neuron, const LogicTask& task);
double squared_error(const SingleNeuron& neuron, const LogicTask& task);  // sum of (wanted - out)^2 / 2
// Shows corner `example` once.
void learn_example(SingleNeuron& neuron, const LogicTask& task, int example, double rate);

}  // namespace cvlab
