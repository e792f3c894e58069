#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

// The 2 x 2 grid worked out by hand in tests/core/detect/yolo_test.cpp: a picture of 100 x 100, one object 36 x 25 at
// (30, 40), box 1 25 x 36 at (25, 35) with C 0.5 and p = (0.7, 0.3), box 2 16 x 25 at (10, 10) with C 0.3, two more
// boxes elsewhere with C 0.2 and 0.4.
constexpr const char* by_hand =
    "image=own&grid=2&boxes=2&classes=2&selected=2&objects=12 27.5 48 52.5 1&predictions="
    "12.5 17 37.5 53 0.5 1 0.7;2 -2.5 18 22.5 0.3 1 0.7;70 20 80 30 0.2 1 1;70 70 80 80 0.4 1 1";

struct ByHand : DemoFixture {
  ByHand() : DemoFixture("yolo-loss", by_hand) {
    CHECK(problem);
    pictures.put("own", Image(100, 100, 3));
    demo->update(0.0);
  }
};

}  // namespace

// xy 5 * 0.02 = 0.1; wh 5 * 0.02 = 0.1; object (0.5 - 25/47)^2 = 9/8836; nothing 0.5 (0.09 + 0.04 + 0.16) = 0.145;
// classes 0.3^2 + 0.3^2 = 0.18.
TEST_CASE("yolo-loss: the five terms by hand", "[app][yolo-loss][golden]") {
  ByHand demo;
  CHECK_THAT(demo.number("xy"), WithinAbs(0.1, 1e-12));
  CHECK_THAT(demo.number("wh"), WithinAbs(0.1, 1e-12));
  CHECK_THAT(demo.number("object"), WithinAbs(9.0 / 8836.0, 1e-12));
  CHECK_THAT(demo.number("nothing"), WithinAbs(0.145, 1e-12));
  CHECK_THAT(demo.number("classes"), WithinAbs(0.18, 1e-12));
  CHECK_THAT(demo.number("total"), WithinAbs(0.525 + 9.0 / 8836.0, 1e-12));
  CHECK_THAT(demo.number("sum_xy"), WithinAbs(0.02, 1e-12));
  CHECK_THAT(demo.number("sum_nothing"), WithinAbs(0.29, 1e-12));
  CHECK(demo.number("responsible") == 1);
  CHECK_THAT(demo.number("iou"), WithinAbs(25.0 / 47.0, 1e-12));
  CHECK_THAT(demo.number("target_confidence"), WithinAbs(25.0 / 47.0, 1e-12));
  CHECK_THAT(demo.number("slope_x"), WithinAbs(-1.0, 1e-12));
  CHECK_THAT(demo.number("slope_w"), WithinAbs(-1.0, 1e-12));
  CHECK_THAT(demo.number("slope_h"), WithinAbs(5.0 / 6.0, 1e-12));
  CHECK_THAT(demo.number("slope_confidence"), WithinAbs(-3.0 / 47.0, 1e-12));
  demo.set("selected", "3");  // the other box of the cell: only its confidence is pulled, by 2 * 0.5 * 0.3
  CHECK(demo.number("responsible") == 0);
  CHECK(demo.number("slope_x") == 0);
  CHECK_THAT(demo.number("slope_confidence"), WithinAbs(0.3, 1e-12));
}

TEST_CASE("yolo-loss: lambdas, roots and the target of C", "[app][yolo-loss][golden]") {
  ByHand demo;
  demo.set("roots", "0");
  CHECK_THAT(demo.number("wh"), WithinAbs(5 * 2 * 0.0121, 1e-12));
  demo.set("coord", "2");
  CHECK_THAT(demo.number("xy"), WithinAbs(0.04, 1e-12));
  demo.set("noobj", "1");
  CHECK_THAT(demo.number("nothing"), WithinAbs(0.29, 1e-12));
  demo.set("confidence", "one");
  CHECK_THAT(demo.number("object"), WithinAbs(0.25, 1e-12));
  CHECK(demo.number("target_confidence") == 1);
}

