#include "core/image/pen.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cvlab {

TEST_CASE("pen: strokes as text, there and back", "[image][pen]") {
  const std::vector<PenStroke> strokes = {{{0, 0}, {1, 2}}, {{55, 26}}};
  CHECK(format_strokes(strokes) == "AABC.3a");
  CHECK(parse_strokes("AABC.3a").value() == strokes);
  CHECK(parse_strokes("").value().empty());
  CHECK(format_strokes({}).empty());
}

TEST_CASE("pen: what is no stroke is refused, with the place", "[image][pen]") {
  for (const char* text : {"A", "AAB", ".", "AA.", ".AA", "AA..BB", "A!", "AA BB", "4A", "A9", "\xC3\xA9"}) {
    INFO(text);
    CHECK_FALSE(parse_strokes(text));
  }
  CHECK(parse_strokes("AABB-C").error().args.at(0) == "5");
}

// By hand, radius 1.25 and softness 1.3. A line along y = 14.25 px from x = 5.25 to 20.25: the middles of the rows 13,
// 14, 15, 16 are 0.75, 0.25, 1.25 and 2.25 px away.
TEST_CASE("pen: the picture of a line and of a dot by hand", "[image][pen]") {
  const Tensor line = draw_strokes({{{10, 28}, {40, 28}}});
  CHECK(line.shape() == Shape{1, 1, 28, 28});
  CHECK(line(0, 0, 12, 12) == 29.0F);   // 1.75 away: (1.25 - 1.75) / 1.3 + 0.5 = 0.1154
  CHECK(line(0, 0, 13, 12) == 226.0F);  // (1.25 - 0.75) / 1.3 + 0.5 = 0.8846
  CHECK(line(0, 0, 14, 12) == 255.0F);
  CHECK(line(0, 0, 15, 12) == 128.0F);  // exactly the radius: one half
  CHECK(line(0, 0, 16, 12) == 0.0F);    // (1.25 - 2.25) / 1.3 + 0.5 < 0
  CHECK(line(0, 0, 14, 25) == 0.0F);
  // A dot in the middle of the first pixel's lower right quarter.
  const Tensor dot = draw_strokes({{{1, 1}}});
  CHECK(dot(0, 0, 0, 0) == 255.0F);
  CHECK(dot(0, 0, 27, 27) == 0.0F);
  const Tensor nothing = draw_strokes({});
  CHECK(nothing == Tensor(Shape{1, 1, 28, 28}));
}

}  // namespace cvlab
