#include "app/views/cells.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>

using namespace cvlab::app;

namespace {

std::string shown(float value, int characters, const char* language = "en") {
  char buffer[24];
  return format_cell(Words(language), value, characters, buffer);
}

}  // namespace

TEST_CASE("cells: a number is as short as it may be and never loses its sign", "[app][views]") {
  CHECK(shown(0.0F, 4) == "0");
  CHECK(shown(255.0F, 4) == "255");
  CHECK(shown(-7.0F, 4) == "\u22127");
  CHECK(shown(1.0F / 9.0F, 5) == "0.111");
  CHECK(shown(1.0F / 9.0F, 4) == "0.11");
  CHECK(shown(1.0F / 9.0F, 4, "fr") == "0,11");
  CHECK(shown(-0.0001F, 5) == "0");
  CHECK(shown(123.456F, 4) == "123");
  CHECK(shown(2.5e9F, 5) == "2.5e+09");
}

TEST_CASE("cells: what is not a number says so", "[app][views]") {
  CHECK(shown(std::nanf(""), 4) == "NaN");
  CHECK(shown(std::numeric_limits<float>::infinity(), 4) == "\u221E");
  CHECK(shown(-std::numeric_limits<float>::infinity(), 4) == "\u2212\u221E");
}

TEST_CASE("cells: only the cells that touch the clip are visited", "[app][views]") {
  CellMap map;
  map.x = -100;
  map.y = 0;
  map.size = 10;
  map.clip = {0, 0, 25, 15};
  const CellMap::Range range = map.visible(50, 50);
  CHECK(range.column0 == 10);
  CHECK(range.column1 == 13);
  CHECK(range.row0 == 0);
  CHECK(range.row1 == 2);
  CHECK(map.visible(0, 0).row1 == 0);
}
