#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

constexpr std::array<const char*, 10> parameters = {"w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "b1", "b2"};

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

}  // namespace

// Published with nine digits: M. Mazur, A Step by Step Backpropagation Example, 2015.
TEST_CASE("backprop: the numbers of the textbook example", "[app][backprop][golden]") {
  const DemoFixture demo("backprop");
  const std::pair<const char*, double> published[] = {{"net_h1", 0.3775},
                                                      {"out_h1", 0.593269992},
                                                      {"out_h2", 0.596884378},
                                                      {"net_o1", 1.105905967},
                                                      {"out_o1", 0.751365070},
                                                      {"out_o2", 0.772928465},
                                                      {"E_o1", 0.274811083},
                                                      {"E_o2", 0.023560026},
                                                      {"E_total", 0.298371109},
                                                      {"dE_dout_o1", 0.741365070},
                                                      {"dout_o1_dnet_o1", 0.186815602},
                                                      {"dE_dw5", 0.082167041},
                                                      {"dE_dnet_o1", 0.138498562},
                                                      {"dE_dout_h1", 0.036350306},
                                                      {"dout_h1_dnet_h1", 0.241300709},
                                                      {"dE_dw1", 0.000438568},
                                                      {"w1_new", 0.149780716},
                                                      {"w2_new", 0.199561432},
                                                      {"w3_new", 0.249751144},
                                                      {"w4_new", 0.299502287},
                                                      {"w5_new", 0.358916480},
                                                      {"w6_new", 0.408666186},
                                                      {"w7_new", 0.511301270},
                                                      {"w8_new", 0.561370121},
                                                      {"b1_new", 0.35},
                                                      {"b2_new", 0.60},
                                                      {"E_new", 0.291027774}};
  for (const auto& [name, expected] : published) {
    INFO(name);
    CHECK_THAT(demo.number(name), WithinAbs(expected, 2e-9));
  }
  for (const char* name : parameters) {
    INFO(name);
    CHECK_THAT(demo.number(std::string("check_d") + name), WithinAbs(demo.number(std::string("dE_d") + name), 1e-9));
  }
}

TEST_CASE("backprop: one update, and ten thousand", "[app][backprop][golden]") {
  DemoFixture demo("backprop", "updates=1");
  CHECK_THAT(demo.number("E_total"), WithinAbs(0.291027774, 1e-9));
  CHECK_THAT(demo.number("w5_now"), WithinAbs(0.358916480, 1e-9));
  CHECK_THAT(demo.number("w1_now"), WithinAbs(0.149780716, 1e-9));
  demo.set("updates", "10000");
  CHECK_THAT(demo.number("E_total"), WithinAbs(3.51019e-5, 5e-11));
  // With the biases the network has more to turn, and is nearer.
  demo.set("biases", "1");
  CHECK(demo.number("E_total") < 3.51019e-5);
  demo.set("updates", "0");
  CHECK_THAT(demo.number("b2_new"), WithinAbs(0.60 - 0.5 * demo.number("dE_db2"), 1e-15));
}

// 4 neurons of two products, a bias and a logistic function; 3 errors; then back.
TEST_CASE("backprop: a step is one product; after the last the next update begins", "[app][backprop]") {
  DemoFixture demo("backprop", "step=0");
  CHECK(demo.sentence().find("Nothing is computed") != std::string::npos);
  demo.demo->step(+1);
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("net_h1 = 0.0075.") != std::string::npos);  // w1 i1
  demo.demo->step(+1);
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("net_h1 = 0.0275.") != std::string::npos);  // + w2 i2
  demo.set("step", "19");
  CHECK(demo.sentence().find("E_total = 0.298371109.") != std::string::npos);
  demo.set("step", "23");
  CHECK(demo.sentence().find("dE_dw5 = 0.0821670406.") != std::string::npos);
  CHECK(demo.sentence("fr").find("dE_dw5 = 0,0821670406.") != std::string::npos);
  int steps = 0;
  while (demo.number("updates_done") < 1) {
    REQUIRE(demo.demo->step(+1));
    demo.demo->update(0.0);
    ++steps;
    REQUIRE(steps < 100);
  }
  CHECK(steps == 53 - 23 + 1);
  CHECK(demo.number("moment") == 0);
  CHECK_THAT(demo.number("E_total"), WithinAbs(0.291027774, 1e-9));
  CHECK(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("moment") == 53);
  CHECK(demo.number("updates_done") == 0);
  demo.set("biases", "1");
  demo.set("step", "55");
  CHECK(demo.number("moment") == 55);  // b1 and b2 move, too
  demo.set("step", "0");
  CHECK_FALSE(demo.demo->step(-1));
  demo.set("updates", "10000");
  demo.set("step", "55");
  CHECK_FALSE(demo.demo->step(+1));
}

