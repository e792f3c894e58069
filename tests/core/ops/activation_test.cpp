#include "core/ops/activation.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "core/parallel/parallel_for.hpp"
#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

constexpr std::array all = {Activation::identity, Activation::relu, Activation::leaky_relu, Activation::elu,
                            Activation::gelu,     Activation::silu, Activation::sigmoid,    Activation::tanh,
                            Activation::softplus, Activation::step};

float alpha_of(Activation kind) {
  return kind == Activation::leaky_relu ? 0.2f : kind == Activation::elu ? 1.5f : 0.0f;
}

float of(Activation kind, float x) {
  const float alpha = default_alpha(kind);
  float y = 0;
  activation_forward_ref<float>(kind, alpha, ConstView(&x, {1}), View(&y, {1}));
  return y;
}

}  // namespace

TEST_CASE("activation: known values", "[core][activation]") {
  CHECK(of(Activation::relu, -2) == 0);
  CHECK(of(Activation::relu, 2) == 2);
  CHECK(of(Activation::leaky_relu, -2) == -0.02f);
  CHECK(std::abs(of(Activation::elu, -1) - (std::exp(-1.0f) - 1)) < 1e-7f);
  CHECK(of(Activation::sigmoid, 0) == 0.5f);
  CHECK(of(Activation::silu, 0) == 0);
  CHECK(std::abs(of(Activation::softplus, 0) - std::log(2.0f)) < 1e-7f);
  CHECK(of(Activation::softplus, 200) == 200);
  CHECK(of(Activation::step, 0) == 1);
  CHECK(of(Activation::step, -0.1f) == 0);
  // x * P(Z <= x): P(Z <= 1) = 0.841345 from any table of the normal distribution.
  CHECK(std::abs(of(Activation::gelu, 1) - 0.841345f) < 1e-6f);
  for (Activation kind : all) {
    CHECK(std::isnan(of(kind, std::numeric_limits<float>::quiet_NaN())));
    CHECK(std::string_view(name(kind)).size() >= 3);
  }
}

TEST_CASE("activation: gradients against central differences", "[core][activation][gradient]") {
  Rng rng(1);
  for (Activation kind : all) {
    INFO(name(kind));
    const double alpha = static_cast<double>(alpha_of(kind));
    Tensor64 x = away_from_zero<double>({3, 7}, rng);
    for (std::ptrdiff_t i = 0; i < x.count(); ++i) x.data()[i] *= 3;
    const Tensor64 dy = random_tensor<double>(x.shape(), rng);
    Tensor64 y(x.shape()), dx(x.shape());
    activation_forward_ref<double>(kind, alpha, x.view(), y.view());
    activation_backward_ref<double>(kind, alpha, x.view(), y.view(), dy.view(), dx.view());
    CHECK(gradient_error(x, dx, [&] {
            Tensor64 out(x.shape());
            activation_forward_ref<double>(kind, alpha, x.view(), out.view());
            return weighted_sum(out, dy);
          }) < gradient_tolerance);
  }
}

TEST_CASE("activation: fast = reference", "[core][activation][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (Activation kind : all) {
      const float alpha = alpha_of(kind);
      for (std::ptrdiff_t n : sizes_around(lanes)) {
        INFO(name(kind) << ", " << n << " numbers");
        Tensor x({n});
        for (std::ptrdiff_t i = 0; i < n; ++i) x.data()[i] = static_cast<float>(rng.uniform(-12, 12));
        const Tensor dy = random_tensor({n}, rng), dx0 = random_tensor({n}, rng);
        Tensor y({n}), expected({n});
        activation_forward_ref<float>(kind, alpha, x.view(), expected.view());
        activation_forward(kind, alpha, x.view(), y.view());
        REQUIRE(relative_difference(y, expected) < fast_tolerance);
        Tensor in_place = x;
        activation_forward(kind, alpha, in_place.view(), in_place.view());
        REQUIRE(in_place == y);

        Tensor dx = dx0, dx_expected = dx0, written({n}, 77.0f), written_expected({n});
        activation_backward_ref<float>(kind, alpha, x.view(), expected.view(), dy.view(), dx_expected.view());
        activation_backward(kind, alpha, x.view(), expected.view(), dy.view(), dx.view());
        REQUIRE(relative_difference(dx, dx_expected) < fast_tolerance);
        activation_backward_ref<float>(kind, alpha, x.view(), expected.view(), dy.view(), written_expected.view());
        activation_backward(kind, alpha, x.view(), expected.view(), dy.view(), written.view(), false);
        REQUIRE(relative_difference(written, written_expected) < fast_tolerance);
        Tensor turned = dy;
        activation_backward(kind, alpha, x.view(), expected.view(), turned.view(), turned.view(), false);
        REQUIRE(turned == written);
      }
    }
  });
}

TEST_CASE("activation fast: extremes", "[core][activation][fast]") {
  constexpr float inf = std::numeric_limits<float>::infinity();
  const std::array<float, 9> values = {0.0f, -0.0f, 1e-30f, -1e-6f, 100.0f, -100.0f, inf, -inf, NAN};
  for_each_instruction_set([&](std::ptrdiff_t) {
    for (Activation kind : all) {
      const float alpha = default_alpha(kind);
      const Shape shape = {static_cast<std::ptrdiff_t>(values.size())};
      Tensor y(shape), expected(shape);
      activation_forward(kind, alpha, ConstView(values.data(), shape), y.view());
      activation_forward_ref<float>(kind, alpha, ConstView(values.data(), shape), expected.view());
      for (std::size_t i = 0; i < values.size(); ++i) {
        INFO(name(kind) << "(" << values[i] << ") = " << y.data()[i] << ", expected " << expected.data()[i]);
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i);
        CHECK(relative_difference(ConstView(y.data() + at, {1}), ConstView(expected.data() + at, {1})) <
              fast_tolerance);
      }
    }
  });
}

TEST_CASE("activation fast: the number of threads changes no bit", "[core][activation][fast][parallel]") {
  Rng rng(3);
  const Tensor x = random_tensor({300001}, rng);
  Tensor one(x.shape()), three(x.shape());
  for (Activation kind : {Activation::relu, Activation::gelu}) {
    set_thread_count(1);
    activation_forward(kind, 0.0f, x.view(), one.view());
    set_thread_count(3);
    activation_forward(kind, 0.0f, x.view(), three.view());
    set_thread_count(0);
    CHECK(one == three);
  }
}
