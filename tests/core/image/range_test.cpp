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

TEST_CASE("value_range: the ends, wherever they lie", "[core][image]") {
  for (const std::ptrdiff_t count : {1, 2, 15, 16, 17, 40}) {
    for (std::ptrdiff_t at = 0; at < count; ++at) {
      Tensor values(Shape{count}, 1.0F);
      values.data()[at] = -7.0F;
      CHECK(value_range(values.view()).least == -7.0F);
      CHECK(value_range(values.view()).greatest == (count == 1 ? -7.0F : 1.0F));
      values.data()[at] = 9.0F;
      CHECK(value_range(values.view()).greatest == 9.0F);
    }
  }
}

TEST_CASE("value_range: nothing, and NaN", "[core][image]") {
  CHECK(value_range(Tensor(Shape{0}).view()).greatest == 0.0F);
  Tensor values(Shape{2}, std::nanf(""));
  CHECK(value_range(values.view()).least == 0.0F);
  values.data()[1] = 3.0F;
  CHECK(value_range(values.view()).least == 3.0F);
}
