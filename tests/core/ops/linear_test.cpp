#include "core/ops/linear.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("linear: by hand", "[core][linear]") {
  Tensor x({1, 2}), weight({3, 2}), bias({3}), y({1, 3});
  x(0, 0) = 1;
  x(0, 1) = 2;
  for (int i = 0; i < 6; ++i) weight.data()[i] = static_cast<float>(i);
  bias(2) = 100;
  linear_forward(x.view(), weight.view(), bias.view(), y.view());
  CHECK(y(0, 0) == 2);    // 0*1 + 1*2
  CHECK(y(0, 1) == 8);    // 2*1 + 3*2
  CHECK(y(0, 2) == 114);  // 4*1 + 5*2 + 100
  linear_forward(x.view(), weight.view(), {}, y.view());
  CHECK(y(0, 2) == 14);
}

TEST_CASE("linear: gradients against central differences", "[core][linear][gradient]") {
  Rng rng(1);
  Tensor64 x = random_tensor<double>({2, 3, 5}, rng), weight = random_tensor<double>({4, 5}, rng);
  Tensor64 bias = random_tensor<double>({4}, rng), y(linear_output_shape(x.shape(), weight.shape()));
  const Tensor64 dy = random_tensor<double>(y.shape(), rng);
  Tensor64 dx(x.shape()), dweight(weight.shape()), dbias(bias.shape());
  linear_backward_ref<double>(x.view(), weight.view(), dy.view(), dx.view(), dweight.view(), dbias.view());
  const auto loss = [&] {
    linear_forward_ref<double>(x.view(), weight.view(), bias.view(), y.view());
    return weighted_sum(y, dy);
  };
  CHECK(gradient_error(x, dx, loss) < gradient_tolerance);
  CHECK(gradient_error(weight, dweight, loss) < gradient_tolerance);
  CHECK(gradient_error(bias, dbias, loss) < gradient_tolerance);
}

TEST_CASE("linear: fast = reference", "[core][linear][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t out : sizes_around(lanes))
      for (std::ptrdiff_t in : {std::ptrdiff_t{1}, lanes + 1, 3 * lanes + 2})
        for (std::ptrdiff_t rows : {0, 1, 7}) {
          INFO(rows << " rows, " << in << " -> " << out);
          const double tolerance = fast_tolerance * static_cast<double>(in + out + rows);
          const Tensor x = random_tensor({rows, in}, rng), weight = random_tensor({out, in}, rng);
          const Tensor bias = random_tensor({out}, rng), dy = random_tensor({rows, out}, rng);
          Tensor y({rows, out}), expected(y.shape());
          linear_forward_ref<float>(x.view(), weight.view(), bias.view(), expected.view());
          linear_forward(x.view(), weight.view(), bias.view(), y.view());
          REQUIRE(relative_difference(y, expected) < tolerance);
          const Tensor dx0 = random_tensor(x.shape(), rng), dw0 = random_tensor(weight.shape(), rng);
          const Tensor db0 = random_tensor(bias.shape(), rng);
          Tensor dx = dx0, dw = dw0, db = db0, dx1 = dx0, dw1 = dw0, db1 = db0;
          linear_backward_ref<float>(x.view(), weight.view(), dy.view(), dx1.view(), dw1.view(), db1.view());
          linear_backward(x.view(), weight.view(), dy.view(), dx.view(), dw.view(), db.view());
          REQUIRE(relative_difference(dx, dx1) < tolerance);
          REQUIRE(relative_difference(dw, dw1) < tolerance);
          REQUIRE(relative_difference(db, db1) < tolerance);
          Tensor written(x.shape(), NAN), sum(x.shape());
          linear_backward_ref<float>(x.view(), weight.view(), dy.view(), sum.view(), {}, {});
          linear_backward(x.view(), weight.view(), dy.view(), written.view(), {}, {}, false);
          REQUIRE(relative_difference(written, sum) < tolerance);
        }
  });
}
