#include "core/image/resize.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/rng.hpp"
#include "tests/core/image/geometry_data.hpp"

using namespace cvlab;
using namespace cvlab::test;

namespace {
constexpr Resampling all[] = {Resampling::nearest, Resampling::bilinear, Resampling::area};
constexpr const char* names[] = {"nearest", "bilinear", "area"};
}  // namespace

TEST_CASE("resize: what OpenCV computes", "[image][resize][golden]") {
  for (std::size_t how = 0; how < 3; ++how) {
    for (const GeometryCase& c : geometry_cases(names[how])) {
      INFO(names[how] << " " << c.number);
      Image out = sized(c.width, c.height);
      resize(geometry_picture(c.input), all[how], out);
      CHECK(differing(out, bytes_of(c.expected()), how == 0 ? 0 : 1) == 0);
    }
  }
}

TEST_CASE("resize: fast is the reference at every size", "[image][resize]") {
  Rng rng(8);
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 7}, {6, 1}, {34, 22}, {13, 19}}) {
    for (int channels = 1; channels <= 4; ++channels) {
      Image in(width, height, channels);
      for (auto& v : in.data) v = static_cast<std::uint8_t>(rng.below(256));
      for (const auto& [columns, rows] : {std::pair{1, 1}, {17, 11}, {13, 5}, {40, 41}, {0, 3}}) {
        for (const Resampling how : all) {
          Image fast = sized(columns, rows);
          Image slow = sized(columns, rows);
          resize(in, how, fast);
          resize_ref(in, how, slow);
          INFO(width << " x " << height << " x " << channels << " to " << columns << " x " << rows);
          CHECK(fast == slow);
        }
      }
    }
  }
}

TEST_CASE("resize: an even picture stays even, nothing gives zeros", "[image][resize]") {
  Image in(7, 5, 1);
  std::fill(in.data.begin(), in.data.end(), std::uint8_t{200});
  for (const Resampling how : all) {
    Image out = sized(3, 4);
    resize(in, how, out);
    CHECK(out.data == std::vector<std::uint8_t>(12, 200));
    Image none = sized(2, 1);
    resize(Image{}, how, none);
    CHECK(none.data == std::vector<std::uint8_t>(2, 0));
  }
}
