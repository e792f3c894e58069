// A generative adversarial network on points of the plane, one update of one player at a time.
//
//   G: z in [-1, 1]^2 -> x, 2-W-W-2     D: x -> logit l, D(x) = sigmoid(l), 2-W-W-1;  both with tanh
//   L_D = mean of -log D(x) over real + mean of -log(1 - D(G(z)))      (2 ln 2 when D knows nothing)
//   L_G = mean of  log(1 - D(G(z)))   minimax: both play for the same number
//       = mean of -log D(G(z))        nonsaturating: the same goal, a gradient where D is sure
//   Adam with beta1 = 0.5 for both. A round is d_steps updates of D, then one of G.
//
// D's last weights begin at 0: at first it says 1/2 everywhere. In double, batches from the number of the update: a run
// is a function of its settings alone. Source: I. Goodfellow et al., "Generative adversarial nets", NeurIPS 2014,
// algorithm 1 and section 3; A. Radford et al., arXiv:1511.06434 (beta1).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/data/point_set.hpp"
#include "core/nn/dense_net.hpp"
#include "core/tensor/tensor.hpp"
#include "core/train/descent.hpp"
#include "core/train/gan_game.hpp"

namespace cvlab {

struct GanSettings {
  GanLoss loss = GanLoss::nonsaturating;
  double rate_d = 0.005, rate_g = 0.005;
  int d_steps = 1;
  int batch = 64;
  int width = 24;  // W
  std::uint64_t seed = 1;
  bool operator==(const GanSettings&) const = default;
};

class Gan2d {
 public:
  using Point = GanPoint;

  Gan2d(std::shared_ptr<const PointSet> real, const GanSettings& settings);

  Point advance();  // the next update
  int steps() const { return steps_; }
  bool generator_next() const { return steps_ % (settings_.d_steps + 1) == settings_.d_steps; }
  int generator_updates() const { return steps_ / (settings_.d_steps + 1); }

  // One update on given points (2, n), as advance() does it; returns the loss before.
  double update_discriminator(std::span<const double> real, std::span<const double> noise);
  double update_generator(std::span<const double> noise);

  std::vector<double> generate(std::span<const double> noise);       // (2, n) -> (2, n)
  std::vector<double> discriminate(std::span<const double> points);  // (2, n) -> n values of D
  // What each generated point would do by itself: minus the gradient of its own term of L_G by its place, (2, n).
  std::vector<double> pull(std::span<const double> points);
  Tensor surface(double low, double high, int nodes);  // D on a square, row 0 at the least y
  GanLosses losses(std::span<const double> fake);      // over all real points and these

  DenseNet& generator() { return generator_; }
  DenseNet& discriminator() { return discriminator_; }
  const GanSettings& settings() const { return settings_; }

 private:
  std::vector<double> noise_of(int step) const;
  std::vector<double> real_batch(int step) const;

  std::shared_ptr<const PointSet> real_;
  GanSettings settings_;
  DenseNet generator_, discriminator_;
  Descent descent_g_, descent_d_;
  int steps_ = 0;
};

// count points of [-1, 1]^2, (2, count).
std::vector<double> plane_noise(int count, std::uint64_t seed, std::uint64_t stream);

}  // namespace cvlab
