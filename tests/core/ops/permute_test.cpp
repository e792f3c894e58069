#include "core/ops/permute.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("permute: every number goes where the axes say", "[core][permute]") {
  Rng rng(1);
  const Tensor x = random_tensor({2, 3, 4, 5}, rng);
  const std::array<int, 4> axes = {0, 2, 3, 1};  // NCHW -> NHWC
  Tensor y(permute_output_shape(x.shape(), axes));
  CHECK(y.shape() == Shape{2, 4, 5, 3});
  permute_forward<float>(axes, x.view(), y.view());
  for (int n = 0; n < 2; ++n)
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 5; ++j) REQUIRE(y(n, i, j, c) == x(n, c, i, j));
  const std::array<int, 4> swapped = {1, 0, 2, 3};  // runs along the last axis stay
  Tensor z(permute_output_shape(x.shape(), swapped));
  permute_forward<float>(swapped, x.view(), z.view());
  CHECK(z(2, 1, 3, 4) == x(1, 2, 3, 4));
}

TEST_CASE("permute: gradients against central differences", "[core][permute][gradient]") {
  Rng rng(2);
  for (const std::array<int, 3>& axes : {std::array{0, 1, 2}, std::array{2, 0, 1}, std::array{1, 2, 0},
                                         std::array{2, 1, 0}, std::array{1, 0, 2}, std::array{0, 2, 1}}) {
    Tensor64 x = random_tensor<double>({2, 3, 5}, rng), y(permute_output_shape(x.shape(), axes)), dx(x.shape());
    const Tensor64 dy = random_tensor<double>(y.shape(), rng);
    permute_backward<double>(axes, dy.view(), dx.view());
    CHECK(gradient_error(x, dx, [&] {
            permute_forward<double>(axes, x.view(), y.view());
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
  }
}