TEST_CASE("backprop: every number can be changed, and the gradients follow", "[app][backprop]") {
  DemoFixture demo("backprop", "i1=-2&w3=-7.5&t2=0.2&rate=3&w8=4&b1=1.5");
  CHECK(demo.problem);
  CHECK_THAT(demo.number("net_h1"), WithinAbs(0.15 * -2 + 0.2 * 0.1 + 1.5, 1e-12));
  CHECK_THAT(demo.number("net_h2"), WithinAbs(-7.5 * -2 + 0.3 * 0.1 + 1.5, 1e-12));
  for (const char* name : parameters) {
    INFO(name);
    const double gradient = demo.number(std::string("dE_d") + name);
    CHECK_THAT(demo.number(std::string("check_d") + name), WithinAbs(gradient, 1e-9));
    if (name[0] == 'w')
      CHECK_THAT(demo.number(std::string(name) + "_new"),
                 WithinAbs(demo.number(std::string(name) + "_now") - 3 * gradient, 1e-12));
  }
  demo.set("t1", "1.5");
  CHECK_FALSE(demo.problem);  // no logistic function reaches it
}

// The stage alone, 1000 x 800: the weight w5 lies between the two rows of neurons.
TEST_CASE("backprop: a click on the network opens a number, typing changes it", "[app][backprop]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("backprop", options);
  const auto frame = [&] { it.frame(1000, 800); };
  frame();
  int opened = 0;
  for (float y = 30.0F; y < 390.0F && opened == 0; y += 6.0F) {
    for (float x = 20.0F; x < 60.0F && opened == 0; x += 10.0F) {
      it.click(x, y, 1000, 800);
      frame();
      if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId)) ++opened;
    }
  }
  REQUIRE(opened == 1);  // the first thing from above at the left is i1
  ImGui::GetIO().AddInputCharacter('2');
  frame();
  frame();
  CHECK(value(it, "i1") == "2");
  it.press(ImGuiKey_Enter);
  frame();
  double net = 0.0;
  for (const Readout& readout : it.app->demo()->readouts()) {
    if (readout.id == "net_h1") net = std::get<double>(readout.value);
  }
  CHECK_THAT(net, WithinAbs(0.15 * 2 + 0.2 * 0.1 + 0.35, 1e-12));
}

TEST_CASE("backprop: updates are played, can be interrupted, and the curve is dragged back", "[app][backprop]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("backprop", options);
  const auto settle = [&] {
    int frames = 0;
    while (it.frame(1000, 800) && frames < 2000) ++frames;
    return frames;
  };
  settle();
  CHECK_FALSE(it.frame(1000, 800));  // nothing moves by itself
  // The buttons +1, +100, +10,000 stand in one row at the right.
  bool found = false;
  for (float x = 520.0F; x < 980.0F && !found; x += 12.0F) {
    for (float y = 480.0F; y < 640.0F && !found; y += 12.0F) {
      it.click(x, y, 1000, 800);
      settle();
      found = value(it, "updates") == "100";
      if (!found) CHECK(it.app->set("updates", "0"));
    }
  }
  CHECK(found);
  // Dragging to the left end of the curve: back to the first weights.
  it.click(700, 760, 1000, 800);
  CHECK(value(it, "updates") != "100");
  it.app->reset();
  settle();
  CHECK(value(it, "updates") == "0");
}

TEST_CASE("backprop: drawn at every size and step, pointed at everywhere", "[app][backprop]") {
  for (const char* state : {"step=0", "step=30&biases=1", "step=55&biases=1&updates=10000&w1=-20&w8=20&i1=-5"}) {
    AppFixture it("backprop");
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                        {360.0F, 640.0F},
                                        {320.0F, 480.0F},
                                        {1920.0F, 1080.0F},
                                        {130.0F, 130.0F},
                                        {560.0F, 130.0F}}) {
      it.frame(width, height);
      for (int i = 0; i < 30; ++i) {
        ImGui::GetIO().AddMousePosEvent(width * static_cast<float>(i * 37 % 97) / 97.0F,
                                        height * static_cast<float>(i * 53 % 89) / 89.0F);
        it.frame(width, height);
      }
    }
  }
}
