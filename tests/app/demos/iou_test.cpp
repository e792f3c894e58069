#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

// The default boxes: A 238 x 268, B 240 x 260, in common (200..410) x (60..286) = 210 x 226.
// U = 63784 + 62400 - 47460 = 78724, IoU = 47460 / 78724; IoU and GIoU are torchvision 0.14.1's.
TEST_CASE("iou: every number of the default boxes", "[app][iou][golden]") {
  const DemoFixture demo("iou");
  CHECK(demo.number("area_a") == 238 * 268);
  CHECK(demo.number("area_b") == 240 * 260);
  CHECK(demo.number("overlap_width") == 210);
  CHECK(demo.number("overlap_height") == 226);
  CHECK(demo.number("intersection") == 47460);
  CHECK(demo.number("union") == 78724);
  CHECK(demo.number("hull") == 268 * 302);
  CHECK_THAT(demo.number("iou"), WithinAbs(0.6028657080432905, 1e-12));
  CHECK_THAT(demo.number("giou"), WithinAbs(0.5755354718072522, 1e-12));
  CHECK_THAT(demo.number("dice"), WithinAbs(2.0 * 47460 / (63784 + 62400), 1e-12));
  CHECK(demo.number("match") == 1);
}

TEST_CASE("iou: boxes from the link, and where the measures end", "[app][iou][golden]") {
  DemoFixture demo("iou", "a=0 0 100 100&b=25 25 75 75");
  CHECK(demo.problem);
  CHECK(demo.number("iou") == 0.25);  // one inside the other
  CHECK(demo.number("giou") == 0.25);
  CHECK(demo.number("dice") == 0.4);
  CHECK(demo.number("match") == 0);
  demo.set("threshold", "0.25");
  CHECK(demo.number("match") == 1);  // exactly at the threshold counts
  demo.set("b", "0 0 100 100");
  CHECK(demo.number("iou") == 1.0);
  demo.set("b", "200 0 300 100");  // one width of air between them
  CHECK(demo.number("iou") == 0.0);
  CHECK_THAT(demo.number("giou"), WithinAbs(-1.0 / 3.0, 1e-15));
  CHECK(demo.sentence().find("nothing in common") != std::string::npos);
  CHECK(demo.sentence("fr").find("rien en commun") != std::string::npos);
  demo.set("b", "100 100 0 0");  // corners in the other order
  CHECK(demo.number("iou") == 1.0);
}

TEST_CASE("iou: a box without area, and text that is no box", "[app][iou]") {
  DemoFixture demo("iou", "b=30 30 30 90");
  CHECK(demo.number("area_b") == 0);
  CHECK(demo.number("iou") == 0);
  CHECK(demo.sentence().find("without area") != std::string::npos);
  demo.set("a", "30 30 30 90");
  CHECK(demo.number("iou") == 0);
  CHECK(demo.number("giou") == 0);
  for (const char* text : {"1 2 3", "1 2 3 4 5", "a b c d", "1 2 3 4;5 6 7 8", "1 2 3 1e9"}) {
    demo.set("a", text);
    INFO(text);
    CHECK(demo.problem);
    CHECK_FALSE(demo.sentence().empty());
    CHECK(demo.sentence() != demo.sentence("fr"));
    CHECK(demo.number("area_a") == 238 * 268);  // the scene's own box stands in
  }
}

TEST_CASE("iou: another picture brings its own boxes, a link keeps those it names", "[app][iou]") {
  DemoFixture demo("iou", "b=10 10 20 20");
  demo.set("image", "cat");
  CHECK(demo.state.raw("b").empty());
  CHECK(demo.number("area_b") == 90 * 70);
  const DemoFixture link("iou", "image=cat&b=10 10 20 20");
  CHECK(link.number("area_b") == 100);
  DemoFixture own("iou", "image=own");
  own.pictures.put("own", Image(200, 100, 3));
  own.demo->update(0.0);
  CHECK(own.number("area_a") == 90 * 50);
}

namespace {

void drag(AppFixture& it, ImVec2 from, ImVec2 to, float width, float height) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(from.x, from.y);
  it.frame(width, height);
  it.frame(width, height);
  io.AddMouseButtonEvent(0, true);
  it.frame(width, height);
  for (int i = 1; i <= 4; ++i) {
    const float t = 0.25F * static_cast<float>(i);
    io.AddMousePosEvent(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y));
    it.frame(width, height);
  }
  io.AddMouseButtonEvent(0, false);
  it.frame(width, height);
  it.frame(width, height);
}

double readout(const AppFixture& it, std::string_view id) {
  for (const Readout& r : it.app->demo()->readouts()) {
    if (r.id == id) return std::get<double>(r.value);
  }
  return std::nan("");
}

}  // namespace

TEST_CASE("iou: dragging the prediction and the arrow keys write its coordinates", "[app][iou]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("iou", options);
  it.frame(1000, 700);
  it.frame(1000, 700);
  CHECK(it.app->state()->raw("b").empty());
  drag(it, {300, 240}, {330, 240}, 1000, 700);
  REQUIRE_FALSE(it.app->state()->raw("b").empty());
  CHECK(readout(it, "area_b") == 240 * 260);  // moved, not resized
  CHECK(readout(it, "iou") < 0.6);            // to the right is away from the cup
  CHECK(it.app->state()->raw("selected") == "prediction");
  const double before = readout(it, "iou");
  it.press(ImGuiKey_LeftArrow);
  CHECK(readout(it, "iou") > before);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, true);
  it.press(ImGuiKey_RightArrow);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, false);
  CHECK(readout(it, "area_b") == 241 * 260);
}
