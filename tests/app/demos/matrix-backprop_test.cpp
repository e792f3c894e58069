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

std::string value(const AppFixture& it, std::string_view id) { return std::string(it.app->state()->raw(id)); }

}  // namespace

// PyTorch 1.13.0 in double; all cells are in tests/core/autodiff/matrix_example_test.cpp.
TEST_CASE("matrix-backprop: PyTorch's values and gradients through the read-outs", "[app][matrix-backprop][golden]") {
  struct Case {
    const char* state;
    double value;
  };
  const Case cases[] = {{"look=Z1&cell=1,1", 2.57},
                        {"look=A1&cell=4,2", 2.97},
                        {"look=Z2&cell=2,2", -2.362},
                        {"look=E&cell=1,2", 5.844914},
                        {"look=L", 3.4160618333333},
                        {"look=dZ2&cell=2,1", -0.7063333333333},
                        {"look=dW2&cell=1,1", 1.57494},
                        {"look=dW2&cell=2,4", -2.9543333333333},
                        {"look=dB2&cell=1,1", 1.757},
                        {"look=dA1&cell=3,2", -1.0382},
                        {"look=dZ1&cell=3,2", 0.0},
                        {"look=dW1&cell=4,2", 2.7632666666667},
                        {"look=dB1&cell=4,1", 1.7931666666667}};
  for (const Case& c : cases) {
    INFO(c.state);
    const DemoFixture demo("matrix-backprop", std::string("step=12&") + c.state);
    CHECK(demo.problem);
    CHECK_THAT(demo.number("value"), WithinAbs(c.value, 1e-12));
    CHECK_THAT(demo.number("loss"), WithinAbs(3.4160618333333, 1e-12));
    const bool gradient = std::string(c.state)[5] == 'd';
    CHECK(std::isnan(demo.number("check")) != gradient);
    if (gradient) CHECK_THAT(demo.number("check"), WithinAbs(c.value, 1e-8));
  }
}

TEST_CASE("matrix-backprop: what the steps have not reached is not shown", "[app][matrix-backprop]") {
  DemoFixture demo("matrix-backprop", "step=0");
  CHECK(demo.sentence().find("Nothing is computed") != std::string::npos);
  CHECK(std::isnan(demo.number("value")));
  CHECK(std::isnan(demo.number("loss")));
  CHECK_FALSE(demo.demo->step(-1));
  for (int i = 1; i <= 12; ++i) {
    CHECK(demo.demo->step(+1));
    demo.demo->update(0.0);
    CHECK(demo.number("step") == i);
    CHECK_FALSE(std::isnan(demo.number("value")));
    CHECK(std::isnan(demo.number("loss")) == (i < 5));
  }
  CHECK_FALSE(demo.demo->step(+1));
  demo.set("step", "3");
  demo.set("look", "dW2");
  CHECK(std::isnan(demo.number("value")));
  CHECK(demo.sentence().find("not computed yet") != std::string::npos);
  CHECK(demo.demo->step(+1));  // back to the matrix of the step
  CHECK(demo.state.raw("look") == "step");
}

// Parameters do not grow with the batch, what is kept for the way back does.
TEST_CASE("matrix-backprop: sizes count", "[app][matrix-backprop]") {
  DemoFixture demo("matrix-backprop");
  CHECK(demo.number("parameters") == 26);
  CHECK(demo.number("stored") == 3 * (3 + 4 + 4 + 2));
  CHECK(demo.number("products") == 3);  // dW2: one product a sample
  CHECK(demo.number("forward_products") == 3 * (12 + 8));
  CHECK(demo.number("backward_products") == 3 * (12 + 8 + 8));
  demo.set("batch", "6");
  CHECK(demo.number("parameters") == 26);
  CHECK(demo.number("stored") == 6 * 13);
  CHECK(demo.number("products") == 6);
  demo.set("step", "9");  // dA1: one product an output
  CHECK(demo.number("products") == 2);
  demo.set("cell", "6,6");  // beyond the matrix: its last cell
  CHECK(demo.sentence().find("row 4, column 6") != std::string::npos);
}

// The stage alone, 1000 x 800.
TEST_CASE("matrix-backprop: a click keeps a cell, on an empty matrix computes up to it", "[app][matrix-backprop]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("matrix-backprop", options);
  const auto reset = [&] {
    it.app->reset();
    it.frame(1000, 800);
  };
  reset();
  bool kept = false;
  bool computed = false;
  for (float y = 70.0F; y < 440.0F; y += 9.0F) {
    for (float x = 90.0F; x < 980.0F; x += 21.0F) {
      it.click(x, y, 1000, 800);
      kept = kept || (value(it, "look") == "Z1" && value(it, "cell") == "3,2" && value(it, "step") == "7");
      computed = computed || (value(it, "look") == "step" && value(it, "step") == "11");
      if (value(it, "step") != "7") reset();
    }
  }
  CHECK(kept);
  CHECK(computed);
  reset();
  it.press(ImGuiKey_Tab);
  CHECK(value(it, "cell") == "1,1");
}

TEST_CASE("matrix-backprop: drawn at every size and step, pointed at everywhere", "[app][matrix-backprop]") {
  for (const char* state : {"step=0", "step=5", "step=12&batch=6&inputs=6&hidden=6&outputs=6&activation=tanh",
                            "step=10&batch=1&inputs=1&hidden=1&outputs=1", "step=2&look=dB1"}) {
    AppFixture it("matrix-backprop");
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                        {360.0F, 640.0F},
                                        {320.0F, 480.0F},
                                        {1920.0F, 1080.0F},
                                        {130.0F, 130.0F},
                                        {560.0F, 130.0F}}) {
      for (float x = 0.05F; x < 1.0F; x += 0.09F) {
        ImGui::GetIO().AddMousePosEvent(x * width, (0.1F + 0.83F * x) * height);
        it.frame(width, height);
      }
      CHECK_FALSE(it.frame(width, height));  // stands still
    }
  }
}