// Ten pixels too wide cost more on a small box when the roots are compared, and the same when they are not.
TEST_CASE("yolo-loss: what the square roots are for", "[app][yolo-loss]") {
  const auto size_term = [](const char* object, const char* prediction, const char* roots) {
    DemoFixture demo("yolo-loss",
                     std::string("objects=") + object + " 15&predictions=" + prediction + " 0.5 15 1&roots=" + roots);
    CHECK(demo.problem);
    return demo.number("wh");
  };
  const double small = size_term("240 240 272 272", "235 240 277 272", "1");
  const double large = size_term("100 100 412 412", "95 100 417 412", "1");
  CHECK(small > 5 * large);
  CHECK_THAT(size_term("240 240 272 272", "235 240 277 272", "0"),
             WithinAbs(size_term("100 100 412 412", "95 100 417 412", "0"), 1e-12));
}

TEST_CASE("yolo-loss: descent moves the boxes, and steps are taken back", "[app][yolo-loss]") {
  DemoFixture demo("yolo-loss");
  const double before = demo.number("total");
  const auto step = [&](int delta) {
    const bool moved = demo.demo->step(delta);
    demo.demo->update(0.0);
    return moved;
  };
  CHECK_FALSE(step(-1));
  for (int i = 0; i < 50; ++i) CHECK(step(+1));
  const double after = demo.number("total");
  CHECK(after < 0.5 * before);
  CHECK(demo.number("iou") > 0.9);
  for (int i = 0; i < 50; ++i) CHECK(step(-1));
  CHECK_THAT(demo.number("total"), WithinAbs(before, 1e-12));
  CHECK_FALSE(step(-1));
  CHECK(step(+1));
  demo.set("predictions", "40 60 330 500 0.7 15 0.8");
  CHECK_FALSE(step(-1));  // what is not a step's work is not undone
}

TEST_CASE("yolo-loss: no answer, no place, no object", "[app][yolo-loss]") {
  DemoFixture demo("yolo-loss", "boxes=1&selected=4");
  CHECK(demo.sentence().find("no place") != std::string::npos);
  CHECK(std::isnan(demo.number("slope_x")));
  CHECK(std::isfinite(demo.number("total")));
  demo.set("selected", "2");  // an object: the box that answers for it is explained
  CHECK(demo.number("responsible") == 1);
  demo.set("predictions", "0 0 0 0 0 1 0");  // a point, certain of nothing
  CHECK(std::isfinite(demo.number("total")));
  demo.set("predictions", "1 2");
  CHECK(demo.sentence().find("1 2") != std::string::npos);
}

TEST_CASE("yolo-loss: dragging a box changes its terms", "[app][yolo-loss]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("yolo-loss", options);
  ImGuiIO& io = ImGui::GetIO();
  const auto move = [&](float x, float y) {
    io.AddMousePosEvent(x, y);
    it.frame(1000, 700);
  };
  const auto iou = [&] {
    for (const Readout& r : it.app->demo()->readouts()) {
      if (r.id == "iou") return std::get<double>(r.value);
    }
    return std::nan("");
  };
  it.frame(1000, 700);
  const double before = iou();
  // The lower right corner of prediction 1, (330, 500) of 512, is selected from the start.
  const float side = 1000.0F - 430.0F - 60.0F;
  const ImVec2 corner{20.0F + side * 330.0F / 512.0F, 44.0F + side * 500.0F / 512.0F};
  move(corner.x, corner.y);
  move(corner.x, corner.y);
  io.AddMouseButtonEvent(0, true);
  it.frame(1000, 700);
  move(corner.x + 15.0F, corner.y + 5.0F);
  move(corner.x + 30.0F, corner.y + 10.0F);
  io.AddMouseButtonEvent(0, false);
  it.frame(1000, 700);
  it.frame(1000, 700);
  REQUIRE_FALSE(it.app->state()->raw("predictions").empty());
  CHECK(it.app->state()->raw("selected") == "3");
  CHECK(iou() > before);  // nearer to the object
}
