#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr int train_count = 600;
constexpr int test_count = 150;
constexpr int batch = 32;
constexpr int per_epoch = (train_count + batch - 1) / batch;  // 19

// Until it rests: where there are threads, training goes on behind the update.
void rest(Demo& demo) {
  while (demo.update(0.02)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// A run on drawn digits, at rest.
struct Run : DemoFixture {
  explicit Run(const std::string& query) : DemoFixture("train-cnn", "batch=32&" + query) {
    CHECK(problem);
    put_seven_segments(files, "digits", train_count, test_count);
    rest(*demo);
  }
  void change(std::string_view id, std::string_view value) {
    set(id, value);
    CHECK(problem);
    rest(*demo);
  }
  std::string value(std::string_view id) const { return std::string(state.raw(id)); }
};

}  // namespace

TEST_CASE("train-cnn: without its pictures it says so, and what failed says why", "[app][train-cnn]") {
  DemoFixture demo("train-cnn", "steps=20");
  CHECK(std::isnan(demo.number("test_accuracy")));
  CHECK(std::isnan(demo.number("steps_per_epoch")));
  CHECK_FALSE(demo.demo->update(0.02));  // nothing to do, no frame wanted
  CHECK(demo.sentence().find("on their way") != std::string::npos);
  demo.files.progress("data/digits-train.png", 400'000, 1'500'000);
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("400 kB of 1500") != std::string::npos);
  CHECK_FALSE(demo.demo->step(+1));
  CHECK_FALSE(demo.demo->step(-1));
  demo.files.fail("data/digits-train.png", {"file.missing", "It is gone.", {"data/digits-train.png"}});
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("data/digits-train.png") != std::string::npos);
  demo.demo->play(true);
  CHECK_FALSE(demo.demo->update(0.02));  // there is nothing to wait for
}

