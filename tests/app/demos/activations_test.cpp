#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

void rest(DemoFixture& demo) {
  for (int i = 0; i < 2000 && demo.demo->update(0.02); ++i) {
  }
  CHECK_FALSE(demo.demo->update(0.02));
}

}  // namespace

// PyTorch 1.13.0: torch.sigmoid and autograd at 0.75; by hand: sigmoid(0) = 1/2 with slope 1/4, ReLU keeps the square
// root of a half of a normal input's gradient.
TEST_CASE("activations: values, slopes and criteria", "[app][activations]") {
  DemoFixture demo("activations", "f=sigmoid&x=0.75");
  CHECK_THAT(demo.number("value"), WithinAbs(0.6791786992, 1e-9));
  CHECK_THAT(demo.number("slope"), WithinAbs(0.2178949938, 1e-9));
  CHECK_THAT(demo.number("slope_kept"), WithinAbs(0.2117457551, 1e-8));
  CHECK_THAT(demo.number("ten_layers"), WithinRel(std::pow(0.2117457551, 10), 1e-6));
  CHECK_THAT(demo.number("mean_output"), WithinAbs(0.5, 1e-12));
  CHECK_THAT(demo.number("condition"), WithinAbs(12.5264827550, 1e-6));
  CHECK_THAT(demo.number("saturated"), WithinAbs(3.90625, 1e-9));
  demo.set("x", "0");
  CHECK(demo.number("value") == 0.5);
  CHECK(demo.number("slope") == 0.25);
  demo.set("f", "relu");
  CHECK(demo.number("slope") == 0.0);
  CHECK(demo.number("kink") == 1.0);
  CHECK_THAT(demo.number("slope_kept"), WithinAbs(std::sqrt(0.5), 1e-12));
  CHECK_THAT(demo.number("ten_layers"), WithinAbs(1.0 / 32.0, 1e-12));
  demo.set("f", "step");
  CHECK(demo.number("jump") == 1.0);
  CHECK(demo.number("slope_kept") == 0.0);
  CHECK(demo.sentence().find("Step") == 0);
  CHECK(demo.sentence("fr").find("Échelon") == 0);
}

// A wider spread drives more inputs where the sigmoid is flat; ReLU does not mind.
TEST_CASE("activations: saturation follows the spread", "[app][activations]") {
  DemoFixture demo("activations", "f=sigmoid");
  const double narrow = demo.number("slope_kept");
  demo.set("spread", "5");
  CHECK(demo.number("slope_kept") < 0.6 * narrow);
  CHECK(demo.number("saturated") > 50);
  demo.set("f", "relu");
  CHECK_THAT(demo.number("slope_kept"), WithinAbs(std::sqrt(0.5), 1e-12));
}

TEST_CASE("activations: costs are measured in frames, then the figure stands still", "[app][activations]") {
  DemoFixture demo("activations");
  CHECK(std::isnan(demo.number("ns_forward")));
  rest(demo);
  CHECK(demo.number("ns_forward") > 0);
  CHECK(demo.number("ns_backward") > 0);
  for (const Readout& readout : demo.demo->readouts()) CHECK(readout.timing == readout.id.starts_with("ns_"));
  demo.demo->restart();
  demo.demo->update(0.0);
  CHECK(std::isnan(demo.number("ns_forward")));
}

TEST_CASE("activations: the zig-zag in numbers", "[app][activations]") {
  DemoFixture demo("activations", "view=zigzag&f=sigmoid&small_steps=600");
  CHECK(demo.number("same_sign") == 100.0);
  CHECK(demo.number("same_sign_centred") < 70.0);
  CHECK(demo.number("zigzag_condition") > 10.0);
  const double centred = demo.number("away_centred");
  CHECK(demo.number("away") < 2.0 * std::sqrt(2.0));
  demo.set("f", "tanh");
  CHECK(demo.number("arrival") == demo.number("arrival_centred"));  // its mean is 0 already
  CHECK_THAT(demo.number("zigzag_condition"), WithinAbs(1.0, 1e-9));
  demo.set("small_steps", "0");
  CHECK_THAT(demo.number("away"), WithinAbs(2.0 * std::sqrt(2.0), 1e-12));
  CHECK(std::isfinite(centred));
  CHECK(demo.demo->step(+1));
  demo.demo->update(0.0);
  CHECK(demo.number("step") == 1);
  CHECK(demo.demo->step(-1));
  CHECK_FALSE(demo.demo->step(-1));
}

TEST_CASE("activations: ReLUs die at large rates and only there", "[app][activations]") {
  DemoFixture demo("activations", "view=dying&rate=20&steps=200");
  rest(demo);
  CHECK(demo.number("step") == 200);
  CHECK(demo.number("units") == 24);
  CHECK(demo.number("dead") > 5);
  const double dead = demo.number("dead");
  demo.set("steps", "0");  // scrubbing back
  CHECK(demo.number("step") == 0);
  CHECK(demo.number("dead") < dead);
  demo.set("steps", "200");
  CHECK(demo.number("dead") == dead);
  demo.set("f", "leaky_relu");
  rest(demo);
  CHECK(demo.number("dead") == 0);
  demo.set("f", "relu");
  demo.set("rate", "0.5");
  rest(demo);
  const double after = demo.number("dead");
  demo.set("steps", "0");
  CHECK(demo.number("dead") == after);  // none but those that were born dead
  demo.set("steps", "200");
  CHECK(demo.number("right") > 80);
  CHECK(std::isfinite(demo.number("loss")));
}

TEST_CASE("activations: a drag in the curve moves x, a click in the table chooses f", "[app][activations]") {
  AppFixture it("activations");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  while (it.frame(1280, 800, 0.02)) {
  }
  it.click(200, 200, 1280, 800);
  const double x = it.app->state()->real("x");
  CHECK(x < -1.0);
  it.click(500, 200, 1280, 800);
  CHECK(it.app->state()->real("x") > x);
  it.click(760, 600, 1280, 800);
  CHECK(it.app->state()->choice("f") != "relu");
  it.press(ImGuiKey_UpArrow);
  const double before = it.app->state()->real("x");
  it.press(ImGuiKey_RightArrow);
  CHECK_THAT(it.app->state()->real("x"), WithinAbs(std::round(before * 10.0 + 1.0) / 10.0, 1e-9));
}

TEST_CASE("activations: drawn and pointed at everywhere, at every size", "[app][activations]") {
  for (const char* state : {"f=sigmoid", "view=zigzag&f=softplus", "view=dying&rate=20&steps=40"}) {
    AppFixture it("activations");
    CHECK(it.app->set_all(state));
    for (const bool panel : {false, true}) {
      AppOptions options = it.app->options();
      options.panel = panel;
      it.app->set_options(options);
      for (const auto& [width, height] :
           {std::pair{1280.0F, 800.0F}, {640.0F, 512.0F}, {360.0F, 780.0F}, {320.0F, 480.0F}, {130.0F, 130.0F}}) {
        for (int i = 0; i < 20; ++i) {
          const float x = width * static_cast<float>(i * 37 % 97) / 97.0F;
          const float y = height * static_cast<float>(i * 53 % 89) / 89.0F;
          it.click(x, y, width, height);
          if (it.app->demo_id() == "activations") continue;  // the menu was hit
          CHECK(it.app->open("activations"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
