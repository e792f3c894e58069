#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Approx;

namespace {

struct FourPixels : DemoFixture {
  explicit FourPixels(const std::string& query) : DemoFixture("point-ops", "image=own&" + query) {
    Image image(2, 2, 1);
    image.data = {250, 100, 100, 5};
    pictures.put("own", image);
    demo->update(0.0);
  }
};

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

void drag(AppFixture& it, ImVec2 from, ImVec2 to) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(from.x, from.y);
  it.frame(1000.0F, 700.0F);
  io.AddMouseButtonEvent(0, true);
  it.frame(1000.0F, 700.0F);
  io.AddMousePosEvent(to.x, to.y);
  it.frame(1000.0F, 700.0F);
  io.AddMouseButtonEvent(0, false);
  it.frame(1000.0F, 700.0F);
}

}  // namespace

TEST_CASE("point-ops: 250 + 20 saturates to 255", "[app][point-ops][golden]") {
  FourPixels demo("operation=add&offset=20&cell=1,1");
  CHECK(demo.number("input") == 250);
  CHECK(demo.number("exact") == 270);
  CHECK(demo.number("output") == 255);
  CHECK(demo.number("white") == 25);
  CHECK(demo.number("black") == 0);
  CHECK(demo.number("mean_before") == 113.75);
  CHECK(demo.number("mean_after") == 130);  // (255 + 120 + 120 + 25) / 4
  CHECK(demo.sentence() == "Level 250 becomes 270, above 255: saturated to 255.");
  demo.set("offset", "-20");
  demo.set("cell", "2,2");
  CHECK(demo.number("exact") == -15);
  CHECK(demo.number("output") == 0);
  CHECK(demo.number("black") == 25);
}

TEST_CASE("point-ops: every operation by hand", "[app][point-ops]") {
  FourPixels demo("operation=contrast&factor=2&cell=1,2");
  CHECK(demo.number("output") == 72);  // 128 + 2 (100 - 128)
  demo.set("operation", "gamma");
  CHECK(demo.number("exact") == Approx(255.0 * std::sqrt(100.0 / 255.0)));
  CHECK(demo.number("output") == 160);
  demo.set("operation", "invert");
  CHECK(demo.number("output") == 155);
  CHECK(demo.number("deviation_after") == Approx(demo.number("deviation_before")));
  demo.set("operation", "equalise");
  CHECK(demo.number("output") == 170);  // 255 (3 - 1) / (4 - 1)
  CHECK(demo.number("levels_after") == 3);
  demo.set("operation", "draw");
  demo.set("curve", "0,0 200,100");
  CHECK(demo.number("output") == 50);
  CHECK(demo.number("levels_before") == 3);
  demo.set("flip", "x");  // moves pixels, changes no level
  CHECK(demo.number("mean_after") == Approx((100 + 50 + 50 + 2.5 + 0.5) / 4));
}

// A curve that maps two levels to one loses one of them for ever.
TEST_CASE("point-ops: what saturates is lost", "[app][point-ops]") {
  FourPixels demo("operation=add&offset=155&cell=1,1");
  CHECK(demo.number("levels_before") == 3);
  CHECK(demo.number("levels_after") == 2);
  CHECK(demo.number("white") == 25);  // 100 + 155 is exactly 255: not lost
}

TEST_CASE("point-ops: a wrong curve is explained and the last one stays", "[app][point-ops]") {
  FourPixels demo("operation=draw&curve=0,0 255,100&cell=1,1");
  const double before = demo.number("output");
  demo.set("curve", "0,0 0,9");
  CHECK(demo.sentence().find("left to right") != std::string::npos);
  CHECK(demo.sentence("fr").find("gauche à droite") != std::string::npos);
  CHECK(demo.number("output") == before);
}

TEST_CASE("point-ops: without a picture it says why", "[app][point-ops]") {
  DemoFixture demo("point-ops", "image=own");
  CHECK(std::isnan(demo.number("input")));
  CHECK_FALSE(demo.sentence().empty());
}

TEST_CASE("point-ops: dragging the curve writes the parameter, clicking adds a point", "[app][point-ops]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("point-ops", options);
  (void)it.app->state()->set_all("image=ramp&operation=add&offset=0");
  it.frame(1000.0F, 700.0F);
  drag(it, {600, 250}, {600, 200});
  const int offset = std::stoi(value(it, "offset"));
  drag(it, {600, 200}, {600, 160});
  CHECK(std::stoi(value(it, "offset")) > offset);
  (void)it.app->state()->set_all("operation=draw&curve=0,0 255,255");
  it.frame(1000.0F, 700.0F);
  drag(it, {600, 150}, {620, 170});
  CHECK(value(it, "curve").find(' ') != value(it, "curve").rfind(' '));  // three points
  it.click(600.0F, 150.0F, 1000.0F, 700.0F);
  const std::string cell = value(it, "cell");
  it.click(150.0F, 150.0F, 1000.0F, 700.0F);
  CHECK(value(it, "cell") != cell);
}
