#include "core/data/point_set.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

using namespace cvlab;
using Catch::Matchers::WithinAbs;

TEST_CASE("point sets: their modes, and points around them", "[data][point-set]") {
  const PointSet ring = make_point_set(PointSetKind::ring, 256, 1);
  CHECK(ring.count() == 256);
  REQUIRE(ring.mode_count() == 8);
  for (std::size_t m = 0; m < 8; ++m) CHECK_THAT(std::hypot(ring.modes[m], ring.modes[8 + m]), WithinAbs(0.6, 1e-6));
  for (const PointSetKind kind : {PointSetKind::ring, PointSetKind::grid, PointSetKind::pair}) {
    const PointSet set = make_point_set(kind, 512, 3);
    const ModeCount own = count_modes(set, set.points);
    INFO(name(kind));
    CHECK(own.captured == set.mode_count());
    CHECK_THAT(own.good / 512.0, WithinAbs(1.0 - std::exp(-4.5), 0.02));  // within 3 sigma in the plane
    CHECK(parse_point_set(name(kind)).value() == kind);
  }
  CHECK(make_point_set(PointSetKind::moons, 100, 1).mode_count() == 0);
  CHECK_FALSE(parse_point_set("cube"));
}

TEST_CASE("count_modes: by hand", "[data][point-set]") {
  PointSet set;
  set.modes = {0.0, 1.0, 0.0, 0.0};  // (0, 0) and (1, 0)
  set.spread = 0.1;
  const double cloud[] = {0.0, 0.29, 0.31, 1.1, 0.0, 0.0, 0.0, 0.1};
  const ModeCount count = count_modes(set, cloud);
  CHECK(count.points == std::vector<int>{2, 1});
  CHECK(count.good == 3);
  CHECK(count.captured == 2);
  const double far[] = {5.0, 5.0};
  CHECK(count_modes(set, far).captured == 0);
}

TEST_CASE("coverage: by hand, and of a collapsed cloud", "[data][point-set]") {
  const double line[] = {0.0, 1.0, 2.0, 4.0, 0.0, 0.0, 0.0, 0.0};  // on the x axis
  const std::vector<double> radii = neighbour_radii(line, 2);
  CHECK(radii == std::vector<double>{4.0, 1.0, 4.0, 9.0});
  const double cloud[] = {-0.5, 0.0};  // reaches 0 (0.5 <= 2) only: 1.5 > 1, 2.5 > 2, 4.5 > 3
  CHECK(coverage(line, radii, cloud) == 0.25);
  CHECK(coverage(line, radii, line) == 1.0);
  const PointSet ring = make_point_set(PointSetKind::ring, 256, 1);
  const std::vector<double> all = neighbour_radii(ring.points);
  CHECK(coverage(ring.points, all, ring.points) == 1.0);
  std::vector<double> collapsed(2 * 256, ring.modes[0]);
  for (std::size_t i = 256; i < 512; ++i) collapsed[i] = ring.modes[8];
  CHECK(coverage(ring.points, all, collapsed) < 1.0 / 8.0);
  CHECK(coverage({}, {}, cloud) == 0.0);
}
