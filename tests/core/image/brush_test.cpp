#include "core/image/brush.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace cvlab;

namespace {

std::ptrdiff_t painted(const Image& mask) { return std::count(mask.data.begin(), mask.data.end(), std::uint8_t{255}); }

}  // namespace

TEST_CASE("brush: a dot, a line and an erased dot, by hand", "[image][brush]") {
  Image mask;
  draw_brush({{false, 1, {{4, 3}}}}, 9, 7, mask);
  CHECK(painted(mask) == 5);  // the pixel and its four neighbours
  CHECK(mask.at(3, 5) == 255);
  CHECK(mask.at(2, 5) == 0);
  draw_brush({{false, 2, {{4, 3}}}}, 9, 7, mask);
  CHECK(painted(mask) == 13);
  draw_brush({{false, 0, {{1, 3}, {6, 3}}}}, 9, 7, mask);
  CHECK(painted(mask) == 6);
  draw_brush({{false, 0, {{1, 3}, {6, 3}}}, {true, 1, {{4, 3}}}}, 9, 7, mask);
  CHECK(painted(mask) == 3);
  draw_brush({{false, 3, {{40, 30}}}}, 9, 7, mask);
  CHECK(painted(mask) == 0);
  draw_brush({}, 0, 0, mask);
  CHECK(mask.empty());
}

TEST_CASE("brush: text and back, refused in words", "[image][brush]") {
  const std::vector<BrushStroke> strokes = {{false, 22, {{50, 10}, {3843, 0}}}, {true, 1, {{61, 62}}}};
  const std::string text = format_brush(strokes);
  CHECK(text == "aAWAyAK99AA.eABA9BA");
  REQUIRE(parse_brush(text));
  CHECK(parse_brush(text).value() == strokes);
  CHECK(parse_brush("").value().empty());
  for (const char* bad : {"a", "aAW", "aAWAy", "bAWAyAK", "aAWAyA-", "a--AyAK", "."}) {
    INFO(bad);
    CHECK(parse_brush(bad).error().id == "brush.text");
  }
}
