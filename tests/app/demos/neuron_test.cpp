#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

double number(const AppFixture& it, std::string_view id) {
  for (const Readout& readout : it.app->demo()->readouts()) {
    if (readout.id == id) return std::get<double>(readout.value);
  }
  return std::nan("");
}

double real(const AppFixture& it, std::string_view id) { return it.app->state()->real(id); }

// The stage alone, 1120 x 800. The plane is a square at the right; its corners are looked for by clicking.
struct Stage : AppFixture {
  Stage() : AppFixture("neuron", without_panel()) { frame(); }
  static AppOptions without_panel() {
    AppOptions options;
    options.panel = false;
    return options;
  }
  bool frame() { return AppFixture::frame(1120, 800); }
  void press_at(float x, float y) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    frame();
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frame();
  }
  void move_to(float x, float y) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    frame();
    frame();
  }
  void release() {
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frame();
  }
  void click_at(float x, float y) {
    press_at(x, y);
    release();
  }
};

}  // namespace

TEST_CASE("neuron: the sum and its activation, by hand", "[app][neuron][golden]") {
  DemoFixture demo("neuron", "w1=2&w2=-1.5&b=0.25&x1=0.5&x2=1");
  CHECK(demo.number("net") == -0.25);
  CHECK(demo.number("out") == 0);
  CHECK_THAT(demo.number("crosses_x1"), WithinAbs(-0.125, 1e-12));
  CHECK_THAT(demo.number("crosses_x2"), WithinAbs(0.25 / 1.5, 1e-12));
  demo.set("activation", "sigmoid");
  CHECK_THAT(demo.number("out"), WithinAbs(0.4378234991, 1e-9));    // 1 / (1 + e^0.25)
  CHECK_THAT(demo.number("slope"), WithinAbs(0.2461340828, 1e-9));  // out (1 - out)
  demo.set("activation", "tanh");
  CHECK_THAT(demo.number("out"), WithinAbs(-0.2449186624, 1e-9));
  demo.set("activation", "relu");
  CHECK(demo.number("out") == 0);
  demo.set("x1", "1");
  CHECK(demo.number("out") == 0.75);
}

TEST_CASE("neuron: one line answers AND, OR and NAND; none answers XOR", "[app][neuron]") {
  DemoFixture demo("neuron");
  CHECK(demo.number("right") == 2);  // x1 + x2 - 0.5 is an OR
  demo.set("b", "-1.5");
  CHECK(demo.number("right") == 4);
  CHECK(demo.number("error") == 0);
  demo.set("task", "or");
  CHECK(demo.number("right") == 2);
  demo.set("b", "-0.5");
  CHECK(demo.number("right") == 4);
  demo.state.reset();
  CHECK(demo.state.set_all("task=nand&w1=-1&w2=-1&b=1.5"));
  demo.demo->update(0.0);
  CHECK(demo.number("right") == 4);
  double best = 0;
  for (const char* w1 : {"-1", "0", "1"}) {
    for (const char* w2 : {"-1", "0", "1"}) {
      for (const char* b : {"-1.5", "-0.5", "0.5", "1.5"}) {
        CHECK(demo.state.set_all("task=xor&w1=" + std::string(w1) + "&w2=" + w2 + "&b=" + b));
        demo.demo->update(0.0);
        best = std::max(best, demo.number("right"));
      }
    }
  }
  CHECK(best == 3);
}

// By hand (tests/core/nn/single_neuron_test.cpp): AND from nothing is learned after the 18th corner, w = (2, 1), b =
// -3.
TEST_CASE("neuron: Play learns AND and ends; XOR never ends", "[app][neuron][golden]") {
  DemoFixture demo("neuron", "w1=0&w2=0&b=0&task=and");
  int steps = 0;
  while (demo.demo->step(+1)) {
    demo.demo->update(0.0);
    REQUIRE(++steps < 100);
  }
  CHECK(steps == 18);
  CHECK(demo.number("w1_now") == 2);
  CHECK(demo.number("w2_now") == 1);
  CHECK(demo.number("b_now") == -3);
  CHECK(demo.number("right") == 4);
  CHECK(demo.state.real("x1") == 0);  // the 18th corner is (0, 1)
  CHECK(demo.state.real("x2") == 1);
  CHECK(demo.demo->step(-1));
  demo.demo->update(0.0);
  CHECK(demo.number("right") == 2);  // w = (2, 2), b = -2: (0, 1) and (1, 0) lie on the line
  demo.set("task", "xor");
  demo.set("steps", "0");
  CHECK_FALSE(demo.demo->step(-1));
  for (steps = 0; demo.demo->step(+1); ++steps) demo.demo->update(0.0);
  CHECK(steps == 400);
  CHECK(demo.number("right") < 4);
}

