#include "core/ops/layer_norm.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("layer_norm: by hand", "[core][layer_norm]") {
  Tensor x({1, 2}), y({1, 2}), mean({1}), inverse({1}), gamma({2}, 3.0f), beta({2}, 1.0f);
  x(0, 0) = 2;
  x(0, 1) = 6;
  layer_norm_forward(x.view(), gamma.view(), beta.view(), 0.0f, y.view(), mean.view(), inverse.view());
  CHECK(mean(0) == 4);
  CHECK(inverse(0) == 0.5f);
  CHECK(y(0, 0) == -2);
  CHECK(y(0, 1) == 4);
}

TEST_CASE("layer_norm: gradients against central differences", "[core][layer_norm][gradient]") {
  Rng rng(1);
  for (std::ptrdiff_t width : {2, 5, 17}) {
    Tensor64 x = random_tensor<double>({2, 3, width}, rng), gamma = random_tensor<double>({width}, rng);
    Tensor64 beta = random_tensor<double>({width}, rng), y(x.shape()), mean({6}), inverse({6});
    const Tensor64 dy = random_tensor<double>(x.shape(), rng);
    const double epsilon = 1e-1;
    const auto loss = [&] {
      layer_norm_forward_ref<double>(x.view(), gamma.view(), beta.view(), epsilon, y.view(), mean.view(),
                                     inverse.view());
      return weighted_sum(y, dy);
    };
    loss();
    Tensor64 dx(x.shape()), dgamma({width}), dbeta({width});
    layer_norm_backward_ref<double>(x.view(), gamma.view(), mean.view(), inverse.view(), dy.view(), dx.view(),
                                    dgamma.view(), dbeta.view());
    CHECK(gradient_error(x, dx, loss) < gradient_tolerance);
    CHECK(gradient_error(gamma, dgamma, loss) < gradient_tolerance);
    CHECK(gradient_error(beta, dbeta, loss) < gradient_tolerance);
  }
}

TEST_CASE("layer_norm: fast = reference", "[core][layer_norm][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t width : sizes_around(lanes))
      for (bool accumulate : {true, false}) {
        if (width == 0) continue;
        constexpr float epsilon = 0.1f;
        constexpr double tolerance = 10 * fast_tolerance;
        const Tensor x = random_tensor({5, width}, rng), gamma = random_tensor({width}, rng);
        const Tensor beta = random_tensor({width}, rng), dy = random_tensor(x.shape(), rng);
        Tensor y(x.shape()), expected(x.shape()), mean({5}), mean1({5}), inverse({5}), inverse1({5});
        layer_norm_forward_ref<float>(x.view(), gamma.view(), beta.view(), epsilon, expected.view(), mean1.view(),
                                      inverse1.view());
        layer_norm_forward(x.view(), gamma.view(), beta.view(), epsilon, y.view(), mean.view(), inverse.view());
        REQUIRE(relative_difference(y, expected) < tolerance);
        REQUIRE(relative_difference(mean, mean1) < tolerance);
        REQUIRE(relative_difference(inverse, inverse1) < tolerance);
        const Tensor dx0 = random_tensor(x.shape(), rng), dg0 = random_tensor({width}, rng);
        Tensor dx = dx0, dg = dg0, db = dg0, dx1 = accumulate ? dx0 : Tensor(x.shape()), dg1 = dg0, db1 = dg0;
        layer_norm_backward_ref<float>(x.view(), gamma.view(), mean1.view(), inverse1.view(), dy.view(), dx1.view(),
                                       dg1.view(), db1.view());
        layer_norm_backward(x.view(), gamma.view(), mean1.view(), inverse1.view(), dy.view(), dx.view(), dg.view(),
                            db.view(), accumulate);
        REQUIRE(relative_difference(dx, dx1) < tolerance);
        REQUIRE(relative_difference(dg, dg1) < tolerance);
        REQUIRE(relative_difference(db, db1) < tolerance);
      }
  });
}
