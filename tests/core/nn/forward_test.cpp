// Whole networks against PyTorch: outputs, gradients of every parameter, running statistics
// (tests/data/make_torch_nn.py).
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>

#include "core/nn/layer.hpp"
#include "core/nn/models.hpp"
#include "core/nn/shapes.hpp"
#include "tests/core/reference_data.hpp"

namespace cvlab::nn {

namespace {

// The same numbers as make_torch_nn.py's: u in [-1, 1).
class Numbers {
 public:
  explicit Numbers(std::string_view name) {
    int sum = 0;
    for (std::size_t i = 0; i < name.size(); ++i) sum += (static_cast<int>(i) + 1) * name[i];
    phase_ = (sum % 1000) / 100.0;
  }
  double operator[](std::ptrdiff_t i) const {
    const double v = std::sin(12.9898 * static_cast<double>(i) + phase_) * 43758.5453;
    return 2.0 * (v - std::floor(v)) - 1.0;
  }

 private:
  double phase_;
};

void fill(std::string_view name, Tensor& t, double offset, double factor) {
  const Numbers u(name);
  for (std::ptrdiff_t i = 0; i < t.count(); ++i) t.data()[i] = static_cast<float>(offset + factor * u[i]);
}

void fill(Graph& graph) {
  for (Parameter& p : graph.parameters()) {
    const bool gamma = p.value.shape().rank() == 1 && p.name.ends_with("weight");
    const bool matrix = p.value.shape().rank() > 1 && p.name.find('.') != std::string::npos;
    const double fan_in = static_cast<double>(p.value.count() / p.value.size(0));
    fill(p.name, p.value, gamma ? 1.0 : 0.0, gamma ? 0.3 : matrix ? std::sqrt(6.0 / fan_in) : 0.2);
  }
  for (auto& [layer, statistics] : graph.statistics()) {
    fill(layer + ".running_mean", statistics.mean, 0.0, 0.1);
    fill(layer + ".running_var", statistics.variance, 1.0, 0.3);
  }
}

// Up to 24 of them, evenly spaced, as the script saves them.
void append_sample(std::vector<float>& to, ConstView values) {
  const std::ptrdiff_t step = (values.count() + 23) / 24;
  for (std::ptrdiff_t i = 0; i < values.count(); i += step) to.push_back(values.data()[i]);
}

// Largest difference, of the largest value.
double difference(const std::vector<float>& got, const Tensor& expected) {
  REQUIRE(static_cast<std::ptrdiff_t>(got.size()) == expected.count());
  double worst = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double right = static_cast<double>(expected.data()[i]);
    worst = std::max(worst, std::isfinite(got[i]) ? std::abs(static_cast<double>(got[i]) - right) : 1e30);
    largest = std::max(largest, std::abs(right));
  }
  return worst / largest;
}

constexpr double tolerance = 2e-5;  // float here, double there; up to 60 layers deep

struct Run {
  std::vector<float> train, gradients, running, eval;
};

Run run(Graph& graph, const std::vector<Tensor>& inputs, bool keep_all) {
  fill(graph);
  zero_gradients(graph.parameters());
  Run run;
  Tape tape;
  Rng rng(1);
  std::vector<Var> vars;
  for (const Tensor& input : inputs) vars.push_back(tape.input(input.view()));
  const Var out = graph.forward(tape, vars, true, rng, keep_all);
  append_sample(run.train, tape.value(out));
  Tensor from_above(tape.shape(out));
  fill("output", from_above, 0.0, 1.0);
  tape.backward(out, from_above.view());
  std::map<std::string, const Parameter*> sorted;
  for (const Parameter& p : graph.parameters()) sorted[p.name] = &p;
  for (const auto& [name, p] : sorted) append_sample(run.gradients, p->gradient.view());
  std::map<std::string, const Tensor*> running;
  for (const auto& [layer, statistics] : graph.statistics()) {
    running[layer + ".running_mean"] = &statistics.mean;
    running[layer + ".running_var"] = &statistics.variance;
  }
  for (const auto& [name, tensor] : running) append_sample(run.running, tensor->view());
  tape.rewind();
  const NoGradient off(tape);
  vars.clear();
  for (const Tensor& input : inputs) vars.push_back(tape.input(input.view()));
  append_sample(run.eval, tape.value(graph.forward(tape, vars, false, rng, keep_all)));
  return run;
}

void compare_with_torch(const std::string& name, const std::vector<Shape>& shapes) {
  INFO(name);
  Graph graph = make_model(name).value();
  REQUIRE(graph.make_parameters());
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    inputs.emplace_back(shapes[i]);
    fill("input " + std::to_string(i), inputs.back(), 0.0, 1.0);
  }
  const Run ours = run(graph, inputs, false);
  const std::string prefix = "torch/nn_" + name + "_";
  CHECK(difference(ours.train, test::reference(prefix + "train.npy")) < tolerance);
  CHECK(difference(ours.gradients, test::reference(prefix + "gradients.npy")) < tolerance);
  if (!ours.running.empty()) CHECK(difference(ours.running, test::reference(prefix + "running.npy")) < tolerance);
  CHECK(difference(ours.eval, test::reference(prefix + "eval.npy")) < tolerance);
  // Overwriting pre-activations changes nothing that is learned from.
  const Run kept = run(graph, inputs, true);
  CHECK(kept.train == ours.train);
  CHECK(kept.gradients == ours.gradients);
}

}  // namespace

