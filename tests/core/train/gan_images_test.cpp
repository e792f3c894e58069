#include "core/train/gan_images.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>

#include "core/train/class_score.hpp"
#include "core/train/timeline.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

std::shared_ptr<const Dataset> pattern(int count) {
  Dataset data;
  data.name = "pattern";
  data.example = {1, 28, 28};
  data.class_names = {"0"};
  data.labels.assign(static_cast<std::size_t>(count), 0);
  for (int k = 0; k < count * 784; ++k) data.pixels.push_back(static_cast<std::uint8_t>(k * k % 251));
  return std::make_shared<const Dataset>(std::move(data));
}

void fill(nn::Graph& net, int factor, float divisor) {
  for (Parameter& p : net.parameters()) {
    for (std::ptrdiff_t k = 0; k < p.value.count(); ++k)
      p.value.data()[k] = (static_cast<float>(factor * k % 13) - 6.5f) / divisor;
  }
}

}  // namespace

// PyTorch 1.13.0, double: Linear, BatchNorm2d, ReLU, ConvTranspose2d, … with Z = 3, W = 2; every parameter filled with
// (7 k mod 13 - 6.5) / 20 (G) and (5 k mod 13 - 6.5) / 40 (D), k from 0 in each; BCEWithLogitsLoss; Adam with betas
// (0.5, 0.999), rates 0.002 and 0.001; three rounds.
TEST_CASE("GanImages: losses, updates and pictures as PyTorch's", "[train][gan]") {
  ImageGanSettings settings;
  settings.codes = 3;
  settings.width = 2;
  GanImages gan(pattern(1), settings);
  fill(gan.generator(), 7, 20.0f);
  fill(gan.discriminator(), 5, 40.0f);
  Tensor noise(Shape{3, 3}), real(Shape{3, 1, 28, 28});
  for (int k = 0; k < 9; ++k) noise.data()[k] = static_cast<float>(5 * k % 7) / 3.5f - 1.0f;
  for (int k = 0; k < 3 * 784; ++k) real.data()[k] = static_cast<float>(3 * k % 17) / 8.5f - 1.0f;
  const double losses_d[] = {1.3996364082182875, 1.3979029955556959, 1.3960637122882158};
  const double losses_g[] = {0.7870944548370554, 0.7843764465151407, 0.7819667546653571};
  for (int round = 0; round < 3; ++round) {
    CHECK_THAT(gan.update_discriminator(real, noise), WithinAbs(losses_d[round], 2e-5));
    CHECK_THAT(gan.update_generator(noise), WithinAbs(losses_g[round], 2e-5));
  }
  const Tensor pictures = gan.generate(noise);
  const int places[] = {0, 300, 784, 1200, 2000};
  const double values[] = {-0.32263552520904587, -0.31963761429649035, -0.3226481643420398, -0.31967283730343005,
                           -0.33107937778455965};
  for (int i = 0; i < 5; ++i) CHECK_THAT(pictures.data()[places[i]], WithinAbs(values[i], 2e-4));
  const std::vector<double> fake = gan.discriminate(pictures), of_real = gan.discriminate(real);
  const double fake_logits[] = {-0.17307420263121978, -0.17307246103638035, -0.17306442272481354},
               real_logits[] = {-0.14668866805765013, -0.19473811954911746, -0.17032718060347263};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(fake[i], WithinAbs(fake_logits[i], 2e-4));
    CHECK_THAT(of_real[i], WithinAbs(real_logits[i], 2e-4));
  }
}

// -(BCE with target 0) = mean of log(1 - D); of the same logits, both losses by hand.
TEST_CASE("GanImages: minimax and non-saturating losses of the same pictures", "[train][gan]") {
  ImageGanSettings settings;
  settings.codes = 3;
  settings.width = 2;
  for (const GanLoss kind : {GanLoss::nonsaturating, GanLoss::minimax}) {
    settings.loss = kind;
    GanImages gan(pattern(4), settings);
    const Tensor noise = code_noise(8, 3, 1, 1);
    CHECK_THAT(gan.update_discriminator(gan_pictures(*pattern(4), std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3}), noise),
               WithinAbs(2.0 * std::numbers::ln2, 1e-6));  // D says 1/2 at first
    const double even = kind == GanLoss::minimax ? -std::numbers::ln2 : std::numbers::ln2;
    CHECK_THAT(gan.update_generator(noise), WithinAbs(even, 0.05));
  }
}

TEST_CASE("GanImages: a run is a function of its settings, and can be gone back in", "[train][gan]") {
  ImageGanSettings settings;
  settings.codes = 4;
  settings.width = 2;
  settings.batch = 4;
  settings.d_steps = 2;
  Timeline<GanImages> run(GanImages(pattern(5), settings), 3);
  run.go_to(7, 1e9);
  CHECK(run.run().generator_updates() == 2);
  CHECK_FALSE(run.run().generator_next());
  const Tensor noise = code_noise(2, 4, 0, 0);
  const Tensor then = run.run().generate(noise);
  run.go_to(10, 1e9);
  CHECK(run.run().generate(noise).data()[400] != then.data()[400]);
  run.go_to(7, 1e9);
  const Tensor again = run.run().generate(noise);
  for (std::ptrdiff_t i = 0; i < then.count(); ++i) REQUIRE(again.data()[i] == then.data()[i]);
  // Looking changes nothing.
  GanImages seen(pattern(5), settings), unseen(pattern(5), settings);
  (void)seen.generate(noise);
  (void)seen.discriminate(then);
  CHECK(seen.advance().loss == unseen.advance().loss);
  CHECK(seen.advance().loss == unseen.advance().loss);
}

