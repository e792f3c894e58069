// onnx_layers FOLDER: writes FOLDER/<case>.onnx for every case below and prints
// [{"name", "shape", "input", "output"}] with the numbers that our forward gives for two examples.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/formats/file.hpp"
#include "core/formats/onnx.hpp"
#include "core/nn/initialise.hpp"
#include "core/nn/layer.hpp"
#include "core/nn/shapes.hpp"

namespace {

using namespace cvlab;
using namespace cvlab::nn;
using namespace cvlab::nn::layer;

struct Case {
  std::string name;
  Shape shape;
  std::vector<Layer> layers;  // one after another
};

Layer with(Layer layer, auto change) {
  change(layer);
  return layer;
}

std::vector<Case> cases() {
  const Shape picture = {4, 9, 7}, tokens = {5, 6};
  std::vector<Case> all = {
      {"conv-dilated-groups",
       picture,
       {with(conv2d("c", 6, 3, 2, 2),
             [](Layer& l) {
               l.dilation = 2;
               l.groups = 2;
             })}},
      {"conv-oblong", picture, {with(conv2d("c", 3, 3, 1, 1, false), [](Layer& l) { l.kernel_x = 1; })}},
      {"conv-transpose-all",
       picture,
       {with(conv_transpose2d("t", 6, 3, 3, 1),
             [](Layer& l) {
               l.output_padding = 2;
               l.groups = 2;
               l.dilation = 2;
             })}},
      {"conv-transpose-no-bias", picture, {with(conv_transpose2d("t", 2, 4, 2, 1), [](Layer& l) { l.bias = false; })}},
      {"max-pool-padded", picture, {max_pool2d("p", 3, 2, 1)}},
      {"max-pool-ceil-exact", {2, 8, 8}, {with(max_pool2d("p", 2, 2), [](Layer& l) { l.ceil_mode = true; })}},
      {"avg-pool-padded", picture, {avg_pool2d("p", 3, 2, 1)}},
      {"global-avg-pool", picture, {global_avg_pool2d("g")}},
      {"batch-norm-rows", {10}, {batch_norm("b")}},
      {"batch-norm-epsilon", picture, {with(batch_norm("b"), [](Layer& l) { l.epsilon = 0.5f; })}},
      {"layer-norm-epsilon", tokens, {with(layer_norm("n"), [](Layer& l) { l.epsilon = 0.5f; })}},
      {"linear-tokens", tokens, {linear("l", 3)}},
      {"linear-tokens-no-bias", tokens, {linear("l", 3, false)}},
      {"linear-no-bias", {10}, {linear("l", 3, false)}},
      {"softmax", tokens, {softmax("s")}},
      {"softmax-rows", {10}, {softmax("s")}},
      {"slice-rows", picture, {slice("s", 2, 3, 4)}},
      {"permute", picture, {permute("p", {0, 3, 1, 2})}},
      {"reshape", picture, {reshape("r", {28, 9})}},
      {"pad", picture, {pad2d("p", 2)}},
      {"scale", picture, {scale("s", -1.5f, 0.25f)}},
      {"upsample-nearest", picture, {upsample2d("u", 3)}},
      {"upsample-bilinear", picture, {upsample2d("u", 2, Interpolation::bilinear)}},
      {"upsample-bilinear-3", picture, {upsample2d("u", 3, Interpolation::bilinear)}},
      {"attention", {5, 12}, {from(of_kind(LayerKind::attention, "a"), {0, 0, 0})}},
      {"concat-rows", picture, {concat("c", {0, 0, 0}, 3)}},
      {"multiply", picture, {multiply("m", 0, 0)}},
      {"sample", picture, {sample("s", 0, 0)}},
      {"dropout-last", picture, {dropout("d", 0.5f)}},
      {"constant", {6}, {constant("c", {3, 6}), add("a", 1, 1)}},
  };
  for (const Activation kind :
       {Activation::identity, Activation::relu, Activation::leaky_relu, Activation::elu, Activation::gelu,
        Activation::silu, Activation::sigmoid, Activation::tanh, Activation::softplus, Activation::step}) {
    all.push_back({std::string("activation-") + name(kind), picture, {activation("a", kind)}});
    if (kind == Activation::leaky_relu || kind == Activation::elu)
      all.push_back({std::string("activation-alpha-") + name(kind), picture, {activation("a", kind, 0.7f)}});
  }
  return all;
}

Graph graph_of(const Case& one, Rng& rng) {
  Graph graph(one.name);
  graph.add(input("input", one.shape));
  for (const Layer& layer : one.layers) graph.add(layer);
  if (!graph.make_parameters()) return graph;
  for (Parameter& p : graph.parameters()) initialise_uniform(p.value.view(), rng, 0.2f, 0.9f);
  for (auto& [name, statistics] : graph.statistics()) {
    initialise_uniform(statistics.mean.view(), rng, -0.5f, 0.5f);
    initialise_uniform(statistics.variance.view(), rng, 0.5f, 1.5f);
  }
  return graph;
}

std::vector<float> numbers(ConstView view) { return {view.data(), view.data() + view.count()}; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Rng rng(1);
  nlohmann::json all = nlohmann::json::array();
  for (const Case& one : cases()) {
    Graph graph = graph_of(one, rng);
    const Result<std::vector<std::uint8_t>> file = export_onnx(graph);
    if (!file) {
      std::fprintf(stderr, "%s: %s\n", one.name.c_str(), file.error().sentence.c_str());
      return 1;
    }
    if (!write_file(std::string(argv[1]) + "/" + one.name + ".onnx", file.value())) return 1;
    Tensor examples(with_batch(2, one.shape));
    initialise_uniform(examples.view(), rng, -2.0f, 2.0f);
    examples.data()[0] = 0.0f;  // where step and ReLU bend
    Tape tape;
    const NoGradient off(tape);
    const Var out = graph.forward(tape, tape.input(examples.view()), false, rng);
    nlohmann::json shape = nlohmann::json::array();
    for (int axis = 0; axis < examples.shape().rank(); ++axis) shape.push_back(examples.size(axis));
    all.push_back({{"name", one.name},
                   {"shape", shape},
                   {"input", numbers(examples.view())},
                   {"output", numbers(tape.value(out))}});
  }
  std::puts(all.dump().c_str());
  return 0;
}
