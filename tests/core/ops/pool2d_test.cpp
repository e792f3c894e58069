#include "core/ops/pool2d.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

constexpr std::array variants = {
    Pool2dParams{},
    Pool2dParams{.ceil_mode = true},
    Pool2dParams{3, 3, 2, 2, 1, 1},
    Pool2dParams{3, 3, 2, 2, 0, 0, true},
    Pool2dParams{3, 2, 1, 2, 1, 0},
    Pool2dParams{2, 2, 1, 1, 1, 1, true},
    Pool2dParams{3, 3, 5, 5, 1, 1, true},  // windows apart: some cells belong to none
};

}  // namespace

TEST_CASE("pool2d: output sizes", "[core][pool2d]") {
  const auto rows = [](Pool2dParams p, std::ptrdiff_t n) { return pool2d_output_shape(p, {2, 3, n, 8})[2]; };
  CHECK(rows({}, 26) == 13);
  CHECK(rows({}, 11) == 5);
  CHECK(rows({}, 1) == 0);
  CHECK(rows({.ceil_mode = true}, 11) == 6);
  CHECK(rows({3, 3, 2, 2, 0, 0}, 55) == 27);      // AlexNet
  CHECK(rows({3, 3, 2, 2, 1, 1}, 112) == 56);     // ResNet
  CHECK(rows({2, 2, 2, 2, 1, 1, true}, 3) == 2);  // a third window would begin in the padding behind: dropped
}

TEST_CASE("pool2d: by hand", "[core][pool2d]") {
  Tensor x({1, 1, 3, 4});
  for (int i = 0; i < 12; ++i) x.data()[i] = static_cast<float>(i);
  Tensor y({1, 1, 1, 2});
  std::array<int, 4> from{};
  max_pool2d_forward({}, x.view(), y.view(), {from.data(), 2});
  CHECK(y(0, 0, 0, 0) == 5);
  CHECK(y(0, 0, 0, 1) == 7);
  CHECK(from[0] == 5);
  CHECK(from[1] == 7);
  avg_pool2d_forward({}, x.view(), y.view());
  CHECK(y(0, 0, 0, 0) == 2.5f);
  // The window of the first cell covers one input cell and three of padding, which count.
  Tensor padded(pool2d_output_shape({2, 2, 2, 2, 1, 1}, x.shape()));
  avg_pool2d_forward({2, 2, 2, 2, 1, 1}, x.view(), padded.view());
  CHECK(padded(0, 0, 0, 1) == 0.75f);  // 0 0 / 1 2
  Tensor one({1, 1});
  global_avg_pool2d_forward(x.view(), one.view());
  CHECK(one(0, 0) == 5.5f);
}

TEST_CASE("pool2d: of equals the first, of NaNs the first", "[core][pool2d]") {
  for_each_instruction_set([](std::ptrdiff_t) {
    Tensor x({1, 1, 2, 6}), y({1, 1, 1, 3});
    const std::array<float, 12> values = {3, 3, 1, NAN, 0, 2, 3, 1, NAN, 5, 2, 1};
    std::copy(values.begin(), values.end(), x.data());
    std::array<int, 3> from{}, expected{};
    max_pool2d_forward({}, x.view(), y.view(), from);
    CHECK(from == std::array{0, 3, 5});
    CHECK(std::isnan(y(0, 0, 0, 1)));
    max_pool2d_forward_ref<float>({}, x.view(), y.view(), expected);
    CHECK(from == expected);
  });
}

