#include "core/ops/arithmetic.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

constexpr std::array all = {Arithmetic::add, Arithmetic::sub, Arithmetic::mul};

struct Pair {
  Shape a, b;
};
// The same shape, a bias, a channel's number, a column, one number, an axis in the middle.
const std::array pairs = {Pair{{2, 3, 4}, {2, 3, 4}}, Pair{{5, 4}, {4}},          Pair{{2, 3, 4, 5}, {3, 1, 1}},
                          Pair{{3, 4}, {3, 1}},       Pair{{2, 3, 4}, {1}},       Pair{{2, 3, 4}, {2, 1, 4}},
                          Pair{{2, 3, 4}, {1, 3, 4}}, Pair{{1, 3, 1}, {1, 1, 1}}, Pair{{2, 3}, {}}};

}  // namespace

TEST_CASE("arithmetic: what broadcasts", "[core][arithmetic]") {
  CHECK(broadcasts_to({4}, {2, 3, 4}));
  CHECK(broadcasts_to({3, 1}, {2, 3, 4}));
  CHECK(broadcasts_to({}, {2, 3}));
  CHECK_FALSE(broadcasts_to({3}, {2, 3, 4}));
  CHECK_FALSE(broadcasts_to({2, 3, 4}, {3, 4}));
  CHECK_FALSE(broadcasts_to({4}, {1}));
}

TEST_CASE("arithmetic: by hand", "[core][arithmetic]") {
  Tensor a({2, 3}), row({3}), column({2, 1}), y({2, 3});
  for (int i = 0; i < 6; ++i) a.data()[i] = static_cast<float>(i);
  for (int i = 0; i < 3; ++i) row(i) = static_cast<float>(10 * i);
  column(1, 0) = 100;
  arithmetic_forward(Arithmetic::add, a.view(), row.view(), y.view());
  CHECK(y(1, 2) == 25);
  arithmetic_forward(Arithmetic::sub, a.view(), column.view(), y.view());
  CHECK(y(0, 2) == 2);
  CHECK(y(1, 0) == -97);
  arithmetic_forward(Arithmetic::mul, a.view(), row.view(), y.view());
  CHECK(y(1, 1) == 40);
  scale_forward<float>(2.0f, 1.0f, a.view(), y.view());
  CHECK(y(1, 2) == 11);
}

TEST_CASE("arithmetic: gradients against central differences", "[core][arithmetic][gradient]") {
  Rng rng(1);
  for (Arithmetic op : all)
    for (const auto& [a_shape, b_shape] : pairs) {
      Tensor64 a = random_tensor<double>(a_shape, rng), b = random_tensor<double>(b_shape, rng), y(a_shape);
      const Tensor64 dy = random_tensor<double>(a_shape, rng);
      Tensor64 da(a_shape), db(b_shape);
      arithmetic_backward_ref<double>(op, a.view(), b.view(), dy.view(), da.view(), db.view());
      const auto loss = [&] {
        arithmetic_forward_ref<double>(op, a.view(), b.view(), y.view());
        return weighted_sum(y, dy);
      };
      CHECK(gradient_error(a, da, loss) < gradient_tolerance);
      CHECK(gradient_error(b, db, loss) < gradient_tolerance);
    }
  Tensor64 x = random_tensor<double>({3, 5}, rng), y(x.shape()), dx(x.shape());
  const Tensor64 dy = random_tensor<double>(x.shape(), rng);
  scale_backward<double>(-2.5, dy.view(), dx.view());
  CHECK(gradient_error(x, dx, [&] {
          scale_forward<double>(-2.5, 3, x.view(), y.view());
          return weighted_sum(y, dy);
        }) < gradient_tolerance);
  const auto exponential = [&] {
    exp_forward<double>(x.view(), y.view());
    return weighted_sum(y, dy);
  };
  exponential();
  Tensor64 dx_exp(x.shape());
  exp_backward<double>(y.view(), dy.view(), dx_exp.view());
  CHECK(gradient_error(x, dx_exp, exponential) < gradient_tolerance);
}

TEST_CASE("arithmetic: fast = reference", "[core][arithmetic][fast]") {
  Rng rng(2);
  const auto check = [&](Arithmetic op, const Shape& a_shape, const Shape& b_shape) {
    const Tensor a = random_tensor(a_shape, rng), b = random_tensor(b_shape, rng), dy = random_tensor(a_shape, rng);
    const Tensor da0 = random_tensor(a_shape, rng), db0 = random_tensor(b_shape, rng);
    Tensor y(a_shape), expected(a_shape), da = da0, db = db0, da1 = da0, db1 = db0;
    arithmetic_forward_ref<float>(op, a.view(), b.view(), expected.view());
    arithmetic_forward(op, a.view(), b.view(), y.view());
    REQUIRE(y == expected);
    arithmetic_backward_ref<float>(op, a.view(), b.view(), dy.view(), da1.view(), db1.view());
    arithmetic_backward(op, a.view(), b.view(), dy.view(), da.view(), db.view());
    REQUIRE(da == da1);
    REQUIRE(relative_difference(db, db1) < fast_tolerance * static_cast<double>(a.count() + 1));
  };
  for (Arithmetic op : all) {
    for (const auto& [a, b] : pairs) check(op, a, b);
    for (std::ptrdiff_t n : sizes_around(16)) {
      check(op, {3, n}, {3, n});
      check(op, {3, n}, {n});
      check(op, {2, 3, n}, {3, 1});
      check(op, {2, n, 3}, {n, 1});
    }
  }
}
