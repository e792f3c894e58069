#include "core/train/activation_study.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>
#include <string>

using namespace cvlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// PyTorch 1.13.0 in double: f(0.75), f'(0.75) by autograd; over the 4096 quantiles of NormalDist (Python 3.11.2) the
// root mean square of f', the mean of f, (m2 + m1^2) / (m2 - m1^2), the share of |f'| < 0.1 in %.
struct Saved {
  const char* name;
  double value, slope, kept, mean, condition, saturated;
};
constexpr Saved saved[] = {
    {"sigmoid", 0.6791786992, 0.2178949938, 0.2117457551, 0.5, 12.5264827550, 3.9062500000},
    {"tanh", 0.6351489524, 0.5965858083, 0.6814711312, 0.0, 1.0, 6.8847656250},
    {"relu", 0.75, 1.0, 0.7071067812, 0.3989223718, 1.9341869563, 50.0},
    {"leaky_relu", 0.75, 1.0, 0.7071421356, 0.3949331480, 1.9070325529, 50.0},
    {"elu", 0.75, 1.0, 0.8173750680, 0.1605010169, 1.0832296722, 1.0742187500},
    {"gelu", 0.5800294857, 0.9992257217, 0.6751673404, 0.2820748579, 1.4605927524, 18.0175781250},
    {"silu", 0.5093840244, 0.8425999445, 0.6160225490, 0.2065989755, 1.2727993938, 18.0664062500},
    {"softplus", 1.1368710061, 0.6791786992, 0.5416441332, 0.8060399746, 5.7879938076, 1.3916015625},
    {"identity", 0.75, 1.0, 1.0, 0.0, 1.0, 0.0}};

Activation kind_of(const std::string& wanted) {
  for (const Activation kind : all_activations) {
    if (wanted == name(kind)) return kind;
  }
  FAIL("unknown activation");
  return Activation::relu;
}

}  // namespace

TEST_CASE("activation study: PyTorch's values, slopes and their means", "[core][activation_study]") {
  const std::vector<double> inputs = normal_quantiles(4096, 1.0);
  for (const Saved& row : saved) {
    INFO(row.name);
    const Activation kind = kind_of(row.name);
    CHECK_THAT(activation_value(kind, 0.75), WithinAbs(row.value, 1e-9));
    CHECK_THAT(activation_slope(kind, 0.75), WithinAbs(row.slope, 1e-9));
    const ActivationProfile p = profile_activation(kind, inputs);
    CHECK_THAT(p.slope, WithinAbs(row.kept, 1e-8));
    CHECK_THAT(p.mean, WithinAbs(row.mean, 1e-8));
    CHECK_THAT(p.condition, WithinAbs(row.condition, 1e-6));
    CHECK_THAT(100.0 * p.saturated, WithinAbs(row.saturated, 1e-9));
  }
}

// Of a normal input ReLU has mean 1 / sqrt(2 pi) and mean square 1/2: no need for a reference.
TEST_CASE("activation study: ReLU's criteria by hand", "[core][activation_study]") {
  const ActivationProfile p = profile_activation(Activation::relu, normal_quantiles(100000, 1.0));
  const double m1 = 1.0 / std::sqrt(2.0 * std::numbers::pi);
  CHECK_THAT(p.mean, WithinAbs(m1, 1e-5));
  CHECK_THAT(p.condition, WithinAbs((0.5 + m1 * m1) / (0.5 - m1 * m1), 1e-3));
  CHECK_THAT(p.slope, WithinAbs(std::sqrt(0.5), 1e-12));
}

TEST_CASE("activation study: kinks and jumps at 0", "[core][activation_study]") {
  const std::vector<double> inputs = normal_quantiles(64, 1.0);
  for (const Activation kind : all_activations) {
    INFO(name(kind));
    const ActivationProfile p = profile_activation(kind, inputs);
    CHECK(p.jump == (kind == Activation::step ? 1.0 : 0.0));
    CHECK(p.kink == (kind == Activation::relu ? 1.0 : kind == Activation::leaky_relu ? 0.99 : 0.0));
  }
}

