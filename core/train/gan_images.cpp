#include "core/train/gan_images.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/nn/initialise.hpp"
#include "core/nn/layer.hpp"

namespace cvlab {

namespace {

constexpr std::uint64_t weight_stream = 1, first_noise_stream = 1U << 20U, first_batch_stream = 1U << 24U;
constexpr int side = 28;

nn::Graph make_generator(const ImageGanSettings& s) {
  using namespace nn::layer;
  nn::Graph graph("gan-generator");
  graph.add(input("noise", {s.codes}));
  graph.add(linear("fc", 2 * s.width * 7 * 7));
  graph.add(reshape("reshape", {2 * s.width, 7, 7}));
  graph.add(batch_norm("bn1"));
  graph.add(relu("relu1"));
  graph.add(conv_transpose2d("conv1", s.width, 4, 2, 1));
  graph.add(batch_norm("bn2"));
  graph.add(relu("relu2"));
  graph.add(conv_transpose2d("conv2", 1, 4, 2, 1));
  graph.add(activation("tanh", Activation::tanh));
  return graph;
}

nn::Graph make_discriminator(const ImageGanSettings& s) {
  using namespace nn::layer;
  nn::Graph graph("gan-discriminator");
  graph.add(input("input", {1, side, side}));
  graph.add(conv2d("conv1", s.width, 4, 2, 1));
  graph.add(activation("leaky1", Activation::leaky_relu, 0.2f));
  graph.add(conv2d("conv2", 2 * s.width, 4, 2, 1));
  graph.add(activation("leaky2", Activation::leaky_relu, 0.2f));
  graph.add(flatten("flatten"));
  graph.add(linear("fc", 1));
  return graph;
}

OptimizerParams adam(double rate) {
  OptimizerParams params;
  params.kind = OptimizerKind::adam;
  params.learning_rate = static_cast<float>(rate);
  params.beta1 = 0.5f;
  return params;
}

void fill_noise(Tensor& noise, std::uint64_t seed, std::uint64_t stream) {
  Rng rng(seed, stream);
  for (std::ptrdiff_t i = 0; i < noise.count(); ++i) noise.data()[i] = static_cast<float>(rng.uniform(-1.0, 1.0));
}

void copy_picture(const Dataset& data, int example, float* to) {
  for (const std::uint8_t value : data.pixels_of(example)) *to++ = static_cast<float>(value) / 127.5f - 1.0f;
}

// What a player that holds still has: no gradient of its own, but one of its input.
class HeldStill {
 public:
  explicit HeldStill(nn::Graph& player) : player_(player) { freeze(true); }
  ~HeldStill() { freeze(false); }
  HeldStill(const HeldStill&) = delete;
  HeldStill& operator=(const HeldStill&) = delete;

