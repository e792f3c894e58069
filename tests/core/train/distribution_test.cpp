#include "core/train/distribution.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

using namespace cvlab;
using Catch::Matchers::WithinRel;

// By hand: 1, 2, 3, 6 have mean 3, squares 50, squared distances 4 + 1 + 0 + 9 = 14.
TEST_CASE("distribution: moments by hand", "[core][distribution]") {
  const std::vector<double> x = {1, 2, 3, 6};
  const Moments m = moments_of(std::span<const double>(x));
  CHECK(m.count == 4);
  CHECK(m.mean == 3.0);
  CHECK_THAT(m.deviation, WithinRel(std::sqrt(3.5), 1e-15));
  CHECK_THAT(m.rms, WithinRel(std::sqrt(12.5), 1e-15));
  CHECK(m.greatest == 6.0);
  CHECK(m.zeros == 0);
}

TEST_CASE("distribution: what is not finite is counted apart", "[core][distribution]") {
  const float infinite = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> x = {0.0F, -2.0F, infinite, 2.0F, nan};
  const Moments m = moments_of(std::span<const float>(x));
  CHECK(m.count == 3);
  CHECK(m.not_finite == 2);
  CHECK(m.zeros == 1);
  CHECK(m.mean == 0.0);
  CHECK(m.greatest == 2.0);
  const Histogram h = histogram_of(std::span<const float>(x), -1.0, 1.0, 2);
  CHECK(h.not_finite == 2);
  CHECK(h.below == 1);
  CHECK(h.above == 1);
  CHECK(h.counts == std::vector<std::ptrdiff_t>{0, 1});
  const Moments none = moments_of(std::span<const float>());
  CHECK(none.count == 0);
  CHECK(none.mean == 0.0);
}

TEST_CASE("distribution: bins are closed at the left, the last one at both ends", "[core][distribution]") {
  const std::vector<double> x = {0.0, 0.24, 0.25, 0.5, 0.75, 0.99, 1.0};
  const Histogram h = histogram_of(std::span<const double>(x), 0.0, 1.0, 4);
  CHECK(h.counts == std::vector<std::ptrdiff_t>{2, 1, 1, 3});
  CHECK(h.fullest() == 3);
  CHECK(h.total() == 7);
  CHECK(h.width() == 0.25);
}
