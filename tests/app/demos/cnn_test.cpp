#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <chrono>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <thread>

#include "app/demos/cnn/weight_edits.hpp"
#include "core/formats/file.hpp"
#include "core/formats/onnx.hpp"
#include "core/formats/safetensors.hpp"
#include "core/image/pen.hpp"
#include "tests/app/app_fixture.hpp"
#include "tests/app/demos/demo_fixture.hpp"
#include "tests/app/demos/seven_segments.hpp"
#include "tests/app/demos/small_cnn.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr int test_count = 60;
constexpr int train_count = 400;
constexpr int per_epoch = (train_count + 31) / 32;  // 13
const std::string zero = "cKSSSkcsmkmScK";          // a 0 of seven points
const std::string drawn_zero = "source=drawn&strokes=" + zero;

void put_trained(FileLibrary& files) {
  auto bytes = read_file(CVLAB_WEIGHTS "/small-cnn-digits.safetensors");
  REQUIRE(bytes);
  files.put("weights/small-cnn-digits.safetensors", std::move(bytes).value());
}

// Where there are threads, training goes on behind the update.
void rest(Demo& demo) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (demo.update(0.2)) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// The trained network on drawn test pictures.
struct Net : DemoFixture {
  explicit Net(const std::string& query) : DemoFixture("cnn", query) {
    CHECK(problem);
    put_seven_segments(files, "digits", train_count, test_count);
    put_trained(files);
    rest(*demo);
  }
  void change(std::string_view id, std::string_view value) {
    set(id, value);
    CHECK(problem);
    rest(*demo);
  }
};

}  // namespace

