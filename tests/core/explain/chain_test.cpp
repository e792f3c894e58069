#include "core/explain/chain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numeric>

#include "core/explain/ascent.hpp"
#include "core/nn/layer.hpp"
#include "tests/core/explain/explained.hpp"

using namespace cvlab;
using namespace cvlab::explain;
using Catch::Matchers::WithinAbs;

TEST_CASE("chain: the values of every layer are the tape's", "[explain][chain]") {
  for (const char* weights : {"small-cnn-digits", "lenet5-fashion-mnist"}) {
    nn::Graph graph = test::trained(weights);
    REQUIRE(Chain::takes(graph));
    Chain chain(graph);
    const std::vector<double> picture = test::explained_picture(weights);
    chain.forward(picture, chain.output());
    Tensor x(Shape{1, 1, 28, 28});
    for (std::ptrdiff_t i = 0; i < x.count(); ++i)
      x.data()[i] = static_cast<float>(picture[static_cast<std::size_t>(i)]);
    Tape tape;
    Rng rng(1);
    graph.forward(tape, tape.input(std::as_const(x).view()), false, rng, true);
    REQUIRE(chain.layers() == static_cast<int>(graph.layers().size()));
    for (int layer = 0; layer < chain.layers(); ++layer) {
      INFO(weights << " " << graph.layers()[static_cast<std::size_t>(layer)].name);
      const ConstView v = std::as_const(tape).value(graph.value_of(layer));
      REQUIRE(static_cast<std::size_t>(v.count()) == chain.values(layer).size());
      for (std::ptrdiff_t i = 0; i < v.count(); ++i)
        REQUIRE_THAT(chain.values(layer)[static_cast<std::size_t>(i)], WithinAbs(double{v.data()[i]}, 2e-5));
    }
  }
}

// Noise for a picture: no two values of a pooling window are equal, no ReLU stands at its kink.
TEST_CASE("chain: gradients are differences", "[explain][chain]") {
  for (const char* weights : {"small-cnn-digits", "lenet5-digits"}) {
    const nn::Graph graph = test::trained(weights);
    Chain chain(graph);
    std::vector<double> picture = noise_picture(784, 1.0, 3);
    for (const Unit& unit : {Unit{1, 2}, Unit{1, 1, true}, Unit{4, 5}, Unit{4, 3, true}, Unit{chain.output(), 7}}) {
      INFO(weights << " layer " << unit.layer);
      const std::vector<double> seed = unit_seed(chain.extent(unit.layer), unit);
      chain.forward(picture, unit.layer);
      chain.backward(unit.layer, seed);
      const std::vector<double> gradient(chain.gradient(0).begin(), chain.gradient(0).end());
      CHECK(std::any_of(gradient.begin(), gradient.end(), [](double g) { return g != 0.0; }));
      constexpr double step = 1e-5;
      for (std::size_t i = 0; i < picture.size(); i += 13) {
        const double kept = picture[i];
        double values[2];
        for (const int side : {0, 1}) {
          picture[i] = kept + (side == 0 ? -step : step);
          chain.forward(picture, unit.layer);
          values[side] = unit_value(chain, unit);
        }
        picture[i] = kept;
        REQUIRE_THAT(gradient[i], WithinAbs((values[1] - values[0]) / (2.0 * step), 1e-7));
      }
    }
  }
}

TEST_CASE("chain: which networks it takes", "[explain][chain]") {
  CHECK(Chain::takes(nn::make_model("mlp").value()));
  CHECK(Chain::takes(nn::make_model("lenet-b").value()));
  CHECK_FALSE(Chain::takes(nn::make_model("cnn-bn").value()));
  CHECK_FALSE(Chain::takes(nn::make_model("resnet-8").value()));
  CHECK_FALSE(Chain::takes(nn::Graph()));
}

TEST_CASE("chain: of equals the first passes its gradient on", "[explain][chain]") {
  nn::Graph graph;
  graph.add(nn::layer::input("input", {1, 2, 4}));
  graph.add(nn::layer::max_pool2d("pool", 2, 2));
  REQUIRE(graph.make_parameters());
  Chain chain(graph);
  chain.forward(std::vector<double>{3, 3, 1, 2, 3, 0, 5, 5}, 1);
  CHECK(chain.values(1)[0] == 3.0);
  CHECK(chain.values(1)[1] == 5.0);
  chain.backward(1, std::vector<double>{1.0, 10.0});
  const std::vector<double> gradient(chain.gradient(0).begin(), chain.gradient(0).end());
  CHECK(gradient == std::vector<double>{1, 0, 0, 0, 0, 0, 10, 0});
}

TEST_CASE("chain: probabilities by hand, and of large logits", "[explain][chain]") {
  const std::vector<double> p = probabilities(std::vector<double>{std::log(1.0), std::log(2.0), std::log(5.0)});
  CHECK_THAT(p[0], WithinAbs(0.125, 1e-15));
  CHECK_THAT(p[2], WithinAbs(0.625, 1e-15));
  CHECK(probabilities(std::vector<double>{2000.0, 0.0})[0] == 1.0);
}
