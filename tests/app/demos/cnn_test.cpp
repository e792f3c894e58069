#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "app/demos/cnn/weight_edits.hpp"
#include "core/formats/safetensors.hpp"
#include "core/image/pen.hpp"
#include "tests/app/demos/cnn_fixture.hpp"

using namespace cvlab;
using namespace cvlab::app;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

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
