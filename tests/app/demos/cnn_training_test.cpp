#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "tests/app/demos/cnn_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

TEST_CASE("cnn: trained from random weights, again from the same seed, otherwise from another", "[app][cnn]") {
  const auto trained = [](const std::string& more) {
    const Net net("below=training&start=random&epochs=4&steps=20" + more);
    CHECK(net.number("step") == 20);
    CHECK(net.number("epoch") == 1);
    return std::pair(net.number("batch_loss"), net.number("value"));
  };
  const auto first = trained("");
  CHECK(first.first < 2.3);
  CHECK(trained("") == first);
  CHECK(trained("&seed=2") != first);
  CHECK(trained("&rate=0.01") != first);
}

// The figure's network is the trained one: its values move, and it learns.
TEST_CASE("cnn: Play trains what is shown, step by step back through the epochs", "[app][cnn]") {
  Net net("start=random&epochs=2&rate=0.01");
  const double untrained = net.number("accuracy");
  const double value = net.number("value");
  CHECK(untrained < 40);
  net.demo->play(true);
  CHECK(net.state.raw("below") == "training");
  rest(*net.demo);
  net.demo->play(false);
  CHECK(net.number("step") == 2 * per_epoch);
  CHECK(net.state.raw("steps") == std::to_string(2 * per_epoch));
  CHECK(net.number("epoch") == 2);
  CHECK(net.number("accuracy") > untrained + 20);
  CHECK(net.number("value") != value);
  const double after = net.number("value");
  CHECK(net.demo->step(-1));
  rest(*net.demo);
  CHECK(net.state.raw("epoch") == "1");
  CHECK(net.number("value") != after);
  net.change("epoch", "0");
  CHECK(net.number("value") == value);
  CHECK(net.number("accuracy") == untrained);
  CHECK_FALSE(net.demo->step(-1));
  CHECK(net.demo->step(+1));
  CHECK(net.demo->step(+1));
  rest(*net.demo);
  CHECK(net.number("value") == after);
  CHECK_FALSE(net.demo->step(+1));  // as far as it is trained
  net.change("epochs", "3");
  CHECK(net.demo->step(+1));
  rest(*net.demo);
  CHECK(net.number("step") == 2 * per_epoch + 1);
  net.change("rate", "0.02");  // another run
  CHECK(net.number("step") == 0);
  CHECK(net.number("value") == value);
}

TEST_CASE("cnn: what was changed by hand is where training begins", "[app][cnn]") {
  Net net("edits=conv1:2%3Doff&layer=conv1&map=2&cell=13,14");
  CHECK(net.number("value") == 0);
  net.demo->play(true);
  net.demo->play(false);
  rest(*net.demo);
  CHECK(net.state.raw("edits").empty());
  CHECK(net.state.raw("begun") == "conv1:2=off");
  CHECK(net.number("value") == 0);
  net.change("steps", "3");
  CHECK(net.number("step") == 3);
  CHECK(net.number("value") == 0);  // ReLU lets no gradient through where it got nothing: the kernel is dead for good
  net.change("map", "3");
  const double value = net.number("value");
  CHECK(value != 0);
  net.change("edits", "conv1:3=off");
  CHECK(net.number("value") == 0);
  CHECK(net.number("step") == 3);
  net.change("edits", "");
  CHECK(net.number("value") == value);
  net.change("steps", "100000");
  CHECK(net.sentence().find("no step 100000") != std::string::npos);
}

// An unpausing hand: what is changed in the middle of training is where it goes on, at Play and at a step alike; the
// link does it again.
TEST_CASE("cnn: a change after training stays, and training goes on from it", "[app][cnn]") {
  const std::string start = "below=training&start=random&epochs=2&rate=0.01&layer=conv1&map=2&cell=13,14&steps=13";
  Net net(start);
  Net untouched(start);
  const double before = net.number("value");
  CHECK(before == untouched.number("value"));
  net.change("edits", "conv1:2=off;fc:8,bias=3");
  CHECK(net.number("value") == 0);
  const double changed = net.number("accuracy");
  net.demo->play(true);
  net.demo->play(false);
  rest(*net.demo);
  CHECK(net.state.raw("edits").empty());
  CHECK(net.state.raw("begun") == "13@conv1:2=off;13@fc:8,bias=3");
  CHECK(net.number("step") == 13);
  CHECK(net.number("value") == 0);
  CHECK(net.number("accuracy") == changed);
  CHECK(net.number("accuracy_before") == changed);  // nothing is on top any more
  CHECK(net.demo->step(+1));
  CHECK(untouched.demo->step(+1));
  rest(*net.demo);
  rest(*untouched.demo);
  CHECK(net.number("step") == 14);
  // No gradient reaches a silent map, but the momentum of Adam goes on a little.
  CHECK(std::fabs(net.number("value")) < 0.1);
  CHECK(net.number("batch_loss") > untouched.number("batch_loss") + 0.1);  // it sees sevens everywhere
  net.change("edits", "conv1:2,bias=0.5");
  CHECK(net.demo->step(+1));
  rest(*net.demo);
  CHECK(net.state.raw("begun") == "13@conv1:2=off;13@fc:8,bias=3;14@conv1:2,bias=0.5");
  CHECK_THAT(net.number("bias"), WithinAbs(0.5, 0.011));  // a step of Adam is as long as the rate, or shorter
  CHECK(net.number("bias") != 0.5);
  const Net again(net.state.text());
  CHECK(again.number("step") == 15);
  for (const char* readout : {"value", "bias", "batch_loss", "accuracy", "test_loss", "loss"}) {
    INFO(readout);
    CHECK(again.number(readout) == net.number(readout));
  }
  // Back in time it is the network as it was: the first epoch ended without a change.
  net.demo->play(true);
  rest(*net.demo);
  net.demo->play(false);
  CHECK(net.number("step") == 26);
  net.change("epoch", "1");
  CHECK(net.number("value") == before);
  net.change("begun", "13@conv1:2=off");  // another past is another run
  CHECK(net.number("step") == 0);
}

TEST_CASE("cnn: training that is asked for waits for its digits", "[app][cnn]") {
  DemoFixture demo("cnn", drawn_zero + "&steps=2");
  put_trained(demo.files);
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("on their way") != std::string::npos);
  CHECK(std::isnan(demo.number("prediction")));  // of the network that was asked for there is none yet
  demo.files.fail("data/digits-train.png", {"file.missing", "It is gone.", {"data/x"}});
  CHECK_FALSE(demo.demo->update(0.02));
  CHECK(demo.sentence().find("data/x") != std::string::npos);
  put_seven_segments(demo.files, "digits", train_count, test_count);
  rest(*demo.demo);
  CHECK(demo.number("step") == 2);
  CHECK(std::isfinite(demo.number("prediction")));
}
