#include "core/ops/pad2d.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

const std::array variants = {Pad2dParams{1, 2, 3, 0, Padding::zero, 0.5f}, Pad2dParams{1, 2, 3, 1, Padding::replicate},
                             Pad2dParams{2, 1, 3, 3, Padding::reflect}, Pad2dParams{-1, 0, -1, 2, Padding::zero},
                             Pad2dParams{5, 5, 9, 9, Padding::reflect}};

}  // namespace

TEST_CASE("pad2d: by hand", "[core][pad2d]") {
  Tensor x({1, 1, 1, 3});
  for (int i = 0; i < 3; ++i) x(0, 0, 0, i) = static_cast<float>(i + 1);
  const auto row = [&](Pad2dParams params) {
    Tensor y(pad2d_output_shape(params, x.shape()));
    pad2d_forward<float>(params, x.view(), y.view());
    return std::vector<float>(y.data(), y.data() + y.count());
  };
  CHECK(row({0, 0, 2, 1, Padding::zero, 9.0f}) == std::vector<float>{9, 9, 1, 2, 3, 9});
  CHECK(row({0, 0, 2, 1, Padding::replicate}) == std::vector<float>{1, 1, 1, 2, 3, 3});
  CHECK(row({0, 0, 2, 1, Padding::reflect}) == std::vector<float>{3, 2, 1, 2, 3, 2});
  CHECK(row({0, 0, -1, -1, Padding::zero}) == std::vector<float>{2});
}

TEST_CASE("pad2d: gradients against central differences", "[core][pad2d][gradient]") {
  Rng rng(1);
  for (const Pad2dParams& params : variants) {
    Tensor64 x = random_tensor<double>({2, 2, 3, 4}, rng), y(pad2d_output_shape(params, x.shape())), dx(x.shape());
    const Tensor64 dy = random_tensor<double>(y.shape(), rng);
    pad2d_backward<double>(params, dy.view(), dx.view());
    CHECK(gradient_error(x, dx, [&] {
            pad2d_forward<double>(params, x.view(), y.view());
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
  }
}
