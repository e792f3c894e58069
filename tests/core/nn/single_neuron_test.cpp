#include "core/nn/single_neuron.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace cvlab;

namespace {

constexpr LogicTask logic_and = {false, false, false, true};
constexpr LogicTask logic_or = {false, true, true, true};
constexpr LogicTask logic_xor = {false, true, true, false};

bool is(const SingleNeuron& n, double w1, double w2, double b) { return n.w1 == w1 && n.w2 == w2 && n.b == b; }

}  // namespace

// By hand, the corners in turn, from nothing, rate 1.
TEST_CASE("single neuron: the perceptron rule learns AND as by hand", "[core][nn][golden]") {
  SingleNeuron neuron;
  const std::array<double, 3> after_epoch[] = {{1, 1, 0}, {2, 1, -1}, {2, 1, -2}, {2, 2, -2}, {2, 1, -3}, {2, 1, -3}};
  for (const auto& [w1, w2, b] : after_epoch) {
    for (int example = 0; example < 4; ++example) learn_example(neuron, logic_and, example, 1.0);
    CHECK(is(neuron, w1, w2, b));
  }
  CHECK(right_answers(neuron, logic_and) == 4);
  CHECK(squared_error(neuron, logic_and) == 0.0);
}

TEST_CASE("single neuron: no weights answer XOR, and learning never ends", "[core][nn]") {
  int best = 0;
  for (double w1 = -3; w1 <= 3; w1 += 0.25) {
    for (double w2 = -3; w2 <= 3; w2 += 0.25) {
      for (double b = -3; b <= 3; b += 0.25) best = std::max(best, right_answers({w1, w2, b}, logic_xor));
    }
  }
  CHECK(best == 3);
  SingleNeuron neuron;
  for (int i = 0; i < 400; ++i) learn_example(neuron, logic_xor, i % 4, 1.0);
  const SingleNeuron before = neuron;
  for (int i = 0; i < 4; ++i) learn_example(neuron, logic_xor, i, 1.0);
  CHECK(right_answers(neuron, logic_xor) < 4);
  CHECK(std::fabs(before.w1) + std::fabs(before.w2) < 10.0);  // it goes round in circles
}

TEST_CASE("single neuron: the step against the gradient of half the squared error", "[core][nn]") {
  for (const Activation f : {Activation::sigmoid, Activation::tanh, Activation::relu}) {
    const SingleNeuron neuron{0.7, -0.4, 0.3, f};
    for (int example = 0; example < 4; ++example) {
      const auto loss = [&](double w1, double w2, double b) {
        const SingleNeuron varied{w1, w2, b, f};
        const auto& x = logic_corners[static_cast<std::size_t>(example)];
        const double miss = varied.wanted(logic_or[static_cast<std::size_t>(example)]) - varied.out(x[0], x[1]);
        return 0.5 * miss * miss;
      };
      constexpr double h = 1e-6;
      SingleNeuron learnt = neuron;
      learn_example(learnt, logic_or, example, 1.0);
      const double dw1 = (loss(0.7 + h, -0.4, 0.3) - loss(0.7 - h, -0.4, 0.3)) / (2 * h);
      const double dw2 = (loss(0.7, -0.4 + h, 0.3) - loss(0.7, -0.4 - h, 0.3)) / (2 * h);
      const double db = (loss(0.7, -0.4, 0.3 + h) - loss(0.7, -0.4, 0.3 - h)) / (2 * h);
      CHECK(std::fabs(0.7 - learnt.w1 - dw1) < 1e-9);
      CHECK(std::fabs(-0.4 - learnt.w2 - dw2) < 1e-9);
      CHECK(std::fabs(0.3 - learnt.b - db) < 1e-9);
    }
  }
}

TEST_CASE("single neuron: values and slopes", "[core][nn]") {
  CHECK(neuron_value(Activation::step, 0.0) == 1.0);
  CHECK(neuron_value(Activation::step, -1e-9) == 0.0);
  CHECK(neuron_slope(Activation::step, 2.0) == 0.0);
  CHECK(neuron_value(Activation::sigmoid, 0.0) == 0.5);
  CHECK(neuron_slope(Activation::sigmoid, 0.0) == 0.25);
  CHECK(std::fabs(neuron_value(Activation::tanh, 0.5) - std::tanh(0.5)) < 1e-15);
  CHECK(neuron_slope(Activation::relu, -1.0) == 0.0);
  CHECK(SingleNeuron{1, 1, 0, Activation::relu}.threshold() == 0.5);
}
