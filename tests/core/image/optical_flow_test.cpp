#include "core/image/optical_flow.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/image/flow_colour.hpp"
#include "core/image/motion.hpp"
#include "core/rng.hpp"
#include "tests/core/reference_data.hpp"

using namespace cvlab;
using namespace cvlab::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

Tensor random_plane(std::ptrdiff_t height, std::ptrdiff_t width, std::uint64_t seed) {
  Rng rng(seed);
  Tensor plane(Shape{height, width});
  for (std::ptrdiff_t i = 0; i < plane.count(); ++i) plane.data()[i] = static_cast<float>(rng.uniform(0.0, 255.0));
  return plane;
}

double greatest_difference(const Tensor& a, const Tensor& b) {
  double most = 0.0;
  REQUIRE(a.count() == b.count());
  for (std::ptrdiff_t i = 0; i < a.count(); ++i) {
    most = std::max(most, static_cast<double>(std::abs(a.data()[i] - b.data()[i])));
  }
  return most;
}

// 2 x + y, and the same plane after everything moved right by one pixel.
Tensor slope(double shift) {
  Tensor plane(Shape{21, 25});
  for (int y = 0; y < 21; ++y) {
    for (int x = 0; x < 25; ++x) plane(y, x) = static_cast<float>(2.0 * (x - shift) + y);
  }
  return plane;
}

}  // namespace

TEST_CASE("scharr: fast = definition, and OpenCV's", "[core][flow][opencv]") {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 9}, {9, 1}, {2, 2}, {33, 40}, {17, 64}}) {
    const Tensor plane = random_plane(height, width, 3);
    Tensor dx(plane.shape()), dy(plane.shape()), ref_x(plane.shape()), ref_y(plane.shape());
    scharr(plane.view(), dx.view(), dy.view());
    scharr_ref(plane.view(), ref_x.view(), ref_y.view());
    INFO(height << 'x' << width);
    CHECK(greatest_difference(dx, ref_x) < 1e-4);
    CHECK(greatest_difference(dy, ref_y) < 1e-4);
  }
  const Tensor first = reference("motion/first.npy");
  Tensor dx(first.shape()), dy(first.shape());
  scharr(first.view(), dx.view(), dy.view());
  const Tensor want_x = reference("motion/dx.npy");
  const Tensor want_y = reference("motion/dy.npy");
  for (std::ptrdiff_t y = 0; y < want_x.size(0); ++y) {
    for (std::ptrdiff_t x = 0; x < want_x.size(1); ++x) {
      REQUIRE_THAT(dx(5 * y, x), WithinAbs(static_cast<double>(want_x(y, x)), 1e-4));
      REQUIRE_THAT(dy(5 * y, x), WithinAbs(static_cast<double>(want_y(y, x)), 1e-4));
    }
  }
}

TEST_CASE("pyramid: a smaller level is OpenCV's pyrDown", "[core][flow][opencv]") {
  CHECK(greatest_difference(pyramid_down(reference("motion/first.npy").view()), reference("motion/half.npy")) < 1e-3);
  CHECK(pyramid_down(random_plane(1, 1, 1).view()).shape() == Shape{1, 1});
  CHECK(pyramid_down(random_plane(7, 1, 1).view()).shape() == Shape{4, 1});
}

TEST_CASE("structure tensor: eigenvalues are those of OpenCV", "[core][flow][opencv]") {
  const Tensor first = reference("motion/first.npy");
  const FlowPair pair(first.view(), first.view(), 1);
  for (const int window : {5, 9}) {
    const Tensor want = reference("motion/eigen-" + std::to_string(window) + ".npy");
    for (std::ptrdiff_t j = 2; 7 * j + window < first.size(0); ++j) {
      for (std::ptrdiff_t i = 2; 7 * i + window < first.size(1); ++i) {
        const FlowSystem s = pair.system(0, static_cast<double>(7 * i), static_cast<double>(7 * j), window, 0.0, 0.0);
        REQUIRE_THAT(s.large, WithinRel(static_cast<double>(want(j, i, 0)), 1e-3) || WithinAbs(want(j, i, 0), 0.5));
        REQUIRE_THAT(s.small, WithinRel(static_cast<double>(want(j, i, 1)), 1e-2) || WithinAbs(want(j, i, 1), 0.5));
        REQUIRE(s.u == 0.0);  // the same frame twice
      }
    }
  }
}

