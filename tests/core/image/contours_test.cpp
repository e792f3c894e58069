#include "core/image/contours.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

using namespace cvlab;
using Catch::Matchers::WithinAbs;

TEST_CASE("contours: of a plane, one straight line", "[image][contours]") {
  Tensor values(Shape{4, 6});
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 6; ++column) values(row, column) = static_cast<float>(column);
  }
  const auto lines = contours(values.view(), 2.25f);
  REQUIRE(lines.size() == 1);
  CHECK_FALSE(lines[0].closed);
  REQUIRE(lines[0].points.size() == 4);
  for (const ContourPoint& p : lines[0].points) CHECK_THAT(static_cast<double>(p.x), WithinAbs(2.25, 1e-6));
  CHECK(contours(values.view(), 7.0f).empty());
}

TEST_CASE("contours: of a cone, a circle that closes", "[image][contours]") {
  Tensor values(Shape{21, 21});
  for (int row = 0; row < 21; ++row) {
    for (int column = 0; column < 21; ++column)
      values(row, column) = static_cast<float>(std::hypot(row - 10.0, column - 10.0));
  }
  const auto lines = contours(values.view(), 6.3f);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].closed);
  double length = 0.0;
  const auto& points = lines[0].points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const ContourPoint a = points[i], b = points[(i + 1) % points.size()];
    CHECK_THAT(std::hypot(static_cast<double>(a.x) - 10.0, static_cast<double>(a.y) - 10.0), WithinAbs(6.3, 0.05));
    length += std::hypot(static_cast<double>(a.x - b.x), static_cast<double>(a.y - b.y));
  }
  CHECK_THAT(length, WithinAbs(2.0 * 3.14159265 * 6.3, 0.4));  // each piece once
}

TEST_CASE("contours: a saddle's cell joins what the mean says", "[image][contours]") {
  Tensor values(Shape{2, 2});
  values(0, 0) = values(1, 1) = 1.0f;
  for (const float low : {0.0f, -2.0f}) {  // the mean is above, and below the level
    values(0, 1) = values(1, 0) = low;
    const auto lines = contours(values.view(), 0.25f);
    REQUIRE(lines.size() == 2);
    // A high mean joins the high corners: each line cuts off a low one, (1, 0) or (0, 1); else a high one.
    for (const Contour& line : lines) {
      REQUIRE(line.points.size() == 2);
      const float x = 0.5f * (line.points[0].x + line.points[1].x), y = 0.5f * (line.points[0].y + line.points[1].y);
      CHECK(((x > 0.5f) != (y > 0.5f)) == (low == 0.0f));
    }
  }
}

TEST_CASE("contours: no line where there is no number, and none of a single row", "[image][contours]") {
  Tensor values(Shape{3, 3}, 0.0f);
  values(1, 1) = 1.0f;
  CHECK(contours(values.view(), 0.5f).size() == 1);
  values(0, 0) = std::numeric_limits<float>::quiet_NaN();
  const auto lines = contours(values.view(), 0.5f);
  REQUIRE(lines.size() == 1);
  CHECK_FALSE(lines[0].closed);
  CHECK(contours(Tensor(Shape{1, 5}).view(), 0.5f).empty());
}
