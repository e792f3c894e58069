#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>
#include <string>

#include "app/views/drawn_points.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/rested_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"
#include "tests/app/demos/small_cnn.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

struct Game : RestedFixture {
  explicit Game(const std::string& query) : RestedFixture("gan", query) {}
};

// The digits are drawn, the classifier is seeded noise: what it says is known to be worth nothing.
struct DigitsFixture : DemoFixture {
  explicit DigitsFixture(const std::string& query, bool with_files = true)
      : DemoFixture("gan", "what=digits&" + query) {
    CHECK(problem);
    if (!with_files) return;
    put_seven_segments(files, "digits", 40, 10);
    put_weights(files, "lenet5");
    rest(*demo);
  }
};

}  // namespace

// A discriminator that says 1/2 everywhere: L_D = -ln 1/2 - ln 1/2, L_G = -ln 1/2, or ln 1/2 in the minimax game.
TEST_CASE("gan: before the first update D says 1/2 everywhere", "[app][gan]") {
  Game it("");
  CHECK_THAT(it.number("loss_d"), WithinAbs(2.0 * std::numbers::ln2, 1e-12));
  CHECK_THAT(it.number("loss_g"), WithinAbs(std::numbers::ln2, 1e-12));
  CHECK_THAT(it.number("d_real"), WithinAbs(0.5, 1e-12));
  CHECK_THAT(it.number("d_fake"), WithinAbs(0.5, 1e-12));
  CHECK(it.number("pull") == 0.0);
  CHECK(it.number("points") == 256);
  it.change("loss", "minimax");
  CHECK_THAT(it.number("loss_g"), WithinAbs(-std::numbers::ln2, 1e-12));
}

TEST_CASE("gan: rounds of D and G", "[app][gan]") {
  Game it("dsteps=3&step=10");  // D D D G D D D G D D
  CHECK(it.number("d_updates") == 8);
  CHECK(it.number("g_updates") == 2);
  CHECK(it.sentence().find("discriminator is next") != std::string::npos);
  CHECK(it.demo->step(+1));
  rest(*it.demo);
  CHECK(it.sentence().find("generator is next") != std::string::npos);
  CHECK(it.demo->step(+1));
  rest(*it.demo);
  CHECK(it.number("g_updates") == 3);
}

TEST_CASE("gan: all eight modes are found; a generator that learns too fast misses most", "[app][gan]") {
  const Game good("step=3000");
  CHECK(good.number("modes") == 8);
  CHECK(good.number("good") > 70);
  CHECK(good.number("coverage") > 50);
  const Game bad("step=3000&dsteps=1&rated=0.005&rateg=0.02");
  CHECK(bad.number("modes") < 6);
  CHECK(bad.number("coverage") < 35);
}

TEST_CASE("gan: going back computes what was; the same seed plays the same game", "[app][gan]") {
  Game it("step=130");
  const double loss = it.number("loss_d"), pull = it.number("pull");
  it.change("step", "257");
  CHECK(it.number("loss_d") != loss);
  it.change("step", "130");
  CHECK(it.number("loss_d") == loss);
  CHECK(it.number("pull") == pull);
  const Game again("step=130"), other("step=130&seed=3");
  CHECK(again.number("loss_d") == loss);
  CHECK(other.number("loss_d") != loss);
  CHECK(it.demo->step(-1));
  rest(*it.demo);
  CHECK(it.number("step") == 129);
}

TEST_CASE("gan: other settings begin anew", "[app][gan]") {
  Game it("step=40");
  it.change("rateg", "0.01");
  CHECK(it.number("step") == 0);
  CHECK(it.state.integer("step") == 0);
  it.change("step", "20");
  it.change("arrows", "0");  // no part of the game
  CHECK(it.number("step") == 20);
  it.demo->restart();
  rest(*it.demo);
  CHECK(it.number("step") == 0);
  CHECK_FALSE(it.demo->step(-1));
}