// 25 cells of gradient (2, 1): sums 100, 50, 25; It = -2; eigenvalues 125 and 0; the shift (1, 0) seen through the
// direction (2, 1) / sqrt 5 is (0.8, 0.4).
TEST_CASE("Lucas-Kanade: an edge shows its normal flow only, by hand", "[core][flow][golden]") {
  const FlowPair pair(slope(0.0).view(), slope(1.0).view(), 1);
  const FlowSystem s = pair.system(0, 12.0, 10.0, 5, 0.0, 0.0);
  CHECK(s.cells == 25);
  CHECK_THAT(s.xx, WithinAbs(100.0, 1e-9));
  CHECK_THAT(s.xy, WithinAbs(50.0, 1e-9));
  CHECK_THAT(s.yy, WithinAbs(25.0, 1e-9));
  CHECK_THAT(s.bx, WithinAbs(100.0, 1e-9));
  CHECK_THAT(s.by, WithinAbs(50.0, 1e-9));
  CHECK_THAT(s.large, WithinAbs(125.0, 1e-9));
  CHECK_THAT(s.small, WithinAbs(0.0, 1e-9));
  CHECK_THAT(s.u, WithinAbs(0.8, 1e-9));
  CHECK_THAT(s.v, WithinAbs(0.4, 1e-9));
  CHECK_THAT(s.error(0.0, 0.0), WithinAbs(2.0, 1e-9));
  CHECK_THAT(s.error(0.8, 0.4), WithinAbs(0.0, 1e-4));
  CHECK_THAT(s.error(1.0, 0.0), WithinAbs(0.0, 1e-4));  // the true motion is as good: a valley
  CHECK_THAT(s.error(0.0, 1.0), WithinAbs(1.0, 1e-9));
  CHECK(s.known(1.0) == FlowKnown::normal);
  CHECK(s.known(6.0) == FlowKnown::nothing);  // 125 / 25 = 5
  const FlowPair flat(Tensor(Shape{9, 9}, 7.0F).view(), Tensor(Shape{9, 9}, 9.0F).view(), 1);
  const FlowSystem none = flat.system(0, 4.0, 4.0, 5, 0.0, 0.0);
  CHECK(none.known(0.0) == FlowKnown::nothing);
  CHECK(none.u == 0.0);
}

TEST_CASE("Lucas-Kanade: tracked points are where OpenCV finds them", "[core][flow][opencv]") {
  const FlowPair pair(reference("motion/first.npy").view(), reference("motion/second.npy").view(), 3);
  REQUIRE(pair.levels() == 3);
  const Tensor points = reference("motion/points.npy");
  const Tensor tracked = reference("motion/tracked.npy");
  REQUIRE(points.size(0) > 15);
  for (std::ptrdiff_t i = 0; i < points.size(0); ++i) {
    const auto x = static_cast<double>(points(i, 0));
    const auto y = static_cast<double>(points(i, 1));
    const FlowPair::Track t = pair.track(x, y, {15, 3, 20});
    INFO(x << ' ' << y);
    CHECK_THAT(x + t.u, WithinAbs(static_cast<double>(tracked(i, 0)), 0.03));
    CHECK_THAT(y + t.v, WithinAbs(static_cast<double>(tracked(i, 1)), 0.03));
  }
}

