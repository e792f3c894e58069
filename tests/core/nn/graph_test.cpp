// Shapes, what does not fit, receptive fields, memory.
#include "core/nn/graph.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/nn/layer.hpp"
#include "core/nn/shapes.hpp"

namespace cvlab::nn {

using namespace layer;

namespace {

Graph picture_graph(const Shape& shape) {
  Graph graph("test");
  graph.add(input("input", shape));
  return graph;
}

LayerSummary last_of(const Graph& graph) {
  const Result<Summary> summary = graph.summarise();
  REQUIRE(summary);
  return summary.value().layers.back();
}

LayerSummary after(const Shape& in, const Layer& layer) {
  Graph graph = picture_graph(in);
  graph.add(layer);
  return last_of(graph);
}

std::string refused(const Shape& in, const Layer& layer) {
  Graph graph = picture_graph(in);
  graph.add(layer);
  const Result<Summary> summary = graph.summarise();
  REQUIRE_FALSE(summary);
  CHECK(summary.error().sentence.find("\"" + layer.name + "\"") != std::string::npos);
  return summary.error().id;
}

Layer with(Layer layer, auto change) {
  change(layer);
  return layer;
}

}  // namespace

TEST_CASE("graph: shapes, parameters and multiply-adds of each kind") {
  const Shape picture = {4, 9, 7};
  const LayerSummary conv = after(picture, conv2d("c", 6, 3, 2, 1));
  CHECK(conv.output == Shape{1, 6, 5, 4});
  CHECK(conv.parameters == 6 * 4 * 9 + 6);
  CHECK(conv.multiply_adds == 6 * 5 * 4 * 4 * 9);
  CHECK(conv.activation_bytes == 6 * 5 * 4 * 4);
  const LayerSummary grouped = after(picture, with(conv2d("c", 6, 3), [](Layer& l) { l.groups = 2; }));
  CHECK(grouped.output == Shape{1, 6, 7, 5});
  CHECK(grouped.parameters == 6 * 2 * 9 + 6);
  CHECK(grouped.multiply_adds == 6 * 7 * 5 * 2 * 9);
  CHECK(after(picture, with(conv2d("c", 2, 3), [](Layer& l) { l.dilation = 3; })).output == Shape{1, 2, 3, 1});
  const LayerSummary up = after(picture, conv_transpose2d("t", 3, 4, 2, 1));
  CHECK(up.output == Shape{1, 3, 18, 14});
  CHECK(up.parameters == 4 * 3 * 16 + 3);
  CHECK(up.multiply_adds == 4 * 9 * 7 * 3 * 16);
  CHECK(after(picture, with(conv_transpose2d("t", 3, 3, 2, 1), [](Layer& l) { l.output_padding = 1; })).output ==
        Shape{1, 3, 18, 14});
  CHECK(after(picture, max_pool2d("p", 2, 2)).output == Shape{1, 4, 4, 3});
  CHECK(after(picture, with(max_pool2d("p", 2, 2), [](Layer& l) { l.ceil_mode = true; })).output == Shape{1, 4, 5, 4});
  CHECK(after(picture, avg_pool2d("p", 3, 1)).output == Shape{1, 4, 7, 5});
  CHECK(after(picture, global_avg_pool2d("g")).output == Shape{1, 4});
  CHECK(after(picture, batch_norm("b")).parameters == 8);
  CHECK(after(picture, flatten("f")).output == Shape{1, 252});
  CHECK(after(picture, flatten("f")).activation_bytes == 0);
  CHECK(after(picture, reshape("r", {28, 9})).output == Shape{1, 28, 9});
  CHECK(after(picture, permute("p", {0, 2, 3, 1})).output == Shape{1, 9, 7, 4});
  CHECK(after(picture, slice("s", 2, 3, 4)).output == Shape{1, 4, 4, 7});
  CHECK(after(picture, upsample2d("u", 3)).output == Shape{1, 4, 27, 21});
  CHECK(after(picture, pad2d("p", 2)).output == Shape{1, 4, 13, 11});
  CHECK(after(picture, dropout("d", 0.5f)).output == Shape{1, 4, 9, 7});
  const LayerSummary tokens = after({10, 6}, linear("l", 5));
  CHECK(tokens.output == Shape{1, 10, 5});
  CHECK(tokens.parameters == 35);
  CHECK(tokens.multiply_adds == 10 * 5 * 6);
  CHECK(after({10, 6}, layer_norm("n")).parameters == 12);
  CHECK(after({252}, linear("l", 5, false)).parameters == 252 * 5);
  Graph attend = picture_graph({10, 6});
  attend.add(attention("a", 0, 0, 0, 2));
  CHECK(last_of(attend).multiply_adds == 2 * 10 * 10 * 6);
}

TEST_CASE("graph: what does not fit is said by layer") {
  const Shape picture = {4, 9, 7};
  CHECK(refused(picture, conv2d("c", 2, 8)) == "layer-too-small");
  CHECK(refused(picture, max_pool2d("p", 8, 8)) == "layer-too-small");
  CHECK(refused(picture, conv_transpose2d("t", 2, 1, 1, 4)) == "layer-too-small");
  CHECK(refused({10}, conv2d("c", 2, 3)) == "layer-picture");
  CHECK(refused({10}, global_avg_pool2d("g")) == "layer-picture");
  CHECK(refused({3, 4}, batch_norm("b")) == "layer-picture");
  for (const auto& bad : {conv2d("a", 0, 3), conv2d("b", 2, 0), conv2d("c", 2, 3, 0), conv2d("d", 2, 3, 1, -1)})
    CHECK(refused(picture, bad) == "layer-attribute");
  CHECK(refused(picture, with(conv2d("c", 6, 3), [](Layer& l) { l.groups = 3; })) == "layer-attribute");
  CHECK(refused(picture, with(conv2d("c", 6, 3), [](Layer& l) { l.dilation = 0; })) == "layer-attribute");
  CHECK(refused(picture, max_pool2d("p", 2, 2, 2)) == "layer-attribute");
  CHECK(refused(picture, with(conv_transpose2d("t", 3, 3, 2), [](Layer& l) { l.output_padding = 2; })) ==
        "layer-attribute");
  CHECK(refused(picture, linear("l", 0)) == "layer-attribute");
  CHECK(refused(picture, dropout("d", 1.0f)) == "layer-attribute");
  CHECK(refused(picture, activation("l", Activation::leaky_relu, -0.1f)) == "layer-attribute");
  CHECK(refused(picture, upsample2d("u", 0)) == "layer-attribute");
  CHECK(refused(picture, slice("s", 1, 2, 3)) == "layer-attribute");
  CHECK(refused(picture, slice("s", 4, 0, 1)) == "layer-attribute");
  CHECK(refused(picture, permute("p", {0, 1, 2})) == "layer-attribute");
  CHECK(refused(picture, permute("p", {1, 0, 2, 3})) == "layer-attribute");
  CHECK(refused(picture, permute("p", {0, 1, 1, 3})) == "layer-attribute");
  CHECK(refused(picture, reshape("r", {251})) == "layer-reshape");
  CHECK(refused(picture, from(add("s", 0, 0), {0})) == "layer-inputs");
  CHECK(refused({10, 6}, attention("a", 0, 0, 0, 4)) == "layer-attribute");
  CHECK(refused({1, 60000, 60000}, conv2d("c", 60000, 1)) == "layer-too-large");
  CHECK(Graph("none").summarise().error().id == "model-empty");
  Graph unlike = picture_graph(picture);
  const int smaller = unlike.add(conv2d("c", 4, 3));
  unlike.add(concat("j", {0, smaller}));
  CHECK(unlike.summarise().error().id == "layer-unlike");
  Graph broadcast = picture_graph({1, 9, 7});
  const int wide = broadcast.add(conv2d("c", 4, 1));
  broadcast.add(add("s", wide, 0));
  CHECK(last_of(broadcast).output == Shape{1, 4, 9, 7});
  broadcast.add(add("wrong way", 0, wide));
  CHECK(broadcast.summarise().error().id == "layer-unlike");
}

TEST_CASE("graph: a layer that shares parameters must fit them") {
  Graph graph = picture_graph({1, 9, 7});
  graph.add(conv2d("c", 4, 3));
  graph.add(from(with(conv2d("d", 4, 3), [](Layer& l) { l.shares = "c"; }), {0}));
  REQUIRE(graph.summarise());
  CHECK(graph.summarise().value().parameters == 40);
  graph.add(with(conv2d("e", 4, 3), [](Layer& l) { l.shares = "c"; }));  // has 4 channels in
  CHECK(graph.summarise().error().id == "layer-shares");
  Graph missing = picture_graph({1, 9, 7});
  missing.add(with(conv2d("c", 4, 3), [](Layer& l) { l.shares = "no"; }));
  CHECK(missing.summarise().error().id == "layer-shares");
}

TEST_CASE("graph: receptive field along the longest path") {
  Graph graph = picture_graph({1, 64, 64});
  const auto field = [&] { return std::pair{last_of(graph).receptive_field, last_of(graph).receptive_jump}; };
  CHECK(field() == std::pair{1, 1});
  graph.add(conv2d("conv1", 4, 3, 1, 1));
  CHECK(field() == std::pair{3, 1});
  const int skip = graph.add(max_pool2d("pool1", 2, 2));
  CHECK(field() == std::pair{4, 2});
  graph.add(with(conv2d("conv2", 4, 3, 1, 2), [](Layer& l) { l.dilation = 2; }));
  CHECK(field() == std::pair{12, 2});
  graph.add(add("add", graph.output(), skip));
  CHECK(field() == std::pair{12, 2});
  graph.add(upsample2d("up", 2));
  CHECK(field() == std::pair{12, 1});
  graph.add(from(conv_transpose2d("back", 1, 4, 2, 1), {skip}));  // 4 cells, 2 apart: each output meets 2 inputs
  CHECK(field() == std::pair{6, 1});
  graph.add(global_avg_pool2d("all"));
  CHECK(field() == std::pair{0, 0});
}

TEST_CASE("graph: memory that is used twice counts once") {
  Graph graph = picture_graph({1, 8, 8});
  graph.add(conv2d("conv", 2, 3, 1, 1));
  graph.add(relu("relu"));
  CHECK(last_of(graph).activation_bytes == 0);
  graph.add(relu("again"));  // behind a ReLU, whose backward reads its output
  CHECK(last_of(graph).activation_bytes == 512);
  const int conv = graph.add(conv2d("conv2", 2, 3, 1, 1));
  const int positive = graph.add(relu("relu2"));
  graph.add(add("skip", conv, positive));  // another reader
  CHECK(graph.summarise().value().layers[static_cast<std::size_t>(positive)].activation_bytes == 512);
  graph.add(conv2d("conv3", 2, 1));
  graph.add(activation("gelu", Activation::gelu));  // needs its input
  CHECK(last_of(graph).activation_bytes == 512);
}

TEST_CASE("graph: parameters are named by layer, gamma is 1 and the rest 0 before they are learned") {
  Graph graph = picture_graph({1, 8, 8});
  graph.add(conv2d("conv", 2, 3));
  graph.add(batch_norm("bn"));
  graph.add(flatten("flatten"));
  graph.add(linear("fc", 3));
  REQUIRE(graph.make_parameters());
  std::string names;
  for (const Parameter& p : graph.parameters()) names += p.name + " " + to_text(p.value.shape()) + "\n";
  CHECK(names == "conv.weight 2x1x3x3\nconv.bias 2\nbn.weight 2\nbn.bias 2\nfc.weight 3x72\nfc.bias 3\n");
  CHECK(graph.find("bn.weight")->value.data()[1] == 1.0f);
  CHECK(graph.find("bn.bias")->value.data()[1] == 0.0f);
  CHECK(graph.find("none") == nullptr);
  CHECK(graph.statistics().at("bn").variance.data()[0] == 1.0f);
  CHECK(graph.find_layer("fc") == graph.output());
  CHECK(graph.find_layer("none") == -1);
}

}  // namespace cvlab::nn
