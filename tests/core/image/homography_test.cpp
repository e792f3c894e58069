#include "core/image/homography.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/image/ransac.hpp"
#include "tests/core/image/geometry_data.hpp"

using namespace cvlab;
using namespace cvlab::test;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::vector<Point2> points_of(const GeometryCase& c, std::size_t first, std::size_t count) {
  std::vector<Point2> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back({c.numbers[first + 2 * i], c.numbers[first + 2 * i + 1]});
  return list;
}

const std::array<Point2, 4> unit = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};

}  // namespace

// The unit square onto (0, 0), (2, 0), (1, 1), (0, 1). By hand: h13 = h23 = 0 from (0, 0); with a = h31, b = h32, the
// others give h11 = 2 (1 + a), h21 = 0, h12 = 0, h22 = 1 + b, and (1, 1): h11 = 1 + a + b = h22. So 2 + 2 a = 1 + a + b
// and 1 + b = 1 + a + b: a = 0, b = 1, h11 = 2, h22 = 2.
TEST_CASE("homography: four points, by hand", "[image][homography][golden]") {
  const std::array<Point2, 4> to = {{{0, 0}, {2, 0}, {1, 1}, {0, 1}}};
  const auto h = homography_from_four(unit, to);
  REQUIRE(h);
  const double expected[] = {2, 0, 0, 0, 2, 0, 0, 1, 1};
  for (std::size_t i = 0; i < 9; ++i) CHECK_THAT(h->h[i], WithinAbs(expected[i], 1e-12));
  const MappedPoint m = h->map({0.5, 0.5});
  CHECK_THAT(m.u, WithinAbs(1, 1e-12));
  CHECK_THAT(m.w, WithinAbs(1.5, 1e-12));
  CHECK_THAT(m.point.x, WithinAbs(2.0 / 3, 1e-12));
  const HomographySystem system = homography_system(unit, to);  // H solves it
  for (std::size_t row = 0; row < 8; ++row) {
    double sum = 0;
    for (std::size_t k = 0; k < 8; ++k) sum += system.a[row][k] * h->h[k];
    CHECK_THAT(sum, WithinAbs(system.b[row], 1e-12));
  }
}

TEST_CASE("homography: four points and many, as OpenCV", "[image][homography][golden]") {
  const GeometryCase four = geometry_cases("four").front();
  const auto a = points_of(four, 9, 4);
  const auto b = points_of(four, 17, 4);
  const auto h = homography_from_four(std::span<const Point2, 4>(a.data(), 4), std::span<const Point2, 4>(b.data(), 4));
  const auto d = homography_dlt(a, b);
  REQUIRE(h);
  REQUIRE(d);
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK_THAT(h->h[i], WithinRel(four.numbers[i], 1e-9) || WithinAbs(four.numbers[i], 1e-12));
    CHECK_THAT(d->h[i], WithinRel(four.numbers[i], 1e-8) || WithinAbs(four.numbers[i], 1e-11));
  }
  // Of many noisy pairs OpenCV makes the reprojection error least after the same DLT: ours is near it, never better.
  const GeometryCase many = geometry_cases("many").front();
  const auto from = points_of(many, 9, 20);
  const auto to = points_of(many, 49, 20);
  Homography theirs;
  std::copy_n(many.numbers.begin(), 9, theirs.h.begin());
  const auto ours = homography_dlt(from, to);
  REQUIRE(ours);
  double ours_sum = 0;
  double theirs_sum = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    ours_sum += std::pow(reprojection_error(*ours, from[i], to[i]), 2);
    theirs_sum += std::pow(reprojection_error(theirs, from[i], to[i]), 2);
  }
  CHECK(ours_sum >= theirs_sum * (1 - 1e-9));
  CHECK(ours_sum < theirs_sum * 1.02);
}

