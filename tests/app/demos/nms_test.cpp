#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

std::string text(const Demo& demo, std::string_view id) {
  for (const Readout& r : demo.readouts()) {
    if (r.id == id) return std::get<std::string>(r.value);
  }
  return "?";
}

}  // namespace

// Which boxes stay and in which order: torchvision 0.14.1, ops.batched_nms and ops.nms on the astronaut's twelve boxes
// (counted from 0 there, from 1 here).
TEST_CASE("nms: torchvision's order on the astronaut", "[app][nms][golden]") {
  struct Case {
    const char* score;
    const char* iou;
    const char* kept;
  };
  constexpr Case cases[] = {{"0", "0.3", "1 5 9 8 12"},     {"0", "0.5", "1 5 9 4 8 12"},
                            {"0.3", "0.3", "1 5 9 8"},      {"0.3", "0.5", "1 5 9 4 8"},
                            {"0.3", "0.7", "1 5 9 10 4 8"}, {"0.3", "0.9", "1 5 2 9 6 3 10 7 4 8 11"}};
  DemoFixture demo("nms", "at=140");
  for (const Case& c : cases) {
    for (const char* per_class : {"0", "1"}) {
      demo.set("score", c.score);
      demo.set("iou", c.iou);
      demo.set("per_class", per_class);
      INFO(c.score << ' ' << c.iou << ' ' << per_class);
      CHECK(text(*demo.demo, "kept_order") == c.kept);
      CHECK(text(*demo.demo, "result") == c.kept);
    }
  }
}

TEST_CASE("nms: the first decisions, one by one", "[app][nms]") {
  DemoFixture demo("nms");
  CHECK(demo.number("step") == 0);
  CHECK(demo.number("waiting") == 12);
  const auto forward = [&] {
    CHECK(demo.demo->step(+1));
    demo.demo->update(0.0);
  };
  forward();
  CHECK(demo.number("low_score") == 1);
  forward();
  CHECK(text(*demo.demo, "kept_order") == "1");
  CHECK(std::isnan(demo.number("pair_iou")));
  forward();  // next in score of the same class: box 2. By hand: 131 * 164 / (154 * 182 + 131 * 170 - 131 * 164)
  CHECK(demo.number("best") == 1);
  CHECK(demo.number("other") == 2);
  CHECK_THAT(demo.number("pair_iou"), WithinAbs(131.0 * 164 / (154 * 182 + 131 * 170 - 131 * 164), 1e-12));
  CHECK(demo.number("suppressed") == 1);
  CHECK(demo.sentence().find("box 2 goes") != std::string::npos);
  CHECK(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("suppressed") == 0);
}

TEST_CASE("nms: steps end, and begin again", "[app][nms]") {
  DemoFixture demo("nms", "at=140");
  CHECK(demo.number("waiting") == 0);
  CHECK_FALSE(demo.demo->step(+1));
  CHECK(demo.demo->step(+1));
  CHECK(demo.state.raw("at") == "0");
  CHECK_FALSE(demo.demo->step(-1));
}

TEST_CASE("nms: boxes of different classes only meet when they are told to", "[app][nms]") {
  DemoFixture demo("nms", "boxes=0 0 10 10 0.9 1;0 0 10 10 0.8 2&at=140");
  CHECK(demo.number("result_count") == 2);
  CHECK(demo.number("comparisons") == 0);
  demo.set("per_class", "0");
  CHECK(demo.number("result_count") == 1);
  CHECK(demo.number("comparisons") == 1);
}

TEST_CASE("nms: text that is no list of boxes, and boxes without area", "[app][nms]") {
  DemoFixture demo("nms", "boxes=1 2 3");
  CHECK(demo.sentence().find("1 2 3") != std::string::npos);
  CHECK(demo.number("boxes") == 12);
  demo.set("boxes", "5 5 5 5 0.9 1;5 5 5 5 0.8 1");
  demo.set("at", "140");
  CHECK(demo.number("kept") == 2);
  demo.set("score", "1");
  CHECK(demo.number("kept") == 0);
  CHECK(demo.number("low_score") == 2);
}

TEST_CASE("nms: a score and a box are dragged", "[app][nms]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("nms", options);
  const auto drag = [&](ImVec2 from, ImVec2 to) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(from.x, from.y);
    it.frame(1000, 700);
    it.frame(1000, 700);
    io.AddMouseButtonEvent(0, true);
    it.frame(1000, 700);
    io.AddMousePosEvent(to.x, to.y);
    it.frame(1000, 700);
    io.AddMouseButtonEvent(0, false);
    it.frame(1000, 700);
  };
  it.frame(1000, 700);
  drag({750, 57}, {720, 57});  // the first row's bar
  REQUIRE_FALSE(it.app->state()->raw("boxes").empty());
  CHECK(it.app->state()->raw("boxes").find("150 12 304 194 0.92") == std::string::npos);
  CHECK(it.app->state()->raw("selected") == "1");
  const std::string before(it.app->state()->raw("boxes"));
  drag({500, 500}, {490, 490});  // the helmet
  CHECK(it.app->state()->raw("boxes") != before);
}