TEST_CASE("activation study: a cost is a time", "[core][activation_study]") {
  const ActivationCost cost = measure_activation_cost(Activation::relu, 0.002);
  CHECK(cost.forward > 0.0);
  CHECK(cost.backward > 0.0);
  CHECK(cost.forward < 1000.0);
}

TEST_CASE("zig-zag: inputs of one sign move both weights the same way, centred ones do not", "[core][zigzag]") {
  for (const Activation kind : {Activation::sigmoid, Activation::relu, Activation::softplus}) {
    INFO(name(kind));
    const ZigZag raw = run_zigzag(kind, false, 0.05, 256, 1);
    const ZigZag centred = run_zigzag(kind, true, 0.05, 256, 1);
    CHECK(raw.same_sign == 1.0);
    CHECK(centred.same_sign < 0.7);
    CHECK(centred.same_sign > 0.3);
    CHECK_THAT(centred.along, WithinRel(centred.across, 1e-12));  // circles
    CHECK(raw.along > raw.across);
    CHECK_THAT(raw.rate * raw.along, WithinRel(0.1, 1e-12));
    CHECK(raw.path.size() == 257);
  }
}

// w <- w - rate (w x - w* x) x, with the numbers of the run itself.
TEST_CASE("zig-zag: every step is the rule", "[core][zigzag]") {
  const ZigZag run = run_zigzag(Activation::elu, false, 0.05, 40, 3);
  for (std::size_t i = 0; i < run.inputs.size(); ++i) {
    const auto [w1, w2] = run.path[i];
    const auto [x1, x2] = run.inputs[i];
    const double error = (w1 * x1 + w2 * x2) - (1.0 * x1 - 1.0 * x2);
    CHECK_THAT(run.path[i + 1].w1, WithinAbs(w1 - run.rate * error * x1, 1e-12));
    CHECK_THAT(run.path[i + 1].w2, WithinAbs(w2 - run.rate * error * x2, 1e-12));
  }
  const ZigZag other = run_zigzag(Activation::elu, false, 0.05, 40, 4);
  CHECK(other.path.back().w1 != run.path.back().w1);
}

// The step is the gradient: central differences of the loss over a unit's four numbers cannot be taken from outside,
// but a step of a small rate must lower the loss by about rate * |gradient|^2, and |gradient|^2 is |step|^2 / rate^2.
TEST_CASE("dying units: a small step lowers the loss by what the gradient promises", "[core][dying_units]") {
  for (const Activation kind : {Activation::tanh, Activation::gelu, Activation::sigmoid}) {
    INFO(name(kind));
    constexpr double rate = 1e-4;
    DyingUnits net(kind, 12, rate, 5);
    net.step();
    net.step();
    double squares = 0.0;
    for (std::size_t u = 0; u < 12; ++u) {
      const DyingUnits::Unit& a = net.at(1)[u];
      const DyingUnits::Unit& b = net.at(2)[u];
      const double d[4] = {b.w1 - a.w1, b.w2 - a.w2, b.b - a.b, b.v - a.v};
      for (const double value : d) squares += value * value;
    }
    const double bias = net.bias(2) - net.bias(1);
    squares += bias * bias;
    CHECK_THAT(net.loss(1) - net.loss(2), WithinRel(squares / rate, 1e-2));
  }
}

TEST_CASE("dying units: large steps kill ReLUs, none comes back, and leaky ones do not die", "[core][dying_units]") {
  DyingUnits gentle(Activation::relu, 24, 0.5, 1);
  DyingUnits wild(Activation::relu, 24, 20.0, 1);
  DyingUnits leaky(Activation::leaky_relu, 24, 20.0, 1);
  for (int i = 0; i < 100; ++i) {
    gentle.step();
    wild.step();
    leaky.step();
  }
  CHECK(gentle.dead(100) <= gentle.dead(0) + 2);
  CHECK(wild.dead(100) > 5);
  for (int i = 0; i < 100; ++i) {
    for (std::size_t u = 0; u < 24; ++u) {
      if (wild.at(i)[u].active == 0) CHECK(wild.at(i + 1)[u].active == 0);
    }
  }
  CHECK(leaky.dead(100) == 0);
  CHECK(gentle.loss(100) < gentle.loss(0));
}
