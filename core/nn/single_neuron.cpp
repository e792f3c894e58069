#include "core/nn/single_neuron.hpp"

#include <cassert>

#include "core/nn/dense_net.hpp"

namespace cvlab {

double neuron_value(Activation f, double net) {
  switch (f) {
    case Activation::step:
      return net >= 0.0 ? 1.0 : 0.0;
    case Activation::sigmoid:
      return portable_sigmoid(net);
    case Activation::tanh:
      return portable_tanh(net);
    case Activation::relu:
      return net > 0.0 ? net : 0.0;
    default:
      assert(false && "a single neuron knows step, sigmoid, tanh and relu");
      return net;
  }
}

double neuron_slope(Activation f, double net) {
  const double y = neuron_value(f, net);
  if (f == Activation::sigmoid) return y * (1.0 - y);
  if (f == Activation::tanh) return 1.0 - y * y;
  if (f == Activation::relu) return net > 0.0 ? 1.0 : 0.0;
  return 0.0;
}

double SingleNeuron::out(double x1, double x2) const { return neuron_value(f, net(x1, x2)); }

int right_answers(const SingleNeuron& neuron, const LogicTask& task) {
  int right = 0;
  for (std::size_t i = 0; i < task.size(); ++i)
    right += neuron.says_yes(logic_corners[i][0], logic_corners[i][1]) == task[i] ? 1 : 0;
  return right;
}

double squared_error(const SingleNeuron& neuron, const LogicTask& task) {
  double sum = 0.0;
  for (std::size_t i = 0; i < task.size(); ++i) {
    const double miss = neuron.wanted(task[i]) - neuron.out(logic_corners[i][0], logic_corners[i][1]);
    sum += 0.5 * miss * miss;
  }
  return sum;
}

void learn_example(SingleNeuron& neuron, const LogicTask& task, int example, double rate) {
  const auto i = static_cast<std::size_t>(example);
  const double x1 = logic_corners[i][0];
  const double x2 = logic_corners[i][1];
  const double net = neuron.net(x1, x2);
  const double slope = neuron.f == Activation::step ? 1.0 : neuron_slope(neuron.f, net);
  const double change = rate * (neuron.wanted(task[i]) - neuron_value(neuron.f, net)) * slope;
  neuron.w1 += change * x1;
  neuron.w2 += change * x2;
  neuron.b += change;
}

}  // namespace cvlab
