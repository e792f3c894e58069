#include "core/ops/dropout.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/core/ops/fast_check.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("dropout: as many are dropped as p says, the rest scaled so that the mean stays", "[core][dropout]") {
  Tensor mask({100000});
  for (double p : {0.0, 0.1, 0.5, 0.9}) {
    Rng rng(1);
    dropout_mask(DropoutKind::inverted, p, rng, mask.view());
    const auto dropped = static_cast<double>(std::count(mask.data(), mask.data() + mask.count(), 0.0f));
    // Four standard deviations of a binomial.
    CHECK(std::abs(dropped - p * 1e5) <= 4 * std::sqrt(1e5 * p * (1 - p)));
    for (std::ptrdiff_t i = 0; i < mask.count(); ++i)
      if (mask(i) != 0.0f) REQUIRE(std::abs(static_cast<double>(mask(i)) - 1 / (1 - p)) < 1e-5);
    Rng again(1);
    Tensor classic({100000});
    dropout_mask(DropoutKind::classic, p, again, classic.view());
    for (std::ptrdiff_t i = 0; i < mask.count(); ++i) REQUIRE(classic(i) == (mask(i) != 0.0f ? 1.0f : 0.0f));
  }
  Rng rng(2);
  dropout_mask(DropoutKind::inverted, 1.0, rng, mask.view());
  CHECK(std::count(mask.data(), mask.data() + mask.count(), 0.0f) == mask.count());
  CHECK(dropout_evaluation_factor(DropoutKind::classic, 0.25) == 0.75);
  CHECK(dropout_evaluation_factor(DropoutKind::inverted, 0.25) == 1.0);
}

TEST_CASE("dropout: gradients against central differences", "[core][dropout][gradient]") {
  Rng rng(3);
  Tensor64 x = random_tensor<double>({4, 9}, rng), mask(x.shape()), y(x.shape()), dx(x.shape());
  for (std::ptrdiff_t i = 0; i < mask.count(); ++i) mask.data()[i] = rng.below(2) ? 2.0 : 0.0;
  const Tensor64 dy = random_tensor<double>(x.shape(), rng);
  dropout_backward<double>(mask.view(), dy.view(), dx.view());
  CHECK(gradient_error(x, dx, [&] {
          dropout_forward<double>(x.view(), mask.view(), y.view());
          return weighted_sum(y, dy);
        }) < gradient_tolerance);
}
