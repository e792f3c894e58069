#include "core/image/distance.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

TEST_CASE("distance: a single hole by hand", "[image][distance]") {
  Image mask(4, 3, 1);
  std::fill(mask.data.begin(), mask.data.end(), std::uint8_t{255});
  std::vector<std::int32_t> squared;
  squared_distance(mask, squared);
  CHECK(squared == std::vector<std::int32_t>(12, no_zero));
  mask.at(0, 0) = 0;
  squared_distance(mask, squared);
  CHECK(squared == std::vector<std::int32_t>{0, 1, 4, 9, 1, 2, 5, 10, 4, 5, 8, 13});
}

TEST_CASE("distance: equals OpenCV's exact transform", "[image][distance]") {
  for (const std::string name : points_pictures) {
    INFO(name);
    std::vector<std::int32_t> squared;
    squared_distance(points_picture(name + "-otsu"), squared);
    const Tensor saved = reference("points/" + name + "-distance.npy");
    REQUIRE(static_cast<std::ptrdiff_t>(squared.size()) == saved.count());
    bool same = true;
    for (std::size_t i = 0; i < squared.size(); ++i) same = same && static_cast<float>(squared[i]) == saved.data()[i];
    CHECK(same);
  }
}

TEST_CASE("distance: envelopes find what all pairs find", "[image][distance]") {
  for (const auto& [width, height] : odd_sizes) {
    for (const unsigned zeros : {2U, 20U, 200U}) {
      Image mask = random_image(width, height, 1, 8);
      for (std::uint8_t& v : mask.data) v = v < zeros ? 0 : 255;
      std::vector<std::int32_t> slow, fast;
      squared_distance_ref(mask, slow);
      squared_distance(mask, fast);
      CHECK(slow == fast);
    }
  }
}
