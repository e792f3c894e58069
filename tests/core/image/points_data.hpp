// What the tests of the point operations share: OpenCV's pictures of tests/data/points, and random ones of odd sizes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/image/codec.hpp"
#include "core/rng.hpp"
#include "tests/core/reference_data.hpp"

namespace cvlab::test {

inline constexpr const char* points_pictures[] = {"coins", "page", "random"};

inline Image points_picture(const std::string& name) {
  auto image = decode_image(reference_file("points/" + name + ".png"));
  INFO(name);
  REQUIRE(image);
  return std::move(image).value();
}

// The greatest difference of two bytes; 1000 when the sizes differ.
inline int most_apart(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height || a.data.size() != b.data.size()) return 1000;
  int most = 0;
  for (std::size_t i = 0; i < a.data.size(); ++i) most = std::max(most, std::abs(int{a.data[i]} - int{b.data[i]}));
  return most;
}

inline Image random_image(int width, int height, int channels, std::uint64_t seed) {
  Image image(width, height, channels);
  Rng rng(seed);
  for (std::uint8_t& v : image.data) v = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

inline constexpr std::array<std::array<int, 2>, 8> odd_sizes = {
    {{0, 0}, {1, 1}, {1, 9}, {17, 1}, {15, 3}, {16, 16}, {33, 7}, {131, 5}}};

}  // namespace cvlab::test
