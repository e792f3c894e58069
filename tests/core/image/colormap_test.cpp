#include "core/image/colormap.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "core/formats/file.hpp"

using namespace cvlab;

namespace {

double linear(std::uint8_t v) {
  const double x = v / 255.0;
  return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

// CIE 1976 L*, another measure of lightness than the one the maps were made with.
double lightness(const Rgb& c) {
  const double y = 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

}  // namespace

TEST_CASE("colormap: sequential rises in lightness from dark to light", "[core][colormap]") {
  double before = -1;
  for (int i = 0; i <= 100; ++i) {
    const double now = lightness(colormap_sequential(i / 100.0));
    CHECK(now > before);
    before = now;
  }
  CHECK(lightness(colormap_sequential(0)) < 15);
  CHECK(lightness(colormap_sequential(1)) > 85);
  CHECK(colormap_sequential(-5) == colormap_sequential(0));
  CHECK(colormap_sequential(INFINITY) == colormap_sequential(1));
}

TEST_CASE("colormap: diverging is light in the middle and weighs both signs alike", "[core][colormap]") {
  CHECK(lightness(colormap_diverging(0)) > 94);
  double before = 101;
  for (int i = 0; i <= 50; ++i) {
    const double plus = lightness(colormap_diverging(i / 50.0)), minus = lightness(colormap_diverging(-i / 50.0));
    CHECK(std::abs(plus - minus) < 3.5);
    CHECK(plus < before);
    before = plus;
  }
  const Rgb blue = colormap_diverging(1), orange = colormap_diverging(-1);
  CHECK(blue[2] > blue[0] + 100);
  CHECK(orange[0] > orange[2] + 100);
  CHECK(colormap_diverging(-9) == orange);
}

TEST_CASE("colormap: what is not a number is magenta", "[core][colormap]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(colormap_sequential(nan) == Rgb{255, 0, 255});
  CHECK(colormap_diverging(nan) == Rgb{255, 0, 255});
}

TEST_CASE("colormap: eight categories, those of the token table", "[core][colormap]") {
  std::set<Rgb> colours;
  const auto file = read_file(CVLAB_TEST_DATA "/../../assets/tokens.json");
  REQUIRE(file);
  const std::string tokens(file.value().begin(), file.value().end());
  const std::size_t list = tokens.find("\"categorical\"");
  REQUIRE(list != std::string::npos);
  for (int i = 0; i < 8; ++i) {
    const Rgb c = colormap_categorical(i);
    colours.insert(c);
    char hex[8];
    std::snprintf(hex, sizeof hex, "#%02x%02x%02x", c[0], c[1], c[2]);
    CHECK(tokens.find(hex, list) == tokens.find('#', list) + static_cast<std::size_t>(11 * i));
    CHECK(colormap_categorical(i + 8) == c);
    CHECK(colormap_categorical(i - 8) == c);
  }
  CHECK(colours.size() == 8);
}

TEST_CASE("colormap: directions close their circle, opposite ones are blue and orange", "[core][colormap]") {
  CHECK(colormap_cyclic(0.0) == colormap_cyclic(1.0));
  CHECK(colormap_cyclic(-0.25) == colormap_cyclic(0.75));
  const Rgb right = colormap_cyclic(0.0);
  const Rgb left = colormap_cyclic(0.5);
  CHECK(right[2] > right[0]);
  CHECK(left[0] > left[2]);
  CHECK(std::abs(lightness(colormap_cyclic(0.25)) - lightness(colormap_cyclic(0.75))) > 15);
  CHECK(colormap_cyclic(std::numeric_limits<double>::quiet_NaN()) == Rgb{255, 0, 255});
}
