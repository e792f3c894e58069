#include "core/ops/concat.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("concat: placed parts come back as slices", "[core][concat]") {
  Rng rng(1);
  for (int axis : {0, 1, 2}) {
    const Shape whole = {4, 5, 6};
    const Tensor first = random_tensor(whole.with(axis, 1), rng);
    const Tensor second = random_tensor(whole.with(axis, whole[axis] - 1), rng);
    Tensor y(whole), back1(first.shape()), back2(second.shape());
    place_forward<float>(first.view(), axis, 0, y.view());
    place_forward<float>(second.view(), axis, 1, y.view());
    slice_forward<float>(y.view(), axis, 0, back1.view());
    slice_forward<float>(y.view(), axis, 1, back2.view());
    CHECK(back1 == first);
    CHECK(back2 == second);
  }
  Tensor x({2, 3}), piece({2, 2});
  for (int i = 0; i < 6; ++i) x.data()[i] = static_cast<float>(i);
  slice_forward<float>(x.view(), 1, 1, piece.view());
  CHECK(piece(0, 0) == 1);
  CHECK(piece(1, 1) == 5);
}

TEST_CASE("concat: gradients against central differences", "[core][concat][gradient]") {
  Rng rng(2);
  for (int axis : {0, 1, 2}) {
    Tensor64 x = random_tensor<double>({3, 4, 3}, rng), part = random_tensor<double>(x.shape().with(axis, 2), rng);
    Tensor64 dx(x.shape()), piece(part.shape());
    const Tensor64 dpiece = random_tensor<double>(part.shape(), rng);
    slice_backward<double>(dpiece.view(), axis, 1, dx.view());
    CHECK(gradient_error(x, dx, [&] {
            slice_forward<double>(x.view(), axis, 1, piece.view());
            return weighted_sum(piece, dpiece);
          }) < gradient_tolerance);
    Tensor64 y(x.shape()), dpart(part.shape());
    const Tensor64 dy = random_tensor<double>(x.shape(), rng);
    place_backward<double>(dy.view(), axis, 1, dpart.view());
    CHECK(gradient_error(part, dpart, [&] {
            place_forward<double>(part.view(), axis, 1, y.view());
            return weighted_sum(y, dy);
          }) < gradient_tolerance);
  }
}