TEST_CASE("GanImages: in halves of updates it is the same run, also after going back in the middle of one",
          "[train][gan]") {
  ImageGanSettings settings;
  settings.codes = 3;
  settings.width = 2;
  settings.batch = 4;
  Timeline<GanImages> whole(GanImages(pattern(5), settings), 3), halves(GanImages(pattern(5), settings), 3);
  whole.go_to(7, 0.0);
  while (whole.run().steps() < 7) whole.go_to(7, 0.0);
  int calls = 0;
  for (; halves.run().steps() < 7; ++calls) halves.go_to(7, 1e-9);
  CHECK(calls == 14);
  const Tensor noise = code_noise(2, settings.codes, 1, 9);
  const auto same = [&] {
    const Tensor a = whole.run().generate(noise), b = halves.run().generate(noise);
    return std::equal(a.data(), a.data() + a.count(), b.data());
  };
  CHECK(same());
  CHECK(halves.run().prepare());
  CHECK(halves.run().prepared());
  CHECK_FALSE(same());  // G's running statistics have moved
  halves.go_to(7, 0.0);
  while (halves.run().steps() < 7) halves.go_to(7, 0.0);
  CHECK(same());
  for (std::size_t k = 0; k < 7; ++k) CHECK(whole.points()[k].loss == halves.points()[k].loss);
}

TEST_CASE("gan_losses: by hand", "[train][gan]") {
  const double real[] = {0.0, std::log(3.0)}, fake[] = {-std::log(3.0)};  // D = 1/2, 3/4; 1/4
  const GanLosses losses = gan_losses(GanLoss::nonsaturating, real, fake);
  CHECK_THAT(losses.d, WithinAbs(0.5 * (std::log(2.0) + std::log(4.0 / 3.0)) + std::log(4.0 / 3.0), 1e-12));
  CHECK_THAT(losses.g, WithinAbs(std::log(4.0), 1e-12));
  CHECK_THAT(losses.mean_real, WithinAbs(0.625, 1e-12));
  CHECK_THAT(gan_losses(GanLoss::minimax, real, fake).g, WithinAbs(std::log(0.75), 1e-12));
  CHECK(gan_losses(GanLoss::minimax, {}, {}).d == 0.0);
}

// Certain and even over two of four classes: exp(ln 2) = 2. All alike: 1. One certain, one that could be either:
// p(y) = (3/4, 1/4), KL = ln 4/3 and (ln 2/3 + ln 2) / 2.
TEST_CASE("class_score: by hand", "[train][gan]") {
  Tensor p(Shape{2, 4});
  p(0, 1) = p(1, 3) = 1.0f;
  ClassScore score = class_score(p);
  CHECK_THAT(score.score, WithinAbs(2.0, 1e-12));
  CHECK(score.captured == 2);
  CHECK(score.counts == std::vector<int>{0, 1, 0, 1});
  CHECK(score.mean_sure == 1.0);
  Tensor same(Shape{3, 2});
  for (int i = 0; i < 3; ++i) same(i, 0) = same(i, 1) = 0.5f;
  score = class_score(same);
  CHECK_THAT(score.score, WithinAbs(1.0, 1e-12));
  CHECK(score.captured == 0);
  Tensor mixed(Shape{2, 2});
  mixed(0, 0) = 1.0f;
  mixed(1, 0) = mixed(1, 1) = 0.5f;
  const double kl = 0.5 * (std::log(4.0 / 3.0) + 0.5 * (std::log(2.0 / 3.0) + std::log(2.0)));
  CHECK_THAT(class_score(mixed).score, WithinAbs(std::exp(kl), 1e-12));
  CHECK(class_score(Tensor(Shape{0, 3})).captured == 0);
}

TEST_CASE("class_probabilities: softmax of the logits", "[train][gan]") {
  nn::Graph graph("two");
  nn::Layer input, linear;
  input.name = "input";
  input.shape = {2};
  linear.kind = nn::LayerKind::linear;
  linear.name = "fc";
  linear.channels = 2;
  graph.add(input);
  graph.add(linear);
  REQUIRE(graph.make_parameters());
  graph.find("fc.weight")->value(0, 0) = std::log(3.0f);
  Tensor x(Shape{1, 2});
  x(0, 0) = 1.0f;
  const Tensor p = class_probabilities(graph, x);
  CHECK_THAT(p(0, 0), WithinAbs(0.75, 1e-6));
  CHECK_THAT(p(0, 1), WithinAbs(0.25, 1e-6));
}