TEST_CASE("motion: the flow is where the picture went", "[core][flow]") {
  const PictureMotion turn{0.0, 0.0, 90.0, 1.0};
  const auto [u, v] = turn.flow(4.0, 2.0, 5, 5);  // from the right to below
  CHECK_THAT(4.0 + u, WithinAbs(2.0, 1e-12));
  CHECK_THAT(2.0 + v, WithinAbs(4.0, 1e-12));
  const Tensor plane = random_plane(5, 5, 4);
  const Tensor turned = move_picture(plane.view(), turn);
  CHECK_THAT(turned(4, 2), WithinAbs(static_cast<double>(plane(2, 4)), 1e-3));
  const Tensor shifted = move_picture(plane.view(), {1.0, -2.0, 0.0, 1.0});
  CHECK(shifted(1, 3) == plane(3, 2));
  CHECK(move_picture(Tensor(Shape{0, 0}).view(), turn).empty());
}

TEST_CASE("flow colours: direction is hue, length is saturation", "[core][flow]") {
  using Rgba = std::array<int, 3>;
  const auto colour = [](double u, double v) {
    const Rgb c = flow_colour(u, v, 2.0);
    return Rgba{c[0], c[1], c[2]};
  };
  CHECK(colour(0.0, 0.0) == Rgba{255, 255, 255});
  CHECK(colour(2.0, 0.0) == Rgba{255, 0, 0});
  CHECK(colour(5.0, 0.0) == Rgba{255, 0, 0});  // longer than the longest
  CHECK(colour(-2.0, 0.0) == Rgba{0, 255, 255});
  CHECK(colour(1.0, 0.0) == Rgba{255, 128, 128});
  CHECK(colour(0.0, 2.0) == Rgba{128, 255, 0});
  CHECK(colour(std::nan(""), 0.0) == Rgba{255, 255, 255});
}

TEST_CASE("flow of pictures without extent or structure", "[core][flow]") {
  CHECK(FlowPair(Tensor(Shape{0, 0}).view(), Tensor(Shape{0, 0}).view(), 3).empty());
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 30}, {30, 1}}) {
    const Tensor a = random_plane(height, width, 1);
    const Tensor b = random_plane(height, width, 2);
    const FlowPair pair(a.view(), b.view(), 4);
    CHECK(pair.levels() == 1);
    const FlowPair::Track t = pair.track(0.0, 0.0, {31, 4, 10});
    CHECK(std::isfinite(t.u));
    CHECK(std::isfinite(t.v));
    HornSchunck smooth(a.view(), b.view(), 1.0);
    smooth.step();
    CHECK(std::isfinite(smooth.u(height - 1, width - 1)));
  }
}

TEST_CASE("Horn-Schunck: a step is the formula's", "[core][flow]") {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 6}, {5, 1}, {13, 19}, {40, 33}}) {
    const Tensor a = random_plane(height, width, 5);
    const Tensor b = random_plane(height, width, 6);
    HornSchunck fast(a.view(), b.view(), 20.0);
    BasicTensor<double> u(a.shape()), v(a.shape());
    for (int i = 0; i < 6; ++i) {
      fast.step();
      horn_schunck_step_ref(a.view(), b.view(), 20.0, u, v);
    }
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        REQUIRE_THAT(fast.u(y, x), WithinAbs(u(y, x), 1e-3));
        REQUIRE_THAT(fast.v(y, x), WithinAbs(v(y, x), 1e-3));
      }
    }
  }
}

TEST_CASE("Horn-Schunck: it arrives where NumPy's direct solution is", "[core][flow][numpy]") {
  HornSchunck flow(reference("motion/small-first.npy").view(), reference("motion/small-second.npy").view(), 8.0);
  const Tensor want = reference("motion/horn-schunck.npy");  // (2, H, W)
  for (int i = 0; i < 3000; ++i) flow.step();
  for (int y = 0; y < flow.height(); ++y) {
    for (int x = 0; x < flow.width(); ++x) {
      REQUIRE_THAT(flow.u(y, x), WithinAbs(static_cast<double>(want(0, y, x)), 2e-3));
      REQUIRE_THAT(flow.v(y, x), WithinAbs(static_cast<double>(want(1, y, x)), 2e-3));
    }
  }
}
