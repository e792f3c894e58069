#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

Image flat(int width, int height, std::uint8_t value) {
  Image image(width, height, 1);
  std::fill(image.data.begin(), image.data.end(), value);
  return image;
}

void finish(DemoFixture& demo) {
  while (demo.demo->update(0.0)) {
  }
}

}  // namespace

// The measured noise of n pixels lies within four standard errors, sigma / sqrt(2 n), of sigma / sqrt(N).
TEST_CASE("frame-averaging: the noise falls with the root of the number", "[app][frame-averaging][golden]") {
  DemoFixture demo("frame-averaging", "image=own&sigma=20&frames=1");
  demo.pictures.put("own", flat(80, 60, 120));
  for (const int n : {1, 4, 16, 100, 25}) {
    demo.set("frames", std::to_string(n));
    finish(demo);
    const double expected = 20.0 / std::sqrt(n);
    INFO(n);
    CHECK(demo.number("frames") == n);
    CHECK_THAT(demo.number("expected"), WithinAbs(expected, 1e-12));
    CHECK_THAT(demo.number("measured"), WithinAbs(expected, 4.0 * expected / std::sqrt(2.0 * 4800.0)));
    CHECK_THAT(demo.number("frame_error"), WithinAbs(20.0, 4.0 * 20.0 / std::sqrt(2.0 * 4800.0)));
  }
  CHECK_THAT(demo.number("estimate"), WithinAbs(4.0, 0.1));
}

TEST_CASE("frame-averaging: going back gives what going forth gave", "[app][frame-averaging]") {
  DemoFixture there("frame-averaging", "image=own&frames=40&moving=1");
  there.pictures.put("own", flat(40, 30, 90));
  finish(there);
  there.set("frames", "11");
  finish(there);
  DemoFixture direct("frame-averaging", "image=own&frames=11&moving=1");
  direct.pictures.put("own", flat(40, 30, 90));
  finish(direct);
  for (const char* id : {"measured", "still", "spread", "frame_error"}) {
    INFO(id);
    CHECK(there.number(id) == direct.number(id));
  }
}

TEST_CASE("frame-averaging: without noise nothing is left, what moves remains", "[app][frame-averaging]") {
  DemoFixture demo("frame-averaging", "image=own&sigma=0&frames=8");
  demo.pictures.put("own", flat(40, 30, 90));
  finish(demo);
  CHECK_THAT(demo.number("measured"), WithinAbs(0.0, 1e-4));
  demo.set("moving", "1");
  finish(demo);
  CHECK(demo.number("measured") > 5.0);
  CHECK_THAT(demo.number("still"), WithinAbs(0.0, 1e-4));
  CHECK(demo.sentence().find("trace") != std::string::npos);
}

// Rounded and saturated at 255, noise can only darken a white scene: the mean of |N(0, 30)| / 2 is 30 / sqrt(2 pi).
TEST_CASE("frame-averaging: saturation is an error that no number of frames removes", "[app][frame-averaging]") {
  DemoFixture demo("frame-averaging", "image=own&sigma=30&frames=100&bytes=1");
  demo.pictures.put("own", flat(60, 40, 255));
  finish(demo);
  CHECK_THAT(demo.number("measured"), WithinAbs(11.97 + 0.15, 0.3));  // and the remaining noise, in quadrature
}

// Two frames of the camera, 100 and 104 everywhere: means 100 and 104, half their difference 2; the spread is
// 4 / sqrt 2.
TEST_CASE("frame-averaging: frames of the camera, by hand", "[app][frame-averaging][golden]") {
  DemoFixture demo("frame-averaging", "image=own&source=camera&frames=2");
  demo.pictures.put("own", flat(8, 6, 100));
  demo.demo->update(0.0);
  CHECK(demo.number("frames") == 1);
  CHECK(std::isnan(demo.number("measured")));
  demo.pictures.put("own", flat(8, 6, 104));
  demo.demo->update(0.0);
  CHECK(demo.number("frames") == 2);
  CHECK_THAT(demo.number("measured"), WithinAbs(2.0, 1e-6));
  CHECK_THAT(demo.number("spread"), WithinAbs(4.0 / std::sqrt(2.0), 1e-5));
  CHECK(std::isnan(demo.number("expected")));
  demo.pictures.put("own", flat(8, 6, 250));  // enough of them: passed over
  demo.demo->update(0.0);
  CHECK(demo.number("frames") == 2);
}

TEST_CASE("frame-averaging: the curve chooses the number of frames, a step adds one", "[app][frame-averaging]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("frame-averaging", options);
  CHECK(it.app->set("image", "box"));
  it.frame(900, 700);
  it.frame(900, 700);
  it.app->step(+1);
  CHECK(it.app->state()->integer("frames") == 17);
  it.click(120, 640, 900, 700);
  CHECK(it.app->state()->integer("frames") < 10);
}

TEST_CASE("frame-averaging: under a camera's pictures a run comes to its end", "[app][frame-averaging]") {
  DemoFixture demo("frame-averaging", "image=own&sigma=20&frames=100");
  bool once = false;
  for (int shown = 0; shown < 300 && !once; ++shown) {
    demo.pictures.put("own", flat(200, 150, static_cast<std::uint8_t>(shown)));  // sooner than 100 frames can be made
    demo.demo->update(0.0);
    once = demo.number("frames") == 100;
  }
  CHECK(once);
  finish(demo);  // the last picture has its frames, too
  CHECK(demo.number("frames") == 100);
  CHECK_FALSE(demo.demo->update(0.0));
}
