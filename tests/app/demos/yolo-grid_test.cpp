#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

// The person on the astronaut's 512 x 512 pixels is (22, 15) .. (362, 512): centre (192, 263.5). 7 * 192 / 512 = 2.625
// and 7 * 263.5 / 512 = 3.6025…: column 2, row 3 from 0, x = 0.625, y = 0.6025…. Prediction 1, (40, 60) .. (330, 500),
// lies inside: IoU = 290 * 440 / (340 * 497). Prediction 2, (110, 100) .. (290, 420), too: 180 * 320 / (340 * 497).
TEST_CASE("yolo-grid: the person's cell, by hand", "[app][yolo-grid][golden]") {
  const DemoFixture demo("yolo-grid");
  CHECK(demo.number("per_cell") == 30);
  CHECK(demo.number("numbers") == 7 * 7 * 30);
  CHECK(demo.number("row") == 4);
  CHECK(demo.number("column") == 3);
  CHECK(demo.number("object") == 1);
  CHECK(demo.number("label") == 15);  // person, of Pascal VOC's classes in their alphabetical order
  CHECK(demo.number("responsible") == 1);
  CHECK_THAT(demo.number("iou_1"), WithinAbs(290.0 * 440 / (340.0 * 497), 1e-12));
  CHECK_THAT(demo.number("iou_2"), WithinAbs(180.0 * 320 / (340.0 * 497), 1e-12));
  CHECK_THAT(demo.number("target_x"), WithinAbs(0.625, 1e-12));
  CHECK_THAT(demo.number("target_y"), WithinAbs(7 * 263.5 / 512 - 3, 1e-12));
  CHECK_THAT(demo.number("target_w"), WithinAbs(340.0 / 512, 1e-12));
  CHECK_THAT(demo.number("target_h"), WithinAbs(497.0 / 512, 1e-12));
  CHECK_THAT(demo.number("target_confidence"), WithinAbs(290.0 * 440 / (340.0 * 497), 1e-12));
  CHECK_THAT(demo.number("x"), WithinAbs(7 * 185.0 / 512 - 2, 1e-12));
  CHECK_THAT(demo.number("confidence"), WithinAbs(0.7, 1e-12));
  CHECK_THAT(demo.number("decoded_x"), WithinAbs(185, 1e-9));
  CHECK_THAT(demo.number("decoded_y"), WithinAbs(280, 1e-9));
  CHECK_THAT(demo.number("decoded_width"), WithinAbs(290, 1e-9));
  CHECK_THAT(demo.number("decoded_height"), WithinAbs(440, 1e-9));
}

TEST_CASE("yolo-grid: every number of a cell", "[app][yolo-grid][golden]") {
  DemoFixture demo("yolo-grid", "cell=4,3");
  const double expected[] = {7 * 185.0 / 512 - 2, 7 * 280.0 / 512 - 3, 290.0 / 512, 440.0 / 512, 0.7,
                             7 * 200.0 / 512 - 2, 7 * 260.0 / 512 - 3, 180.0 / 512, 320.0 / 512, 0.4};
  for (int n = 1; n <= 30; ++n) {
    demo.set("number", std::to_string(n));
    INFO(n);
    // Class 15 has 0.8, the other nineteen share 0.2.
    const double wanted = n <= 10 ? expected[n - 1] : n == 10 + 15 ? 0.8 : 0.2 / 19;
    CHECK_THAT(demo.number("value"), WithinAbs(wanted, 1e-12));
  }
}

// 7 * 400 / 512 = 5.47 and 7 * 200 / 512 = 2.73: the sixth column, the third row.
TEST_CASE("yolo-grid: the cell of any box", "[app][yolo-grid][golden]") {
  DemoFixture demo("yolo-grid", "objects=300 100 500 300 15&selected=1");
  CHECK(demo.number("box_row") == 3);
  CHECK(demo.number("box_column") == 6);
  demo.set("selected",
           "3");  // the second prediction: one object, then (40, 60) .. (330, 500), (110, 100) .. (290, 420)
  CHECK(demo.number("box_row") == 4);
  CHECK(demo.number("box_column") == 3);
}

