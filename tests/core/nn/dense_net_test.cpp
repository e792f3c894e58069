#include "core/nn/dense_net.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

using namespace cvlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("portable_exp: as the library's, over its range", "[nn][dense-net]") {
  for (double x = -707.9; x < 708.0; x += 0.37) CHECK_THAT(portable_exp(x), WithinRel(std::exp(x), 5e-16));
  CHECK(portable_exp(0.0) == 1.0);
  CHECK(portable_exp(-800.0) == 0.0);
  CHECK(std::isinf(portable_exp(709.0)));
  CHECK(std::isnan(portable_exp(std::numeric_limits<double>::quiet_NaN())));
  for (double x = -25.0; x < 25.0; x += 0.11) {
    CHECK_THAT(portable_tanh(x), WithinAbs(std::tanh(x), 4e-16));
    CHECK_THAT(portable_sigmoid(x), WithinAbs(1.0 / (1.0 + std::exp(-x)), 4e-16));
  }
  CHECK(portable_tanh(1e3) == 1.0);
  CHECK(portable_tanh(-1e3) == -1.0);
}

// PyTorch 1.13.0, double: Sequential(Linear(2, 3), Tanh, Linear(3, 2), Tanh, Linear(2, 1)), parameter k of all being
// (7 k mod 13 - 6.5) / 10; the sum of output times (1, -2, 0.5) differentiated.
TEST_CASE("DenseNet: outputs and gradients as PyTorch's", "[nn][dense-net]") {
  DenseNet net({2, 3, 2, 1});
  REQUIRE(net.parameters().size() == 20);
  for (int k = 0; k < 20; ++k) net.parameters()[static_cast<std::size_t>(k)] = (7 * k % 13 - 6.5) / 10.0;
  const double x[] = {0.5, 2.0, -0.75, -1.0, 0.25, 1.5};  // feature by feature
  const auto out = net.forward(x, 3);
  const double outputs[] = {0.06830858276076002, 0.16525566588734464, -0.2857642692398109};
  for (std::size_t r = 0; r < 3; ++r) CHECK_THAT(out[r], WithinAbs(outputs[r], 1e-14));
  const double dout[] = {1.0, -2.0, 0.5};
  const auto dx = net.backward(dout);
  const double input_gradients[] = {0.12373112499210351,  -0.03301276506895984,
                                    -0.10016438488285519, 0.030102101386243585,
                                    0.10862490319410627,  -0.028798231306759688};  // example by example
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t i = 0; i < 2; ++i) CHECK_THAT(dx[i * 3 + r], WithinAbs(input_gradients[2 * r + i], 1e-14));
  }
  const double gradients[] = {0.07901709519758984,  -0.08606615534372974, 0.20767365236446209,  0.13863648283735852,
                              0.12077836441411285,  -0.07660488481214434, -0.1234448046051275,  -0.02138050622652315,
                              -0.0893183153009644,  -0.16115876366786513, -0.28041426430326255, -0.176444086479398,
                              0.2203258341491621,   0.2953189266129389,   0.1964108723345633,   -0.12243081822654736,
                              -0.02037087930875578, 0.7495378979899006,   -0.9711713181535178,  -0.5};
  for (std::size_t k = 0; k < 20; ++k) CHECK_THAT(net.gradient()[k], WithinAbs(gradients[k], 1e-14));
  net.backward(dout);  // gradients add up
  CHECK_THAT(net.gradient()[3], WithinAbs(2.0 * gradients[3], 1e-13));
  net.zero_gradient();
  net.backward(dout, false);
  CHECK(net.gradient()[3] == 0.0);
}

TEST_CASE("DenseNet: every activation's gradient against central differences", "[nn][dense-net]") {
  for (const Activation kind :
       {Activation::identity, Activation::relu, Activation::leaky_relu, Activation::sigmoid, Activation::tanh}) {
    DenseNet net({3, 5, 4, 2}, kind);
    Rng rng(3);
    net.initialise(rng);
    std::vector<double> x(3 * 7), dout(2 * 7);
    for (double& v : x) v = rng.uniform(-1.0, 1.0);
    for (double& v : dout) v = rng.uniform(-1.0, 1.0);
    const auto scalar = [&] {
      const auto out = net.forward(x, 7);
      double sum = 0.0;
      for (std::size_t i = 0; i < dout.size(); ++i) sum += out[i] * dout[i];
      return sum;
    };
    scalar();
    const auto input = net.backward(dout);
    const std::vector<double> dx(input.begin(), input.end());
    const std::vector<double> gradient = net.gradient();
    constexpr double h = 1e-6;
    const auto slope_by = [&](double& number) {
      const double kept = number;
      number = kept + h;
      const double high = scalar();
      number = kept - h;
      const double low = scalar();
      number = kept;
      return (high - low) / (2.0 * h);
    };
    INFO(name(kind));
    for (std::size_t k = 0; k < gradient.size(); ++k)
      CHECK_THAT(gradient[k], WithinAbs(slope_by(net.parameters()[k]), 1e-7));
    for (std::size_t k = 0; k < dx.size(); ++k) CHECK_THAT(dx[k], WithinAbs(slope_by(x[k]), 1e-7));
  }
}

TEST_CASE("DenseNet: first weights are uniform within Glorot's and He's bounds, biases 0", "[nn][dense-net]") {
  for (const Activation kind : {Activation::tanh, Activation::relu}) {
    DenseNet net({4, 300, 2}, kind);
    Rng rng(1);
    net.initialise(rng);
    const double bound = std::sqrt(6.0 / (kind == Activation::relu ? 4 : 304));
    double greatest = 0.0;
    for (int o = 0; o < 300; ++o) {
      for (int i = 0; i < 4; ++i) greatest = std::max(greatest, std::fabs(net.parameters()[net.weight(1, o, i)]));
      CHECK(net.parameters()[net.bias(1, o)] == 0.0);
    }
    CHECK(greatest < bound);
    CHECK(greatest > 0.99 * bound);
  }
}
