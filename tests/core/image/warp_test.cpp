#include "core/image/warp.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "core/parallel/parallel_for.hpp"
#include "core/rng.hpp"
#include "core/simd/dispatch.hpp"
#include "tests/core/image/geometry_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {

Image random_picture(int width, int height, int channels) {
  Image image(width, height, channels);
  Rng rng(4);
  for (auto& v : image.data) v = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

}  // namespace

TEST_CASE("warp: number for number what OpenCV computes", "[image][warp][golden]") {
  for (const GeometryCase& c : geometry_cases("warp")) {
    INFO(c.number);
    Homography h;
    std::copy_n(c.numbers.begin(), 9, h.h.begin());
    Image out = sized(c.width, c.height);
    warp_perspective_ref(geometry_picture(c.input), h, out, 40);
    CHECK(differing(out, bytes_of(c.expected()), 0) == 0);
    Image fast = sized(c.width, c.height);
    warp_perspective(geometry_picture(c.input), h, fast, 40);
    CHECK(fast == out);
  }
}

TEST_CASE("warp: fast is the reference at every size and channel count", "[image][warp]") {
  const Homography h = {{0.9, 0.3, -4.5, -0.2, 1.1, 3.25, 0.003, -0.002, 1}};
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 9}, {9, 1}, {2, 2}, {40, 23}}) {
    for (int channels = 1; channels <= 4; ++channels) {
      const Image in = random_picture(width, height, channels);
      for (const int columns : {0, 1, 63, 64, 65, 131}) {
        Image fast = sized(columns, 17);
        Image slow = sized(columns, 17);
        warp_perspective(in, h, fast, 7);
        warp_perspective_ref(in, h, slow, 7);
        INFO(width << " x " << height << " x " << channels << " to " << columns);
        CHECK(fast == slow);
      }
    }
  }
}

TEST_CASE("warp: rows inside, outside and across the border, with every instruction set", "[image][warp]") {
  const Homography maps[] = {affine(1.0, 0.01, 0.3, 0.002, 0.6, -4.0),
                             affine(1.5, 0, -60, 0, 1, 0),
                             affine(1, 0, 0, 0.01, 0.0, -0.015625),
                             {{0.7, 0.1, 20, 0.01, 0.9, -3, 1e-4, 2e-4, 1}},
                             {{-1, 0, 299, 0, -1, 39, 0, 0, 1}}};
  for (const auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512}) {
    simd::limit(set);
    for (const int channels : {1, 3}) {
      const Image in = random_picture(300, 40, channels);
      for (const Homography& h : maps) {
        Image fast = sized(331, 60);
        Image slow = fast;
        warp_perspective(in, h, fast, 7);
        warp_perspective_ref(in, h, slow, 7);
        CHECK(fast == slow);
      }
    }
  }
  simd::limit(simd::InstructionSet::avx512);
}

TEST_CASE("warp: nothing to read is border, the identity is the picture", "[image][warp]") {
  Image out = sized(3, 2);
  warp_perspective(Image{}, Homography{}, out, 9);
  CHECK(out.data == std::vector<std::uint8_t>(6, 9));
  warp_perspective(random_picture(4, 4, 1), {{1, 0, 0, 0, 1, 0, 0, 0, 0}}, out, 9);  // w = 0 everywhere
  CHECK(out.data == std::vector<std::uint8_t>(6, 9));
  const Image in = random_picture(31, 12, 3);
  Image same = sized(31, 12);
  warp_perspective(in, Homography{}, same);
  CHECK(same == in);
  const int threads = thread_count();
  set_thread_count(1);
  Image alone = sized(31, 12);
  warp_perspective(in, rotation_about({15, 6}, 20), alone);
  set_thread_count(threads);
  Image shared = sized(31, 12);
  warp_perspective(in, rotation_about({15, 6}, 20), shared);
  CHECK(alone == shared);
}

TEST_CASE("warp: a quarter turn counter-clockwise moves every pixel to its place", "[image][warp]") {
  const Image in = random_picture(9, 9, 1);
  Image out;
  rotate_image(in, 90, out);
  for (int r = 0; r < 9; ++r) {
    for (int c = 0; c < 9; ++c) CHECK(out.at(8 - c, r) == in.at(r, c));
  }
}

TEST_CASE("warp: a homography that is no number shows the border", "[image][warp]") {
  const Image in = random_picture(70, 9, 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  for (const Homography& h : {affine(nan, 0, 0, 0, 1, 0), affine(1, 0, 0, 0, 1, nan), affine(inf, 0, 0, 0, 1, 0),
                              affine(1, 0, inf, 0, 1, 0), Homography{{1, 0, 0, 0, 1, 0, nan, 0, 1}}}) {
    Image fast = sized(130, 3);
    Image plain = fast;
    warp_perspective(in, h, fast, 9);
    warp_perspective_ref(in, h, plain, 9);
    CHECK(fast.data == plain.data);
    CHECK(fast.data[129] == 9);
  }
}