 private:
  void freeze(bool on) {
    for (Parameter& p : player_.parameters()) p.frozen = on;
  }
  nn::Graph& player_;
};

}  // namespace

Tensor code_noise(int count, int codes, std::uint64_t seed, std::uint64_t stream) {
  Tensor noise(Shape{count, codes});
  fill_noise(noise, seed, stream);
  return noise;
}

Tensor gan_pictures(const Dataset& data, std::span<const int> examples) {
  const std::ptrdiff_t size = data.example.count();
  Tensor pictures(Shape{static_cast<std::ptrdiff_t>(examples.size()), 1, data.example[1], data.example[2]});
  for (std::size_t i = 0; i < examples.size(); ++i)
    copy_picture(data, examples[i], pictures.data() + static_cast<std::ptrdiff_t>(i) * size);
  return pictures;
}

GanImages::GanImages(std::shared_ptr<const Dataset> real, const ImageGanSettings& settings)
    : real_(std::move(real)),
      settings_(settings),
      generator_(make_generator(settings)),
      discriminator_(make_discriminator(settings)),
      optimizer_g_(adam(settings.rate_g)),
      optimizer_d_(adam(settings.rate_d)) {
  assert(real_->count() > 0 && real_->example == Shape({1, side, side}));
  Rng rng(settings.seed, weight_stream);
  (void)generator_.initialise(rng);
  (void)discriminator_.initialise(rng);
  nn::initialise_constant(discriminator_.find("fc.weight")->value.view(), 0.0f);
}

void GanImages::draw_noise() {
  if (work_.noise.shape().rank() != 2) work_.noise = Tensor(Shape{settings_.batch, settings_.codes});
  fill_noise(work_.noise, settings_.seed, first_noise_stream + static_cast<std::uint64_t>(steps_));
}

void GanImages::draw_real() {
  if (work_.real.shape().rank() != 4) work_.real = Tensor(Shape{settings_.batch, 1, side, side});
  Rng rng(settings_.seed, first_batch_stream + static_cast<std::uint64_t>(steps_));
  for (int i = 0; i < settings_.batch; ++i) {
    const auto example = static_cast<int>(rng.below(static_cast<std::uint32_t>(real_->count())));
    copy_picture(*real_, example, work_.real.data() + static_cast<std::ptrdiff_t>(i) * side * side);
  }
}

bool GanImages::prepare() {
  if (work_.loss) return false;
  draw_noise();
  if (generator_next()) {
    forward_generator(work_.noise);
  } else {
    draw_real();
    forward_discriminator(work_.real, work_.noise);
  }
  return true;
}

GanImages::Point GanImages::advance() {
  prepare();
  Point point;
  point.generator = generator_next();
  point.loss = finish();
  ++steps_;
  return point;
}

double GanImages::update_discriminator(const Tensor& real, const Tensor& noise) {
  forward_discriminator(real, noise);
  return finish();
}

double GanImages::update_generator(const Tensor& noise) {
  forward_generator(noise);
  return finish();
}

// Real and generated pictures go through D together: it has no batch norm, so that none sees the others.
void GanImages::forward_discriminator(const Tensor& real, const Tensor& noise) {
  const std::ptrdiff_t n = noise.size(0), half = n * side * side;
  Tensor& both = work_.both;
  if (both.count() != 2 * half) {
    both = Tensor(Shape{2 * n, 1, side, side});
    work_.targets = Tensor(Shape{2 * n, 1});
    std::fill_n(work_.targets.data(), n, 1.0f);
    std::fill_n(work_.targets.data() + n, n, 0.0f);
  }
  std::copy_n(real.data(), half, both.data());
  {
    const NoGradient off(work_.fakes);
    Rng unused(0);
    work_.fakes.rewind();
    const Var x = generator_.forward(work_.fakes, work_.fakes.input(noise.view()), true, unused);
    std::copy_n(std::as_const(work_.fakes).value(x).data(), half, both.data() + half);
  }
  Tape& tape = work_.tape;
  Rng unused(0);
  tape.rewind();
  const Var logits = discriminator_.forward(tape, tape.input(both.view()), true, unused);
  // The mean over both halves is half of the sum of their means.
  work_.loss = scale(tape, binary_cross_entropy_with_logits(tape, logits, tape.input(work_.targets.view())), 2.0f);
  work_.of_generator = false;
}

void GanImages::forward_generator(const Tensor& noise) {
  const HeldStill judge(discriminator_);
  const bool minimax = settings_.loss == GanLoss::minimax;
  Tape& tape = work_.tape;
  Rng unused(0);
  tape.rewind();
  const Var pictures = generator_.forward(tape, tape.input(noise.view()), true, unused);
  const Var logits = discriminator_.forward(tape, pictures, true, unused);
  Tensor& wished = work_.wished;
  if (wished.count() != noise.size(0)) wished = Tensor(Shape{noise.size(0), 1});
  std::fill_n(wished.data(), wished.count(), minimax ? 0.0f : 1.0f);
  const Var entropy = binary_cross_entropy_with_logits(tape, logits, tape.input(wished.view()));
  work_.loss = minimax ? scale(tape, entropy, -1.0f) : entropy;
  work_.of_generator = true;
}

double GanImages::finish() {
  std::optional<HeldStill> judge;
  if (work_.of_generator) judge.emplace(discriminator_);
  nn::Graph& player = work_.of_generator ? generator_ : discriminator_;
  const Var loss = *std::exchange(work_.loss, std::nullopt);
  zero_gradients(player.parameters());
  work_.tape.backward(loss);
  (work_.of_generator ? optimizer_g_ : optimizer_d_).step(player.parameters());
  return static_cast<double>(*work_.tape.value(loss).data());
}

Tensor GanImages::generate(const Tensor& noise) {
  Tape& tape = work_.fakes;
  const NoGradient off(tape);
  Rng unused(0);
  tape.rewind();
  const ConstView out = std::as_const(tape).value(generator_.forward(tape, tape.input(noise.view()), false, unused));
  Tensor pictures(Shape{noise.size(0), 1, side, side});
  std::copy_n(out.data(), out.count(), pictures.data());
  return pictures;
}

std::vector<double> GanImages::discriminate(const Tensor& pictures) {
  Tape& tape = work_.fakes;
  const NoGradient off(tape);
  Rng unused(0);
  tape.rewind();
  const Var out = discriminator_.forward(tape, tape.input(pictures.view()), false, unused);
  const ConstView logits = std::as_const(tape).value(out);
  return {logits.data(), logits.data() + logits.count()};
}

}  // namespace cvlab
