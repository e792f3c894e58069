#include "app/shell/drawn_pictures.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

using cvlab::Image;
using cvlab::app::draw_picture;

TEST_CASE("drawn pictures: the box is the slide's table", "[app][pictures][golden]") {
  constexpr int o = 0;
  constexpr int table[10][10] = {{o, o, o, o, o, o, o, o, o, o},      {o, o, o, o, o, o, o, o, o, o},
                                 {o, o, o, 90, 90, 90, 90, 90, o, o}, {o, o, o, 90, 90, 90, 90, 90, o, o},
                                 {o, o, o, 90, 90, 90, 90, 90, o, o}, {o, o, o, 90, 0, 90, 90, 90, o, o},
                                 {o, o, o, 90, 90, 90, 90, 90, o, o}, {o, o, o, o, o, o, o, o, o, o},
                                 {o, o, 90, o, o, o, o, o, o, o},     {o, o, o, o, o, o, o, o, o, o}};
  const std::optional<Image> box = draw_picture("box");
  REQUIRE(box);
  REQUIRE(box->width == 10);
  REQUIRE(box->height == 10);
  REQUIRE(box->channels == 1);
  for (int row = 0; row < 10; ++row) {
    for (int column = 0; column < 10; ++column) CHECK(box->at(row, column) == table[row][column]);
  }
}

TEST_CASE("drawn pictures: the numbered cells say where they are", "[app][pictures]") {
  const std::optional<Image> numbered = draw_picture("numbered");
  REQUIRE(numbered);
  CHECK(numbered->height == 6);
  CHECK(numbered->width == 9);
  CHECK(numbered->at(0, 0) == 11);
  CHECK(numbered->at(4, 6) == 57);
  CHECK(numbered->at(5, 8) == 69);
}

TEST_CASE("drawn pictures: the slide's portrait", "[app][pictures][golden]") {
  const std::optional<Image> portrait = draw_picture("portrait");
  REQUIRE(portrait);
  REQUIRE(portrait->width == 12);
  REQUIRE(portrait->height == 16);
  CHECK(portrait->at(0, 0) == 157);
  CHECK(portrait->at(4, 3) == 251);
  CHECK(portrait->at(7, 4) == 10);
  CHECK(portrait->at(13, 7) == 0);
  CHECK(portrait->at(15, 11) == 218);
}

TEST_CASE("drawn pictures: the ramp runs from black to white", "[app][pictures]") {
  const std::optional<Image> ramp = draw_picture("ramp");
  REQUIRE(ramp);
  CHECK(ramp->at(0, 0) == 0);
  CHECK(ramp->at(63, 63) == 255);
  for (int i = 1; i < 64; ++i) CHECK(ramp->at(i, i) > ramp->at(i - 1, i - 1));
}

TEST_CASE("drawn pictures: the landscape is in colour, with soft edges", "[app][pictures]") {
  const std::optional<Image> shapes = draw_picture("shapes");
  REQUIRE(shapes);
  CHECK(shapes->width == 256);
  CHECK(shapes->height == 256);
  CHECK(shapes->channels == 3);
  std::set<int> colours;
  for (int row = 0; row < 256; ++row) {
    for (int column = 0; column < 256; ++column) {
      colours.insert(shapes->at(row, column, 0) << 16 | shapes->at(row, column, 1) << 8 | shapes->at(row, column, 2));
    }
  }
  CHECK(colours.size() > 500);
  CHECK(shapes->at(62, 190, 0) > shapes->at(62, 190, 2) + 80);  // the sun is yellow
  CHECK_FALSE(draw_picture("astronaut"));
  CHECK_FALSE(draw_picture(""));
}
