#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "app/views/drawn_points.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/rested_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

struct Net : RestedFixture {
  explicit Net(const std::string& query) : RestedFixture("mlp", query) {}
};

}  // namespace

// 2-8-3: 8 (2 + 1) + 3 (8 + 1); 2-8-8-2: 8 (2 + 1) + 8 (8 + 1) + 2 (8 + 1); an even guess among C costs ln C.
TEST_CASE("mlp: parameters and the loss of a guess, by hand", "[app][mlp]") {
  Net it("data=spirals&classes=3&hidden=8");
  CHECK(it.number("parameters") == 51);
  CHECK_THAT(it.number("loss"), WithinAbs(std::log(3.0), 1e-12));
  CHECK_THAT(it.number("guess_loss"), WithinAbs(std::log(3.0), 1e-12));
  CHECK(it.number("points") == 180);
  CHECK(it.number("steps_per_epoch") == 12);  // 180 / 16, the last one smaller
  it.change("hidden", "8-8");
  it.change("data", "moons");
  CHECK(it.number("parameters") == 114);
  it.change("hidden", "none");
  CHECK(it.number("parameters") == 6);
  CHECK_THAT(it.number("loss"), WithinAbs(std::log(2.0), 1e-12));
}

TEST_CASE("mlp: circles need hidden neurons", "[app][mlp]") {
  const Net line("data=circles&hidden=none&step=400"), four("data=circles&hidden=4&step=400");
  CHECK(line.number("accuracy") < 70);
  CHECK(four.number("accuracy") > 95);
  CHECK(four.number("mistakes") == 120 - std::round(1.2 * four.number("accuracy")));
}

TEST_CASE("mlp: back in time is the same; a too large rate is explained", "[app][mlp]") {
  Net it("data=moons&step=70");
  const double loss = it.number("loss");
  it.change("step", "160");
  CHECK(it.number("loss") != loss);
  it.change("step", "70");
  CHECK(it.number("loss") == loss);
  CHECK(it.demo->step(+1));
  rest(*it.demo);
  CHECK(it.number("step") == 71);
  const Net diverged("data=moons&activation=relu&optimizer=sgd&rate=1000&step=100");
  CHECK(diverged.number("diverged_at") >= 1);
  CHECK(std::isnan(diverged.number("loss")));
  CHECK(diverged.sentence().find("NaN") != std::string::npos);
  CHECK_FALSE(diverged.demo->step(+1));
}

TEST_CASE("mlp: own points, none, unreadable ones", "[app][mlp]") {
  Net it("data=own&classes=2");
  CHECK(std::isnan(it.number("loss")));
  CHECK_FALSE(it.demo->step(+1));
  it.change("points", "a2525a2575b7525b7575");
  CHECK(it.number("points") == 4);
  it.change("step", "200");
  CHECK(it.number("accuracy") == 100);
  it.change("points", "c2525");  // a third class
  CHECK(it.sentence().find("cannot be read") != std::string::npos);
}

TEST_CASE("mlp: a press draws a point, the loss plot goes back", "[app][mlp]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("mlp", options);
  CHECK(it.app->set_all("data=own&classes=2&brush=b"));
  it.frame(1280.0F, 800.0F);
  const State& state = *it.app->state();
  it.click(900.0F, 200.0F, 1280.0F, 800.0F);
  it.click(1000.0F, 300.0F, 1280.0F, 800.0F);
  CHECK(state.raw("points").size() == 2 * drawn_point_bytes);
  CHECK(state.raw("points")[0] == 'b');
  CHECK(it.app->set("step", "100"));
  while (it.frame(1280.0F, 800.0F, 0.02)) {
  }
  for (float y = 500.0F; y < 800.0F && state.integer("step") == 100; y += 10.0F) it.click(110.0F, y, 1280.0F, 800.0F);
  CHECK(state.integer("step") < 100);
}

// 64 inputs, 8 hidden, 10 outputs: 8 (64 + 1) + 10 (8 + 1); 196 inputs, 3 outputs, no hidden: 3 (196 + 1).
TEST_CASE("mlp: pictures of digits", "[app][mlp]") {
  DemoFixture it("mlp", "data=digits");
  CHECK(std::isnan(it.number("loss")));
  CHECK(it.sentence().find("on their way") != std::string::npos);
  CHECK_FALSE(it.demo->step(+1));
  put_seven_segments(it.files, "digits", 60, 20);
  rest(*it.demo);
  CHECK(it.number("parameters") == 610);
  CHECK_THAT(it.number("loss"), WithinAbs(std::log(10.0), 1e-12));
  CHECK_THAT(it.number("test_loss"), WithinAbs(std::log(10.0), 1e-12));
  CHECK(it.number("points") == 60);
  CHECK(it.number("test_points") == 20);
  it.set("step", "200");
  rest(*it.demo);
  CHECK(it.number("accuracy") > 90);
  CHECK(it.number("test_loss") > it.number("loss"));
  const double loss = it.number("test_loss");
  it.set("picture", "5");
  CHECK(it.number("test_loss") == loss);
  it.set("step", "100");
  rest(*it.demo);
  it.set("step", "200");
  rest(*it.demo);
  CHECK(it.number("test_loss") == loss);
  it.set("digits", "3");
  it.set("side", "14");
  it.set("hidden", "none");
  rest(*it.demo);
  CHECK(it.number("parameters") == 591);
  it.set("data", "moons");
  rest(*it.demo);
  CHECK(it.number("points") == 120);
  CHECK(std::isnan(it.number("test_loss")));
}

TEST_CASE("mlp: a click keeps a picture", "[app][mlp]") {
  for (const auto& [width, height] : {std::pair{1280.0F, 800.0F}, std::pair{360.0F, 860.0F}}) {
    AppOptions options;
    options.panel = false;
    AppFixture it("mlp", options);
    put_seven_segments(it.app->files(), "digits", 60, 20);
    CHECK(it.app->set_all("data=digits&step=20"));
    const State& state = *it.app->state();
    while (it.frame(width, height, 0.02)) {
    }
    const float x = width > 800.0F ? 800.0F : 76.0F;
    for (float y = 80.0F; y < 300.0F && state.integer("picture") == 1; y += 15.0F) it.click(x, y, width, height);
    INFO(width);
    CHECK(state.integer("picture") > 1);
  }
}
