#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/rng.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

// Doubled pixels: what the demo's halving gives back exactly. `shift` of those moves the right picture.
Image doubled(int shift) {
  Image image(160, 80, 3);
  for (int row = 0; row < 40; ++row) {
    Rng rng(static_cast<std::uint64_t>(row) + 1);
    std::array<std::uint8_t, 100> line{};
    for (auto& v : line) v = static_cast<std::uint8_t>(rng.below(256));
    for (int column = 0; column < 160; ++column) {
      for (int c = 0; c < 3; ++c) {
        for (int half = 0; half < 2; ++half) {
          image.at(2 * row + half, column, c) = line[static_cast<std::size_t>(column / 2 + shift)];
        }
      }
    }
  }
  return image;
}

}  // namespace

// The dots: a square of 80 pixels from (40, 80) with disparity 14, the ground with 5; every match is exact.
TEST_CASE("stereo: the hidden square, by construction", "[app][stereo][golden]") {
  DemoFixture demo("stereo", "pair=dots&cell=80,121&subpixel=0");
  CHECK(demo.number("disparity") == 14);
  CHECK(demo.number("cost") == 0);
  CHECK(demo.number("back") == 14);
  CHECK(demo.number("consistent") == 1);
  CHECK(demo.number("tried") == 41);
  CHECK(demo.number("differences") == 9 * 9 * 41);
  CHECK(std::isnan(demo.number("depth")));
  CHECK(demo.number("right_share") > 98);
  CHECK(demo.number("kept") > 90);
  demo.set("cell", "20,121");
  CHECK(demo.number("disparity") == 5);
  demo.set("cell", "20,3");  // three places to the left, counting its own
  CHECK(demo.number("tried") == 3);
  demo.set("range", "10");  // too short for the square
  demo.set("cell", "80,121");
  CHECK(demo.number("disparity") <= 10);
  CHECK(demo.number("cost") > 0);
}

TEST_CASE("stereo: what one eye alone sees is left out", "[app][stereo]") {
  DemoFixture demo("stereo", "pair=dots&cell=80,76");  // left of the square, where the right eye sees the square
  CHECK(demo.number("consistent") == 0);
  CHECK(demo.sentence().find("left out") != std::string::npos);
  CHECK(demo.sentence("fr").find("écarté") != std::string::npos);
  const double kept = demo.number("kept");
  CHECK(kept < 100);
  demo.set("check", "0");
  CHECK(demo.number("kept") == 100);
  CHECK(std::isnan(demo.number("back")));
  CHECK(demo.number("consistent") == 1);
  const double with_window = demo.number("right_share");
  demo.set("window", "1");
  demo.set("range", "64");
  CHECK(demo.number("right_share") < with_window);  // a single pixel has doubles
}

// f = 994.978 / 2 px, B = 0.193001 m, shift = 31.086 / 2 px: disparity 3 is 96.0161 / 18.543 m away.
TEST_CASE("stereo: depth of a pair of photographs, by hand", "[app][stereo][golden]") {
  DemoFixture demo("stereo", "cell=21,41&subpixel=0");
  CHECK(demo.sentence() == "The picture is on its way.");
  CHECK(std::isnan(demo.number("disparity")));
  demo.pictures.put("motorcycle_left", doubled(0));
  demo.pictures.put("motorcycle_right", doubled(3));
  demo.demo->update(0.0);
  CHECK(demo.number("disparity") == 3);
  CHECK(demo.number("cost") == 0);
  CHECK_THAT(demo.number("depth"), WithinAbs(497.489 * 0.193001 / 18.543, 1e-9));
  demo.pictures.put("motorcycle_right", Image(10, 10, 3));
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("one size") != std::string::npos);
  CHECK(std::isnan(demo.number("kept")));
}

TEST_CASE("stereo: pointing looks, pressing keeps, arrows move", "[app][stereo]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("stereo", options);
  REQUIRE(it.app->state()->set("pair", "dots"));
  ImGuiIO& io = ImGui::GetIO();
  it.frame(1000, 700);
  const std::string before(it.app->state()->raw("cell"));
  io.AddMousePosEvent(200, 180);
  it.frame(1000, 700);
  it.frame(1000, 700);
  CHECK(it.app->state()->raw("cell") == before);
  it.click(200, 180, 1000, 700);
  const std::string kept(it.app->state()->raw("cell"));
  CHECK(kept != before);
  it.press(ImGuiKey_DownArrow);
  CHECK(it.app->state()->raw("cell") != kept);
  it.click(700, 560, 1000, 700);  // the curve: nothing to keep
}
