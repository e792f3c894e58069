#include <imgui.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using Catch::Matchers::WithinAbs;
using cvlab::Image;
using cvlab::app::AppFixture;
using cvlab::app::DemoFixture;

namespace {

// A disc and slanted bars on a ramp.
Image disc() {
  Image image(64, 48, 1);
  for (int r = 0; r < 48; ++r)
    for (int c = 0; c < 64; ++c)
      image.at(r, c) = static_cast<std::uint8_t>(40 + c + ((r - 24) * (r - 24) + (c - 30) * (c - 30) <= 225 ? 120 : 0) +
                                                 ((r + 2 * c) % 31 < 9 ? 40 : 0));
  return image;
}

// Left half 100, right half 150.
Image step() {
  Image image(10, 7, 1);
  for (int r = 0; r < 7; ++r)
    for (int c = 0; c < 10; ++c) image.at(r, c) = c < 5 ? 100 : 150;
  return image;
}

void show(DemoFixture& demo, Image image) {
  demo.pictures.put("camera", std::move(image));
  demo.demo->update(0.0);
}

}  // namespace

// cv2 4.6.0 on the same picture: GaussianBlur, Sobel with BORDER_REPLICATE, Canny with L2gradient=True; "above low" is
// its Canny with both thresholds at the low one.
TEST_CASE("edges: gradients and counts equal OpenCV's", "[app][edges][golden]") {
  DemoFixture demo("edges", "sigma=1&low=40&high=120&cell=10,24");
  show(demo, disc());
  struct Case {
    const char *sigma, *low, *high;
    int edges, above_low, above_high, value, gx, gy;
  };
  constexpr Case cases[] = {{"1", "40", "120", 108, 587, 108, 70, 72, 122},
                            {"0", "150", "300", 159, 455, 96, 63, 8, 0},
                            {"2", "20", "60", 261, 472, 193, 91, 84, 132}};
  for (const Case& c : cases) {
    INFO("sigma " << c.sigma);
    demo.set("sigma", c.sigma);
    demo.set("low", c.low);
    demo.set("high", c.high);
    CHECK(demo.number("value") == c.value);
    CHECK(demo.number("gx") == c.gx);
    CHECK(demo.number("gy") == c.gy);
    CHECK(demo.number("edge_pixels") == c.edges);
    CHECK(demo.number("strong") == c.above_high);
    CHECK(demo.number("weak") + demo.number("strong") == c.above_low);
  }
}

// Sobel's smoothing weights add up to 4: a step of 50 has Gx = 200 on both sides of it, and no other change.
TEST_CASE("edges: a vertical step by hand", "[app][edges][golden]") {
  DemoFixture demo("edges", "sigma=0&cell=4,5&low=40&high=120");
  show(demo, step());
  CHECK(demo.number("gx") == 200);
  CHECK(demo.number("gy") == 0);
  CHECK(demo.number("magnitude") == 200);
  CHECK_THAT(demo.number("direction"), WithinAbs(0.0, 1e-12));
  // Both columns are equally high: thinning keeps the left one, which is greater than what is before it.
  CHECK(demo.number("ridge") == 1);
  CHECK(demo.number("class") == 2);
  CHECK(demo.number("edge_pixels") == 7);
  demo.set("cell", "4,6");
  CHECK(demo.number("gx") == 200);
  CHECK(demo.number("ridge") == 0);
  CHECK(demo.number("before") == 200);
  demo.set("cell", "4,1");
  CHECK(demo.number("magnitude") == 0);
  CHECK(std::isnan(demo.number("direction")));
  demo.set("high", "200");  // not above
  CHECK(demo.number("strong") == 0);
  CHECK(demo.number("weak") == 7);
  CHECK(demo.number("edge_pixels") == 0);
}

TEST_CASE("edges: steps walk the stages and end", "[app][edges]") {
  DemoFixture demo("edges", "stage=thresholds");
  CHECK(demo.demo->step(+1));
  CHECK(demo.state.raw("stage") == "edges");
  CHECK_FALSE(demo.demo->step(+1));
  demo.set("stage", "smoothed");
  CHECK_FALSE(demo.demo->step(-1));
}

TEST_CASE("edges: what is missing is said", "[app][edges]") {
  DemoFixture demo("edges", "cell=400,3");
  CHECK(std::isnan(demo.number("gx")));
  CHECK_FALSE(demo.sentence("fr").empty());
  show(demo, step());
  CHECK(demo.sentence().find("no pixel (400,3)") != std::string::npos);
  CHECK(demo.number("row") == 7);
  show(demo, Image(1, 1, 1));  // no change in it
  CHECK(demo.number("edge_pixels") == 0);
  CHECK_FALSE(demo.demo->update(0.1));
}

TEST_CASE("edges: a stage of the strip and a pixel of the picture can be clicked", "[app][edges]") {
  AppFixture fixture("edges", {});
  fixture.app->pictures().put("camera", disc());
  fixture.frame();
  fixture.frame();
  const std::string before(fixture.app->state()->raw("cell"));
  for (float y = 60.0F; y < 700.0F; y += 20.0F) fixture.click(600.0F, y);
  CHECK(fixture.app->state()->raw("cell") != before);
  CHECK(fixture.app->state()->raw("stage") != "direction");
}
