#include "core/image/frame_average.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "tests/core/reference_data.hpp"

using namespace cvlab;
using namespace cvlab::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("frame average: mean and variance are NumPy's, and the definition's", "[core][average][numpy]") {
  const Tensor frames = reference("motion/noisy.npy");  // (9, 77)
  const Tensor mean = reference("motion/noisy-mean.npy");
  const Tensor variance = reference("motion/noisy-variance.npy");
  FrameAverage average;
  BasicTensor<double> all(frames.shape());
  for (std::ptrdiff_t k = 0; k < frames.size(0); ++k) {
    for (std::ptrdiff_t i = 0; i < frames.size(1); ++i) all(k, i) = static_cast<double>(frames(k, i));
    average.add(ConstView(frames.data() + k * frames.size(1), Shape{frames.size(1)}));
  }
  BasicTensor<double> ref_mean, ref_variance;
  mean_variance_ref(all, ref_mean, ref_variance);
  Tensor got;
  average.variance(got);
  CHECK(average.count() == 9);
  for (std::ptrdiff_t i = 0; i < 77; ++i) {
    CHECK_THAT(average.mean()(i), WithinAbs(static_cast<double>(mean(i)), 1e-4));
    CHECK_THAT(got(i), WithinRel(variance(i), 1e-4F));
    CHECK_THAT(ref_mean(i), WithinAbs(static_cast<double>(mean(i)), 1e-5));
    CHECK_THAT(ref_variance(i), WithinRel(static_cast<double>(variance(i)), 1e-5));
  }
}

TEST_CASE("frame average: one frame, another size, none", "[core][average]") {
  FrameAverage average;
  CHECK(average.mean_variance() == 0.0);
  average.add(Tensor(Shape{2, 3}, 5.0F).view());
  CHECK(average.mean()(1, 2) == 5.0F);
  CHECK(average.mean_variance() == 0.0);
  average.add(Tensor(Shape{2, 3}, 7.0F).view());
  CHECK(average.mean()(1, 2) == 6.0F);
  CHECK(average.mean_variance() == 2.0);
  average.add(Tensor(Shape{3, 3}, 1.0F).view());
  CHECK(average.count() == 1);
  CHECK(average.mean()(2, 2) == 1.0F);
}

// sigma / sqrt(N) within four standard errors of a standard deviation from n values, sigma / sqrt(2 n).
TEST_CASE("frame average: the noise of the mean falls with the root of the number", "[core][average]") {
  const Tensor scene(Shape{60, 80}, 128.0F);
  Tensor frame(scene.shape());
  FrameAverage average;
  for (int k = 0; k < 16; ++k) {
    noisy_frame(scene.view(), 20.0, 9, k, false, frame.view());
    average.add(frame.view());
    const double expected = 20.0 / std::sqrt(k + 1.0);
    const double allowed = 4.0 * expected / std::sqrt(2.0 * 4800.0);
    CHECK_THAT(root_mean_square(average.mean().view(), scene.view()), WithinAbs(expected, allowed));
  }
  CHECK_THAT(std::sqrt(average.mean_variance()), WithinAbs(20.0, 0.3));
}

TEST_CASE("noise: bytes are bytes, a frame is the same again, no two are equal", "[core][average]") {
  const Tensor scene(Shape{10, 20}, 250.0F);
  Tensor a(scene.shape()), b(scene.shape());
  noisy_frame(scene.view(), 30.0, 1, 4, true, a.view());
  noisy_frame(scene.view(), 30.0, 1, 4, true, b.view());
  CHECK(a == b);
  bool saturated = false;
  for (std::ptrdiff_t i = 0; i < a.count(); ++i) {
    CHECK(a.data()[i] == std::round(a.data()[i]));
    CHECK(a.data()[i] <= 255.0F);
    saturated = saturated || a.data()[i] == 255.0F;
  }
  CHECK(saturated);
  noisy_frame(scene.view(), 30.0, 1, 5, true, b.view());
  CHECK_FALSE(a == b);
}

TEST_CASE("root mean square: everywhere, somewhere, nowhere", "[core][average]") {
  Tensor a(Shape{4}), b(Shape{4}), where(Shape{4});
  a(0) = 3.0F;
  a(1) = 4.0F;
  CHECK(root_mean_square(a.view(), b.view()) == 2.5);
  CHECK(std::isnan(root_mean_square(a.view(), b.view(), where.view())));
  where(1) = 1.0F;
  CHECK(root_mean_square(a.view(), b.view(), where.view()) == 4.0);
}

TEST_CASE("disc: what it covers, and where it ends", "[core][average]") {
  Tensor plane(Shape{9, 9}, 10.0F);
  Tensor still(Shape{9, 9}, 1.0F);
  paint_disc(plane.view(), 4.0, 4.0, 2.0, 90.0F, still.view());
  CHECK(plane(4, 4) == 90.0F);
  CHECK(plane(4, 6) == 50.0F);  // the edge: half covered
  CHECK(plane(4, 7) == 10.0F);
  CHECK(still(4, 6) == 0.0F);
  CHECK(still(4, 7) == 1.0F);
  paint_disc(plane.view(), -30.0, 100.0, 3.0, 0.0F);  // outside
  paint_disc(plane.view(), 0.0, 8.0, 1.0, 0.0F);      // over the corner
  CHECK(plane(8, 0) == 0.0F);
}
