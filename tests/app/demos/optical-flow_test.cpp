#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

// Grey 4 x + 2 y: an edge that fills the picture.
Image slope() {
  Image image(41, 31, 1);
  for (int y = 0; y < 31; ++y) {
    for (int x = 0; x < 41; ++x) image.at(y, x) = static_cast<std::uint8_t>(4 * x + 2 * y);
  }
  return image;
}

// A quarter of the square of the distance from (20, 15), at most 156: gradients everywhere and in all directions.
Image bowl() {
  Image image(41, 31, 1);
  for (int y = 0; y < 31; ++y) {
    for (int x = 0; x < 41; ++x) {
      image.at(y, x) = static_cast<std::uint8_t>(((x - 20) * (x - 20) + (y - 15) * (y - 15)) / 4);
    }
  }
  return image;
}

}  // namespace

// 25 cells of gradient (4, 2): sums 400, 200, 100; It = -4: right-hand side 400, 200; eigenvalues per pixel 20 and 0;
// the shift (1, 0) seen across the edge, along (2, 1) / sqrt 5, is (0.8, 0.4).
TEST_CASE("optical-flow: the aperture problem by hand", "[app][optical-flow][golden]") {
  DemoFixture demo("optical-flow", "image=own&dx=1&dy=0&window=5&point=16,21&least=1");
  CHECK(std::isnan(demo.number("u")));
  demo.pictures.put("own", slope());
  demo.demo->update(0.0);
  CHECK_THAT(demo.number("xx"), WithinAbs(400.0, 1e-6));
  CHECK_THAT(demo.number("xy"), WithinAbs(200.0, 1e-6));
  CHECK_THAT(demo.number("yy"), WithinAbs(100.0, 1e-6));
  CHECK_THAT(demo.number("bx"), WithinAbs(400.0, 1e-6));
  CHECK_THAT(demo.number("by"), WithinAbs(200.0, 1e-6));
  CHECK_THAT(demo.number("large"), WithinAbs(20.0, 1e-6));
  CHECK_THAT(demo.number("small"), WithinAbs(0.0, 1e-6));
  CHECK_THAT(demo.number("u"), WithinAbs(0.8, 1e-6));
  CHECK_THAT(demo.number("v"), WithinAbs(0.4, 1e-6));
  CHECK_THAT(demo.number("error"), WithinAbs(std::hypot(0.2, 0.4), 1e-6));
  CHECK(demo.number("true_u") == 1.0);
  CHECK(demo.number("known") == 1);
  CHECK(demo.sentence().find("An edge") == 0);
  demo.set("least", "30");
  CHECK(demo.number("known") == 0);
}

TEST_CASE("optical-flow: curvature in all directions shows the whole motion", "[app][optical-flow]") {
  DemoFixture demo("optical-flow", "image=own&dx=0.5&dy=-0.25&window=11&iterations=5&point=16,21&least=1");
  demo.pictures.put("own", bowl());
  demo.demo->update(0.0);
  CHECK(demo.number("known") == 2);
  CHECK_THAT(demo.number("u"), WithinAbs(0.5, 0.05));
  CHECK_THAT(demo.number("v"), WithinAbs(-0.25, 0.05));
  CHECK(demo.number("mean_error") < 0.25);  // a picture of few grey levels
}

TEST_CASE("optical-flow: Horn and Schunck work in slices until all sweeps are done", "[app][optical-flow]") {
  DemoFixture demo("optical-flow", "image=own&dx=0.5&dy=0&method=horn-schunck&alpha=2&sweeps=200&point=16,28");
  demo.pictures.put("own", bowl());
  while (demo.demo->update(0.0)) {
  }
  CHECK_THAT(demo.number("u"), WithinAbs(0.5, 0.1));
  CHECK_THAT(demo.number("v"), WithinAbs(0.0, 0.1));
}

