#include "bench/web/work.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "bench/scene.hpp"
#include "core/autodiff/functions.hpp"
#include "core/image/box.hpp"
#include "core/image/canny.hpp"
#include "core/image/colour.hpp"
#include "core/image/gaussian.hpp"
#include "core/image/gradient.hpp"
#include "core/image/median.hpp"
#include "core/image/resize.hpp"
#include "core/image/threshold.hpp"
#include "core/image/warp.hpp"
#include "core/nn/models.hpp"
#include "core/ops/conv2d.hpp"
#include "core/ops/gemm.hpp"
#include "core/rng.hpp"
#include "core/train/optimizer.hpp"

namespace cvlab::bench {

namespace {

Tensor random_tensor(const Shape& shape, Rng& rng, double deviation = 1.0) {
  Tensor tensor(shape);
  for (std::ptrdiff_t i = 0; i < tensor.count(); ++i) tensor.data()[i] = static_cast<float>(rng.normal(0.0, deviation));
  return tensor;
}

nn::Graph made(std::string_view name, Rng& rng) {
  Result<nn::Graph> graph = nn::make_model(name);
  assert(graph && "a model of the benchmark is gone from nn::make_model");
  [[maybe_unused]] const Result<void> ready = graph.value().initialise(rng);
  assert(ready);
  return std::move(graph.value());
}

// Forward, cross-entropy, backward, SGD on one batch of digits' shape.
class ClassifierStep final : public Work {
 public:
  ClassifierStep(std::string_view model, int batch)
      : graph_(made(model, rng_)), images_(random_tensor({batch, 1, 28, 28}, rng_)), optimizer_(sgd()) {
    for (int i = 0; i < batch; ++i) labels_.push_back(i % 10);
  }

  void run() override {
    tape_.rewind();
    zero_gradients(graph_.parameters());
    const Var loss = cross_entropy(tape_, graph_.forward(tape_, tape_.input(images_.view()), true, rng_), labels_);
    tape_.backward(loss);
    optimizer_.step(graph_.parameters());
    loss_.data()[0] = std::as_const(tape_).value(loss).data()[0];
  }
  ConstView result() const override { return loss_.view(); }

 private:
  static OptimizerParams sgd() {
    OptimizerParams params;
    params.kind = OptimizerKind::sgd;
    params.learning_rate = 0.01f;
    return params;
  }

  Rng rng_{1};
  nn::Graph graph_;
  Tensor images_;
  std::vector<int> labels_;
  Optimizer optimizer_;
  Tape tape_;
  Tensor loss_{Shape{1}};
};

// One step of the discriminator, then one of the generator, Adam. Fresh noise for each, as TensorFlow.js must: its
// gradients come from a function that computes the whole loss.
class GanStep final : public Work {
 public:
  void run() override {
    tape_.rewind();
    zero_gradients(discriminator_.parameters());
    const Var fake = [&] {
      const NoGradient detached(tape_);
      return generate();
    }();
    const Var real_loss = judge(tape_.input(real_.view()), ones_);
    const Var fake_loss = judge(fake, zeros_);
    tape_.backward(add(tape_, real_loss, fake_loss));
    discriminator_optimizer_.step(discriminator_.parameters());

    tape_.rewind();
    zero_gradients(generator_.parameters());
    freeze_discriminator(true);
    const Var loss = judge(generate(), ones_);
    tape_.backward(loss);
    generator_optimizer_.step(generator_.parameters());
    freeze_discriminator(false);
    loss_.data()[0] = std::as_const(tape_).value(loss).data()[0];
  }
  ConstView result() const override { return loss_.view(); }

 private:
  static constexpr int batch = 32;

  static OptimizerParams adam() {
    OptimizerParams params;
    params.kind = OptimizerKind::adam;
    params.learning_rate = 2e-4f;
    params.beta1 = 0.5f;
    return params;
  }
  static Tensor filled(float value) {
    Tensor tensor(Shape{batch, 1});
    std::fill_n(tensor.data(), batch, value);
    return tensor;
  }

  Var generate() {
    for (std::ptrdiff_t i = 0; i < noise_.count(); ++i) noise_.data()[i] = static_cast<float>(rng_.normal());
    return generator_.forward(tape_, tape_.input(noise_.view()), true, rng_);
  }
  Var judge(Var pictures, const Tensor& target) {
    return binary_cross_entropy_with_logits(tape_, discriminator_.forward(tape_, pictures, true, rng_),
                                            tape_.input(target.view()));
  }
  void freeze_discriminator(bool frozen) {
    for (Parameter& parameter : discriminator_.parameters()) parameter.frozen = frozen;
  }

  Rng rng_{1};
  nn::Graph generator_ = made("dcgan-generator", rng_), discriminator_ = made("dcgan-discriminator", rng_);
  Optimizer generator_optimizer_{adam()}, discriminator_optimizer_{adam()};
  Tensor noise_{Shape{batch, 64}}, ones_ = filled(1.0f), zeros_ = filled(0.0f);
  Tensor real_ = random_tensor({batch, 1, 28, 28}, rng_, 0.5);
  Tape tape_;
  Tensor loss_{Shape{1}};
};

// Probabilities of digits, nothing remembered for backward.
class ClassifierForward final : public Work {
 public:
  ClassifierForward(std::string_view model, int batch)
      : graph_(made(model, rng_)), images_(random_tensor({batch, 1, 28, 28}, rng_)), out_(Shape{batch, 10}) {}

