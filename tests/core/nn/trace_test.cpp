// What the traced terms of a unit add up to is what the tape has there, forward and backward, for every unit.
#include "core/nn/trace.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/nn/layer.hpp"
#include "core/nn/models.hpp"

namespace cvlab::nn {

namespace {

using Catch::Matchers::WithinAbs;

// A network that has run forward and backward on one example of noise.
struct Run {
  Run(Graph network, const Shape& input, int wanted) : graph(std::move(network)), target(wanted) {
    Rng rng(7);
    REQUIRE(graph.initialise(rng));
    for (Parameter& p : graph.parameters())  // biases, too
      for (std::ptrdiff_t i = 0; i < p.value.count(); ++i) p.value.data()[i] += 0.1F * static_cast<float>(rng.normal());
    Tensor picture(Shape{1, input[0], input[1], input[2]});
    for (std::ptrdiff_t i = 0; i < picture.count(); ++i) picture.data()[i] = static_cast<float>(rng.normal());
    const Var x = tape.variable(picture.view());
    graph.forward(tape, x, false, rng, true);
    const int label[1] = {target};
    const Var logits = graph.value_of(graph.layers()[static_cast<std::size_t>(graph.output())].inputs[0]);
    tape.backward(cross_entropy(tape, logits, label));
  }
  double value(int layer, std::ptrdiff_t unit) { return double{tape.value(graph.value_of(layer)).data()[unit]}; }
  double gradient(int layer, std::ptrdiff_t unit) { return double{tape.gradient(graph.value_of(layer)).data()[unit]}; }
  std::ptrdiff_t units(int layer) { return tape.value(graph.value_of(layer)).count(); }

