#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "core/simd/dispatch.hpp"
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

// By hand: with all weights 0 the two logits are equal, the loss is ln 2 (0.693), every hidden unit's input is 0, where
// ReLU has slope 0: all 16 x 32 are dead.
TEST_CASE("vanishing gradients: zero weights", "[app][vanishing-gradients]") {
  DemoFixture demo("vanishing-gradients", "init=zero&f=relu");
  CHECK(demo.number("loss") == 0.693);
  CHECK(demo.number("units") == 512);
  CHECK(demo.number("dead") == 512);
  CHECK(demo.number("gradient_first") == 0);
  CHECK(std::isnan(demo.number("gradient_decades")));
  CHECK(demo.sentence().find("No gradient") != std::string::npos);
  demo.set("steps", "50");
  rest(demo);
  CHECK(demo.number("loss") == 0.693);
}

// A sigmoid's slope is at most 1/4, and Xavier's weights keep a signal's size: 15 layers leave at most 4^-15 = 1e-9 of
// the last gradient. He's weights make up for ReLU.
TEST_CASE("vanishing gradients: what the sigmoid leaves, and what helps", "[app][vanishing-gradients]") {
  DemoFixture demo("vanishing-gradients");
  CHECK(demo.number("gradient_decades") < -15 * std::log10(4.0) + 1.0);
  demo.set("skip", "1");
  CHECK(std::abs(demo.number("gradient_decades")) < 1.5);
  demo.set("skip", "0");
  demo.set("f", "relu");
  demo.set("init", "he");
  CHECK(std::abs(demo.number("gradient_decades")) < 1.0);
  demo.set("init", "small");
  CHECK(demo.number("gradient_decades") < -12);
  demo.set("norm", "1");
  CHECK(demo.number("gradient_decades") > -2);
  demo.set("depth", "64");
  CHECK(demo.number("units") == 2048);
}

TEST_CASE("vanishing gradients: one learns, the other does not; back is the same run", "[app][vanishing-gradients]") {
  DemoFixture sigmoid("vanishing-gradients", "steps=300");
  DemoFixture relu("vanishing-gradients", "f=relu&init=he&steps=300");
  rest(sigmoid);
  rest(relu);
  CHECK(sigmoid.number("step") == 300);
  CHECK(sigmoid.number("loss") > 0.65);
  CHECK(relu.number("loss") < 0.3);
  CHECK(relu.number("accuracy") > 90);
  const double end = relu.number("loss");
  relu.set("steps", "0");
  rest(relu);
  CHECK(relu.number("step") == 0);
  DemoFixture fresh("vanishing-gradients", "f=relu&init=he");
  CHECK(relu.number("loss") == fresh.number("loss"));
  CHECK(relu.number("gradient_first") == fresh.number("gradient_first"));
  relu.set("steps", "300");
  rest(relu);
  CHECK(relu.number("loss") == end);
  CHECK(relu.demo->step(-1));
  rest(relu);
  CHECK(relu.number("step") == 299);
}

TEST_CASE("vanishing gradients: numbers that end are explained", "[app][vanishing-gradients]") {
  DemoFixture demo("vanishing-gradients", "f=relu&init=large&depth=64&steps=10");
  rest(demo);
  CHECK(demo.number("step") < 10);
  CHECK(std::isnan(demo.number("loss")));
  CHECK(demo.number("bad_layer") >= 1);
  CHECK(demo.sentence().find("3.4e38") != std::string::npos);
  CHECK(demo.sentence("fr").find("3,4e38") != std::string::npos);
  CHECK_FALSE(demo.demo->step(+1));
  CHECK(demo.demo->step(-1));
  demo.set("init", "he");
  demo.set("steps", "0");
  rest(demo);
  CHECK(std::isnan(demo.number("bad_layer")));
  CHECK(std::isfinite(demo.number("loss")));
}

// As in the page: vectors without fused products.
TEST_CASE("vanishing gradients: other vectors, the same read-outs", "[app][vanishing-gradients]") {
  for (const char* state : {"", "f=relu", "f=tanh", "f=gelu", "init=large", "init=he", "norm=1", "skip=1", "depth=64",
                            "rate=1", "steps=400"}) {
    INFO(state);
    DemoFixture fast("vanishing-gradients", state);
    rest(fast);
    simd::limit(simd::InstructionSet::sse2);
    DemoFixture plain("vanishing-gradients", state);
    rest(plain);
    simd::limit(simd::InstructionSet::avx512);
    for (const Readout& readout : fast.demo->readouts()) {
      INFO(readout.id);
      const double value = std::get<double>(readout.value);
      if (std::isnan(value)) {
        CHECK(std::isnan(plain.number(readout.id)));
      } else {
        CHECK_THAT(plain.number(readout.id), WithinAbs(value, 1e-5 * std::max(1.0, std::abs(value))));
      }
    }
  }
}

TEST_CASE("vanishing gradients: a press in the loss goes back; drawn and pointed at everywhere",
          "[app][vanishing-gradients]") {
  for (const char* state : {"steps=30", "f=relu&init=large&depth=64&steps=5", "init=zero&own=1&log=0&depth=2"}) {
    AppFixture it("vanishing-gradients");
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] :
         {std::pair{1280.0F, 800.0F}, {640.0F, 512.0F}, {360.0F, 780.0F}, {320.0F, 480.0F}, {130.0F, 130.0F}}) {
      while (it.frame(width, height, 0.02)) {
      }
      for (int i = 0; i < 24; ++i) {
        const float x = width * static_cast<float>(i * 37 % 97) / 97.0F;
        const float y = height * static_cast<float>(i * 53 % 89) / 89.0F;
        it.click(x, y, width, height);
        if (it.app->demo_id() == "vanishing-gradients") continue;  // the menu was hit
        CHECK(it.app->open("vanishing-gradients"));
        CHECK(it.app->set_all(state));
      }
    }
  }
  AppFixture it("vanishing-gradients");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  CHECK(it.app->set_all("steps=40"));
  while (it.frame(1280, 800, 0.02)) {
  }
  it.click(980, 200, 1280, 800);  // in the loss, left of the middle
  CHECK(it.app->state()->integer("steps") < 40);
}
