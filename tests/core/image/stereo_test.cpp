#include "core/image/stereo.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/rng.hpp"
#include "tests/core/image/geometry_data.hpp"

using namespace cvlab;
using namespace cvlab::test;
using Catch::Matchers::WithinAbs;

TEST_CASE("stereo: least costs as OpenCV's box sums have them", "[image][stereo][golden]") {
  const Image left = geometry_picture("left");
  const Image right = geometry_picture("right");
  for (const GeometryCase& c : geometry_cases("stereo")) {
    const StereoParams params{static_cast<int>(c.numbers[0]), static_cast<int>(c.numbers[1]), false, false, 1};
    StereoResult out;
    block_match(left, right, params, out);
    const Tensor theirs = c.expected();
    int wrong = 0;
    for (std::ptrdiff_t i = 0; i < theirs.count(); ++i) wrong += out.raw.data()[i] != theirs.data()[i] ? 1 : 0;
    CHECK(wrong == 0);
    CHECK(out.kept == left.width * left.height);
  }
}

TEST_CASE("stereo: fast is the reference", "[image][stereo]") {
  Rng rng(3);
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 6}, {7, 1}, {23, 9}, {12, 40}}) {
    Image left(width, height, 1);
    Image right(width, height, 1);
    for (Image* image : {&left, &right}) {
      for (auto& v : image->data) v = static_cast<std::uint8_t>(rng.below(6));
    }
    for (const int radius : {0, 2, 9}) {
      for (const int range : {0, 5, 40}) {
        const StereoParams params{radius, range, true, true, 1};
        StereoResult fast;
        StereoResult slow;
        block_match(left, right, params, fast);
        block_match_ref(left, right, params, slow);
        INFO(width << " x " << height << ", radius " << radius << ", range " << range);
        CHECK(fast.kept == slow.kept);
        CHECK(fast.marks == slow.marks);
        CHECK(fast.back == slow.back);
        for (std::ptrdiff_t i = 0; i < fast.raw.count(); ++i) {
          REQUIRE(fast.raw.data()[i] == slow.raw.data()[i]);
          if (fast.marks[static_cast<std::size_t>(i)] == StereoMark::good) {
            REQUIRE_THAT(fast.disparity.data()[i], WithinAbs(double{slow.disparity.data()[i]}, 1e-5));
          }
        }
      }
    }
  }
  StereoResult none;
  block_match(Image{}, Image{}, {}, none);
  CHECK(none.kept == 0);
}

// The measured disparities of the Middlebury data set, which structured light gave.
TEST_CASE("stereo: a real pair against measured disparities", "[image][stereo][golden]") {
  const Image truth = geometry_picture("truth");
  const auto good_share = [&](const StereoParams& params) {
    StereoResult out;
    block_match(geometry_picture("left"), geometry_picture("right"), params, out);
    int known = 0;
    int good = 0;
    for (std::size_t i = 0; i < truth.data.size(); ++i) {
      const auto column = static_cast<int>(i) % truth.width;
      if (truth.data[i] == 255 || column < 40 || out.marks[i] != StereoMark::good) continue;
      ++known;
      good += std::abs(out.disparity.data()[i] - static_cast<float>(truth.data[i]) / 4.0F) <= 1.0F ? 1 : 0;
    }
    REQUIRE(known > 6000);
    return static_cast<double>(good) / known;
  };
  const double checked = good_share({4, 40, true, true, 1});
  const double unchecked = good_share({4, 40, true, false, 1});
  CHECK(checked > 0.85);
  CHECK(checked > unchecked + 0.03);
  CHECK(good_share({0, 40, true, false, 1}) < 0.5);  // one pixel alone says little
}

TEST_CASE("stereo: a shifted picture, and the parabola by hand", "[image][stereo]") {
  Rng rng(9);
  Image right(40, 12, 1);
  for (auto& v : right.data) v = static_cast<std::uint8_t>(rng.below(256));
  Image left(40, 12, 1);
  for (int r = 0; r < 12; ++r) {
    for (int c = 0; c < 40; ++c) left.at(r, c) = right.at(r, std::max(0, c - 6));
  }
  StereoResult out;
  block_match(left, right, {1, 12, false, true, 0}, out);
  for (int c = 8; c < 39; ++c) CHECK(out.disparity(0, 0, 5, c) == 6.0F);
  CHECK(matching_costs(left, right, {1, 12}, 5, 20)[6] == 0);
  CHECK(matching_costs(left, right, {1, 12}, 5, 3).size() == 4);
  CHECK(best_disparity({8, 2, 4}, true) == 1.25);  // 1 + (8 - 4) / (2 (8 - 4 + 4))
  CHECK(best_disparity({8, 2, 4}, false) == 1.0);
  CHECK(best_disparity({1, 2, 4}, true) == 0.0);
  CHECK_THAT(StereoRig({1000, 0.2, 0}).depth(50), WithinAbs(4, 1e-12));
}
