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

const std::string line = "landscape=line&rate=0.1&u=-0.5&v=2.5";

}  // namespace

// The line's 16 points by hand: mean x 1.5, mean x^2 3.1; the loss and its slope at (-0.5, 2.5), and one step of plain
// descent from there.
TEST_CASE("sgd: one step of batch descent by hand", "[app][sgd]") {
  const DemoFixture it("sgd", line + "&batch=all&step=0");
  CHECK(it.problem);
  CHECK_THAT(it.number("loss"), WithinAbs(1.498, 1e-9));
  CHECK_THAT(it.number("du"), WithinAbs(-2.1025, 1e-9));
  CHECK_THAT(it.number("dv"), WithinAbs(0.05, 1e-9));
  CHECK_THAT(it.number("u_next"), WithinAbs(-0.5 + 0.1 * 2.1025, 1e-8));
  CHECK_THAT(it.number("v_next"), WithinAbs(2.5 - 0.1 * 0.05, 1e-8));
  CHECK(it.number("noise") == 0.0);
  CHECK(it.number("steps_per_epoch") == 1);
  const double curvature = 4.1 + std::sqrt(4.1 * 4.1 - 4.0 * (3.1 - 2.25));
  CHECK_THAT(it.number("curvature"), WithinAbs(curvature, 1e-6));
  CHECK_THAT(it.number("rate_limit"), WithinAbs(2.0 / curvature, 1e-7));
}

// torch.optim of PyTorch 1.13.0 in double, rate 0.1, all 16 examples, 20 steps.
TEST_CASE("sgd: the race of optimizers ends where PyTorch's does", "[app][sgd]") {
  const DemoFixture it("sgd", line + "&compare=optimizers&batch=all&step=20");
  CHECK_THAT(it.number("loss_sgd"), WithinAbs(0.2989448593168824, 2e-6));
  CHECK_THAT(it.number("loss_momentum"), WithinAbs(0.1894972467152682, 2e-6));
  CHECK_THAT(it.number("loss_nesterov"), WithinAbs(0.12547392161883603, 2e-6));
  CHECK_THAT(it.number("loss_adagrad"), WithinAbs(0.47704623684545394, 2e-6));
  CHECK_THAT(it.number("loss_rmsprop"), WithinAbs(0.10396848439766532, 2e-6));
  CHECK_THAT(it.number("loss_adam"), WithinAbs(0.11293022878438963, 2e-6));
  CHECK(std::isnan(it.number("loss_batch_all")));
}

TEST_CASE("sgd: batch, mini-batch, online; a small constant rate keeps trembling, a falling one settles",
          "[app][sgd]") {
  DemoFixture it("sgd", line + "&batch=1&step=200&rate=0.12");
  const double lowest = 0.1028143382352941;  // least squares
  CHECK(it.number("loss_batch_all") < lowest + 0.002);
  CHECK(it.number("loss_batch_1") > lowest + 0.001);
  CHECK(it.number("steps_per_epoch") == 16);
  CHECK(it.number("examples_seen") == 200);
  CHECK(it.number("noise") > 0.1);
  const double trembling = it.number("loss");
  it.set("schedule", "cosine");
  CHECK(it.number("loss") < trembling);
  CHECK_THAT(it.number("rate_now"), WithinAbs(0.0, 1e-9));
  it.set("batch", "4");
  CHECK(it.number("steps_per_epoch") == 4);
  CHECK(it.number("examples_seen") == 800);
}

TEST_CASE("sgd: schedules", "[app][sgd]") {
  DemoFixture it("sgd", line + "&schedule=step&step=100");
  CHECK_THAT(it.number("rate_now"), WithinRel(0.025, 1e-6));  // halved twice
  it.set("schedule", "cosine");
  CHECK_THAT(it.number("rate_now"), WithinRel(0.05, 1e-6));  // half way down
  it.set("schedule", "warmup");
  it.set("step", "4");
  CHECK_THAT(it.number("rate_now"), WithinRel(0.1 * 5 / 20, 1e-6));
}

TEST_CASE("sgd: what diverges says so in words, with the limit", "[app][sgd]") {
  DemoFixture it("sgd", "landscape=line&compare=one&batch=all&rate=0.5&step=100");
  CHECK(it.number("diverged_at") > 1);
  CHECK(it.number("step") < 100);
  CHECK(std::isfinite(it.number("loss")));
  CHECK(it.sentence().find("0.258") != std::string::npos);  // 2 / 7.762
  CHECK(it.sentence("fr").find("0,258") != std::string::npos);
  CHECK_FALSE(it.demo->step(+1));
  it.set("rate", "0.25");
  CHECK(std::isnan(it.number("diverged_at")));
  CHECK(it.number("step") == 100);
}

TEST_CASE("sgd: at the saddle nothing moves", "[app][sgd]") {
  const DemoFixture it("sgd", "landscape=two-layers&u=0&v=0&batch=all&step=50");
  CHECK_THAT(it.number("loss"), WithinAbs(1.31875, 1e-9));  // the mean of the squared targets
  CHECK(it.number("gradient") == 0.0);
  CHECK(it.number("u") == 0.0);
}

TEST_CASE("sgd: back in time is the same place; the seed is the order of the examples", "[app][sgd]") {
  DemoFixture it("sgd", "step=10&batch=1");
  const double u = it.number("u"), v = it.number("v");
  it.set("step", "180");
  CHECK(it.number("u") != u);
  it.set("step", "10");
  CHECK(it.number("u") == u);
  CHECK(it.number("v") == v);
  it.set("seed", "2");
  CHECK(it.number("u") != u);
}

TEST_CASE("sgd: steps, and the five parts of one", "[app][sgd]") {
  DemoFixture it("sgd", "step=3&loop=1");
  for (int part = 2; part <= 5; ++part) {
    CHECK(it.demo->step(+1));
    CHECK(it.state.integer("part") == part);
    CHECK(it.state.integer("step") == 3);
  }
  CHECK(it.demo->step(+1));
  CHECK(it.state.integer("part") == 1);
  CHECK(it.state.integer("step") == 4);
  CHECK(it.demo->step(-1));
  CHECK(it.state.integer("part") == 5);
  CHECK(it.state.integer("step") == 3);
  it.set("loop", "0");
  it.set("step", "200");
  CHECK_FALSE(it.demo->step(+1));
  it.set("step", "0");
  CHECK_FALSE(it.demo->step(-1));
}

TEST_CASE("sgd: a press on the landscape moves the start, one in the loss plot goes back in time", "[app][sgd]") {
  for (const auto& [width, height] : {std::pair{1280.0F, 800.0F}, std::pair{360.0F, 860.0F}}) {
    AppOptions options;
    options.panel = false;
    AppFixture it("sgd", options);
    it.frame(width, height);
    const State& state = *it.app->state();
    const double u = state.real("u"), v = state.real("v");
    const bool wide = width > 800.0F;
    it.click(wide ? 300.0F : 200.0F, wide ? 350.0F : 260.0F, width, height);
    CHECK(state.real("u") != u);
    CHECK(state.real("v") != v);
    CHECK(state.integer("step") == 40);
    int moved = 0;
    for (float y = 0.55F * height; y < height && moved == 0; y += 12.0F) {
      it.click(width - 60.0F, y, width, height);
      moved = state.integer("step") != 40 ? 1 : 0;
    }
    CHECK(state.integer("step") > 150);
  }
}
