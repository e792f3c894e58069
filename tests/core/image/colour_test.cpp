#include "core/image/colour.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/simd/dispatch.hpp"
#include "tests/core/image/points_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

Image pixel(std::uint8_t a, std::uint8_t b, std::uint8_t c) {
  Image image(1, 1, 3);
  image.data = {a, b, c};
  return image;
}

}  // namespace

TEST_CASE("colour: pure colours by hand", "[image][colour]") {
  Image out;
  rgb_to_hsv(pixel(0, 255, 0), out);
  CHECK(out == pixel(60, 255, 255));
  rgb_to_hsv(pixel(128, 128, 128), out);
  CHECK(out == pixel(0, 0, 128));
  rgb_to_hsv(pixel(255, 0, 255), out);
  CHECK(out == pixel(150, 255, 255));
  rgb_to_lab(pixel(255, 255, 255), out);
  CHECK(out == pixel(255, 128, 128));
  rgb_to_lab(pixel(0, 0, 0), out);
  CHECK(out == pixel(0, 128, 128));
  to_grey(pixel(255, 128, 0), out);
  CHECK(out.data[0] == 151);  // 0.299 * 255 + 0.587 * 128 = 151.381
}

TEST_CASE("colour: equals OpenCV", "[image][colour]") {
  for (const std::string name : {"colour", "wheel"}) {
    INFO(name);
    const Image in = points_picture(name);
    Image out;
    to_grey(in, out);
    CHECK(out == points_picture(name + "-grey"));
    rgb_to_hsv(in, out);
    CHECK(out == points_picture(name + "-hsv"));
    rgb_to_lab(in, out);
    CHECK(most_apart(out, points_picture(name + "-lab")) <= 1);
    hsv_to_rgb(points_picture(name + "-hsv"), out);
    CHECK(most_apart(out, points_picture(name + "-from-hsv")) <= 1);
    lab_to_rgb(points_picture(name + "-lab"), out);
    CHECK(most_apart(out, points_picture(name + "-from-lab")) <= 1);
  }
}

TEST_CASE("colour: grey is the same for every instruction set, size and channel count", "[image][colour]") {
  for (const auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    for (const auto& [width, height] : odd_sizes) {
      for (int channels = 1; channels <= 4; ++channels) {
        const Image in = random_image(width, height, channels, 12);
        Image slow, fast;
        to_grey_ref(in, slow);
        to_grey(in, fast);
        CHECK(slow == fast);
      }
    }
  }
  simd::limit(simd::InstructionSet::avx512);
}
