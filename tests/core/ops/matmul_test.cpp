#include "core/ops/matmul.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("matmul: by hand", "[core][matmul]") {
  Tensor a({2, 1, 2}), b({2, 2, 1}), y({2, 1, 1});
  for (int i = 0; i < 4; ++i) a.data()[i] = b.data()[i] = static_cast<float>(i + 1);
  matmul_forward(a.view(), b.view(), y.view());
  CHECK(y(0, 0, 0) == 5);   // 1*1 + 2*2
  CHECK(y(1, 0, 0) == 25);  // 3*3 + 4*4
}

TEST_CASE("matmul: gradients against central differences", "[core][matmul][gradient]") {
  Rng rng(1);
  for (const Shape& leading : {Shape{}, Shape{2}, Shape{2, 3}}) {
    Shape a_shape = leading.rank() == 0 ? Shape{3, 5} : leading.rank() == 1 ? Shape{2, 3, 5} : Shape{2, 3, 3, 5};
    Shape b_shape = a_shape.with(a_shape.rank() - 2, 5).with(a_shape.rank() - 1, 4);
    Tensor64 a = random_tensor<double>(a_shape, rng), b = random_tensor<double>(b_shape, rng);
    Tensor64 y(matmul_output_shape(a_shape, b_shape)), da(a_shape), db(b_shape);
    const Tensor64 dy = random_tensor<double>(y.shape(), rng);
    matmul_backward_ref<double>(a.view(), b.view(), dy.view(), da.view(), db.view());
    const auto loss = [&] {
      matmul_forward_ref<double>(a.view(), b.view(), y.view());
      return weighted_sum(y, dy);
    };
    CHECK(gradient_error(a, da, loss) < gradient_tolerance);
    CHECK(gradient_error(b, db, loss) < gradient_tolerance);
  }
}

TEST_CASE("matmul: fast = reference", "[core][matmul][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t n : sizes_around(lanes))
      for (std::ptrdiff_t k : {std::ptrdiff_t{1}, lanes + 1}) {
        const double tolerance = fast_tolerance * static_cast<double>(k + n + 3);
        const Tensor a = random_tensor({2, 3, k}, rng), b = random_tensor({2, k, n}, rng);
        const Tensor dy = random_tensor({2, 3, n}, rng), da0 = random_tensor(a.shape(), rng);
        const Tensor db0 = random_tensor(b.shape(), rng);
        Tensor y(dy.shape()), expected(dy.shape()), da = da0, db = db0, da1 = da0, db1 = db0;
        matmul_forward_ref<float>(a.view(), b.view(), expected.view());
        matmul_forward(a.view(), b.view(), y.view());
        REQUIRE(relative_difference(y, expected) < tolerance);
        matmul_backward_ref<float>(a.view(), b.view(), dy.view(), da1.view(), db1.view());
        matmul_backward(a.view(), b.view(), dy.view(), da.view(), db.view());
        REQUIRE(relative_difference(da, da1) < tolerance);
        REQUIRE(relative_difference(db, db1) < tolerance);
      }
  });
}
