#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

void rest(DemoFixture& demo) {
  for (int i = 0; i < 5000 && demo.demo->update(0.02); ++i) {
  }
  CHECK_FALSE(demo.demo->update(0.02));
}

}  // namespace

// torch.nn.BatchNorm1d(3), PyTorch 1.13.0 in double, on the table as it is: the first example, each feature; then
// weight 2, bias -0.5, eps 0.01; then evaluation after 20 such batches.
TEST_CASE("batch norm: PyTorch's numbers", "[app][batch-norm]") {
  DemoFixture demo("batch-norm");
  CHECK(demo.number("examples") == 8);
  CHECK_THAT(demo.number("mean"), WithinAbs(0.345, 1e-12));
  CHECK_THAT(demo.number("variance"), WithinAbs(0.686625, 1e-12));
  CHECK_THAT(demo.number("normalised"), WithinAbs(0.211190841, 1e-8));
  CHECK_THAT(demo.number("y"), WithinAbs(0.211190841, 1e-8));
  CHECK_THAT(demo.number("column_mean"), WithinAbs(0.0, 1e-9));
  CHECK_THAT(demo.number("column_variance"), WithinAbs(0.686625 / (0.686625 + 1e-5), 1e-9));
  demo.set("cell", "1,2");
  CHECK_THAT(demo.number("y"), WithinAbs(-1.694021383, 1e-8));
  demo.set("cell", "8,3");
  CHECK_THAT(demo.number("y"), WithinAbs(-0.384971508, 1e-8));
  demo.set("gamma", "2");
  demo.set("beta", "-0.5");
  demo.set("epsilon", "0.01");
  CHECK_THAT(demo.number("y"), WithinAbs(-1.261878084, 1e-8));

  DemoFixture evaluation("batch-norm", "mode=eval&updates=20");
  CHECK_THAT(evaluation.number("running_mean"), WithinAbs(0.3030560541662535, 1e-6));
  CHECK_THAT(evaluation.number("running_variance"), WithinAbs(0.8108880026382841, 1e-6));
  CHECK_THAT(evaluation.number("y"), WithinAbs(0.240915321, 1e-5));
  CHECK(evaluation.sentence().find("running") != std::string::npos);
  evaluation.set("updates", "0");  // mean 0 and variance 1: nothing happens
  CHECK_THAT(evaluation.number("y"), WithinAbs(0.52 / std::sqrt(1.0 + 1e-5), 1e-9));
}

// In evaluation an example does not depend on the others; in training it does.
TEST_CASE("batch norm: who depends on whom", "[app][batch-norm]") {
  for (const char* mode : {"train", "eval"}) {
    DemoFixture demo("batch-norm", std::string("mode=") + mode + "&updates=0");
    const double whole = demo.number("y");
    demo.set("size", "4");
    CHECK(demo.number("examples") == 4);
    CHECK((demo.number("y") == whole) == (std::string(mode) == "eval"));
  }
}

TEST_CASE("batch norm: a batch of one", "[app][batch-norm]") {
  DemoFixture demo("batch-norm", "size=1&beta=0.25&gamma=3");
  CHECK(demo.number("variance") == 0.0);
  CHECK(demo.number("normalised") == 0.0);
  CHECK(demo.number("y") == 0.25);
  CHECK(demo.sentence().find("0.25") != std::string::npos);
  demo.set("batch", "7");  // one feature, another x
  CHECK(demo.number("y") == 0.25);
  DemoFixture race("batch-norm", "view=training&batch_size=1&rate=0.03");
  rest(race);
  CHECK(race.number("right_plain") > 80);
  CHECK(race.number("right_batch") == 50);
  CHECK(race.sentence().find("its own mean") != std::string::npos);
  CHECK(race.sentence("fr").find("sa propre moyenne") != std::string::npos);
}

TEST_CASE("batch norm: training bears larger rates", "[app][batch-norm]") {
  DemoFixture demo("batch-norm", "view=training");
  CHECK(std::isnan(demo.number("loss_norm")));  // still at work
  rest(demo);
  CHECK(demo.number("step") == 100);
  CHECK(demo.number("greatest_norm") > demo.number("greatest_plain"));
  CHECK(demo.number("right_norm") > 90);
  CHECK(demo.number("right_plain") < 60);
  CHECK(std::isnan(demo.number("y")));
  const double loss = demo.number("loss_norm");
  demo.set("rate", "0.1");
  rest(demo);
  CHECK(demo.number("right_plain") > 80);
  demo.set("steps", "20");  // from the beginning, the same way
  rest(demo);
  CHECK(demo.number("step") == 20);
  demo.set("rate", "3");
  demo.set("steps", "100");
  rest(demo);
  CHECK(demo.number("loss_norm") == loss);
  CHECK(demo.demo->step(+1));
  rest(demo);
  CHECK(demo.number("step") == 101);
}

TEST_CASE("batch norm: steps go from number to number", "[app][batch-norm]") {
  DemoFixture demo("batch-norm", "size=2");
  CHECK_FALSE(demo.demo->step(-1));
  for (int i = 0; i < 5; ++i) CHECK(demo.demo->step(+1));
  CHECK_FALSE(demo.demo->step(+1));
  CHECK(demo.state.raw("cell") == "2,3");
}

TEST_CASE("batch norm: a click chooses a number, a click below chooses a rate", "[app][batch-norm]") {
  AppFixture it("batch-norm");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  it.click(450, 200, 1280, 800);  // in the middle table
  CHECK(it.app->state()->raw("cell") != "1,1");
  it.press(ImGuiKey_DownArrow);
  CHECK(it.app->set_all("view=training&steps=5"));
  while (it.frame(1280, 800, 0.02)) {
  }
  it.click(120, 700, 1280, 800);  // the first of the small plots
  CHECK(it.app->state()->choice("rate") == "0.01");
}

TEST_CASE("batch norm: drawn and pointed at everywhere, with any table", "[app][batch-norm]") {
  for (const char* state : {"", "batch=1%20-2.5%201e3&mode=eval", "batch=-1e9;%201e9&size=2", "size=1",
                            "view=training&steps=30", "view=training&batch_size=1&steps=8"}) {
    AppFixture it("batch-norm");
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] :
         {std::pair{1280.0F, 800.0F}, {640.0F, 512.0F}, {360.0F, 780.0F}, {320.0F, 480.0F}, {130.0F, 130.0F}}) {
      for (int i = 0; i < 40 && it.frame(width, height, 0.02); ++i) {
      }
      for (int i = 0; i < 24; ++i) {
        const float x = width * static_cast<float>(i * 37 % 97) / 97.0F;
        const float y = height * static_cast<float>(i * 53 % 89) / 89.0F;
        it.click(x, y, width, height);
        if (it.app->demo_id() == "batch-norm") continue;  // the menu was hit
        CHECK(it.app->open("batch-norm"));
        CHECK(it.app->set_all(state));
      }
    }
  }
}
