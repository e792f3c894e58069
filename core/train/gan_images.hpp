// A generative adversarial network on grey pictures of 28 x 28, one update of one player at a time. Small enough to
// learn digits while one watches.
//
//   G: z in [-1, 1]^Z -> linear to 2W maps of 7 x 7 -> twice (batch norm, ReLU, transposed convolution 4 x 4, stride 2)
//      with W maps of 14 x 14 between -> tanh: a picture, -1 black, 1 white
//   D: two convolutions 4 x 4, stride 2, to W maps of 14 x 14 and 2W of 7 x 7, leaky ReLU 0.2 -> linear -> logit l
//
// Losses, rounds and beta1 = 0.5 as in Gan2d; D's last weights begin at 0: at first it says 1/2 of every picture. While
// it trains, G normalises over its mini-batch; a picture that is looked at is made with the running statistics, so that
// it depends on its own noise alone. Batches follow from the number of the update: a run is a function of its settings.
// In float: long runs differ in the last bits, and then in more, from machine to machine.
// Source: A. Radford, L. Metz, S. Chintala, "Unsupervised representation learning with deep convolutional generative
// adversarial networks", arXiv:1511.06434, made smaller.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/data/dataset.hpp"
#include "core/nn/graph.hpp"
#include "core/train/gan_game.hpp"
#include "core/train/optimizer.hpp"

namespace cvlab {

struct ImageGanSettings {
  GanLoss loss = GanLoss::nonsaturating;
  double rate_d = 0.001, rate_g = 0.002;
  int d_steps = 1;
  int batch = 32;
  int codes = 16;  // Z
  int width = 16;  // W
  std::uint64_t seed = 1;
  bool operator==(const ImageGanSettings&) const = default;
};

class GanImages {
 public:
  using Point = GanPoint;

  // real: grey pictures of 28 x 28, at least one.
  GanImages(std::shared_ptr<const Dataset> real, const ImageGanSettings& settings);

  // The first half of the next update, up to its loss; false when that was done already.
  bool prepare();
  bool prepared() const { return work_.loss.has_value(); }  // then G has seen a mini-batch more than steps() tells
  Point advance();                                          // the next update, or the rest of it
  int steps() const { return steps_; }
  bool generator_next() const { return steps_ % (settings_.d_steps + 1) == settings_.d_steps; }
  int generator_updates() const { return steps_ / (settings_.d_steps + 1); }

  // One update on given pictures (n, 1, 28, 28) and noise (n, Z), as advance() does it; returns the loss before.
  double update_discriminator(const Tensor& real, const Tensor& noise);
  double update_generator(const Tensor& noise);

  Tensor generate(const Tensor& noise);                      // (n, Z) -> (n, 1, 28, 28)
  std::vector<double> discriminate(const Tensor& pictures);  // (n, 1, 28, 28) -> n logits

  nn::Graph& generator() { return generator_; }
  nn::Graph& discriminator() { return discriminator_; }
  const ImageGanSettings& settings() const { return settings_; }

 private:
  // What a step works in: no part of the run. A copy of a run begins with its own.
  struct Workplace {
    Tape tape, fakes;
    Tensor real, noise, both, targets, wished;
    std::optional<Var> loss;    // of the update that is prepared …
    bool of_generator = false;  // … and whose it is
    Workplace() = default;
    Workplace(const Workplace& /*other*/) noexcept : Workplace() {}
    Workplace& operator=(const Workplace& /*other*/) noexcept {
      loss.reset();
      return *this;
    }
    ~Workplace() = default;
  };

  void forward_discriminator(const Tensor& real, const Tensor& noise);
  void forward_generator(const Tensor& noise);
  double finish();  // backward and update; returns the loss before
  void draw_noise();
  void draw_real();

  std::shared_ptr<const Dataset> real_;
  ImageGanSettings settings_;
  nn::Graph generator_, discriminator_;
  Optimizer optimizer_g_, optimizer_d_;
  int steps_ = 0;
  Workplace work_;
};

// (count, codes) in [-1, 1).
Tensor code_noise(int count, int codes, std::uint64_t seed, std::uint64_t stream);
// These examples of the data as D sees them: (n, 1, H, W), -1 .. 1.
Tensor gan_pictures(const Dataset& data, std::span<const int> examples);

}  // namespace cvlab
