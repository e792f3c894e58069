#include "core/ops/attention.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("attention: equal keys share the values evenly, a distant key decides alone", "[core][attention]") {
  Tensor query({1, 1, 2}), key({1, 3, 2}), value({1, 3, 2}), weights({1, 1, 1, 3}), y({1, 1, 2});
  query(0, 0, 0) = 1;
  for (int s = 0; s < 3; ++s) value(0, s, 1) = static_cast<float>(3 * s);
  attention_forward(1, query.view(), key.view(), value.view(), weights.view(), y.view());
  CHECK(std::abs(y(0, 0, 1) - 3) < 1e-5f);
  key(0, 2, 0) = 100;
  attention_forward(1, query.view(), key.view(), value.view(), weights.view(), y.view());
  CHECK(std::abs(y(0, 0, 1) - 6) < 1e-5f);
  CHECK(std::abs(weights(0, 0, 0, 2) - 1) < 1e-5f);
}

TEST_CASE("attention: gradients against central differences", "[core][attention][gradient]") {
  Rng rng(1);
  for (int heads : {1, 2, 3}) {
    Tensor64 query = random_tensor<double>({2, 3, 6}, rng), key = random_tensor<double>({2, 4, 6}, rng);
    Tensor64 value = random_tensor<double>({2, 4, 6}, rng), weights({2, heads, 3, 4}), y(query.shape());
    const Tensor64 dy = random_tensor<double>(y.shape(), rng);
    const auto loss = [&] {
      attention_forward_ref<double>(heads, query.view(), key.view(), value.view(), weights.view(), y.view());
      return weighted_sum(y, dy);
    };
    loss();
    Tensor64 dq(query.shape()), dk(key.shape()), dv(value.shape());
    attention_backward_ref<double>(heads, query.view(), key.view(), value.view(), weights.view(), dy.view(), dq.view(),
                                   dk.view(), dv.view());
    CHECK(gradient_error(query, dq, loss) < gradient_tolerance);
    CHECK(gradient_error(key, dk, loss) < gradient_tolerance);
    CHECK(gradient_error(value, dv, loss) < gradient_tolerance);
  }
}

TEST_CASE("attention: fast = reference", "[core][attention][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t keys : sizes_around(lanes))
      for (int heads : {1, 3})
        for (std::ptrdiff_t width : {std::ptrdiff_t{1}, lanes + 1}) {
          if (keys == 0) continue;  // nothing to attend to
          INFO(keys << " keys, " << heads << " heads of " << width);
          const double tolerance = fast_tolerance * static_cast<double>(keys + width);
          const std::ptrdiff_t features = heads * width;
          const Tensor query = random_tensor({2, 5, features}, rng), key = random_tensor({2, keys, features}, rng);
          const Tensor value = random_tensor(key.shape(), rng), dy = random_tensor(query.shape(), rng);
          Tensor weights({2, heads, 5, keys}), weights1(weights.shape()), y(query.shape()), expected(query.shape());
          attention_forward_ref<float>(heads, query.view(), key.view(), value.view(), weights1.view(), expected.view());
          attention_forward(heads, query.view(), key.view(), value.view(), weights.view(), y.view());
          REQUIRE(relative_difference(weights, weights1) < tolerance);
          REQUIRE(relative_difference(y, expected) < tolerance);
          const Tensor dq0 = random_tensor(query.shape(), rng), dk0 = random_tensor(key.shape(), rng);
          Tensor dq = dq0, dk = dk0, dv = dk0, dq1 = dq0, dk1 = dk0, dv1 = dk0;
          attention_backward_ref<float>(heads, query.view(), key.view(), value.view(), weights1.view(), dy.view(),
                                        dq1.view(), dk1.view(), dv1.view());
          attention_backward(heads, query.view(), key.view(), value.view(), weights1.view(), dy.view(), dq.view(),
                             dk.view(), dv.view());
          REQUIRE(relative_difference(dq, dq1) < tolerance);
          REQUIRE(relative_difference(dk, dk1) < tolerance);
          REQUIRE(relative_difference(dv, dv1) < tolerance);
        }
  });
}