TEST_CASE("optical-flow: two own pictures, one after the other", "[app][optical-flow]") {
  DemoFixture demo("optical-flow", "image=own&second=before&window=5&point=16,21&least=1");
  demo.pictures.put("own", slope());
  demo.demo->update(0.0);
  CHECK(std::isnan(demo.number("u")));
  CHECK(demo.sentence().find("two frames") != std::string::npos);
  Image later = slope();
  for (std::uint8_t& v : later.data) v = static_cast<std::uint8_t>(v + 8);  // as if moved by 2 px to the left
  demo.pictures.put("own", later);
  demo.demo->update(0.0);
  CHECK_THAT(demo.number("u"), WithinAbs(-1.6, 1e-6));
  CHECK_THAT(demo.number("v"), WithinAbs(-0.8, 1e-6));
  CHECK(std::isnan(demo.number("true_u")));
  demo.pictures.put("own", bowl());
  demo.demo->update(0.0);
  CHECK_FALSE(std::isnan(demo.number("u")));
  demo.pictures.put("own", Image(7, 5, 1));  // of another size: a first frame again
  demo.demo->update(0.0);
  CHECK(std::isnan(demo.number("u")));
}

// The points (-0.01, -0.01), (0.01, 0.01), (0.03, -0.01), (0.05, 0.05): n 4, sums x 0.08, y 0.04, xx 0.0036,
// xy 0.0024; slope (4 * 0.0024 - 0.08 * 0.04) / (4 * 0.0036 - 0.0064) = 0.8, intercept (0.04 - 0.8 * 0.08) / 4.
TEST_CASE("optical-flow: the line by hand", "[app][optical-flow][golden]") {
  DemoFixture demo("optical-flow", "figure=line&points=a4949a5050a5149a5252&trials=0");
  CHECK(demo.problem);
  CHECK(demo.number("points") == 4);
  CHECK_THAT(demo.number("slope"), WithinAbs(0.8, 1e-9));
  CHECK_THAT(demo.number("intercept"), WithinAbs(-0.006, 1e-9));
  CHECK(std::isnan(demo.number("ransac_slope")));
  demo.demo->step(1);
  demo.demo->update(0.0);
  CHECK(demo.number("trials") == 1);
  demo.set("points", "nonsense");
  CHECK(demo.number("points") == 30);
  CHECK(demo.sentence().find("cannot be read") != std::string::npos);
  CHECK(demo.sentence("fr").find("illisible") != std::string::npos);
  demo.set("points", "a5050a5060");  // above each other
  CHECK(std::isnan(demo.number("slope")));
}

// 21 of 30 points lie on y = 0.5 x + 0.1, within half a step of their grid; the nine others are far below.
TEST_CASE("optical-flow: RANSAC finds the line among outliers, least squares does not", "[app][optical-flow]") {
  const DemoFixture demo("optical-flow", "figure=line&noise=0&outliers=0.3&threshold=0.03&trials=40");
  CHECK(demo.number("agree") == 21);
  CHECK_THAT(demo.number("ransac_slope"), WithinAbs(0.5, 0.02));
  CHECK_THAT(demo.number("ransac_intercept"), WithinAbs(0.1, 0.01));
  CHECK(std::abs(demo.number("slope") - 0.5) > 0.3);
  CHECK(demo.number("needed") == 7);  // 30 % outliers: the table of Hartley and Zisserman
}

TEST_CASE("optical-flow: pointing looks, clicking keeps; points are dragged and added", "[app][optical-flow]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("optical-flow", options);
  CHECK(it.app->set("image", "shapes"));
  it.frame(1000, 720);
  it.frame(1000, 720);
  const std::string before(it.app->state()->raw("point"));
  it.click(200, 250, 1000, 720);
  CHECK(it.app->state()->raw("point") != before);
  CHECK(it.app->set("figure", "line"));
  it.frame(1000, 720);
  CHECK(it.app->state()->raw("points").empty());
  it.click(120, 300, 1000, 720);
  CHECK(it.app->state()->raw("points").size() % 5 == 0);
  CHECK(it.app->state()->raw("points").size() >= 150);
}
