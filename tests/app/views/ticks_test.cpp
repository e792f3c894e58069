#include "app/views/ticks.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

using namespace cvlab::app;
using Catch::Matchers::WithinRel;

namespace {

void check_near(const std::vector<double>& ticks, const std::vector<double>& expected) {
  REQUIRE(ticks.size() == expected.size());
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    if (expected[i] == 0.0) {
      CHECK(std::fabs(ticks[i]) < 1e-12);
    } else {
      CHECK_THAT(ticks[i], WithinRel(expected[i], 1e-9));
    }
  }
}

}  // namespace

TEST_CASE("ticks: 1, 2, 5, as many as there is room for", "[app][ticks]") {
  check_near(linear_ticks(0, 1, 6), {0, 0.2, 0.4, 0.6, 0.8, 1});
  check_near(linear_ticks(0, 1, 11), {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1});
  check_near(linear_ticks(0, 1, 3), {0, 0.5, 1});
  check_near(linear_ticks(0, 3, 4), {0, 1, 2, 3});
  check_near(linear_ticks(-7, 12, 5), {-5, 0, 5, 10});
  check_near(linear_ticks(0, 705, 4), {0, 200, 400, 600});
  check_near(linear_ticks(0.31, 0.39, 2), {0.35});
  CHECK(linear_ticks(1, 1, 5).empty());
  CHECK(linear_ticks(0, std::numeric_limits<double>::quiet_NaN(), 5).empty());
}

TEST_CASE("ticks: logarithmic ones lie at 1, 2, 5, then at 1, 3, then at powers alone", "[app][ticks]") {
  check_near(logarithmic_ticks(0.01, 1, 7), {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1});
  check_near(logarithmic_ticks(0.01, 1, 5), {0.01, 0.03, 0.1, 0.3, 1});
  check_near(logarithmic_ticks(0.01, 1, 3), {0.01, 0.1, 1});
  check_near(logarithmic_ticks(1e-6, 1, 4), {1e-6, 1e-4, 1e-2, 1});
  check_near(logarithmic_ticks(0.3, 4, 9), {0.5, 1, 2});
  CHECK(logarithmic_ticks(0, 1, 5).empty());
  CHECK(logarithmic_ticks(-1, 1, 5).empty());
}

TEST_CASE("ticks: never more than asked for, always inside, evenly spaced", "[app][ticks]") {
  for (const double span : {1e-7, 0.37, 1.0, 2.3026, 17.0, 99.5, 123456.0}) {
    for (const double low : {-3.0 * span, -0.2 * span, 0.0, 5.0 * span}) {
      for (int most = 2; most < 12; ++most) {
        const std::vector<double> ticks = linear_ticks(low, low + span, most);
        CHECK(static_cast<int>(ticks.size()) <= most);
        for (const double tick : ticks) {
          CHECK(tick >= low - 1e-6 * span);
          CHECK(tick <= low + span * (1 + 1e-6));
        }
        for (std::size_t i = 2; i < ticks.size(); ++i)
          CHECK_THAT(ticks[i] - ticks[i - 1], WithinRel(ticks[1] - ticks[0], 1e-6));
      }
    }
  }
}

TEST_CASE("ticks: a round upper end", "[app][ticks]") {
  CHECK(round_up(1.0) == 1.0);
  CHECK(round_up(2.31) == 2.5);
  CHECK_THAT(round_up(0.0412), WithinRel(0.05, 1e-12));
  CHECK(round_up(6.2) == 8.0);
  CHECK(round_up(8.1) == 10.0);
  CHECK(round_up(0.0) == 1.0);
  for (double value = 1e-4; value < 1e5; value *= 1.37) CHECK(round_up(value) >= value);
}