TEST_CASE("gan: minimax pulls less where D is sure", "[app][gan]") {
  Game it("step=60&dsteps=5&rated=0.05&rateg=0.0001");  // D far ahead
  CHECK(it.number("d_fake") < 0.2);
  const double saturating_not = it.number("pull");
  it.set("loss", "minimax");
  it.change("step", "60");
  CHECK(it.number("d_fake") < 0.2);
  CHECK(it.number("pull") < 0.5 * saturating_not);
}

TEST_CASE("gan: drawn points are text and back", "[app][gan]") {
  std::vector<DrawnPoint> points;
  CHECK(add_point(points, {0.5, -0.25, 0}, 0.04));
  CHECK_FALSE(add_point(points, {0.51, -0.25, 0}, 0.04));
  CHECK(add_point(points, {2.0, -2.0, 1}, 0.04));  // onto the edge
  const std::string text = write_points(points);
  CHECK(text == "a7537b9900");
  const auto back = read_points(text, 2);
  REQUIRE(back);
  CHECK_THAT((*back)[0].x, WithinAbs(0.51, 1e-12));
  CHECK((*back)[1].label == 1);
  CHECK(write_points(*back) == text);
  CHECK(add_point(points, {-1e30, 1e30, 0}, 0.04));
  CHECK(write_points(points) == text + "a0099");
  CHECK_FALSE(read_points(text, 1));
  CHECK_FALSE(read_points("a75", 2));
  CHECK_FALSE(read_points("a75x7", 2));
  CHECK(read_points("", 1)->empty());
}

TEST_CASE("gan: own data, none, and unreadable ones", "[app][gan]") {
  Game it("data=own");
  CHECK(std::isnan(it.number("loss_d")));
  CHECK(it.number("points") == 0);
  CHECK(it.sentence().find("Draw") != std::string::npos);
  CHECK_FALSE(it.demo->step(+1));
  it.demo->play(true);
  CHECK_FALSE(it.demo->update(0.02));
  it.demo->play(false);
  it.change("points", "a2525a7575a2575");
  CHECK(it.number("points") == 3);
  CHECK(std::isnan(it.number("modes")));
  it.change("step", "30");
  CHECK(std::isfinite(it.number("loss_d")));
  it.change("points", "nonsense");
  CHECK(it.sentence().find("cannot be read") != std::string::npos);
}

TEST_CASE("gan: a press on the plane draws, the button clears, Play plays, the loss plot goes back", "[app][gan]") {
  for (const auto& [width, height] : {std::pair{1280.0F, 800.0F}, std::pair{360.0F, 860.0F}}) {
    AppOptions options;
    options.panel = false;
    AppFixture it("gan", options);
    CHECK(it.app->set_all("data=own&pace=fast"));
    it.frame(width, height);
    const State& state = *it.app->state();
    it.click(180.0F, 200.0F, width, height);
    it.click(120.0F, 260.0F, width, height);
    it.click(220.0F, 300.0F, width, height);
    CHECK(state.raw("points").size() == 3 * drawn_point_bytes);
    CHECK(it.app->play(true));
    for (int i = 0; i < 3; ++i) it.frame(width, height, 0.02);
    CHECK(it.app->play(false));
    while (it.frame(width, height, 0.02)) {
    }
    CHECK(state.integer("step") > 0);
    CHECK(it.app->set("step", "120"));
    while (it.frame(width, height, 0.02)) {
    }
    for (float y = 0.3F * height; y < height && state.integer("step") == 120; y += 10.0F)
      it.click(width > 800.0F ? 850.0F : 44.0F, y, width, height);
    CHECK(state.integer("step") < 120);
    while (it.frame(width, height, 0.02)) {
    }
    CHECK(it.app->set("points", ""));
    it.frame(width, height);
    CHECK(state.integer("step") == 0);
  }
}