TEST_CASE("neuron: with a slope it learns by gradient descent", "[app][neuron]") {
  for (const char* f : {"sigmoid", "tanh"}) {
    DemoFixture demo("neuron", "task=or&w1=-1&w2=0.5&b=0&steps=0&activation=" + std::string(f));
    const double before = demo.number("error");
    demo.set("steps", "400");
    CHECK(demo.number("right") == 4);
    CHECK(demo.number("error") < 0.2 * before);
  }
}

TEST_CASE("neuron: the line is dragged, turned by its arrow, and a click shows the neuron a point", "[app][neuron]") {
  Stage it;
  // Where is the plane? Clicks move the input; two of them tell the scale.
  it.click_at(700, 120);
  const double x_a = real(it, "x1");
  const double y_a = real(it, "x2");
  it.click_at(1000, 120);
  const double x_b = real(it, "x1");
  it.click_at(1000, 60);
  const double y_b = real(it, "x2");
  REQUIRE(x_b > x_a);
  REQUIRE(y_b > y_a);
  const double per_x = 300.0 / (x_b - x_a);
  const double per_y = 60.0 / (y_b - y_a);
  CHECK(std::fabs(per_x - per_y) < 0.1 * per_x);
  const auto px = [&](double x) { return static_cast<float>(700.0 + (x - x_a) * per_x); };
  const auto py = [&](double y) { return static_cast<float>(120.0 - (y - y_a) * per_x); };

  // x1 + x2 = 0.5 is drawn from (0.6, -0.1); dragging it to (0.75, 0.75) makes an AND of it.
  it.press_at(px(0.6), py(-0.1));
  it.move_to(px(0.7), py(0.7));
  it.move_to(px(0.75), py(0.75));
  it.release();
  CHECK_THAT(real(it, "b"), WithinAbs(-1.5, 0.04));
  CHECK(number(it, "right") == 4);
  // The arrow stands on (0.75, 0.75) and points to (1, 1); turned to the left, w1 is negative.
  const double tip = 0.75 + 0.35 / std::sqrt(2.0);
  it.press_at(px(tip), py(tip));
  it.move_to(px(0.4), py(0.75));
  it.release();
  CHECK(real(it, "w1") < -1.3);
  CHECK(std::fabs(real(it, "w2")) < 0.2);
  // A click near a corner means the corner.
  it.click_at(px(0.02), py(0.97));
  CHECK(real(it, "x1") == 0);
  CHECK(real(it, "x2") == 1);
}

TEST_CASE("neuron: what is learned becomes the beginning of what is changed by hand", "[app][neuron]") {
  Stage it;
  CHECK(it.app->set_all("w1=0&w2=0&b=0&steps=18"));
  it.frame();
  CHECK(number(it, "b_now") == -3);
  it.click_at(90, 60);  // x1, at the upper left
  it.frame();
  ImGui::GetIO().AddInputCharacter('1');
  it.frame();
  it.frame();
  CHECK(real(it, "x1") == 1);
  CHECK(it.app->state()->integer("steps") == 18);  // an input is no weight
  it.press(ImGuiKey_Enter);
  it.frame();
  CHECK_FALSE(it.frame());
}

TEST_CASE("neuron: drawn at every size, pointed at everywhere; without weights it says so", "[app][neuron]") {
  for (const char* state :
       {"", "w1=0&w2=0", "activation=relu&w1=5&w2=-5&b=5&x1=2&x2=-1", "task=xor&steps=400&rate=4"}) {
    Stage it;
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] :
         {std::pair{1280.0F, 800.0F}, {360.0F, 900.0F}, {320.0F, 480.0F}, {210.0F, 190.0F}}) {
      for (int i = 0; i < 30; ++i) {
        it.click(width * static_cast<float>(i * 37 % 97) / 97.0F, height * static_cast<float>(i * 53 % 89) / 89.0F,
                 width, height);
      }
    }
  }
}
