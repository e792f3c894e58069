#include "core/nn/layer_list.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/nn/models.hpp"

using namespace cvlab;
using namespace cvlab::nn;

namespace {

const Shape digit{1, 28, 28};

LayerListCheck check(std::string_view text) {
  const auto layers = parse_layers(text);
  REQUIRE(layers);
  return check_layers(layers.value(), digit, 10);
}

const LayerSummary& row(const LayerListCheck& checked, std::string_view name) {
  for (const LayerSummary& one : checked.summary.layers)
    if (one.name == name) return one;
  FAIL("no layer " << name);
  return checked.summary.layers[0];
}

}  // namespace

TEST_CASE("a list of layers as text, there and back", "[nn][layer_list]") {
  for (const char* text : {"", "relu", "conv8:3", "conv8:3:2", "conv8:5:1:2", "pool2", "pool3:2", "dense64",
                           "conv8:3,relu,pool2,conv16:3,relu,pool2", "conv32:7:4:3,relu,pool7:1,dense1,dense2"}) {
    INFO(text);
    const auto layers = parse_layers(text);
    REQUIRE(layers);
    CHECK(format_layers(layers.value()) == text);
  }
  CHECK(format_layers(parse_layers("conv8:3:1:0,pool2:2").value()) == "conv8:3,pool2");
}

TEST_CASE("what is no layer is quoted", "[nn][layer_list]") {
  for (const char* text : {",",
                           "conv8:3,",
                           "conv",
                           "conv8",
                           "conv8:",
                           "conv8:3:",
                           "conv8:3:1:0:1",
                           "conv0:3",
                           "conv33:3",
                           "conv8:0",
                           "conv8:8",
                           "conv8:3:0",
                           "conv8:3:5",
                           "conv8:3:1:4",
                           "conv8:3:1:-1",
                           "conv-8:3",
                           "conv8 :3",
                           "conv+8:3",
                           "conv99999999999:3",
                           "pool",
                           "pool0",
                           "pool2:0",
                           "pool2:2:2",
                           "dense",
                           "dense0",
                           "dense65",
                           "dense3:3",
                           "Relu",
                           "relu2",
                           "sigmoid",
                           "\xff"}) {
    INFO(text);
    const auto layers = parse_layers(text);
    REQUIRE_FALSE(layers);
    CHECK(layers.error().id == "layer-list");
  }
  std::string many = "relu";
  for (int i = 1; i < 12; ++i) many += ",relu";
  CHECK(parse_layers(many));
  CHECK(parse_layers(many + ",relu").error().id == "layer-list-long");
}

// By hand: 26*26*8 cells of 9 products each, and so on.
TEST_CASE("the course's network from its text: shapes, parameters, multiply-adds", "[nn][layer_list]") {
  const LayerListCheck it = check("conv8:3,relu,pool2,conv16:3,relu,pool2");
  CHECK_FALSE(it.problem);
  CHECK(it.faulty == -1);
  CHECK(row(it, "conv1").output == Shape{1, 8, 26, 26});
  CHECK(row(it, "conv1").parameters == 8 * (9 + 1));
  CHECK(row(it, "conv1").multiply_adds == 26 * 26 * 8 * 9);
  CHECK(row(it, "pool1").output == Shape{1, 8, 13, 13});
  CHECK(row(it, "conv2").output == Shape{1, 16, 11, 11});
  CHECK(row(it, "conv2").parameters == 16 * (8 * 9 + 1));
  CHECK(row(it, "conv2").multiply_adds == 11 * 11 * 16 * 8 * 9);
  CHECK(row(it, "fc").parameters == 10 * (16 * 5 * 5 + 1));
  CHECK(it.summary.parameters == 80 + 1168 + 4010);
  CHECK(it.summary.multiply_adds == 48'672 + 139'392 + 4'000);
  // Layer for layer the model of that name, so that its weights fit.
  const Graph model = make_model("small-cnn").value();
  REQUIRE(it.graph.layers().size() == model.layers().size());
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    CHECK(it.graph.layers()[i].name == model.layers()[i].name);
    CHECK(it.graph.layers()[i].kind == model.layers()[i].kind);
    CHECK(it.graph.layers()[i].channels == model.layers()[i].channels);
  }
}

TEST_CASE("stride, padding, dense layers and none at all", "[nn][layer_list]") {
  CHECK(check("").summary.parameters == 10 * (28 * 28 + 1));
  const LayerListCheck it = check("conv4:5:2:2,relu,pool3:2,dense32,relu");
  CHECK_FALSE(it.problem);
  CHECK(row(it, "conv1").output == Shape{1, 4, 14, 14});  // floor((28 + 2*2 - 5) / 2) + 1
  CHECK(row(it, "pool1").output == Shape{1, 4, 6, 6});    // floor((14 - 3) / 2) + 1
  CHECK(row(it, "fc1").parameters == 32 * (4 * 6 * 6 + 1));
  CHECK(row(it, "relu2").output == Shape{1, 32});
  CHECK(row(it, "fc").parameters == 10 * 33);
}

TEST_CASE("what does not fit is said at its layer", "[nn][layer_list]") {
  const LayerListCheck small = check("conv8:3,pool2,pool2,pool2,conv8:5,relu");  // 26, 13, 6, 3: no room for 5
  REQUIRE(small.problem);
  CHECK(small.faulty == 4);
  CHECK(small.problem->id == "layer-too-small");
  CHECK(small.problem->args[0] == "conv2");
  CHECK(row(small, "pool3").output == Shape{1, 8, 3, 3});
  const LayerListCheck flat = check("dense32,conv8:3");
  REQUIRE(flat.problem);
  CHECK(flat.faulty == 1);
  CHECK(flat.problem->id == "layer-picture");
  const LayerListCheck slow = check("conv32:3,conv32:3");  // 24*24*32*32*9 = 5.3 million
  REQUIRE(slow.problem);
  CHECK(slow.faulty == 1);
  CHECK(slow.problem->id == "layer-list-slow");
  CHECK(slow.problem->args[0] == "conv2");
}
