#include "core/image/random_dots.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "core/image/stereo.hpp"

using namespace cvlab;

TEST_CASE("random dots: block matching finds what was hidden", "[image][stereo]") {
  const RandomDots dots = make_random_dots(120, 80, 12, 4, 1);
  CHECK(dots.truth(0, 0, 40, 60) == 12.0F);
  CHECK(dots.truth(0, 0, 5, 60) == 4.0F);
  CHECK(std::isnan(dots.truth(0, 0, 40, 36)));  // square from column 40; 8 columns beside it are hidden
  CHECK_FALSE(std::isnan(dots.truth(0, 0, 40, 31)));
  StereoResult out;
  block_match(dots.left, dots.right, {2, 20, false, true, 1}, out);
  int known = 0;
  int right = 0;
  for (std::ptrdiff_t i = 0; i < dots.truth.count(); ++i) {
    if (std::isnan(dots.truth.data()[i]) || out.marks[static_cast<std::size_t>(i)] != StereoMark::good) continue;
    ++known;
    right += out.disparity.data()[i] == dots.truth.data()[i] ? 1 : 0;
  }
  CHECK(known > 120 * 80 * 8 / 10);
  CHECK(right > 0.97 * known);
  CHECK(make_random_dots(1, 1, 3, 0, 1).left.data.size() == 1);
  CHECK(make_random_dots(0, 0, 3, 0, 1).left.empty());
}