// As on the plane: D says 1/2 of every picture at first, so L_D = 2 ln 2 and L_G = ln 2.
TEST_CASE("gan: digits begin with a discriminator that knows nothing", "[app][gan]") {
  DigitsFixture it("dsteps=1");
  CHECK_THAT(it.number("loss_d"), WithinAbs(2.0 * std::numbers::ln2, 1e-6));
  CHECK_THAT(it.number("loss_g"), WithinAbs(std::numbers::ln2, 1e-6));
  CHECK(it.number("walk_d") == 0.5);
  CHECK(it.number("points") == 40);
  CHECK(it.number("modes_there") == 10);
  CHECK(it.number("score") >= 1.0);
  CHECK(it.number("score") <= 10.0);
  CHECK(it.sentence().find("Update 0") == 0);
  it.set("step", "6");
  rest(*it.demo);
  CHECK(it.number("d_updates") == 3);
  CHECK(it.number("g_updates") == 3);
  const double loss = it.number("loss_d"), d = it.number("walk_d");
  it.set("walk", "1");
  CHECK(it.number("walk_d") != d);  // without an update
  const double at_b = it.number("walk_d");
  it.set("from", "8");
  CHECK(it.number("walk_d") == at_b);
  it.set("step", "2");
  rest(*it.demo);
  CHECK(it.number("loss_d") != loss);
  it.set("step", "6");
  rest(*it.demo);
  CHECK(it.number("loss_d") == loss);
  CHECK(it.number("walk_d") == at_b);
}

TEST_CASE("gan: digits wait for their files, and do without the classifier", "[app][gan]") {
  DigitsFixture it("", false);
  CHECK(std::isnan(it.number("loss_d")));
  CHECK(it.sentence().find("on their way") != std::string::npos);
  CHECK_FALSE(it.demo->step(+1));
  put_seven_segments(it.files, "digits", 20, 10);
  rest(*it.demo);
  CHECK_THAT(it.number("loss_d"), WithinAbs(2.0 * std::numbers::ln2, 1e-6));
  CHECK(std::isnan(it.number("score")));
  CHECK(it.demo->step(+1));
  rest(*it.demo);
  CHECK(it.number("step") == 1);
  it.set("what", "plane");  // back to the points: another game
  rest(*it.demo);
  CHECK(it.number("points") == 256);
  CHECK(it.number("step") == 0);
  it.files.fail("data/digits-train.png", {"file.missing", "The file is not there.", {"x"}});
  it.set("what", "digits");
  rest(*it.demo);
  CHECK(it.number("points") == 20);  // it has them
}

TEST_CASE("gan: a step that is asked for survives settings that come after it", "[app][gan]") {
  DemoFixture it("gan");
  it.set("step", "40");
  it.set("loss", "minimax");
  it.set("rateg", "0.001");
  rest(*it.demo);
  CHECK(it.number("step") == 40);
  CHECK(it.state.integer("step") == 40);
}

TEST_CASE("gan: clicks on the wall choose the walk, dragging walks", "[app][gan]") {
  AppOptions options;
  options.panel = false;
  AppFixture it("gan", options);
  put_seven_segments(it.app->files(), "digits", 40, 10);
  put_weights(it.app->files(), "lenet5");
  CHECK(it.app->set_all("what=digits"));
  const State& state = *it.app->state();
  while (it.frame(1280.0F, 800.0F, 0.02)) {
  }
  it.click(60.0F, 90.0F, 1280.0F, 800.0F);
  CHECK(state.integer("to") == 1);
  CHECK(state.integer("from") == 8);
  it.click(150.0F, 160.0F, 1280.0F, 800.0F);
  CHECK(state.integer("from") == 1);
  CHECK(state.integer("to") == 10);
  const double before = state.real("walk");
  for (float y = 560.0F; y < 790.0F && state.real("walk") == before; y += 10.0F) it.click(60.0F, y, 1280.0F, 800.0F);
  CHECK(state.real("walk") < 0.2);
}
