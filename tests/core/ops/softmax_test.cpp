#include "core/ops/softmax.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("softmax: shares of one, whatever is added to a row, without overflow", "[core][softmax]") {
  Tensor x({2, 3}), y({2, 3}), logs({2, 3});
  for (int c = 0; c < 3; ++c) {
    x(0, c) = static_cast<float>(c);
    x(1, c) = 1000.0f + static_cast<float>(c);
  }
  softmax_forward(x.view(), y.view());
  log_softmax_forward(x.view(), logs.view());
  for (int c = 0; c < 3; ++c) {
    CHECK(std::abs(y(0, c) - y(1, c)) < 1e-6f);
    CHECK(std::abs(std::exp(logs(1, c)) - y(1, c)) < 1e-6f);
  }
  CHECK(std::abs(y(0, 0) + y(0, 1) + y(0, 2) - 1) < 1e-6f);
  CHECK(std::abs(y(0, 2) / y(0, 1) - std::exp(1.0f)) < 1e-5f);
}

TEST_CASE("softmax: gradients against central differences", "[core][softmax][gradient]") {
  Rng rng(1);
  for (std::ptrdiff_t classes : {1, 2, 9, 17}) {
    Tensor64 x = random_tensor<double>({3, classes}, rng), y(x.shape()), dx(x.shape()), dx_log(x.shape());
    const Tensor64 dy = random_tensor<double>(x.shape(), rng);
    softmax_forward_ref<double>(x.view(), y.view());
    softmax_backward_ref<double>(y.view(), dy.view(), dx.view());
    CHECK(gradient_error(x, dx, [&] {
            softmax_forward_ref<double>(x.view(), y.view());
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
    log_softmax_forward_ref<double>(x.view(), y.view());
    log_softmax_backward_ref<double>(y.view(), dy.view(), dx_log.view());
    CHECK(gradient_error(x, dx_log, [&] {
            log_softmax_forward_ref<double>(x.view(), y.view());
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
  }
}

TEST_CASE("softmax: fast = reference", "[core][softmax][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t n : sizes_around(lanes))
      for (std::ptrdiff_t rows : {0, 1, 5}) {
        INFO(rows << " rows of " << n);
        Tensor x({rows, n});
        for (std::ptrdiff_t i = 0; i < x.count(); ++i) x.data()[i] = static_cast<float>(rng.uniform(-8, 8));
        const Tensor dy = random_tensor(x.shape(), rng), dx0 = random_tensor(x.shape(), rng);
        Tensor y(x.shape()), expected(x.shape()), dx = dx0, dx_expected = dx0;
        softmax_forward_ref<float>(x.view(), expected.view());
        softmax_forward(x.view(), y.view());
        REQUIRE(relative_difference(y, expected) < fast_tolerance);
        softmax_backward_ref<float>(expected.view(), dy.view(), dx_expected.view());
        softmax_backward(expected.view(), dy.view(), dx.view());
        REQUIRE(relative_difference(dx, dx_expected) < fast_tolerance);
        log_softmax_forward_ref<float>(x.view(), expected.view());
        log_softmax_forward(x.view(), y.view());
        REQUIRE(relative_difference(y, expected) < fast_tolerance);
        log_softmax_backward_ref<float>(expected.view(), dy.view(), dx_expected.view());
        log_softmax_backward(expected.view(), dy.view(), dx.view());
        REQUIRE(relative_difference(dx, dx_expected) < fast_tolerance);
        Tensor in_place = x;
        softmax_forward(in_place.view(), in_place.view());
        softmax_forward(x.view(), y.view());
        REQUIRE(in_place == y);
      }
  });
}

TEST_CASE("softmax fast: a NaN stays visible", "[core][softmax][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    for (std::ptrdiff_t at = 0; at < 2 * lanes + 1; ++at) {
      Tensor x({1, 2 * lanes + 1}), y(x.shape());
      x.data()[at] = NAN;
      softmax_forward(x.view(), y.view());
      CHECK(std::isnan(y.data()[at]));
    }
  });
}
