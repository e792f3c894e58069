#include "core/image/bit_depth.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/image/quality.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

// Every level once.
Image every_level() {
  Image image(16, 16, 1);
  for (std::size_t v = 0; v < 256; ++v) image.data[v] = static_cast<std::uint8_t>(v);
  return image;
}

}  // namespace

TEST_CASE("bit_depth: 250 + 20 is 255 saturated and 14 wrapped", "[core][image][bit_depth]") {
  CHECK(stored_byte(270, Overflow::saturate) == 255);
  CHECK(stored_byte(270, Overflow::wrap) == 14);  // numpy 1.24: np.uint8(250) + np.uint8(20) == 14
  CHECK(stored_byte(-20, Overflow::saturate) == 0);
  CHECK(stored_byte(-20, Overflow::wrap) == 236);
  CHECK(offset_curve(20, Overflow::wrap)[250] == 14);
  CHECK(offset_curve(-255, Overflow::saturate)[255] == 0);
  CHECK(overflowing(levels_of(every_level(), 0), 20) == 20);
  CHECK(overflowing(levels_of(every_level(), 0), -255) == 255);
}

TEST_CASE("bit_depth: levels are the most significant bits, spread over 0..255 again", "[core][image][bit_depth]") {
  for (int bits = 1; bits <= 8; ++bits) {
    const ByteCurve level = level_curve(bits);
    for (std::size_t v = 0; v < 256; ++v) CHECK(level[v] == (v >> (8 - bits)));
    CHECK(shown_curve(bits)[0] == 0);
    CHECK(shown_curve(bits)[255] == 255);
    CHECK(different_levels(moved_levels(levels_of(every_level(), 0), level)) == 1 << bits);
  }
  CHECK(shown_curve(3)[90] == 73);  // level 2: 2 * 255 / 7 = 72.86
  CHECK(shown_curve(8)[200] == 200);
}

// With four bits v = 16 q + r is shown as 17 q: the error is q - r, both uniform on 0..15, so the mean of its square is
// twice the variance (16^2 - 1) / 12. With one bit it is the mean of r^2 over 0..127, (127)(255)/6.
TEST_CASE("bit_depth: PSNR of a picture that has every level once", "[core][image][bit_depth]") {
  const Image image = every_level();
  const Levels levels = levels_of(image, 0);
  CHECK_THAT(curve_psnr(levels, shown_curve(4)), WithinAbs(10.0 * std::log10(65025.0 / 42.5), 1e-12));
  CHECK_THAT(curve_psnr(levels, shown_curve(1)), WithinAbs(10.0 * std::log10(65025.0 / 5397.5), 1e-12));
  CHECK(std::isinf(curve_psnr(levels, shown_curve(8))));
  CHECK(std::isnan(curve_psnr(Levels{}, shown_curve(2))));
  for (int bits = 1; bits < 8; ++bits) {
    Image shown;
    apply_curve(image, shown_curve(bits), shown);
    CHECK_THAT(curve_psnr(levels, shown_curve(bits)), WithinAbs(psnr(image, shown), 1e-9));
  }
}