TEST_CASE("cnn: without its files it says so, and what failed says why", "[app][cnn]") {
  DemoFixture demo("cnn");
  CHECK(std::isnan(demo.number("prediction")));
  CHECK_FALSE(demo.demo->update(0.02));
  CHECK(demo.sentence().find("on its way") != std::string::npos);
  CHECK_FALSE(demo.demo->step(+1));
  demo.files.fail("weights/small-cnn-digits.safetensors", {"file.missing", "It is gone.", {"weights/x"}});
  demo.demo->update(0.0);
  CHECK(demo.sentence().find("weights/x") != std::string::npos);
  demo.files.put("weights/small-cnn-digits.safetensors", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK_FALSE(demo.sentence().empty());
  put_trained(demo.files);
  put_seven_segments(demo.files, "digits", 10, 5);
  demo.files.put("data/digits-test.png", {1, 2, 3});
  demo.demo->update(0.0);
  CHECK(demo.sentence() == "This file is not a PNG or JPEG picture.");
  demo.set("source", "drawn");  // needs no pictures
  CHECK_FALSE(std::isnan(demo.number("prediction")));
  CHECK(std::isnan(demo.number("accuracy")));
}

// The same strokes drawn with NumPy and the same weights in PyTorch 1.13.0, in double: answer, values of units that
// matter, and the gradients of -ln p(9) there.
TEST_CASE("cnn: values and gradients are PyTorch's", "[app][cnn]") {
  Net net(drawn_zero + "&direction=backward&target=9");
  CHECK(net.number("prediction") == 0);
  CHECK_THAT(net.number("probability"), WithinAbs(99.56925473, 1e-4));
  CHECK_THAT(net.number("loss"), WithinRel(5.473067732, 1e-5));
  CHECK(net.number("target") == 9);
  CHECK(std::isnan(net.number("label")));
  struct Unit {
    const char *layer, *map, *cell;
    double value, gradient, field;
  };
  for (const Unit& u : {Unit{"conv1", "3", "13,8", 0.2645029105, -1.56740288, 3},
                        {"relu1", "3", "13,8", 0.2645029105, -1.56740288, 3},
                        {"pool1", "3", "7,4", 0.2645029105, -1.56740288, 4},
                        {"conv2", "13", "5,3", 1.676327878, -0.4897207525, 8},
                        {"relu2", "13", "5,3", 1.676327878, -0.4897207525, 8},
                        {"pool2", "13", "3,2", 1.676327878, -0.4897207525, 10},
                        {"input", "1", "15,10", 1.0, 3.475709663, 1},
                        {"fc", "1", "1,1", 7.733138412, 0.9956925474, 26},
                        {"fc", "10", "1,1", 2.264387436, -0.995801667, 26},
                        {"softmax", "1", "1,1", 0.9956925474, 0.0, 26},
                        {"softmax", "10", "1,1", 0.004198333021, -238.1897756, 26}}) {
    INFO(u.layer << " " << u.map);
    net.change("layer", u.layer);
    net.change("map", u.map);
    net.change("cell", u.cell);
    CHECK_THAT(net.number("value"), WithinRel(u.value, 2e-5));
    CHECK_THAT(net.number("gradient"), WithinRel(u.gradient, 2e-5));
    CHECK(net.number("field_height") == u.field);
    CHECK(net.number("field_width") == u.field);
  }
}

// 3*3; 8 maps of 3*3; the 2x2 window; 16 maps of 5*5; ten classes. Back: 8 or 16 maps whose 3*3 windows hold the unit.
TEST_CASE("cnn: how many numbers a unit reads, and how many send it gradient", "[app][cnn]") {
  Net net(drawn_zero);
  const auto counts = [&](const char* layer, double terms, double gradient_terms) {
    INFO(layer);
    net.change("layer", layer);
    CHECK(net.number("terms") == terms);
    CHECK(net.number("gradient_terms") == gradient_terms);
  };
  net.change("cell", "3,3");
  counts("input", 0, 72);
  counts("conv1", 9, 1);
  counts("relu1", 1, 1);
  counts("pool1", 4, 144);
  counts("conv2", 72, 1);
  counts("relu2", 1, 1);
  counts("pool2", 4, 10);
  counts("fc", 400, 1);
  counts("softmax", 10, 1);
  // 11 rows pooled by two leave the last one unread.
  net.change("layer", "relu2");
  net.change("cell", "11,4");
  CHECK(net.number("gradient_terms") == 0);
  CHECK(net.number("gradient") == 0);
}

// PyTorch again: one weight of conv1 set to 0.5 (the cell gains (0.5 - 0.3938) * 212/255), and a kernel switched off.
TEST_CASE("cnn: a changed weight changes the answer and the accuracy", "[app][cnn]") {
  Net net(drawn_zero + "&layer=conv1&map=3&cell=8,11");
  CHECK_THAT(net.number("value"), WithinRel(0.1682626761642157, 1e-5));
  CHECK_THAT(net.number("bias"), WithinRel(0.1751708984375, 1e-7));
  const double before = net.number("accuracy");
  CHECK(before == net.number("accuracy_before"));
  CHECK(net.number("right") == std::round(before * test_count / 100));
  net.change("edits", "conv1:3,1,2,2=0.5");
  CHECK_THAT(net.number("value"), WithinRel(0.256555415134804, 1e-5));
  CHECK_THAT(net.number("probability"), WithinAbs(99.53596113, 1e-4));
  net.change("edits", "conv1:2=off");
  CHECK_THAT(net.number("probability"), WithinAbs(98.40347183, 1e-4));
  // Without any kernel of conv2 the answer is the same for every picture.
  std::string all;
  for (int i = 1; i <= 16; ++i) all += (i > 1 ? ";conv2:" : "conv2:") + std::to_string(i) + "=off";
  net.change("edits", all);
  const double silent = net.number("probability");
  net.change("strokes", "AA");
  CHECK(net.number("probability") == silent);
  CHECK(net.number("accuracy") < 25);
  CHECK(net.number("accuracy_before") == before);
  net.change("edits", "");
  CHECK(net.number("accuracy") == before);
}

// By hand from PyTorch's numbers above: fc adds its bias to the sum of w * x; of logits of which one grows by d the
// probabilities are p e^d / (1 + p (e^d - 1)) and, of the others, p / (1 + p' (e^d - 1)).
TEST_CASE("cnn: biases and dense weights are changed, too", "[app][cnn]") {
  Net net(drawn_zero + "&layer=fc&map=10");
  CHECK_THAT(net.number("value"), WithinRel(2.264387436, 2e-5));
  CHECK_THAT(net.number("bias"), WithinRel(0.01123809814453125, 1e-7));
  net.change("edits", "fc:10,bias=4.01123809814453125");
  CHECK_THAT(net.number("bias"), WithinRel(4.01123809814453125, 1e-7));
  CHECK_THAT(net.number("value"), WithinRel(6.264387436, 1e-5));
  CHECK_THAT(net.number("probability"), WithinAbs(81.27950597, 1e-3));
  // Input 312 is map 13, row 3, column 2 of pool2: 1.676327878; the weight was 0.1810302734375.
  net.change("edits", "fc:10,312=1");
  CHECK_THAT(net.number("value"), WithinRel(2.264387436 + (1 - 0.1810302734375) * 1.676327878, 1e-5));
  CHECK_THAT(net.number("probability"), WithinAbs(98.35254236, 1e-3));
  net.change("edits", "conv1:3,bias=0.6751708984375");  // half a unit more
  net.change("layer", "conv1");
  net.change("map", "3");
  net.change("cell", "13,8");
  CHECK_THAT(net.number("value"), WithinRel(0.2645029105 + 0.5, 1e-5));
  CHECK_THAT(net.number("bias"), WithinRel(0.6751708984375, 1e-7));
  // Everything at once: all biases of fc zero but one.
  net.change("edits", "fc:8,bias=1000");
  CHECK(net.number("prediction") == 7);
  CHECK(net.number("accuracy") < 30);
}

TEST_CASE("cnn: what is wrong in a link is named", "[app][cnn]") {
  Net net("picture=61");
  CHECK(net.sentence().find("no picture 61") != std::string::npos);
  net.change("picture", "3");
  CHECK(net.sentence().find("no picture") == std::string::npos);
  for (const char* edits : {"x", "conv1", "conv1:1=2", "conv1:1,1,2=2", "conv1:0,1,1,1=2", "conv1:1,1,1,1=x",
                            "conv1:1,bias=x", "fc:0,bias=1", "x@fc:1,bias=1", "-2@fc:1,bias=1"}) {
    INFO(edits);
    net.change("edits", edits);
    CHECK(net.sentence().find("not a changed weight") != std::string::npos);
  }
  for (const char* edits :
       {"conv3:1=off", "fc:1=off", "conv1:9=off", "conv1:1,2,1,1=1", "conv1:1,1,4,1=1", "conv1:1,1=1", "fc:11,1=1",
        "fc:1,401=1", "fc:1,1,1,1=1", "fc:11,bias=1", "relu1:1,bias=1"}) {
    INFO(edits);
    net.change("edits", edits);
    CHECK(net.sentence().find("no such weight") != std::string::npos);
  }
  net.change("edits", "");
  net.change("begun", "7@fc:1,401=1");  // said at once, not only when training has come so far
  CHECK(net.sentence().find("no such weight: 7@fc:1,401=1") != std::string::npos);
  net.change("begun", "");
  net.change("edits", "");
  net.change("source", "drawn");
  CHECK(net.sentence().find("Draw a digit") != std::string::npos);
  net.change("strokes", "cK!");
  CHECK(net.sentence().find("Character 3") != std::string::npos);
}

TEST_CASE("cnn: edits as text, there and back", "[app][cnn]") {
  for (const char* text : {"", "conv1:3,1,2,2=0.5", "conv2:16=off;conv2:1,8,3,3=-1.25",
                           "fc:10,400=0.5;fc:10,bias=-2;conv1:1,bias=0", "conv1:2=off;13@fc:1,7=2;26@conv1:2,bias=1"}) {
    const auto edits = parse_weight_edits(text);
    REQUIRE(edits);
    CHECK(format_weight_edits(edits.value()) == text);
  }
  auto edits = parse_weight_edits("conv1:1,1,1,1=1;conv1:1,1,1,2=2").value();
  WeightEdit again = edits[0];
  again.value = 3;
  CHECK(format_weight_edits(with_edit(edits, again)) == "conv1:1,1,1,2=2;conv1:1,1,1,1=3");
  again.step = 5;  // another time is another change
  CHECK(format_weight_edits(with_edit(edits, again)) == "conv1:1,1,1,1=1;conv1:1,1,1,2=2;5@conv1:1,1,1,1=3");
  // Numbers of a kernel in the order of memory, (O, C, Kh, Kw), and of a matrix.
  CHECK(format_weight_edits({edit_of("conv2", {16, 8, 3, 3}, ((4 * 8 + 2) * 3 + 1) * 3 + 2, 1)}) == "conv2:5,3,2,3=1");
  CHECK(format_weight_edits({edit_of("fc", {10, 400}, 9 * 400 + 311, 1)}) == "fc:10,312=1");
}

// From the pixel up to the answer along what contributes most; each unit is read by the next.
TEST_CASE("cnn: steps follow the strongest connection", "[app][cnn]") {
  Net net(drawn_zero + "&layer=conv1&map=3&cell=13,8");
  const auto layer = [&] { return std::string(net.state.raw("layer")); };
  for (const char* next : {"relu1", "pool1", "conv2", "relu2", "pool2", "fc", "softmax"}) {
    CHECK(net.demo->step(+1));
    rest(*net.demo);
    CHECK(layer() == next);
  }
  CHECK_FALSE(net.demo->step(+1));
  net.change("map", "1");
  CHECK(net.demo->step(-1));
  rest(*net.demo);
  CHECK(layer() == "fc");
  CHECK(net.number("map") == 1);
  for (const char* next : {"pool2", "relu2", "conv2", "pool1", "relu1", "conv1", "input"}) {
    CHECK(net.demo->step(-1));
    rest(*net.demo);
    CHECK(layer() == next);
    CHECK(net.number("value") > 0);
  }
  CHECK_FALSE(net.demo->step(-1));
}

// --- layers ---------------------------------------------------------------------------------------------------------

// By hand: 16 maps from 8 of 3x3 weights and a bias; each of 11*11 cells costs 8*3*3 products.
TEST_CASE("cnn: what a layer and the network cost", "[app][cnn]") {
  Net net("layer=conv2");
  CHECK(net.number("layer_maps") == 16);
  CHECK(net.number("layer_height") == 11);
  CHECK(net.number("layer_width") == 11);
  CHECK(net.number("layer_parameters") == 16 * (8 * 9 + 1));
  CHECK(net.number("layer_multiply_adds") == 16 * 11 * 11 * 8 * 9);
  CHECK(net.number("parameters") == 80 + 1168 + 4010);
  CHECK(net.number("multiply_adds") == 48'672 + 139'392 + 4'000);
  net.change("layers", "conv4:5:2:2,relu,pool2,dense16,relu");
  net.change("layer", "conv1");
  CHECK(net.number("layer_height") == 14);  // floor((28 + 2*2 - 5) / 2) + 1
  CHECK(net.number("layer_parameters") == 4 * (25 + 1));
  CHECK(net.number("layer_multiply_adds") == 4 * 14 * 14 * 25);
  CHECK(net.number("parameters") == 104 + 16 * (4 * 7 * 7 + 1) + 10 * 17);
  CHECK(net.state.raw("start") == "random");  // there are no trained weights for it
  net.change("layer", "fc1");
  CHECK(net.number("layer_parameters") == 16 * (4 * 7 * 7 + 1));
  CHECK(std::isnan(net.number("layer_height")));
  CHECK(net.number("terms") == 4 * 7 * 7);
  net.change("layers", "");  // the classes alone
  CHECK(net.number("parameters") == 10 * (28 * 28 + 1));
  CHECK(std::isfinite(net.number("probability")));
}

TEST_CASE("cnn: layers that do not work say why", "[app][cnn]") {
  Net net("layers=conv8:3,pool2,pool2,pool2,conv8:5");
  CHECK(net.sentence().find("conv2") != std::string::npos);
  CHECK(net.sentence().find("does not fit into 8x3x3") != std::string::npos);
  CHECK(std::isnan(net.number("prediction")));
  CHECK(std::isnan(net.number("parameters")));
  CHECK_FALSE(net.demo->step(+1));
  net.change("layers", "dense8,conv8:3");
  CHECK(net.sentence().find("needs a picture") != std::string::npos);
  net.change("layers", "conv32:3,conv32:3");
  CHECK(net.sentence().find("2 million") != std::string::npos);
  net.change("layers", "conv8:3,dropout");
  CHECK(net.sentence("fr").find("«\u00A0dropout\u00A0» n’est pas une couche") != std::string::npos);
  net.change("layers", "conv8:3,relu,pool2,conv16:3,relu,pool2");
  CHECK(std::isfinite(net.number("prediction")));
  net.change("layer", "conv7");
  CHECK(net.sentence().find("no layer conv7") != std::string::npos);
}

// --- training -------------------------------------------------------------------------------------------------------

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

// --- files ----------------------------------------------------------------------------------------------------------

namespace {

struct OpenedNet {
  AppFixture it{"cnn"};
  explicit OpenedNet(const std::string& state) {
    put_seven_segments(it.app->files(), "digits", train_count, test_count);
    put_trained(it.app->files());
    AppOptions options = it.app->options();
    options.panel = false;
    it.app->set_options(options);
    CHECK(it.app->set_all("below=training&" + state));
    settle();
  }
  void settle() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (it.frame(1280, 800, 0.2)) {
      REQUIRE(std::chrono::steady_clock::now() < end);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  // The buttons stand in one row below the network.
  void click_row(const std::function<bool()>& done) {
    for (float y = 440.0F; y < 640.0F; y += 12.0F) {
      for (float x = 30.0F; x < 700.0F; x += 20.0F) {
        const std::string before = it.app->state()->text();
        it.click(x, y, 1280, 800);
        if (done()) return;
        if (it.app->state()->text() != before) CHECK(it.app->set_all(before));
      }
    }
    FAIL("no such button");
  }
  std::string sentence() { return it.app->demo()->sentence(it.app->words()); }
  void open(std::vector<std::uint8_t> bytes) {
    it.app->files().put(own_weights, std::move(bytes));
    settle();
  }
};

}  // namespace

TEST_CASE("cnn: weights are saved and read back bit for bit", "[app][cnn]") {
  std::vector<std::uint8_t> bytes;
  {
    OpenedNet net("layers=conv3:5:2,relu,dense7&start=random&steps=3&layer=conv1");
    CHECK(net.it.app->set("edits", "conv1:2,1,3,3=0.625"));
    net.settle();
    auto& saved = net.it.host.saved;
    net.click_row([&] { return saved.contains("cnn.safetensors"); });
    bytes = saved["cnn.safetensors"];
  }
  const auto file = read_safetensors(bytes);
  REQUIRE(file);
  CHECK(file.value().metadata.at("layers") == "conv3:5:2,relu,dense7");
  CHECK(file.value().tensors.at("conv1.weight").shape() == Shape{3, 1, 5, 5});
  CHECK(file.value().tensors.at("conv1.weight")(1, 0, 2, 2) == 0.625F);
  CHECK(file.value().tensors.at("fc1.weight").shape() == Shape{7, 3 * 12 * 12});
  CHECK(file.value().tensors.at("fc.bias").shape() == Shape{10});

  OpenedNet other("");
  other.open(bytes);
  CHECK(other.it.app->state()->raw("layers") == "conv3:5:2,relu,dense7");
  CHECK(other.it.app->state()->raw("start") == "file");
  CHECK(other.it.app->state()->raw("layer") == "conv1");
  CHECK(other.sentence().find("Opened: " + std::to_string(3 * 26 + 7 * 433 + 80)) != std::string::npos);
  auto& again = other.it.host.saved;
  other.click_row([&] { return again.contains("cnn.safetensors"); });
  CHECK(again["cnn.safetensors"] == bytes);
  other.click_row([&] { return !other.it.host.chosen.empty(); });
  CHECK(other.it.host.chosen[0] == own_weights);
}

// The file that the figure exports is the exporter's, of the network with its changed weight.
TEST_CASE("cnn: exports ONNX", "[app][cnn]") {
  OpenedNet net("");
  auto& saved = net.it.host.saved;
  net.click_row([&] { return saved.contains("cnn.onnx"); });
  const std::vector<std::uint8_t> before = saved["cnn.onnx"];
  CHECK(before.size() > 4 * 5258);
  CHECK(std::string(before.begin(), before.end()).find("conv2.weight") != std::string::npos);
  saved.clear();
  CHECK(net.it.app->set("edits", "conv1:1,1,1,1=0.5"));
  net.settle();
  net.click_row([&] { return saved.contains("cnn.onnx"); });
  std::size_t different = 0;
  REQUIRE(saved["cnn.onnx"].size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) different += saved["cnn.onnx"][i] != before[i] ? 1 : 0;
  CHECK(different >= 1);
  CHECK(different <= 4);  // of one float
}

TEST_CASE("cnn: files that are no weights of a network here get a sentence", "[app][cnn]") {
  OpenedNet net("");
  const std::string before = net.it.app->readouts_json();
  const auto refused = [&](std::vector<std::uint8_t> bytes, const char* part) {
    net.open(std::move(bytes));
    INFO(net.sentence());
    CHECK(net.sentence().find(part) != std::string::npos);
    CHECK(net.it.app->readouts_json() == before);
    CHECK(net.it.app->state()->raw("start") == "trained");
  };
  refused({}, "ends too early");
  refused({1, 2, 3}, " file");
  Tensor odd(Shape{2, 2}, 1.0F);
  const NamedView some[] = {{"conv1.weight", std::as_const(odd).view()}};
  refused(write_safetensors(some, {}, WeightType::f32), "conv1");
  refused(write_safetensors(some, {{"layers", "conv1,conv1"}}, WeightType::f32), "is no layer");
  odd.data()[0] = std::numeric_limits<float>::quiet_NaN();
  refused(write_safetensors(some, {}, WeightType::f32), "no numbers");
  CHECK(net.it.app->set("start", "file"));
  CHECK(net.sentence().find("does not carry a file") != std::string::npos);
  CHECK(net.it.app->state()->raw("start") == "random");
}

namespace {

void rest(AppFixture& it) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (it.frame(1280, 800, 0.2)) REQUIRE(std::chrono::steady_clock::now() < end);
}

struct Window : AppFixture {
  explicit Window(const std::string& state) : AppFixture("cnn") {
    put_seven_segments(app->files(), "digits", 10, 20);
    put_trained(app->files());
    CHECK(app->set_all(state));
    rest(*this);
  }
};

}  // namespace

TEST_CASE("cnn: the pen draws where the pointer goes, a press begins a stroke", "[app][cnn]") {
  Window it("source=drawn");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  // The square is the only place where a press writes strokes: look for it from the left.
  const auto strokes = [&] { return std::string(it.app->state()->raw("strokes")); };
  float x = 8.0F;
  while (strokes().empty() && x < 400.0F) it.click(x += 16.0F, 300.0F, 1280, 800);
  REQUIRE_FALSE(strokes().empty());
  CHECK(it.app->set("strokes", ""));
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(x, 300.0F);
  it.frame(1280, 800);
  io.AddMouseButtonEvent(0, true);
  it.frame(1280, 800);
  for (int i = 1; i <= 10; ++i) {
    io.AddMousePosEvent(x + static_cast<float>(4 * i), 300.0F + static_cast<float>(2 * i));
    it.frame(1280, 800);
  }
  io.AddMouseButtonEvent(0, false);
  it.frame(1280, 800);
  const auto drawn = parse_strokes(strokes());
  REQUIRE(drawn);
  REQUIRE(drawn.value().size() == 1);
  CHECK(drawn.value()[0].size() >= 4);
  it.click(x, 330.0F, 1280, 800);
  CHECK(parse_strokes(strokes()).value().size() == 2);
}

TEST_CASE("cnn: pointing looks, clicking keeps", "[app][cnn]") {
  Window it("layer=conv2&map=3&cell=6,7");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  const std::string kept = it.app->readouts_json();
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(1180.0F, 240.0F);  // over the last column
  it.frame(1280, 800);
  it.frame(1280, 800);
  CHECK(it.app->readouts_json() != kept);
  CHECK(it.app->state()->choice("layer") == "conv2");
  io.AddMousePosEvent(2.0F, 2.0F);
  it.frame(1280, 800);
  it.frame(1280, 800);
  CHECK(it.app->readouts_json() == kept);
  it.click(1180.0F, 240.0F, 1280, 800);
  CHECK(it.app->state()->choice("layer") == "softmax");
}

// Somewhere below the network stand nine weights, each of which can be dragged.
TEST_CASE("cnn: dragging a weight of the kernel changes it", "[app][cnn]") {
  Window it("layer=conv1&map=3&cell=8,11");
  ImGuiIO& io = ImGui::GetIO();
  const auto edits = [&] { return std::string(it.app->state()->raw("edits")); };
  for (float x = 620.0F; x < 1000.0F && edits().empty(); x += 20.0F) {
    io.AddMousePosEvent(x, 640.0F);
    it.frame(1280, 800);
    io.AddMouseButtonEvent(0, true);
    it.frame(1280, 800);
    io.AddMousePosEvent(x, 610.0F);
    it.frame(1280, 800);
    io.AddMouseButtonEvent(0, false);
    it.frame(1280, 800);
  }
  const auto found = parse_weight_edits(edits());
  REQUIRE(found);
  REQUIRE(found.value().size() == 1);
  CHECK(found.value()[0].layer == "conv1");
  CHECK(found.value()[0].kernel == 2);
}

// The bias stands in the sum and the weights of a class below it: a click opens a field for the number.
TEST_CASE("cnn: bias and dense weights are changed on the figure", "[app][cnn]") {
  const auto typed = [](const std::string& state, const std::string& wanted) {
    Window it(state);
    AppOptions options = it.app->options();
    options.panel = false;
    it.app->set_options(options);
    it.frame(1280, 800);
    ImGuiIO& io = ImGui::GetIO();
    const auto edits = [&] { return std::string(it.app->state()->raw("edits")); };
    for (float y = 470.0F; y < 790.0F; y += 9.0F) {
      for (float x = 40.0F; x < 1240.0F; x += 35.0F) {
        it.click(x, y, 1280, 800);
        it.frame(1280, 800);
        io.AddInputCharacter('7');
        it.frame(1280, 800);
        it.press(ImGuiKey_Enter);
        it.frame(1280, 800);
        if (edits().rfind(wanted, 0) == 0) {
          CHECK(edits().find("=7") != std::string::npos);
          return;
        }
        if (!edits().empty() || it.app->state()->raw("layer") != State(it.app->state()->table()).raw("layer")) {
          CHECK(it.app->set_all(state + "&edits="));
          rest(it);
        }
      }
    }
    FAIL("no such number on the figure: " << wanted);
  };
  typed("layer=conv2&map=3&cell=6,7", "conv2:3,bias=");
  typed("layer=fc&map=4", "fc:4,bias=");
  typed("layer=fc&map=4", "fc:4,");
  typed("layers=dense12&layer=fc1&map=5", "fc1:5,");  // 784 products, too many for their weights to stand there
}

// The chips of the layers and the buttons below them: everything writes the text of the layers.
TEST_CASE("cnn: layers are added, resized and removed on the figure", "[app][cnn]") {
  Window it("below=layers&layer=conv1&layers=conv8:3,relu");
  AppOptions options = it.app->options();
  options.panel = false;
  it.app->set_options(options);
  it.frame(1280, 800);
  std::set<std::string> seen;
  for (float y = 440.0F; y < 796.0F; y += 11.0F) {
    for (float x = 20.0F; x < 640.0F; x += 16.0F) {
      CHECK(it.app->set_all("below=layers&layer=conv1&layers=conv8:3,relu"));
      it.frame(1280, 800);
      it.click(x, y, 1280, 800);
      seen.insert(std::string(it.app->state()->raw("layers")));
    }
  }
  for (const char* wanted :
       {"conv7:3,relu", "conv9:3,relu", "conv8:2,relu", "conv8:4,relu", "conv8:3:2,relu", "conv8:3:1:1,relu", "relu",
        "conv8:3,conv8:3,relu", "conv8:3,relu,relu", "conv8:3,pool2,relu", "conv8:3,dense32,relu"}) {
    INFO(wanted);
    CHECK(seen.contains(wanted));
  }
}

TEST_CASE("cnn: arrow keys move the unit", "[app][cnn]") {
  Window it("layer=conv2&map=3&cell=6,7");
  const auto cell = [&] { return std::string(it.app->state()->raw("cell")); };
  it.press(ImGuiKey_LeftArrow);
  CHECK(cell() == "6,6");
  it.press(ImGuiKey_DownArrow);
  CHECK(cell() == "7,6");
  CHECK(it.app->set("layer", "fc"));
  it.press(ImGuiKey_DownArrow);
  CHECK(it.app->state()->integer("map") == 4);
}

TEST_CASE("cnn: drawn at every size, pointed at and clicked everywhere, both ways", "[app][cnn]") {
  for (const char* state : {"layer=conv2", "layer=fc&direction=backward", "layer=pool1&direction=backward&target=3",
                            "source=drawn&edits=conv1:2=off", "layer=softmax", "layer=input", "below=training",
                            "below=layers", "below=layers&layers=conv8:3,dense64,conv1:1", "layers=x",
                            "layers=conv4:7:4,conv32:1,dense64,dense1&layer=fc1"}) {
    Window it(state);
    for (const auto& [width, height] : {std::pair{1280.0F, 800.0F},
                                        {640.0F, 512.0F},
                                        {360.0F, 900.0F},
                                        {320.0F, 480.0F},
                                        {560.0F, 130.0F},
                                        {130.0F, 130.0F},
                                        {1920.0F, 1080.0F},
                                        {1.0F, 1.0F}}) {
      it.frame(width, height);
      for (int i = 0; i < 24; ++i) {
        const float x = width * static_cast<float>(i * 37 % 97) / 97.0F;
        const float y = height * static_cast<float>(i * 53 % 89) / 89.0F;
        it.click(x, y, width, height);
        if (it.app->demo_id() != "cnn") {  // the menu was hit
          CHECK(it.app->open("cnn"));
          CHECK(it.app->set_all(state));
        }
      }
    }
  }
}