TEST_CASE("homography: products and inverses", "[image][homography]") {
  const Homography h = {{1.2, 0.1, -5, 0.2, 0.8, 3, 0.001, -0.002, 1}};
  const auto back = inverse(h);
  REQUIRE(back);
  const Point2 p = ((*back) * h)({12, -7});
  CHECK_THAT(p.x, WithinAbs(12, 1e-9));
  CHECK_THAT(p.y, WithinAbs(-7, 1e-9));
  const Point2 turned = rotation_about({0, 0}, 90)({1, 0});  // y points down
  CHECK_THAT(turned.y, WithinAbs(-1, 1e-12));
  CHECK_FALSE(inverse(Homography{{1, 2, 3, 2, 4, 6, 0, 0, 1}}));
  CHECK(std::isinf(Homography{{1, 0, 0, 0, 1, 0, 1, 0, 0}}({0, 3}).x));
  CHECK(std::isinf(reprojection_error(Homography{{1, 0, 0, 0, 1, 0, 1, 0, 0}}, {0, 3}, {1, 1})));
}

TEST_CASE("homography: what does not determine one gives none", "[image][homography]") {
  const std::array<Point2, 4> line = {{{0, 0}, {1, 1}, {2, 2}, {5, 1}}};
  const std::array<Point2, 4> spot = {{{3, 3}, {3, 3}, {3, 3}, {3, 3}}};
  CHECK(degenerate(line));
  CHECK_FALSE(homography_from_four(line, unit));
  CHECK_FALSE(homography_from_four(unit, spot));
  CHECK_FALSE(homography_dlt(spot, unit));
  CHECK_FALSE(homography_dlt(std::span(unit).first(3), std::span(unit).first(3)));
  const std::vector<Point2> row = {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}};
  CHECK_FALSE(homography_dlt(row, row));
}

// 60 pairs, 24 of them (40 %) anywhere. The 36 others are exact: H comes back to the last digits.
TEST_CASE("ransac: recovers H with 40 % outliers", "[image][homography][golden]") {
  const Homography h = {{1.1, 0.1, 5, -0.05, 0.95, 9, 2e-4, -1e-4, 1}};
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    Rng rng(seed);
    std::vector<Point2> from;
    std::vector<Point2> to;
    for (int i = 0; i < 60; ++i) {
      from.push_back({rng.uniform(0, 300), rng.uniform(0, 200)});
      to.push_back(i % 5 < 2 ? Point2{rng.uniform(0, 300), rng.uniform(0, 200)} : h(from.back()));
    }
    HomographyRansac ransac(from, to, {.threshold = 1, .confidence = 0.999, .most_rounds = 500, .seed = seed});
    while (ransac.step()) {
    }
    const auto fit = ransac.result();
    REQUIRE(fit);
    CHECK(fit->count == 36);
    for (std::size_t i = 0; i < 60; ++i) CHECK(fit->inliers[i] == (i % 5 < 2 ? 0 : 1));
    CHECK(fit->rms < 1e-9);
    for (std::size_t i = 0; i < 9; ++i) CHECK_THAT(fit->h.h[i], WithinAbs(h.h[i], 1e-8));
    CHECK(ransac.rounds() < 60);  // ransac_rounds(0.6, 0.999) = 50
  }
}

TEST_CASE("ransac: rounds, and too few points", "[image][homography]") {
  CHECK(ransac_rounds(0.5, 0.99) == 72);  // Hartley and Zisserman, table 4.3: s = 4, 50 % outliers
  CHECK(ransac_rounds(0.8, 0.99) == 9);   // 20 %
  CHECK(ransac_rounds(1.0, 0.99) == 1);
  HomographyRansac none({{0, 0}, {1, 0}, {0, 1}}, {{0, 0}, {1, 0}, {0, 1}}, {});
  CHECK_FALSE(none.step());
  CHECK_FALSE(none.result());
  const std::vector<Point2> line = {{0, 0}, {1, 0}, {2, 0}, {3, 0}};
  HomographyRansac degenerate_pairs(line, line, {.most_rounds = 20});
  while (degenerate_pairs.step()) {
  }
  CHECK(degenerate_pairs.rounds() == 20);
  CHECK_FALSE(degenerate_pairs.result());
}
