#include "core/ops/reduce.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("reduce: shapes and values by hand", "[core][reduce]") {
  CHECK(reduce_output_shape({2, 3, 4}, 1) == Shape{2, 4});
  CHECK(reduce_output_shape({5}, 0) == Shape{1});
  Tensor x({2, 3});
  for (int i = 0; i < 6; ++i) x.data()[i] = static_cast<float>(i);
  Tensor rows({2}), columns({3}), all({1});
  sum_forward(reduce_along(x.shape(), 1), x.view(), rows.view());
  CHECK(rows(0) == 3);
  CHECK(rows(1) == 12);
  sum_forward(reduce_along(x.shape(), 0), x.view(), columns.view(), 0.5f);
  CHECK(columns(2) == 3.5f);
  sum_forward(reduce_all(x.shape()), x.view(), all.view());
  CHECK(all(0) == 15);
  std::vector<int> from(3);
  max_forward_ref<float>(reduce_along(x.shape(), 0), x.view(), columns.view(), from);
  CHECK(columns(1) == 4);
  CHECK(from == std::vector{1, 1, 1});
}

TEST_CASE("reduce: a long sum keeps its digits", "[core][reduce]") {
  const Tensor x({1000000}, 0.1f);
  Tensor sum({1});
  sum_forward(reduce_all(x.shape()), x.view(), sum.view());
  // Blocks of 1024 on at least 16 running sums: 64 additions each, so 64 roundings of 2^-24 at most. One running sum is
  // off by 958.
  const double expected = 1e6 * static_cast<double>(0.1f);
  CHECK(std::abs(static_cast<double>(sum(0)) - expected) < expected * 64 * std::exp2(-24));
}

TEST_CASE("reduce: gradients against central differences", "[core][reduce][gradient]") {
  Rng rng(1);
  for (int axis : {0, 1, 2, -1}) {
    Tensor64 x = distinct<double>({2, 3, 5}, rng), dx(x.shape()), dx_max(x.shape());
    const ReduceExtents extents = axis < 0 ? reduce_all(x.shape()) : reduce_along(x.shape(), axis);
    Tensor64 y(axis < 0 ? Shape{1} : reduce_output_shape(x.shape(), axis));
    const Tensor64 dy = random_tensor<double>(y.shape(), rng);
    sum_backward_ref<double>(extents, dy.view(), dx.view(), 0.25);
    CHECK(gradient_error(x, dx, [&] {
            sum_forward_ref<double>(extents, x.view(), y.view(), 0.25);
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
    std::vector<int> from(static_cast<std::size_t>(y.count()));
    const auto largest = [&] {
      max_forward_ref<double>(extents, x.view(), y.view(), from);
      return weighted_sum(y, dy);
    };
    largest();
    max_backward_ref<double>(extents, dy.view(), from, dx_max.view());
    CHECK(gradient_error(x, dx_max, largest) < gradient_tolerance);
  }
}

TEST_CASE("reduce: fast = reference", "[core][reduce][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t n : sizes_around(lanes))
      for (std::ptrdiff_t inner : {std::ptrdiff_t{1}, lanes - 1, 3 * lanes + 2, std::ptrdiff_t{300}}) {
        INFO(n << " x " << inner);
        const ReduceExtents extents = {2, n, inner};
        const Tensor x = random_tensor({2, n, inner}, rng), dy = random_tensor({2, inner}, rng);
        const Tensor dx0 = random_tensor(x.shape(), rng);
        Tensor y(dy.shape()), expected(dy.shape()), dx = dx0, dx1 = dx0;
        sum_forward_ref<float>(extents, x.view(), expected.view(), 0.5f);
        sum_forward(extents, x.view(), y.view(), 0.5f);
        REQUIRE(relative_difference(y, expected) < fast_tolerance * static_cast<double>(n + 1));
        sum_backward_ref<float>(extents, dy.view(), dx1.view(), 0.5f);
        sum_backward(extents, dy.view(), dx.view(), 0.5f);
        REQUIRE(dx == dx1);
      }
  });
}