TEST_CASE("yolo-grid: S, B and K", "[app][yolo-grid]") {
  DemoFixture demo("yolo-grid", "grid=2&boxes=2&classes=2&cell=2,1");
  CHECK(demo.number("per_cell") == 12);
  CHECK(demo.number("numbers") == 48);
  CHECK(demo.number("object") == 1);  // centre (192, 263.5): left and just below the middle
  demo.set("grid", "1");
  CHECK(demo.number("row") == 1);
  CHECK(demo.number("lost") == 1);                                // both objects in the only cell
  CHECK(demo.sentence().find("aeroplane") == std::string::npos);  // with two classes there are no names
  CHECK(demo.sentence().find("cannot be said") != std::string::npos);
  demo.set("boxes", "1");
  demo.set("grid", "7");
  demo.set("cell", "4,3");
  CHECK(demo.sentence().find("finds no place") != std::string::npos);
  CHECK(demo.number("iou_1") > 0);
  CHECK(std::isnan(demo.number("iou_2")));
}

TEST_CASE("yolo-grid: a cell without an object, and no answer at all", "[app][yolo-grid]") {
  DemoFixture demo("yolo-grid", "cell=7,1");
  CHECK(std::isnan(demo.number("object")));
  CHECK(std::isnan(demo.number("target_x")));
  CHECK(demo.number("target_confidence") == 0);
  CHECK(demo.number("confidence") == 0);
  CHECK(demo.sentence().find("No object") != std::string::npos);
  demo.set("objects", "0 0 100 100");
  CHECK(demo.sentence().find("0 0 100 100") != std::string::npos);
  demo.set("objects", "10 10 10 10 3");  // a point is an object nobody finds
  demo.set("cell", "1,1");
  CHECK(demo.number("label") == 3);
  CHECK(demo.number("target_w") == 0);
  CHECK(demo.number("iou_1") == 0);
}

TEST_CASE("yolo-grid: which box answers changes with the boxes", "[app][yolo-grid]") {
  DemoFixture demo("yolo-grid", "predictions=150 200 250 320 0.5 15 1;30 20 355 505 0.2 15 1");
  CHECK(demo.number("responsible") == 2);
  demo.set("predictions", "30 20 355 505 0.2 15 1;150 200 250 320 0.5 15 1");
  CHECK(demo.number("responsible") == 1);
  CHECK(demo.sentence("fr").find("boîte 1") != std::string::npos);
}

TEST_CASE("yolo-grid: objects are dragged, placed and taken away", "[app][yolo-grid]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("yolo-grid", options);
  ImGuiIO& io = ImGui::GetIO();
  const auto move = [&](float x, float y) {
    io.AddMousePosEvent(x, y);
    it.frame(1000, 700);
  };
  const auto button = [&](bool down) {
    io.AddMouseButtonEvent(0, down);
    it.frame(1000, 700);
  };
  it.frame(1000, 700);
  const auto objects = [&] { return std::string(it.app->state()->raw("objects")); };
  CHECK(objects().empty());
  move(120, 400);  // inside the person, at the left
  move(120, 400);
  button(true);
  move(130, 400);
  move(150, 400);
  button(false);
  REQUIRE_FALSE(objects().empty());
  it.frame(1000, 700);
  const std::string dragged = objects();
  it.press(ImGuiKey_DownArrow);
  CHECK(objects() + std::string(it.app->state()->raw("predictions")) != dragged);
  const auto count = [&] {
    const std::string text = objects();
    return std::count(text.begin(), text.end(), ';') + 1;
  };
  CHECK(count() == 2);
  move(430, 500);
  for (int i = 0; i < 2; ++i) {
    button(true);
    button(false);
  }
  CHECK(count() == 3);
  CHECK(it.app->state()->raw("selected") == "3");
  it.press(ImGuiKey_Delete);
  CHECK(count() == 2);
}
