#include "core/image/line_fit.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <sstream>

#include "tests/core/reference_data.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

// Four points by hand: sums x 6, y 9, xx 14, xy 19; slope (76 - 54) / (56 - 36) = 1.1, intercept 0.6.
TEST_CASE("line: least squares by hand", "[core][line][golden]") {
  const std::vector<LinePoint> points = {{0, 1}, {1, 1}, {2, 3}, {3, 4}};
  const auto fit = fit_line(points);
  REQUIRE(fit);
  CHECK(fit->x == 6.0);
  CHECK(fit->y == 9.0);
  CHECK(fit->xx == 14.0);
  CHECK(fit->xy == 19.0);
  CHECK_THAT(fit->slope, WithinAbs(1.1, 1e-12));
  CHECK_THAT(fit->intercept, WithinAbs(0.6, 1e-12));
  CHECK_THAT(fit->squares, WithinAbs(0.16 + 0.49 + 0.04 + 0.01, 1e-12));
  CHECK_THAT(fit->error(1.1, 0.6), WithinAbs(std::sqrt(0.7 / 4.0), 1e-12));
  CHECK_THAT(fit->error(0.0, 0.0), WithinAbs(std::sqrt((1.0 + 1.0 + 9.0 + 16.0) / 4.0), 1e-12));
}

TEST_CASE("line: least squares = NumPy's polyfit", "[core][line][numpy]") {
  const auto bytes = test::reference_file("motion/line.txt");
  std::istringstream file(std::string(bytes.begin(), bytes.end()));
  double slope = 0.0, intercept = 0.0;
  file >> slope >> intercept;
  std::vector<LinePoint> points;
  for (LinePoint p; file >> p.x >> p.y;) points.push_back(p);
  REQUIRE(points.size() == 20);
  const auto fit = fit_line(points);
  REQUIRE(fit);
  CHECK_THAT(fit->slope, WithinAbs(slope, 1e-12));
  CHECK_THAT(fit->intercept, WithinAbs(intercept, 1e-12));
}

TEST_CASE("line: too few points, and points above each other", "[core][line]") {
  CHECK_FALSE(fit_line({}));
  CHECK_FALSE(fit_line(std::vector<LinePoint>{{1, 2}}));
  CHECK_FALSE(fit_line(std::vector<LinePoint>{{1, 2}, {1, 3}}));
  LineRansac none({{1, 2}}, 0.1, 1);
  none.step();
  CHECK(none.trials().empty());
  LineRansac upright({{1, 2}, {1, 3}}, 0.1, 1);
  upright.step();
  CHECK(upright.trials().size() == 1);
  CHECK_FALSE(upright.fit());
}

TEST_CASE("line: the points of a scene", "[core][line]") {
  const LineScene scene{40, 0.25, 0.0, 0.5, 0.1, 3};
  const std::vector<LinePoint> points = line_points(scene);
  REQUIRE(points.size() == 40);
  CHECK(scene.good() == 30);
  for (int i = 0; i < 30; ++i) {
    const LinePoint& p = points[static_cast<std::size_t>(i)];
    CHECK_THAT(p.y, WithinAbs(0.5 * p.x + 0.1, 0.0101));  // half a step of the grid
  }
}

// Ten points of y = 2 x + 1 and six far from it (37 % outliers): what agrees is exactly the ten.
TEST_CASE("line: RANSAC leaves the outliers out", "[core][line]") {
  std::vector<LinePoint> points;
  for (int i = 0; i < 10; ++i) points.push_back({0.1 * i, 0.2 * i + 1.0});
  for (int i = 0; i < 6; ++i) points.push_back({0.15 * i, 5.0 - 0.7 * i * i});
  LineRansac ransac(points, 0.01, 3);
  for (int i = 0; i < 40; ++i) {
    ransac.step();
    const LineRansac::Trial& t = ransac.trials().back();
    CHECK(t.a != t.b);
    CHECK(t.agree <= ransac.best()->agree);
  }
  const auto fit = ransac.fit();
  REQUIRE(fit);
  CHECK(ransac.best()->agree == 10);
  CHECK_THAT(fit->slope, WithinAbs(2.0, 1e-9));
  CHECK_THAT(fit->intercept, WithinAbs(1.0, 1e-9));
  LineRansac again(points, 0.01, 3);
  for (int i = 0; i < 40; ++i) again.step();
  CHECK(again.best_index() == ransac.best_index());
}

// The table of Fischler and Bolles' formula as printed in Hartley, Zisserman, Multiple View Geometry, table 4.3
// (p = 0.99, samples of 2): 5 % outliers 2, 20 % 5, 30 % 7, 50 % 17.
TEST_CASE("line: how many trials RANSAC needs", "[core][line][golden]") {
  CHECK(ransac_trials(0.95, 0.99) == 2);
  CHECK(ransac_trials(0.8, 0.99) == 5);
  CHECK(ransac_trials(0.7, 0.99) == 7);
  CHECK(ransac_trials(0.5, 0.99) == 17);
  CHECK(ransac_trials(1.0, 0.99) == 1);
}
