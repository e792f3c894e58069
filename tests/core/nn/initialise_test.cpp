// Initialisers by what defines them: mean, variance, bounds, orthogonality.
#include "core/nn/initialise.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/nn/layer.hpp"

namespace cvlab::nn {

namespace {

struct Moments {
  double mean, variance, least, most;
};
Moments moments_of(const Tensor& t) {
  const double n = static_cast<double>(t.count());
  double sum = 0.0, squares = 0.0;
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) sum += static_cast<double>(t.data()[i]);
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) squares += std::pow(static_cast<double>(t.data()[i]) - sum / n, 2);
  const auto [least, most] = std::minmax_element(t.data(), t.data() + t.count());
  return {sum / n, squares / n, static_cast<double>(*least), static_cast<double>(*most)};
}

const Shape kernel = {48, 32, 5, 5};  // 38,400 numbers: a variance is known to 5 * sqrt(2/n) = 3.6 %
constexpr double fan_in = 32 * 25, fan_out = 48 * 25;

// Within five standard errors of what it should be.
void check_moments(const Tensor& t, double variance, double kurtosis) {
  const Moments m = moments_of(t);
  const double n = static_cast<double>(t.count());
  CHECK(std::abs(m.mean) < 5.0 * std::sqrt(variance / n));
  CHECK(std::abs(m.variance / variance - 1.0) < 5.0 * std::sqrt((kurtosis - 1.0) / n));
}
constexpr double normal_kurtosis = 3.0, uniform_kurtosis = 1.8;

void check_uniform(const Tensor& t, double variance) {
  check_moments(t, variance, uniform_kurtosis);
  const double bound = std::sqrt(3.0 * variance);
  const Moments m = moments_of(t);
  CHECK(m.most <= bound * (1 + 1e-6));
  CHECK(m.least >= -bound * (1 + 1e-6));
  CHECK(m.most > 0.999 * bound);
  CHECK(m.least < -0.999 * bound);
}

}  // namespace

TEST_CASE("initialise: constant, normal, uniform") {
  Tensor t(kernel);
  Rng rng(1);
  initialise_constant(t.view(), 0.25f);
  CHECK(std::all_of(t.data(), t.data() + t.count(), [](float v) { return v == 0.25f; }));
  initialise_normal(t.view(), rng, 0.0f, 0.5f);
  check_moments(t, 0.25, normal_kurtosis);
  initialise_normal(t.view(), rng, 10.0f, 0.5f);
  CHECK(std::abs(moments_of(t).mean - 10.0) < 5.0 * 0.5 / std::sqrt(38400.0));
  initialise_uniform(t.view(), rng, -0.5f, 0.5f);
  check_uniform(t, 1.0 / 12.0);
}

TEST_CASE("initialise: Xavier and He have the variance their papers say") {
  CHECK(fan_of(kernel).in == 800);
  CHECK(fan_of(kernel).out == 1200);
  Tensor t(kernel);
  Rng rng(2);
  initialise_xavier_uniform(t.view(), rng);
  check_uniform(t, 2.0 / (fan_in + fan_out));
  initialise_xavier_normal(t.view(), rng);
  check_moments(t, 2.0 / (fan_in + fan_out), normal_kurtosis);
  initialise_he_uniform(t.view(), rng);
  check_uniform(t, 2.0 / fan_in);
  initialise_he_normal(t.view(), rng, 0.2f);
  check_moments(t, 2.0 / (1.04 * fan_in), normal_kurtosis);
}

TEST_CASE("initialise: orthogonal rows, or columns where those are fewer") {
  for (const Shape& shape : {Shape{8, 3, 2, 2}, Shape{20, 7}, Shape{6, 6}, Shape{1, 5}}) {
    Tensor t(shape);
    Rng rng(3);
    initialise_orthogonal(t.view(), rng, 2.0f);
    const std::ptrdiff_t rows = shape[0], columns = t.count() / rows;
    const bool by_row = rows <= columns;
    const auto at = [&](std::ptrdiff_t i, std::ptrdiff_t k) {  // number k of vector i
      return static_cast<double>(by_row ? t.data()[i * columns + k] : t.data()[k * columns + i]);
    };
    double largest = 0.0;
    for (std::ptrdiff_t i = 0; i < std::min(rows, columns); ++i)
      for (std::ptrdiff_t j = 0; j <= i; ++j) {
        double dot = 0.0;
        for (std::ptrdiff_t k = 0; k < std::max(rows, columns); ++k) dot += at(i, k) * at(j, k);
        largest = std::max(largest, std::abs(dot - (i == j ? 4.0 : 0.0)));
      }
    CHECK(largest < 1e-5);
  }
}

TEST_CASE("initialise: every orthogonal matrix is equally likely") {
  // Of Haar-distributed 3x3 matrices, each entry has mean 0 and variance 1/3; without the sign rule q(0,0) is never
  // positive.
  Rng rng(4);
  double sum = 0.0, squares = 0.0;
  constexpr int draws = 3000;
  Tensor t({3, 3});
  for (int i = 0; i < draws; ++i) {
    initialise_orthogonal(t.view(), rng);
    sum += static_cast<double>(t.data()[0]);
    squares += std::pow(static_cast<double>(t.data()[0]), 2);
  }
  CHECK(std::abs(sum / draws) < 5.0 * std::sqrt(1.0 / 3.0 / draws));
  CHECK(std::abs(squares / draws - 1.0 / 3.0) < 5.0 * std::sqrt(0.09 / draws));
}

TEST_CASE("initialise: a network gets He before ReLUs, Xavier elsewhere, and the same numbers for the same seed") {
  using namespace layer;
  Graph graph("test");
  graph.add(input("input", {32, 8, 8}));
  graph.add(conv2d("he", 48, 5));
  graph.add(batch_norm("bn"));
  graph.add(relu("relu"));
  graph.add(flatten("flatten"));
  graph.add(linear("leaky", 100));
  graph.add(activation("act", Activation::leaky_relu, 0.2f));
  graph.add(linear("xavier", 200));
  Rng rng(5), again(5), other(6);
  REQUIRE(graph.initialise(rng));
  check_moments(graph.find("he.weight")->value, 2.0 / fan_in, normal_kurtosis);
  check_moments(graph.find("leaky.weight")->value, 2.0 / (1.04 * 768), normal_kurtosis);
  check_uniform(graph.find("xavier.weight")->value, 2.0 / 300.0);
  CHECK(moments_of(graph.find("he.bias")->value).variance == 0.0);
  CHECK(moments_of(graph.find("bn.weight")->value).mean == 1.0);
  Graph copy = graph;
  REQUIRE(graph.initialise(again));
  CHECK(graph.find("he.weight")->value == copy.find("he.weight")->value);
  REQUIRE(graph.initialise(other));
  CHECK_FALSE(graph.find("he.weight")->value == copy.find("he.weight")->value);
}

}  // namespace cvlab::nn
