#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "core/rng.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// Grey blocks of many sizes: corners that can be told apart.
Image blocks(int width, int height) {
  Image image(width, height, 1);
  Rng rng(6);
  for (int i = 0; i < 400; ++i) {
    const int x = static_cast<int>(rng.below(static_cast<std::uint32_t>(width)));
    const int y = static_cast<int>(rng.below(static_cast<std::uint32_t>(height)));
    const int w = 4 + static_cast<int>(rng.below(24));
    const int h = 4 + static_cast<int>(rng.below(24));
    const auto value = static_cast<std::uint8_t>(rng.below(256));
    for (int r = y; r < std::min(y + h, height); ++r) {
      for (int c = x; c < std::min(x + w, width); ++c) image.at(r, c) = value;
    }
  }
  return image;
}

}  // namespace

// OpenCV 4.6, getPerspectiveTransform of the same four corners.
TEST_CASE("homography: H of the page as OpenCV has it", "[app][homography][golden]") {
  const DemoFixture demo("homography");
  const std::pair<const char*, double> expected[] = {
      {"h11", 1.41524471}, {"h12", 4.98284075},     {"h13", -363.039752},   {"h21", -0.639574443}, {"h22", 1.8793649},
      {"h23", 159.932969}, {"h31", 0.000177092644}, {"h32", 0.00241333345}, {"h33", 1.0}};
  for (const auto& [id, value] : expected) {
    INFO(id);
    CHECK_THAT(demo.number(id), WithinRel(value, 1e-6));
  }
  CHECK_THAT(demo.number("page_x"), WithinAbs(218.200706, 1e-3));
  CHECK_THAT(demo.number("page_y"), WithinAbs(107.048885, 1e-3));
  CHECK_THAT(demo.number("u") / demo.number("w"), WithinAbs(demo.number("page_x"), 1e-9));
}

// A page of 480 x 240 that fills a rectangle of half the size, from (10, 20): H doubles, and moves by (-20, -40).
TEST_CASE("homography: a rectangle, by hand", "[app][homography][golden]") {
  DemoFixture demo("homography", "aspect=2&corners=10 20;250 20;250 140;10 140&cell=41,61");
  CHECK_THAT(demo.number("h11"), WithinAbs(2, 1e-9));
  CHECK_THAT(demo.number("h12"), WithinAbs(0, 1e-9));
  CHECK_THAT(demo.number("h13"), WithinAbs(-20, 1e-9));
  CHECK_THAT(demo.number("h23"), WithinAbs(-40, 1e-9));
  CHECK_THAT(demo.number("h31"), WithinAbs(0, 1e-12));
  CHECK_THAT(demo.number("w"), WithinAbs(1, 1e-9));
  CHECK_THAT(demo.number("page_x"), WithinAbs(100, 1e-9));  // 2 * 60 - 20
  CHECK_THAT(demo.number("page_y"), WithinAbs(40, 1e-9));   // 2 * 40 - 40
  demo.set("corners", "0 0;100 0;200 0;0 100");
  CHECK(std::isnan(demo.number("h11")));
  CHECK(demo.sentence().find("line") != std::string::npos);
  demo.set("corners", "0 0;100 100;100 0;0 100");  // crossed
  CHECK(demo.sentence().find("horizon") != std::string::npos);
  CHECK(demo.sentence("fr").find("horizon") != std::string::npos);
  demo.set("corners", "0 0;1 1");
  CHECK(demo.sentence().find("Four corners") != std::string::npos);
}

TEST_CASE("homography: RANSAC recovers H with 40 % outliers", "[app][homography][golden]") {
  DemoFixture demo("homography", "task=ransac&outliers=40&noise=0&points=60&threshold=1");
  CHECK(demo.number("pairs") == 60);
  CHECK(demo.number("inliers") == 36);
  CHECK(demo.number("fit_error") < 1e-6);
  CHECK(demo.number("all_error") > 20);
  CHECK(demo.number("rounds") >= demo.number("rounds_needed"));
  CHECK(demo.number("rounds_needed") == 34);  // ln(0.01) / ln(1 - 0.6^4), rounded up
  demo.set("outliers", "0");
  CHECK(demo.number("all_error") < 1e-6);
  CHECK(demo.number("inliers") == 60);
  demo.set("outliers", "20");
  CHECK(demo.number("inliers") == 48);
  CHECK(demo.number("rounds_needed") == 9);
}

TEST_CASE("homography: RANSAC goes round by round", "[app][homography]") {
  DemoFixture demo("homography", "task=ransac&rounds=1");
  CHECK(demo.number("rounds") == 1);
  REQUIRE(demo.demo->step(1));
  demo.demo->update(0.0);
  CHECK(demo.number("rounds") == 2);
  REQUIRE(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("rounds") == 1);
  CHECK_FALSE(demo.demo->step(-1));
  demo.set("points", "4");
  demo.set("outliers", "90");
  CHECK(demo.number("pairs") == 4);
  demo.set("task", "rectify");
  CHECK_FALSE(demo.demo->step(1));
}

TEST_CASE("homography: two views are joined again", "[app][homography]") {
  DemoFixture demo("homography", "task=stitch&turn=8");
  CHECK(demo.sentence() == "The picture is on its way.");
  CHECK(std::isnan(demo.number("pairs")));
  demo.pictures.put("notes", blocks(320, 200));
  demo.demo->update(0.0);
  CHECK(demo.number("corners_a") > 60);
  CHECK(demo.number("inliers") > 20);
  CHECK(demo.number("rms") < 1.5);
  CHECK(demo.number("truth_error") < 4);
  demo.set("turn", "-60");  // the descriptor turns with the picture
  CHECK(demo.number("inliers") > 12);
  demo.pictures.put("notes", Image(200, 120, 3));  // nothing to see
  demo.demo->update(0.0);
  CHECK(demo.number("inliers") == 0);
  CHECK(demo.sentence().find("Too few") != std::string::npos);
}

TEST_CASE("homography: corners are dragged and moved by keys, a place is kept", "[app][homography]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("homography", options);
  ImGuiIO& io = ImGui::GetIO();
  const auto move = [&](float x, float y) {
    io.AddMousePosEvent(x, y);
    it.frame(1000, 700);
  };
  it.frame(1000, 700);
  CHECK(it.app->state()->raw("corners").empty());
  // The photograph of 448 px lies in 470 px from x = 20: corner 3, (260, 130), is near (293, 44 + 137).
  const float scale = 470.0F / 448.0F;
  const float x = 20.0F + 260.5F * scale;
  float y = 0.0F;
  for (float top = 40.0F; top < 130.0F && it.app->state()->raw("corners").empty(); top += 8.0F) {
    y = top + 130.5F * scale;
    move(x, y);
    io.AddMouseButtonEvent(0, true);
    it.frame(1000, 700);
    move(x + 10.0F, y + 6.0F);
    move(x + 12.0F, y + 6.0F);
    io.AddMouseButtonEvent(0, false);
    it.frame(1000, 700);
  }
  const std::string dragged(it.app->state()->raw("corners"));
  REQUIRE_FALSE(dragged.empty());
  CHECK(it.app->state()->raw("selected") == "3");
  it.press(ImGuiKey_RightArrow);
  CHECK(it.app->state()->raw("corners") != dragged);
  const std::string before(it.app->state()->raw("cell"));
  it.click(200, y - 60.0F, 1000, 700);
  CHECK(it.app->state()->raw("cell") != before);
}