  void run() override {
    tape_.rewind();
    const NoGradient evaluation(tape_);
    const Var y = softmax(tape_, graph_.forward(tape_, tape_.input(images_.view()), false, rng_));
    std::copy_n(std::as_const(tape_).value(y).data(), out_.count(), out_.data());
  }
  ConstView result() const override { return out_.view(); }
  std::vector<View> inputs() override { return {images_.view()}; }

 private:
  Rng rng_{1};
  nn::Graph graph_;
  Tensor images_, out_;
  Tape tape_;
};

class Product final : public Work {
 public:
  void run() override { gemm(false, false, n, n, n, a_.data(), n, b_.data(), n, c_.data(), n, false); }
  ConstView result() const override { return c_.view(); }
  std::vector<View> inputs() override { return {a_.view(), b_.view()}; }

 private:
  static constexpr std::ptrdiff_t n = 512;
  Rng rng_{1};
  Tensor a_ = random_tensor({n, n}, rng_), b_ = random_tensor({n, n}, rng_), c_{Shape{n, n}};
};

// 3x3, 64 channels to 64, 56x56, zeros around: a layer in the middle of a ResNet.
class Convolution final : public Work {
 public:
  Convolution() { params_.padding = Padding::zero; }
  void run() override { conv2d_forward(params_, in_.view(), weight_.view(), {}, out_.view()); }
  ConstView result() const override { return out_.view(); }
  std::vector<View> inputs() override { return {in_.view(), weight_.view()}; }

 private:
  Conv2dParams params_;
  Rng rng_{1};
  Tensor in_ = random_tensor({1, 64, 56, 56}, rng_), weight_ = random_tensor({64, 64, 3, 3}, rng_, 0.05);
  Tensor out_{Shape{1, 64, 56, 56}};
};

// One operation on a full-HD picture of 8 bits.
class Picture final : public Work {
 public:
  using Operation = void (*)(const Image& in, Image& out);
  Picture(Operation operation, int channels, Image out)
      : operation_(operation), in_(::bench::width, ::bench::height, channels), out_(std::move(out)) {
    ::bench::fill_scene(in_.data.data(), channels);
  }
  void run() override { operation_(in_, out_); }
  ConstView result() const override {
    double sum = 0.0;
    for (const std::uint8_t pixel : out_.data) sum += pixel;
    mean_.data()[0] = static_cast<float>(sum / static_cast<double>(out_.data.size()));
    return std::as_const(mean_).view();
  }

 private:
  Operation operation_;
  Image in_, out_;
  mutable Tensor mean_{Shape{1}};
};

struct PictureWork {
  std::string_view name;
  Picture::Operation operation;
  int channels = 1;
  int divisor = 1;  // of the sides of the result
};

constexpr Padding reflect = Padding::reflect;
constexpr PictureWork picture_works[] = {
    {"gaussian-5", [](const Image& in, Image& out) { gaussian_blur(in, 1.0, 5, reflect, out); }},
    {"gaussian-sigma-5", [](const Image& in, Image& out) { gaussian_blur(in, 5.0, 0, reflect, out); }},
    {"mean-3", [](const Image& in, Image& out) { box_mean(in, 3, 3, reflect, out); }},
    {"mean-15", [](const Image& in, Image& out) { box_mean(in, 15, 15, reflect, out); }},
    {"sobel", [](const Image& in, Image& out) { gradient_magnitude(in, GradientKernel::sobel, reflect, out); }},
    {"sharpen", [](const Image& in, Image& out) { sharpen(in, reflect, out); }},
    {"median-5", [](const Image& in, Image& out) { median(in, 5, out); }},
    {"canny", [](const Image& in, Image& out) { canny(in, {.low = 50, .high = 150}, out); }},
    {"threshold", [](const Image& in, Image& out) { threshold(in, 100, out); }},
    {"grey", [](const Image& in, Image& out) { to_grey(in, out); }, 4},
    {"perspective",
     [](const Image& in, Image& out) {
       Homography map;
       std::copy(std::begin(::bench::perspective), std::end(::bench::perspective), map.h.begin());
       warp_perspective(in, map, out);
     }},
    {"half", [](const Image& in, Image& out) { resize(in, Resampling::area, out); }, 1, 2}};

}  // namespace

std::unique_ptr<Work> make_work(std::string_view name) {
  for (const PictureWork& work : picture_works)
    if (work.name == name)
      return std::make_unique<Picture>(work.operation, work.channels,
                                       Image(::bench::width / work.divisor, ::bench::height / work.divisor, 1));
  if (name == "small-cnn-step") return std::make_unique<ClassifierStep>("small-cnn", 32);
  if (name == "mlp-step") return std::make_unique<ClassifierStep>("mlp", 64);
  if (name == "dcgan-step") return std::make_unique<GanStep>();
  if (name == "small-cnn-forward-32") return std::make_unique<ClassifierForward>("small-cnn", 32);
  if (name == "small-cnn-forward-1") return std::make_unique<ClassifierForward>("small-cnn", 1);
  if (name == "matmul-512") return std::make_unique<Product>();
  if (name == "conv-56") return std::make_unique<Convolution>();
  return nullptr;
}

}  // namespace cvlab::bench
