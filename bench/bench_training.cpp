// bench_training [threads] [sse2|avx2|avx512] [case]: our training steps and a ResNet's forward pass. A step is: clear
// gradients, forward, loss, backward, update.
#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "bench/timing.hpp"
#include "core/autodiff/functions.hpp"
#include "core/nn/layer.hpp"
#include "core/nn/models.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/simd/dispatch.hpp"
#include "core/train/optimizer.hpp"

using namespace cvlab;

namespace {

Tensor random_tensor(const Shape& shape, Rng& rng, double low, double high) {
  Tensor tensor(shape);
  for (std::ptrdiff_t i = 0; i < tensor.count(); ++i) tensor.data()[i] = static_cast<float>(rng.uniform(low, high));
  return tensor;
}

nn::Graph ready(nn::Graph graph, Rng& rng) {
  if (const Result<void> made = graph.initialise(rng); !made) {
    std::fprintf(stderr, "%s\n", made.error().sentence.c_str());
    std::exit(1);
  }
  return graph;
}
nn::Graph model(std::string_view name, Rng& rng, const Shape& input = {}, int classes = 0) {
  Result<nn::Graph> graph = nn::make_model(name, input, classes);
  if (!graph) {
    std::fprintf(stderr, "%s\n", graph.error().sentence.c_str());
    std::exit(1);
  }
  return ready(std::move(graph).value(), rng);
}

class Classifier {
 public:
  Classifier(nn::Graph graph, int batch)
      : graph_(std::move(graph)), images_(random_tensor({batch, 1, 28, 28}, rng_, 0, 1)) {
    for (int i = 0; i < batch; ++i) labels_.push_back(static_cast<int>(rng_.below(10)));
  }
  void step() {
    tape_.rewind();
    zero_gradients(graph_.parameters());
    tape_.backward(cross_entropy(tape_, graph_.forward(tape_, tape_.input(images_.view()), true, rng_), labels_));
    optimizer_.step(graph_.parameters());
  }

 private:
  Rng rng_{1};
  nn::Graph graph_;
  Tensor images_;
  std::vector<int> labels_;
  Optimizer optimizer_{{.kind = OptimizerKind::sgd, .learning_rate = 0.01f}};
  Tape tape_;
};

// The discriminator's step on real and generated pictures, then the generator's, through the same pictures; Adam.
class Gan {
 public:
  void step() {
    for (float& z : std::span(noise_.data(), static_cast<std::size_t>(noise_.count())))
      z = static_cast<float>(rng_.normal());
    generated_.rewind();
    const Var fake = generator_.forward(generated_, generated_.input(noise_.view()), true, rng_);
    judged_.rewind();
    zero_gradients(discriminator_.parameters());
    const Var fake_pictures = judged_.input(std::as_const(generated_).value(fake));
    judged_.backward(
        add(judged_, judge(judged_, judged_.input(real_.view()), ones_), judge(judged_, fake_pictures, zeros_)));
    discriminator_optimizer_.step(discriminator_.parameters());

    zero_gradients(generator_.parameters());
    for (Parameter& parameter : discriminator_.parameters()) parameter.frozen = true;
    generated_.backward(judge(generated_, fake, ones_));
    for (Parameter& parameter : discriminator_.parameters()) parameter.frozen = false;
    generator_optimizer_.step(generator_.parameters());
  }

 private:
  static constexpr int batch = 32;
  static constexpr OptimizerParams adam = {.kind = OptimizerKind::adam, .learning_rate = 2e-4f, .beta1 = 0.5f};

  Var judge(Tape& tape, Var pictures, const Tensor& target) {
    const Var logits = discriminator_.forward(tape, pictures, true, rng_);
    return binary_cross_entropy_with_logits(tape, logits, tape.input(target.view()));
  }

  Rng rng_{1};
  nn::Graph generator_ = model("dcgan-generator", rng_), discriminator_ = model("dcgan-discriminator", rng_);
  Optimizer generator_optimizer_{adam}, discriminator_optimizer_{adam};
  Tensor noise_{Shape{batch, 64}}, ones_ = Tensor(Shape{batch, 1}, 1.0f), zeros_{Shape{batch, 1}};
  Tensor real_ = random_tensor({batch, 1, 28, 28}, rng_, -1, 1);
  Tape generated_, judged_;
};

class Resnet {
 public:
  void forward() {
    tape_.rewind();
    const NoGradient evaluation(tape_);
    graph_.forward(tape_, tape_.input(image_.view()), false, rng_);
  }

 private:
  Rng rng_{1};
  nn::Graph graph_ = model("resnet18", rng_, {3, 224, 224}, 1000);
  Tensor image_ = random_tensor({1, 3, 224, 224}, rng_, -2, 2);
  Tape tape_;
};

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  for (auto set : {simd::InstructionSet::sse2, simd::InstructionSet::avx2, simd::InstructionSet::avx512})
    if (argc > 2 && std::strcmp(argv[2], simd::name(set)) == 0) simd::limit(set);
  const std::string only = argc > 3 ? argv[3] : "";
  set_thread_count(threads);
  const auto timed = [&](const char* name, auto&& work) {
    if (std::string_view(name).find(only) != std::string_view::npos) bench::report("cvlab", name, threads, work());
  };
  const auto classifier = [](const char* name, int batch) {
    return [=] {
      Rng rng(1);
      return [c = std::make_shared<Classifier>(model(name, rng), batch)] { c->step(); };
    };
  };
  timed("small-cnn step b32", classifier("small-cnn", 32));
  timed("small-cnn step b128", classifier("small-cnn", 128));
  timed("big-lenet step b64", [] {
    Rng rng(1);
    return [c = std::make_shared<Classifier>(model("lenet-b", rng), 64)] { c->step(); };
  });
  timed("mlp step b64", classifier("mlp", 64));
  timed("dcgan step b32", [] { return [gan = std::make_shared<Gan>()] { gan->step(); }; });
  timed("resnet18 forward b1", [] { return [net = std::make_shared<Resnet>()] { net->forward(); }; });
}