TEST_CASE("forward: small-cnn = PyTorch") { compare_with_torch("small-cnn", {{3, 1, 28, 28}}); }
TEST_CASE("forward: cnn-bn = PyTorch") { compare_with_torch("cnn-bn", {{3, 1, 28, 28}}); }
TEST_CASE("forward: resnet-8 = PyTorch") { compare_with_torch("resnet-8", {{3, 3, 32, 32}}); }
TEST_CASE("forward: vit-tiny = PyTorch") { compare_with_torch("vit-tiny", {{3, 1, 28, 28}}); }
TEST_CASE("forward: unet-tiny = PyTorch") { compare_with_torch("unet-tiny", {{2, 3, 64, 64}}); }
TEST_CASE("forward: siamese = PyTorch") { compare_with_torch("siamese", {{3, 1, 28, 28}, {3, 1, 28, 28}}); }
TEST_CASE("forward: ddpm-unet-tiny = PyTorch") { compare_with_torch("ddpm-unet-tiny", {{2, 1, 28, 28}, {2, 64}}); }

TEST_CASE("forward: every small model runs, gives the shape its summary says and finite numbers") {
  for (const ModelInfo& info : all_models()) {
    Graph graph = make_model(info.name).value();
    const Summary summary = graph.summarise().value();
    if (summary.multiply_adds > 200'000'000) continue;
    INFO(info.name);
    Rng rng(7);
    REQUIRE(graph.initialise(rng));
    for (const bool training : {false, true}) {
      Tape tape;
      std::vector<Var> inputs;
      for (const Layer& layer : graph.layers()) {
        if (layer.kind != LayerKind::input) continue;
        Tensor t(with_batch(2, layer.shape));
        fill(layer.name, t, 0.0, 1.0);
        inputs.push_back(tape.input(t.view()));
      }
      const Var out = graph.forward(tape, inputs, training, rng);
      CHECK(with_batch(1, summary.layers.back().output).count() * 2 == tape.shape(out).count());
      CHECK(tape.first_not_finite().empty());
      for (std::size_t i = 0; i < summary.layers.size(); ++i) {
        const Shape& one = summary.layers[i].output;
        const Shape& two = tape.shape(graph.value_of(static_cast<int>(i)));
        REQUIRE(one.rank() == two.rank());
        CHECK(two[0] == 2);
        for (int axis = 1; axis < one.rank(); ++axis) CHECK(one[axis] == two[axis]);
      }
    }
  }
}

TEST_CASE("forward: resnet18 on a small picture") {
  Graph graph = make_model("resnet18", {3, 64, 64}, 10).value();
  Rng rng(1);
  REQUIRE(graph.initialise(rng));
  Tape tape;
  const NoGradient off(tape);
  Tensor picture({1, 3, 64, 64});
  fill("picture", picture, 0.0, 1.0);
  const Var out = graph.forward(tape, tape.input(picture.view()), false, rng);
  CHECK(tape.shape(out) == Shape{1, 10});
  CHECK(tape.first_not_finite().empty());
}