  Graph graph;
  Tape tape;
  int target;
};

void check_every_unit(Run& run, std::ptrdiff_t stride) {
  for (int layer = 0; layer <= run.graph.output(); ++layer) {
    INFO("layer " << run.graph.layers()[static_cast<std::size_t>(layer)].name);
    for (std::ptrdiff_t unit = 0; unit < run.units(layer); unit += stride) {
      const Trace forward = trace_forward(run.graph, run.tape, layer, unit);
      CHECK_THAT(forward.result, WithinAbs(run.value(layer, unit), 2e-5));
      CHECK((layer == 0) == (forward.rule == TraceRule::none));
      CHECK(forward.terms.size() == static_cast<std::size_t>(forward.groups * forward.rows * forward.columns));
      for (const TraceTerm& t : forward.terms) CHECK(t.value == (t.unit < 0 ? 0.0 : run.value(t.layer, t.unit)));
      const Trace backward = trace_backward(run.graph, run.tape, layer, unit, run.target);
      CHECK(backward.terms.size() == static_cast<std::size_t>(backward.groups * backward.rows * backward.columns));
      if (layer < run.graph.output()) CHECK_THAT(backward.result, WithinAbs(run.gradient(layer, unit), 2e-5));
    }
  }
}

}  // namespace

TEST_CASE("trace: of the small network every sum is the tape's value and gradient", "[nn][trace]") {
  Graph graph = make_model("small-cnn").value();
  graph.add(layer::softmax("softmax"));
  Run run(std::move(graph), {1, 28, 28}, 3);
  check_every_unit(run, 7);
}

TEST_CASE("trace: padding, stride, dilation, groups, other activations, overlapping windows", "[nn][trace]") {
  Graph graph("odd");
  graph.add(layer::input("input", {2, 11, 9}));
  graph.add(layer::conv2d("padded", 4, 3, 2, 1));
  graph.add(layer::activation("leaky", Activation::leaky_relu, 0.2F));
  Layer grouped = layer::conv2d("grouped", 6, 3, 1, 2, false);
  grouped.groups = 2;
  grouped.dilation = 2;
  graph.add(grouped);
  graph.add(layer::activation("tanh", Activation::tanh));
  graph.add(layer::max_pool2d("pool", 3, 2, 1));
  graph.add(layer::flatten("flatten"));
  graph.add(layer::linear("fc", 5));
  graph.add(layer::softmax("softmax"));
  Run run(std::move(graph), {2, 11, 9}, 4);
  check_every_unit(run, 1);

  CHECK(before_flatten(run.graph, 6) == 5);
}

// By hand: 1 - 2 + 3*0.5 - 4 = -3.5 and bias 0.25.
TEST_CASE("trace: products of a unit by hand", "[nn][trace]") {
  Graph graph("one");
  graph.add(layer::input("input", {1, 2, 2}));
  graph.add(layer::conv2d("conv", 1, 2));
  graph.add(layer::relu("relu"));
  graph.add(layer::flatten("flatten"));
  graph.add(layer::linear("fc", 2));
  graph.add(layer::softmax("softmax"));
  REQUIRE(graph.make_parameters());
  const float weights[4] = {1.0F, -1.0F, 0.5F, -1.0F};
  std::copy_n(weights, 4, graph.find("conv.weight")->value.data());
  graph.find("conv.bias")->value.data()[0] = 0.25F;
  Tensor picture(Shape{1, 1, 2, 2});
  for (int i = 0; i < 4; ++i) picture.data()[i] = static_cast<float>(i + 1);
  Tape tape;
  Rng rng(1);
  graph.forward(tape, tape.variable(picture.view()), false, rng, true);
  const Trace conv = trace_forward(graph, tape, 1, 0);
  CHECK(conv.rule == TraceRule::sum);
  CHECK(conv.bias == 0.25);
  CHECK(conv.result == -3.25);
  CHECK(conv.terms[2].product == 1.5);
  CHECK(conv.terms[3].weight_index == 3);
  CHECK(trace_forward(graph, tape, 2, 0).result == 0.0);
  CHECK(trace_forward(graph, tape, 2, 0).terms[0].weight == 0.0);
  // Without weights both classes are equally likely: -ln 1/2 has the gradient 1/2 - 1 for the target, -1 / (1/2) for p.
  CHECK(trace_forward(graph, tape, 5, 1).result == 0.5);
  CHECK(trace_backward(graph, tape, 4, 1, 1).result == -0.5);
  CHECK(trace_backward(graph, tape, 4, 0, 1).result == 0.5);
  CHECK(trace_backward(graph, tape, 5, 1, 1).result == -2.0);
  CHECK(trace_backward(graph, tape, 5, 0, 1).result == 0.0);
}

// 3x3, then 2x2 pooling, then 3x3: 3 -> 4 -> 8 pixels, as summarise() has it.
TEST_CASE("trace: the receptive region", "[nn][trace]") {
  Graph graph = make_model("small-cnn").value();
  graph.add(layer::softmax("softmax"));
  Run run(std::move(graph), {1, 28, 28}, 0);
  const auto layer = [&](const char* name) { return run.graph.find_layer(name); };
  const std::ptrdiff_t conv2 = (5 * 11 + 2) * 11 + 3;  // channel 5, row 2, column 3
  CHECK(receptive_region(run.graph, run.tape, layer("conv2"), conv2, layer("pool1")) == Region{0, 8, 2, 5, 3, 6});
  CHECK(receptive_region(run.graph, run.tape, layer("conv2"), conv2, layer("conv1")) == Region{0, 8, 4, 10, 6, 12});
  CHECK(receptive_region(run.graph, run.tape, layer("conv2"), conv2, 0) == Region{0, 1, 4, 12, 6, 14});
  CHECK(run.graph.summarise().value().layers[static_cast<std::size_t>(layer("conv2"))].receptive_field == 8);
  CHECK(receptive_region(run.graph, run.tape, layer("pool2"), (5 * 5 + 1) * 5, layer("conv2")) ==
        Region{5, 6, 2, 4, 0, 2});
  CHECK(receptive_region(run.graph, run.tape, layer("softmax"), 4, layer("pool2")) == Region{0, 16, 0, 5, 0, 5});
  CHECK(receptive_region(run.graph, run.tape, 0, 30, 0) == Region{0, 1, 1, 2, 2, 3});
}

TEST_CASE("trace: only cells of the receptive region change a unit", "[nn][trace]") {
  Graph graph = make_model("small-cnn").value();
  Rng rng(3);
  REQUIRE(graph.initialise(rng));
  Tensor picture(Shape{1, 1, 28, 28}, 0.5F);
  Tape tape;
  const int conv2 = graph.find_layer("conv2");
  const std::ptrdiff_t unit = (2 * 11 + 4) * 11 + 6;
  const auto run = [&] {
    tape.rewind();
    graph.forward(tape, tape.variable(picture.view()), false, rng, true);
    return tape.value(graph.value_of(conv2)).data()[unit];
  };
  const float before = run();
  const Region region = receptive_region(graph, tape, conv2, unit, 0).value();
  for (int row = 0; row < 28; ++row) {
    for (int column = 0; column < 28; ++column) {
      picture(0, 0, row, column) = 3.0F;
      const bool inside =
          row >= region.row0 && row < region.row1 && column >= region.column0 && column < region.column1;
      if (!inside) CHECK(run() == before);
      picture(0, 0, row, column) = 0.5F;
    }
  }
}

}  // namespace cvlab::nn