TEST_CASE("pool2d: gradients against central differences", "[core][pool2d][gradient]") {
  Rng rng(1);
  for (const Pool2dParams& params : variants) {
    Tensor64 x = distinct<double>({2, 2, 5, 7}, rng), dx(x.shape()), y(pool2d_output_shape(params, x.shape()));
    const Tensor64 dy = random_tensor<double>(y.shape(), rng);
    std::vector<int> from(static_cast<std::size_t>(y.count()));
    const auto largest = [&] {
      max_pool2d_forward_ref<double>(params, x.view(), y.view(), from);
      return weighted_sum(y, dy);
    };
    largest();
    max_pool2d_backward_ref<double>(dy.view(), from, dx.view());
    CHECK(gradient_error(x, dx, largest) < gradient_tolerance);
    Tensor64 dx_avg(x.shape());
    avg_pool2d_backward_ref<double>(params, dy.view(), dx_avg.view());
    CHECK(gradient_error(x, dx_avg, [&] {
            avg_pool2d_forward_ref<double>(params, x.view(), y.view());
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
  }
  Tensor64 x = random_tensor<double>({2, 3, 3, 5}, rng), dx(x.shape()), y({2, 3});
  const Tensor64 dy = random_tensor<double>(y.shape(), rng);
  global_avg_pool2d_backward_ref<double>(dy.view(), dx.view());
  CHECK(gradient_error(x, dx, [&] {
          global_avg_pool2d_forward_ref<double>(x.view(), y.view());
          return weighted_sum(y, dy);
        }) < gradient_tolerance);
}

TEST_CASE("pool2d: fast = reference", "[core][pool2d][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(2);
    for (std::ptrdiff_t columns : sizes_around(lanes))
      for (std::ptrdiff_t width : {2 * columns, 2 * columns + 1})
        for (std::ptrdiff_t height : {1, 2, 5, 6})
          for (const Pool2dParams& params : variants) {
            INFO(height << " x " << width << ", kernel " << params.kernel_y << " x " << params.kernel_x << ", stride "
                        << params.stride_y);
            const Tensor x = random_tensor({2, 3, height, width}, rng);
            const Shape shape = pool2d_output_shape(params, x.shape());
            if (width < 1 || shape.count() == 0) continue;
            const Tensor dy = random_tensor(shape, rng), dx0 = random_tensor(x.shape(), rng);
            Tensor y(shape), expected(shape), dx = dx0, dx_expected = dx0, whole(x.shape(), 7.0f), sum(x.shape());
            std::vector<int> from(static_cast<std::size_t>(y.count())), from_expected(from.size());
            max_pool2d_forward_ref<float>(params, x.view(), expected.view(), from_expected);
            max_pool2d_forward(params, x.view(), y.view(), {});
            REQUIRE(y == expected);
            max_pool2d_forward(params, x.view(), y.view(), from);
            REQUIRE(y == expected);
            REQUIRE(from == from_expected);
            max_pool2d_backward_ref<float>(dy.view(), from, dx_expected.view());
            max_pool2d_backward(params, dy.view(), from, dx.view());
            REQUIRE(dx == dx_expected);
            max_pool2d_backward_ref<float>(dy.view(), from, sum.view());
            max_pool2d_backward(params, dy.view(), from, whole.view(), false);
            REQUIRE(whole == sum);

            avg_pool2d_forward_ref<float>(params, x.view(), expected.view());
            avg_pool2d_forward(params, x.view(), y.view());
            REQUIRE(relative_difference(y, expected) < fast_tolerance);
            sum = Tensor(x.shape());
            avg_pool2d_backward_ref<float>(params, dy.view(), sum.view());
            avg_pool2d_backward(params, dy.view(), whole.view(), false);
            REQUIRE(relative_difference(whole, sum) < fast_tolerance);
            avg_pool2d_backward(params, dy.view(), whole.view());
            avg_pool2d_backward_ref<float>(params, dy.view(), sum.view());
            REQUIRE(relative_difference(whole, sum) < fast_tolerance);
          }
  });
}

TEST_CASE("pool2d: global average, fast = reference", "[core][pool2d][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(3);
    for (std::ptrdiff_t width : sizes_around(lanes)) {
      if (width == 0) continue;
      const Tensor x = random_tensor({2, 3, 3, width}, rng), dy = random_tensor({2, 3}, rng);
      Tensor y({2, 3}), expected({2, 3}), dx(x.shape(), 7.0f), dx_expected(x.shape());
      global_avg_pool2d_forward_ref<float>(x.view(), expected.view());
      global_avg_pool2d_forward(x.view(), y.view());
      CHECK(relative_difference(y, expected) < fast_tolerance);
      global_avg_pool2d_backward(dy.view(), dx.view(), false);
      global_avg_pool2d_backward(dy.view(), dx.view());
      global_avg_pool2d_backward_ref<float>(dy.view(), dx_expected.view());
      global_avg_pool2d_backward_ref<float>(dy.view(), dx_expected.view());
      CHECK(relative_difference(dx, dx_expected) < fast_tolerance);
    }
  });
}

TEST_CASE("pool2d: equals, NaNs and infinities in windows of any kind, fast = reference", "[core][pool2d][fast]") {
  for_each_instruction_set([](std::ptrdiff_t lanes) {
    Rng rng(4);
    for (const Pool2dParams& params : variants)
      for (std::ptrdiff_t width : {std::ptrdiff_t{3}, 2 * lanes + 1, 5 * lanes}) {
        Tensor x({2, 2, 7, width});
        for (std::ptrdiff_t i = 0; i < x.count(); ++i) {
          const std::uint32_t kind = rng.below(8);
          x.data()[i] = kind == 0 ? NAN : kind == 1 ? -INFINITY : static_cast<float>(rng.below(3));
        }
        const Shape shape = pool2d_output_shape(params, x.shape());
        Tensor y(shape), expected(shape);
        std::vector<int> from(static_cast<std::size_t>(y.count())), from_expected(from.size());
        max_pool2d_forward_ref<float>(params, x.view(), expected.view(), from_expected);
        max_pool2d_forward(params, x.view(), y.view(), from);
        REQUIRE(relative_difference(y, expected) == 0.0);
        REQUIRE(from == from_expected);
      }
  });
}
