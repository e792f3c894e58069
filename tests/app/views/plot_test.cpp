#include "app/views/plot.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

PlotMap map_of(PlotAxis x, PlotAxis y) { return {{100.0F, 50.0F, 300.0F, 150.0F}, x, y}; }

}  // namespace

TEST_CASE("plot: the ends of the axes are the edges of the area, upwards", "[app][plot]") {
  const PlotMap map = map_of({0, 5}, {-1, 3});
  CHECK(map.px(0) == 100.0F);
  CHECK(map.px(5) == 300.0F);
  CHECK(map.py(-1) == 150.0F);
  CHECK(map.py(3) == 50.0F);
  CHECK(map.py(1) == 100.0F);
  for (const double x : {0.0, 0.7, 3.0, 5.0}) CHECK_THAT(map.x_at(map.px(x)), WithinAbs(x, 1e-5));
}

TEST_CASE("plot: on a logarithmic axis equal factors are equal distances", "[app][plot]") {
  const PlotMap map = map_of({1, 100, true}, {0.01, 1, true});
  CHECK_THAT(static_cast<double>(map.px(10)), WithinAbs(200, 1e-3));
  CHECK_THAT(static_cast<double>(map.py(0.1)), WithinAbs(100, 1e-3));
  CHECK_THAT(map.x_at(map.px(37)), WithinRel(37.0, 1e-5));
  CHECK(map.py(0.0) == 150.0F);  // what has no logarithm lies at the lower end
  CHECK(map.py(-1.0) == 150.0F);
}

TEST_CASE("plot: the nearest point", "[app][plot]") {
  const std::vector<PlotPoint> points = {{0, 10}, {1, 11}, {2, 12}, {5, 15}};
  const PlotSeries series{"", points};
  CHECK(nearest_point(series, -3)->y == 10);
  CHECK(nearest_point(series, 0.4)->y == 10);
  CHECK(nearest_point(series, 0.6)->y == 11);
  CHECK(nearest_point(series, 3.4)->y == 12);
  CHECK(nearest_point(series, 3.6)->y == 15);
  CHECK(nearest_point(series, 99)->y == 15);
  CHECK_FALSE(nearest_point(PlotSeries{}, 1).has_value());
}

TEST_CASE("plot: a few points are drawn as they are, a break stays a break", "[app][plot]") {
  const PlotMap map = map_of({0, 3}, {0, 1});
  const std::vector<PlotPoint> points = {{0, 0}, {1, 1}, {2, std::numeric_limits<double>::quiet_NaN()}, {3, 0.5}};
  const std::vector<ImVec2> line = plot_line(map, points);
  REQUIRE(line.size() == 4);
  CHECK(line[1].y == 50.0F);
  CHECK(std::isnan(line[2].y));
  CHECK(line[3].x == 300.0F);
}

TEST_CASE("plot: of many points the line keeps every extreme and stays short", "[app][plot]") {
  const PlotMap map = map_of({0, 100000}, {0, 1});
  std::vector<PlotPoint> points;
  for (int i = 0; i <= 100000; ++i) points.push_back({static_cast<double>(i), 0.5 + 0.1 * std::sin(i * 0.7)});
  points[43210].y = 1.0;
  points[77777].y = 0.0;
  points[60000].y = std::numeric_limits<double>::infinity();
  const std::vector<ImVec2> line = plot_line(map, points);
  CHECK(line.size() < 4 * 202 + 8);
  float top = 1e9F;
  float bottom = -1e9F;
  int breaks = 0;
  for (const ImVec2& at : line) {
    if (!std::isfinite(at.y)) {
      ++breaks;
      continue;
    }
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  CHECK(top == 50.0F);
  CHECK(bottom == 150.0F);
  CHECK(breaks == 1);
  CHECK(line.front().x == 100.0F);
  CHECK(line.back().x == 300.0F);
  CHECK(std::is_sorted(line.begin(), line.end(), [](ImVec2 a, ImVec2 b) { return std::floor(a.x) < std::floor(b.x); }));
}