TEST_CASE("train-cnn: damaged pictures are refused with a sentence", "[app][train-cnn]") {
  DemoFixture demo("train-cnn");
  put_seven_segments(demo.files, "digits", 20, 10);
  demo.files.put("data/digits-train.png", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK(demo.sentence() == "This file is not a PNG or JPEG picture.");
  put_seven_segments(demo.files, "digits", 20, 10);
  demo.files.put("data/digits-test.labels", std::vector<std::uint8_t>(5000, 1));
  demo.demo->update(0.0);
  CHECK_FALSE(demo.sentence().empty());
  CHECK(std::isnan(demo.number("parameters")));
  put_seven_segments(demo.files, "digits", 20, 10);
  rest(*demo.demo);
  CHECK(demo.number("test_pictures") == 10);
}

// conv 3x3x8: 8 (9 + 1); conv 3x3x16 of 8 channels: 16 (72 + 1); dense 10 of 5x5x16: 10 (400 + 1).
TEST_CASE("train-cnn: the network's parameters and what guessing costs", "[app][train-cnn]") {
  const Run run("");
  CHECK(run.number("parameters_conv1") == 80);
  CHECK(run.number("parameters_conv2") == 1168);
  CHECK(run.number("parameters_fc") == 4010);
  CHECK(run.number("parameters") == 80 + 1168 + 4010);
  CHECK_THAT(run.number("guess_loss"), WithinRel(2.302585, 1e-6));
  CHECK(run.number("train_pictures") == train_count);
  CHECK(run.number("test_pictures") == test_count);
  CHECK(run.number("steps_per_epoch") == per_epoch);
  // Untrained: nothing done, about as good as a guess.
  CHECK(run.number("step") == 0);
  CHECK(run.number("epoch") == 0);
  CHECK(std::isnan(run.number("loss")));
  CHECK(run.number("test_accuracy") < 35);
  CHECK(run.number("test_loss") > 1.5);
}

TEST_CASE("train-cnn: it learns", "[app][train-cnn]") {
  Run run("augment=0&epochs=20&steps=190");
  CHECK(run.number("step") == 190);
  CHECK(run.number("epoch") == 10);  // of 19 steps each
  CHECK(run.number("loss") < 0.5);
  CHECK(run.number("train_accuracy") > 90);
  CHECK(run.number("test_accuracy") > 90);
  CHECK(run.number("mistakes") == std::round(test_count * (1 - run.number("test_accuracy") / 100)));
  CHECK(run.number("images_per_second") > 0);
  CHECK(run.number("seconds") > 0);
  CHECK(run.sentence().find("After epoch 10") != std::string::npos);

  // Back in time: the numbers of the untrained network, and of the third epoch as a run that stops there has them.
  const double trained = run.number("test_accuracy");
  const Run untrained("");
  run.change("epoch", "0");
  CHECK(run.number("epoch") == 0);
  CHECK(run.number("test_accuracy") == untrained.number("test_accuracy"));
  CHECK(run.number("test_loss") == untrained.number("test_loss"));
  const Run third("augment=0&steps=" + std::to_string(3 * per_epoch));
  run.change("epoch", "3");
  CHECK(run.number("epoch") == 3);
  CHECK(run.number("test_loss") == third.number("test_loss"));
  run.change("epoch", "13");  // of ten
  CHECK(run.number("epoch") == 10);
  CHECK(run.sentence().find("13 is not trained yet") != std::string::npos);
  run.change("epoch", "20");
  CHECK(run.sentence().find("not trained yet") == std::string::npos);
  CHECK(run.number("test_accuracy") == trained);
  CHECK(run.number("step") == 190);
}

TEST_CASE("train-cnn: the same seed gives the same run, another one another", "[app][train-cnn]") {
  const Run first("steps=25");
  const Run second("steps=25");
  const Run other("steps=25&seed=2");
  CHECK(first.number("loss") == second.number("loss"));
  CHECK(first.number("test_loss") == second.number("test_loss"));
  CHECK(first.number("loss") != other.number("loss"));
  const Run plain("steps=25&augment=0");
  CHECK(first.number("loss") != plain.number("loss"));
}

TEST_CASE("train-cnn: a step is one mini-batch; back goes from epoch to epoch", "[app][train-cnn]") {
  Run run("");
  for (int i = 1; i <= per_epoch + 2; ++i) {
    CHECK(run.demo->step(+1));
    rest(*run.demo);
    CHECK(run.number("step") == i);
    CHECK(run.value("steps") == std::to_string(i));
    CHECK_FALSE(std::isnan(run.number("loss")));
  }
  CHECK(run.number("epoch") == 1);
  CHECK(run.demo->step(-1));
  rest(*run.demo);
  CHECK(run.number("epoch") == 0);
  CHECK(run.value("epoch") == "0");
  CHECK_FALSE(run.demo->step(-1));
  CHECK(run.demo->step(+1));  // forward again: the epoch, not a mini-batch
  rest(*run.demo);
  CHECK(run.number("epoch") == 1);
  CHECK(run.number("step") == per_epoch + 2);
  CHECK(run.value("epoch") == "20");  // as far as it goes

  // Mini-batch by mini-batch or in one go: the same network.
  const Run at_once("steps=" + std::to_string(per_epoch + 2));
  CHECK(run.number("loss") == at_once.number("loss"));
}

TEST_CASE("train-cnn: another recipe starts anew, the same one with fewer steps again", "[app][train-cnn]") {
  Run run("steps=30");
  const double loss = run.number("loss");
  run.change("rate", "0.001");
  CHECK(run.number("step") == 0);
  CHECK(run.value("steps") == "0");
  run.change("rate", "0.003");
  run.change("steps", "30");
  CHECK(run.number("loss") == loss);
  run.change("steps", "5");
  CHECK(run.number("step") == 5);
  const Run five("steps=5");
  CHECK(run.number("loss") == five.number("loss"));
  run.change("epochs", "2");  // no part of the recipe: it only says where to stop
  CHECK(run.number("step") == 5);
  run.change("steps", "1000");
  CHECK(run.number("step") == 2 * per_epoch);
  CHECK(run.sentence().find("38") != std::string::npos);  // there is no step 1000
  run.state.reset();
  run.demo->restart();
  rest(*run.demo);
  CHECK(run.number("step") == 0);
}

// Such a step throws the weights so far that no ReLU is on any more: what is left is a guess, in finite numbers.
TEST_CASE("train-cnn: far too large a learning rate leaves a guess, and a smaller one learns again",
          "[app][train-cnn]") {
  Run run("optimizer=sgd&rate=10&steps=40&augment=0");
  CHECK(run.number("step") == 40);
  CHECK(run.number("test_accuracy") < 25);
  CHECK(std::isfinite(run.number("loss")));
  CHECK(std::isfinite(run.number("test_loss")));
  run.change("optimizer", "adam");
  run.change("rate", "0.003");
  run.change("steps", "152");
  CHECK(run.number("test_accuracy") > 80);
}

TEST_CASE("train-cnn: a cell of the confusion matrix", "[app][train-cnn]") {
  Run run("steps=4&epochs=1");
  CHECK(std::isnan(run.number("count")));
  double sum = 0;
  double right = 0;
  for (int truth = 1; truth <= 10; ++truth) {
    for (int answer = 1; answer <= 10; ++answer) {
      run.set("cell", std::to_string(truth) + ',' + std::to_string(answer));
      sum += run.number("count");
      if (truth == answer) right += run.number("count");
    }
  }
  CHECK(sum == test_count);
  CHECK(right == test_count - run.number("mistakes"));
  run.set("cell", "3,0");  // no cell
  CHECK(std::isnan(run.number("count")));
}

namespace {

void rest(AppFixture& it) {
  while (it.frame(1280, 800, 0.02)) {
  }
}

}  // namespace

TEST_CASE("train-cnn: Play trains to the end, also where motion is not wanted; Pause stops it; Reset begins anew",
          "[app][train-cnn]") {
  AppOptions options;
  options.reduced_motion = true;
  AppFixture it("train-cnn", options);
  CHECK(it.host.requested_files.size() == 4);
  CHECK(it.app->play(true));  // before the pictures are there: it waits for them
  it.frame();
  CHECK(it.app->playing());
  put_seven_segments(it.app->files(), "digits", train_count, test_count);
  CHECK(it.app->set_all("batch=32&epochs=20"));
  const auto steps = [&] { return it.app->state()->integer("steps"); };
  while (it.app->playing() && it.app->readouts_json().find("\"epoch\":1.0") == std::string::npos) it.frame();
  CHECK(it.app->playing());
  CHECK(it.app->play(false));
  rest(it);
  const int paused = steps();
  CHECK(paused >= per_epoch);
  CHECK(paused < 20 * per_epoch);
  it.frame();
  CHECK_FALSE(it.frame());
  CHECK(steps() == paused);

  CHECK(it.app->set("epochs", "3"));
  if (paused >= 3 * per_epoch) CHECK(it.app->set("steps", "20"));
  rest(it);
  CHECK(it.app->play(true));
  rest(it);
  CHECK_FALSE(it.app->playing());
  CHECK(steps() == 3 * per_epoch);
  it.app->reset();
  CHECK(it.app->set("batch", "32"));
  rest(it);
  CHECK(steps() == 0);
  CHECK(it.app->readouts_json().find("\"step\":0.0") != std::string::npos);
}

TEST_CASE("train-cnn: drawn at every size, pointed at and dragged everywhere, with both sets", "[app][train-cnn]") {
  for (const char* state :
       {"batch=32&steps=60", "batch=32&steps=60&epoch=1&log=1&cell=5,10", "data=fashion-mnist&steps=2"}) {
    AppFixture it("train-cnn");
    put_seven_segments(it.app->files(), "digits", train_count, test_count);
    put_seven_segments(it.app->files(), "fashion-mnist", 64, 20);
    CHECK(it.app->set_all(state));
    rest(it);
    for (const bool panel : {false, true}) {
      AppOptions app_options = it.app->options();
      app_options.panel = panel;
      it.app->set_options(app_options);
      for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                          {640.0F, 512.0F},
                                          {360.0F, 900.0F},
                                          {320.0F, 480.0F},
                                          {560.0F, 130.0F},
                                          {130.0F, 130.0F},
                                          {1920.0F, 1080.0F},
                                          {1.0F, 1.0F}}) {
        it.frame(width, height);
        for (int i = 0; i < 30; ++i) {
          const float x = width * static_cast<float>(i * 37 % 97) / 97.0F;
          const float y = height * static_cast<float>(i * 53 % 89) / 89.0F;
          it.click(x, y, width, height);
          if (it.app->demo_id() != "train-cnn") {  // the menu was hit
            CHECK(it.app->open("train-cnn"));
            CHECK(it.app->set_all(state));
          }
        }
      }
    }
  }
}

TEST_CASE("train-cnn: arrow keys go through the epochs", "[app][train-cnn]") {
  AppFixture it("train-cnn");
  put_seven_segments(it.app->files(), "digits", 96, 30);
  CHECK(it.app->set_all("batch=32&steps=9"));
  rest(it);
  const auto shown = [&] { return it.app->state()->integer("epoch"); };
  it.press(ImGuiKey_LeftArrow);
  CHECK(shown() == 2);
  it.press(ImGuiKey_LeftArrow);
  it.press(ImGuiKey_LeftArrow);
  it.press(ImGuiKey_LeftArrow);
  CHECK(shown() == 0);
  it.press(ImGuiKey_RightArrow);
  CHECK(shown() == 1);
  it.press(ImGuiKey_RightArrow);
  it.press(ImGuiKey_RightArrow);
  CHECK(shown() == 20);
}
