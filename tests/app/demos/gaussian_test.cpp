#include <imgui.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <numbers>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using Catch::Matchers::WithinAbs;
using cvlab::Image;
using cvlab::app::AppFixture;
using cvlab::app::DemoFixture;

// The 5x5 table over 273 of the textbooks (and of the course's slide): 41 in the middle, 1 in the corners.
TEST_CASE("gaussian: the integer kernel sums to 273", "[app][gaussian][golden]") {
  DemoFixture demo("gaussian", "view=table&sigma=1");
  CHECK(demo.number("table_sum") == 273);
  CHECK(demo.number("table_middle") == 41);
  CHECK(demo.number("table_corner") == 1);
  demo.set("scale", "273");  // 41.04 and 6.495: the 7 of the textbook needs a little more
  CHECK(demo.number("table_sum") == 269);
}

TEST_CASE("gaussian: size and products follow sigma", "[app][gaussian][golden]") {
  DemoFixture demo("gaussian", "sigma=1");
  CHECK(demo.number("size") == 7);  // 6 sigma + 1
  CHECK(demo.number("products") == 49);
  CHECK(demo.number("products_separable") == 14);
  // cv2.getGaussianKernel(7, 1)[3] of OpenCV 4.6.0 is 0.39905028: squared
  CHECK_THAT(demo.number("middle"), WithinAbs(0.39905028 * 0.39905028, 1e-7));
  demo.set("sigma", "5");
  CHECK(demo.number("size") == 31);
}

TEST_CASE("gaussian: responses of mean and Gaussian", "[app][gaussian][golden]") {
  DemoFixture demo("gaussian", "view=waves&window=5&frequency=0.2&sigma=2");
  CHECK_THAT(demo.number("mean_response"), WithinAbs(0.0, 1e-12));  // one whole wave fits into the window
  // Of a wide bell: exp(-2 (pi sigma f)^2); what three sigma cut off is below 0.002.
  const double exponent = std::numbers::pi * 2.0 * 0.2;
  CHECK_THAT(demo.number("gaussian_response"), WithinAbs(std::exp(-2.0 * exponent * exponent), 2e-3));
  demo.set("frequency", "0.5");
  CHECK_THAT(demo.number("mean_response"), WithinAbs(0.2, 1e-12));  // 1/5 (1 - 1 + 1 - 1 + 1)
  demo.set("window", "3");
  CHECK_THAT(demo.number("mean_response"), WithinAbs(-1.0 / 3.0, 1e-12));  // upside down
}

TEST_CASE("gaussian: times are there where they are shown, and marked", "[app][gaussian]") {
  DemoFixture demo("gaussian", "view=separable&sigma=3");
  CHECK(demo.number("direct_time") > 0.0);
  CHECK(demo.number("separable_time") > 0.0);
  for (const auto& readout : demo.demo->readouts())
    CHECK(readout.timing == (readout.id.find("_time") != std::string::npos));
  demo.set("view", "kernel");
  CHECK(std::isnan(demo.number("direct_time")));
}

TEST_CASE("gaussian: flat pictures stay, missing ones are said", "[app][gaussian]") {
  DemoFixture demo("gaussian", "sigma=3");
  CHECK(std::isnan(demo.number("rms")));
  CHECK_FALSE(demo.sentence("fr").empty());
  Image flat(9, 6, 3);
  std::fill(flat.data.begin(), flat.data.end(), std::uint8_t{90});
  demo.pictures.put("astronaut", flat);
  demo.demo->update(0.0);
  CHECK(demo.number("rms") == 0.0);
  flat.at(3, 4, 0) = 255;
  demo.pictures.put("astronaut", flat);
  demo.demo->update(0.0);
  CHECK(demo.number("rms") > 0.0);
  CHECK_FALSE(demo.demo->update(0.1));
}

TEST_CASE("gaussian: the dividing line, the bell and the frequency are dragged", "[app][gaussian]") {
  AppFixture fixture("gaussian", {});
  fixture.app->pictures().put("astronaut", Image(60, 40, 3));
  fixture.frame();
  fixture.frame();
  const auto drag = [&](float x, float y, float to) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(x, y);
    fixture.frame();
    io.AddMouseButtonEvent(0, true);
    fixture.frame();
    io.AddMousePosEvent(to, y);
    fixture.frame();
    fixture.frame();
    io.AddMouseButtonEvent(0, false);
    fixture.frame();
  };
  drag(500.0F, 250.0F, 450.0F);
  CHECK(fixture.app->state()->raw("split") != "0.5");
  drag(1000.0F, 500.0F, 1050.0F);
  CHECK(fixture.app->state()->raw("turn") != "30");
  REQUIRE(fixture.app->state()->set("view", "waves"));
  fixture.frame();
  drag(1000.0F, 250.0F, 1100.0F);
  CHECK(fixture.app->state()->raw("frequency") != "0.2");
}