TEST_CASE("forward: a pre-activation is there when all is kept, and is its ReLU otherwise") {
  using namespace layer;
  Graph graph("test");
  graph.add(input("input", {1, 4, 4}));
  const int conv = graph.add(conv2d("conv", 2, 3));
  const int positive = graph.add(relu("relu"));
  REQUIRE(graph.make_parameters());
  fill("conv", graph.find("conv.weight")->value, 0.0, 1.0);
  Tensor picture({1, 1, 4, 4});
  fill("picture", picture, 0.0, 1.0);
  Tape tape;
  Rng rng(1);
  for (const bool keep_all : {true, false}) {
    tape.rewind();
    graph.forward(tape, tape.input(picture.view()), true, rng, keep_all);
    const float* before = tape.value(graph.value_of(conv)).data();
    const float* after = tape.value(graph.value_of(positive)).data();
    CHECK((before == after) != keep_all);
    const bool any_negative = std::any_of(before, before + 8, [](float v) { return v < 0.0f; });
    CHECK(any_negative == keep_all);
    CHECK(std::none_of(after, after + 8, [](float v) { return v < 0.0f; }));
  }
}

TEST_CASE("forward: a sample has the mean and the spread it is asked for, in evaluation the mean itself") {
  using namespace layer;
  Graph graph("test");
  const int mean = graph.add(input("mean", {2000}));
  const int log_variance = graph.add(input("log_variance", {2000}));
  graph.add(sample("sample", mean, log_variance));
  REQUIRE(graph.make_parameters());
  Tape tape;
  Rng rng(1);
  const Tensor three({1, 2000}, 3.0f), log_quarter({1, 2000}, std::log(0.25f));
  const Var inputs[] = {tape.variable(three.view()), tape.variable(log_quarter.view())};
  const Var out = graph.forward(tape, inputs, true, rng);
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < 2000; ++i) {
    const double v = static_cast<double>(tape.value(out).data()[i]);
    sum += v;
    squares += (v - 3.0) * (v - 3.0);
  }
  CHECK(std::abs(sum / 2000.0 - 3.0) < 5.0 * 0.5 / std::sqrt(2000.0));
  CHECK(std::abs(squares / 2000.0 - 0.25) < 5.0 * 0.25 * std::sqrt(2.0 / 2000.0));
  // d out / d mean = 1, d out / d log variance = (out - mean) / 2.
  const Tensor ones({1, 2000}, 1.0f);
  tape.backward(out, ones.view());
  for (int i = 0; i < 2000; i += 100) {
    CHECK(tape.gradient(inputs[0]).data()[i] == 1.0f);
    CHECK(std::abs(tape.gradient(inputs[1]).data()[i] - (tape.value(out).data()[i] - 3.0f) / 2.0f) < 1e-5f);
  }
  const Var expected = graph.forward(tape, inputs, false, rng);
  CHECK(tape.value(expected).data()[17] == 3.0f);
}

TEST_CASE("forward: a training step's memory is grown once") {
  Graph graph = make_model("cnn-bn").value();
  Rng rng(1);
  REQUIRE(graph.initialise(rng));
  Tape tape;
  const Tensor batch({4, 1, 28, 28}, 0.5f);
  std::size_t bytes = 0;
  for (int step = 0; step < 3; ++step) {
    tape.rewind();
    const Var out = graph.forward(tape, tape.input(batch.view()), true, rng);
    tape.backward(out, Tensor({4, 10}, 1.0f).view());
    if (step > 0) CHECK(tape.bytes() == bytes);
    bytes = tape.bytes();
  }
}

TEST_CASE("time embedding: sine and cosine at falling frequencies") {
  float e[64];
  time_embedding(0.0, e);
  CHECK(e[0] == 0.0f);
  CHECK(e[31] == 0.0f);
  CHECK(e[32] == 1.0f);
  time_embedding(100.0, e);
  CHECK(std::abs(e[0] - std::sin(100.0f)) < 1e-5f);
  CHECK(std::abs(e[48] - std::cos(100.0f * 0.01f)) < 1e-5f);  // i = 16: 10000^(-1/2)
}

}  // namespace cvlab::nn
