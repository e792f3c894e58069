#include "core/ops/upsample2d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "core/parallel/parallel_for.hpp"
#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("upsample2d: by hand", "[core][upsample2d]") {
  Tensor x({1, 1, 1, 2}), y({1, 1, 2, 4});
  x(0, 0, 0, 1) = 4;
  upsample2d_forward({2, Interpolation::nearest}, x.view(), y.view());
  CHECK(std::vector<float>(y.data(), y.data() + 8) == std::vector<float>{0, 0, 4, 4, 0, 0, 4, 4});
  upsample2d_forward({2, Interpolation::bilinear}, x.view(), y.view());
  CHECK(std::vector<float>(y.data(), y.data() + 8) == std::vector<float>{0, 1, 3, 4, 0, 1, 3, 4});
}

TEST_CASE("upsample2d: gradients against central differences", "[core][upsample2d][gradient]") {
  Rng rng(1);
  for (Interpolation interpolation : {Interpolation::nearest, Interpolation::bilinear})
    for (int factor : {1, 2, 3, 4}) {
      const Upsample2dParams params = {factor, interpolation};
      Tensor64 x = random_tensor<double>({2, 2, 3, 4}, rng), y(upsample2d_output_shape(params, x.shape()));
      const Tensor64 dy = random_tensor<double>(y.shape(), rng);
      Tensor64 dx(x.shape());
      upsample2d_backward_ref<double>(params, dy.view(), dx.view());
      CHECK(gradient_error(x, dx, [&] {
              upsample2d_forward_ref<double>(params, x.view(), y.view());
              return weighted_sum(y, dy);
            }) < gradient_tolerance);
    }
}

TEST_CASE("upsample2d: fast = reference, with any number of threads", "[core][upsample2d][fast]") {
  Rng rng(2);
  for (Interpolation interpolation : {Interpolation::nearest, Interpolation::bilinear})
    for (std::ptrdiff_t width : {1, 7, 8, 50})
      for (int threads : {1, 3}) {
        const Upsample2dParams params = {2, interpolation};
        const Tensor x = random_tensor({2, 9, 33, width}, rng);
        const Shape shape = upsample2d_output_shape(params, x.shape());
        const Tensor dy = random_tensor(shape, rng), dx0 = random_tensor(x.shape(), rng);
        Tensor y(shape), expected(shape), dx = dx0, dx1 = dx0;
        set_thread_count(threads);
        upsample2d_forward(params, x.view(), y.view());
        upsample2d_backward(params, dy.view(), dx.view());
        set_thread_count(0);
        upsample2d_forward_ref<float>(params, x.view(), expected.view());
        upsample2d_backward_ref<float>(params, dy.view(), dx1.view());
        CHECK(relative_difference(y, expected) < fast_tolerance);
        CHECK(relative_difference(dx, dx1) < fast_tolerance);
      }
}
