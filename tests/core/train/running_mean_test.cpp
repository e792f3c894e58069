#include "core/train/running_mean.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

using Catch::Matchers::WithinRel;
using cvlab::RunningMean;

TEST_CASE("running mean: of a constant it is that constant from the first value on", "[train][running-mean]") {
  RunningMean mean(0.95);
  CHECK(std::isnan(mean.value()));
  for (int i = 0; i < 200; ++i) CHECK_THAT(mean.add(2.5), WithinRel(2.5, 1e-12));
}

// Weights decay^(t-i), normalised by their sum.
TEST_CASE("running mean: it is the weighted mean", "[train][running-mean]") {
  const double values[] = {3.0, -1.0, 4.0, 1.5, -9.0, 2.6};
  RunningMean mean(0.8);
  for (int t = 0; t < 6; ++t) {
    double sum = 0.0, weights = 0.0;
    for (int i = 0; i <= t; ++i) {
      sum += std::pow(0.8, t - i) * values[i];
      weights += std::pow(0.8, t - i);
    }
    CHECK_THAT(mean.add(values[t]), WithinRel(sum / weights, 1e-12));
  }
}
