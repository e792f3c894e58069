#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <string>
#include <utility>

#include "core/formats/file.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr int test_count = 12;
const std::string drawn_zero = "source=drawn&strokes=cKSSSkcsmkmScK";  // seven points

void put_trained(FileLibrary& files, const std::string& network = "small-cnn-digits") {
  auto bytes = read_file(CVLAB_WEIGHTS "/" + network + ".safetensors");
  REQUIRE(bytes);
  files.put("weights/" + network + ".safetensors", std::move(bytes).value());
}

void rest(Demo& demo) {
  for (int i = 0; demo.update(0.02); ++i) REQUIRE(i < 10000);
}

// The trained network; test pictures where they are asked for.
struct Box : DemoFixture {
  explicit Box(const std::string& query, bool with_pictures = false) : DemoFixture("filter-viz", query) {
    CHECK(problem);
    put_trained(files);
    if (with_pictures) put_seven_segments(files, "digits", 10, test_count);
    rest(*demo);
  }
  void change(std::string_view id, std::string_view value) {
    set(id, value);
    CHECK(problem);
    rest(*demo);
  }
};

}  // namespace

TEST_CASE("filter-viz: without its files it says so, and what failed says why", "[app][filter-viz]") {
  DemoFixture demo("filter-viz");
  CHECK(std::isnan(demo.number("activation")));
  CHECK_FALSE(demo.demo->update(0.02));
  CHECK(demo.sentence().find("on its way") != std::string::npos);
  CHECK_FALSE(demo.demo->step(+1));
  demo.files.fail("weights/small-cnn-digits.safetensors", {"file.missing", "It is gone.", {"weights/x"}});
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("weights/x") != std::string::npos);
  demo.files.put("weights/small-cnn-digits.safetensors", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK(std::isnan(demo.number("activation")));
  put_trained(demo.files);
  rest(*demo.demo);
  CHECK_FALSE(std::isnan(demo.number("activation")));  // noise needs no pictures
  CHECK(std::isnan(demo.number("best_activation")));
  demo.set("mode", "decision");
  CHECK(demo.sentence().find("on its way") != std::string::npos);
  put_seven_segments(demo.files, "digits", 10, test_count);
  demo.files.put("data/digits-test.png", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK(demo.sentence() == "This file is not a PNG or JPEG picture.");
  demo.set("source", "drawn");
  rest(*demo.demo);
  CHECK(demo.sentence() == "Draw a digit in the square.");
  CHECK_FALSE(std::isnan(demo.number("left_cam")));
}

// The same strokes drawn with NumPy and the same weights in PyTorch 1.13.0, in double: gradients by autograd, Grad-CAM
// and its bilinear interpolation, every window and every covered pixel by running the network again.
TEST_CASE("filter-viz: the four explanations and their test are PyTorch's", "[app][filter-viz]") {
  Box box("mode=decision&cell=15,10&" + drawn_zero);
  CHECK(box.number("answer") == 0);
  CHECK(box.number("target") == 0);
  CHECK_THAT(box.number("logit"), WithinRel(7.733138411945124, 1e-9));
  CHECK_THAT(box.number("target_probability"), WithinRel(99.56925473463768, 1e-9));
  CHECK(box.number("pixel") == 1.0);
  CHECK_THAT(box.number("saliency"), WithinRel(1.8689327813506225, 1e-9));
  CHECK_THAT(box.number("product"), WithinRel(1.8689327813506225, 1e-9));
  CHECK_THAT(box.number("product_sum"), WithinRel(8.3674761973055, 1e-9));
  CHECK(box.number("windows") == 144);
  CHECK_THAT(box.number("occlusion"), WithinRel(64.28971805977622, 1e-9));
  CHECK_THAT(box.number("occlusion_most"), WithinRel(96.06966638983607, 1e-9));
  CHECK(box.number("cam") == 0.0);
  CHECK_THAT(box.number("left_saliency"), WithinRel(96.82448605281189, 1e-9));
  CHECK_THAT(box.number("left_product"), WithinRel(5.460873556783675, 1e-9));
  CHECK_THAT(box.number("left_occlusion"), WithinRel(6.633176591122073, 1e-9));
  CHECK_THAT(box.number("left_cam"), WithinRel(96.30128122915208, 1e-9));
  box.change("cell", "1,12");
  CHECK_THAT(box.number("cam"), WithinRel(0.024929691155654774, 1e-9));
  box.change("camlayer", "relu1");
  box.change("cell", "8,9");
  CHECK_THAT(box.number("cam"), WithinRel(0.015262992348073125, 1e-9));
}

TEST_CASE("filter-viz: another class has other reasons", "[app][filter-viz]") {
  Box box("mode=decision&target=9&cell=15,10&" + drawn_zero);
  CHECK(box.number("answer") == 0);
  CHECK(box.number("target") == 9);
  CHECK_THAT(box.number("target_probability"), WithinRel(0.4198333020571315, 1e-9));
  CHECK_THAT(box.number("gradient"), WithinRel(-1.621561826884431, 1e-9));
  CHECK_THAT(box.number("saliency"), WithinRel(1.621561826884431, 1e-9));
  CHECK_THAT(box.number("product_sum"), WithinRel(3.6743175948992333, 1e-9));
  CHECK_THAT(box.number("occlusion"), WithinRel(-23.09615942331559, 1e-9));
  CHECK_THAT(box.number("left_product"), WithinRel(0.02849460369343985, 1e-9));
  CHECK_THAT(box.number("left_cam"), WithinRel(0.4198333020571315, 1e-9));  // Grad-CAM has no positive pixel
  box.change("cover", "0");
  for (const char* left : {"left_saliency", "left_product", "left_occlusion", "left_cam"})
    CHECK(box.number(left) == box.number("target_probability"));
}

// 20 steps towards class 3 from the drawing, in PyTorch 1.13.0.
TEST_CASE("filter-viz: the ascent is PyTorch's", "[app][filter-viz]") {
  Box box("start=picture&unit=3&step=20&rate=0.5&" + drawn_zero);
  CHECK(box.number("steps") == 20);
  CHECK_THAT(box.number("activation"), WithinRel(22.090435819842728, 1e-9));
  CHECK(box.number("answer") == 3);
  CHECK_THAT(box.number("probability"), WithinRel(99.9999997957332, 1e-9));
  CHECK_THAT(box.number("slope"), WithinRel(7.619672423113888, 1e-9));
  CHECK_THAT(box.number("length"), WithinRel(9.345876984240212, 1e-9));
  box.change("decay", "0.02");
  box.change("blur", "0.5");
  CHECK_THAT(box.number("activation"), WithinRel(8.773929412535185, 1e-9));
  CHECK_THAT(box.number("length"), WithinRel(4.24982998372668, 1e-9));
  box.change("step", "0");
  CHECK(box.number("answer") == 0);  // the drawing as it was
}

// The limit of the ascent is rate (1 - decay) / decay = 4.5 times the kernel over its length: a = 4.5 |w| + b, with
// |w| and b of kernel 3 from PyTorch.
TEST_CASE("filter-viz: a first-layer cell's favourite is its kernel", "[app][filter-viz]") {
  Box box("layer=conv1&unit=3&rate=0.5&decay=0.1&bounded=0&step=300");
  CHECK(box.number("units") == 8);
  CHECK_THAT(box.number("slope"), WithinRel(1.7090219940404754, 1e-9));
  CHECK_THAT(box.number("activation"), WithinRel(7.865769871619639, 1e-9));
  CHECK_THAT(box.number("length"), WithinRel(4.5, 1e-9));
  box.change("unit", "12");
  CHECK(box.sentence().find("8 units") != std::string::npos);
  box.change("unit", "0");
  CHECK(box.sentence().find("counted from 1") != std::string::npos);
  box.change("unit", "1");
  CHECK(box.sentence().find("counted from 1") == std::string::npos);
}

TEST_CASE("filter-viz: steps forward and back, and the test pictures", "[app][filter-viz]") {
  Box box("", true);
  CHECK(box.number("steps") == 40);
  CHECK(box.number("best_picture") >= 1);
  CHECK(box.number("best_picture") <= test_count);
  CHECK(box.number("best_activation") < box.number("activation"));
  const double before = box.number("activation");
  CHECK(box.demo->step(+1));
  rest(*box.demo);
  CHECK(box.number("steps") == 41);
  CHECK(box.number("activation") != before);
  CHECK(box.demo->step(-1));
  rest(*box.demo);
  CHECK(box.number("activation") == before);
  box.demo->restart();
  rest(*box.demo);
  CHECK(box.number("activation") == box.number("start_activation"));
  CHECK_FALSE(box.demo->step(-1));
  box.change("step", "300");
  CHECK_FALSE(box.demo->step(+1));
  box.change("mode", "decision");
  box.change("picture", std::to_string(test_count));
  CHECK_FALSE(box.demo->step(+1));
  CHECK(box.demo->step(-1));
  CHECK(box.state.integer("picture") == test_count - 1);
  box.change("picture", "99");
  CHECK(box.sentence().find("last one, 12") != std::string::npos);
}

TEST_CASE("filter-viz: a unit that nothing reaches says so", "[app][filter-viz]") {
  DemoFixture demo("filter-viz", "layer=conv2");
  nn::Graph dead = nn::make_model("small-cnn").value();
  REQUIRE(dead.make_parameters());  // all weights 0
  demo.files.put("weights/small-cnn-digits.safetensors", nn::save_weights(dead, WeightType::f32));
  rest(*demo.demo);
  CHECK(demo.number("slope") == 0.0);
  CHECK(demo.sentence().find("nothing moves") != std::string::npos);
}

TEST_CASE("filter-viz: keys, pen and clicks write the state", "[app][filter-viz]") {
  AppFixture it("filter-viz");
  put_trained(it.app->files());
  CHECK(it.app->set_all("mode=decision&" + drawn_zero));
  for (int i = 0; i < 60; ++i) it.frame();
  it.press(ImGuiKey_RightArrow);
  CHECK(it.app->state()->raw("cell") == "10,17");
  it.click(420.0F, 250.0F);  // the picture takes the pen
  CHECK(it.app->state()->raw("strokes") != "cKSSSkcsmkmScK");
  it.click(790.0F, 200.0F);  // the first map
  CHECK(it.app->state()->raw("method") == "saliency");
  CHECK(it.app->set_all("mode=unit"));
  for (int i = 0; i < 60; ++i) it.frame();
  it.press(ImGuiKey_RightArrow);
  CHECK(it.app->state()->raw("unit") == "4");  // from class 3 to class 4: the panel says what the stage says
  CHECK(it.app->demo()->sentence(it.app->words()).find("lass 4") != std::string::npos);
  it.click(370.0F, 150.0F);  // the first kernel
  CHECK(it.app->state()->raw("unit") == "0");
  CHECK(it.app->demo()->sentence(it.app->words()).find("lass 0") != std::string::npos);
}

TEST_CASE("filter-viz: drawn at every size, pointed at and clicked everywhere", "[app][filter-viz]") {
  for (const char* state : {"mode=decision&source=drawn&strokes=cKSSSkcsmkmScK", "layer=conv2&step=3",
                            "network=lenet5-digits&step=3&bounded=0", "mode=decision&method=cam"}) {
    AppFixture it("filter-viz");
    put_trained(it.app->files());
    put_trained(it.app->files(), "lenet5-digits");
    put_seven_segments(it.app->files(), "digits", 4, 6);
    CHECK(it.app->set_all(state));
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                        {360.0F, 860.0F},
                                        {320.0F, 480.0F},
                                        {560.0F, 130.0F},
                                        {1920.0F, 1080.0F},
                                        {1.0F, 1.0F}}) {
      it.frame(width, height);
      for (int i = 0; i < 8; ++i) {
        it.click(width * static_cast<float>(i * 37 % 97) / 97.0F, height * static_cast<float>(i * 53 % 89) / 89.0F,
                 width, height);
        if (it.app->demo_id() != "filter-viz") {  // the menu was hit
          CHECK(it.app->open("filter-viz"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
