#include "core/image/range.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace cvlab;

TEST_CASE("absolute_quantile: counts the values below", "[core][image]") {
  Tensor values(Shape{1, 1, 2, 5});
  for (int i = 0; i < 10; ++i) values.data()[i] = static_cast<float>(i % 2 == 0 ? i + 1 : -(i + 1));  // 1 -2 3 -4 …
  CHECK(absolute_quantile(values.view(), 0.0) == 1.0F);
  CHECK(absolute_quantile(values.view(), 0.5) == 5.0F);
  CHECK(absolute_quantile(values.view(), 0.95) == 10.0F);
  CHECK(absolute_quantile(values.view(), 1.0) == 10.0F);
}

TEST_CASE("absolute_quantile: nothing, and NaN", "[core][image]") {
  CHECK(absolute_quantile(Tensor(Shape{1, 1, 0, 4}).view(), 0.9) == 0.0F);
  Tensor values(Shape{3});
  values.data()[0] = std::nanf("");
  values.data()[1] = -2.0F;
  CHECK(absolute_quantile(values.view(), 1.0) == 2.0F);
}
