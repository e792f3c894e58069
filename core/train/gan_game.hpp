// What every generative adversarial game has, whatever is generated: the two losses of one logit l, D = sigmoid(l).
//
//   discriminator   -log D of a real example, -log(1 - D) of a generated one
//   generator        log(1 - D)   minimax: both play for the same number
//                   -log D        nonsaturating: the same goal, a gradient where D is sure
//
// Source: I. Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, section 3.
#pragma once

#include <span>

namespace cvlab {

enum class GanLoss { nonsaturating, minimax };

struct GanPoint {
  bool generator = false;  // whose update it was
  double loss = 0.0;       // of its mini-batch, before the update
};

struct GanLosses {
  double d = 0.0, g = 0.0, mean_real = 0.0, mean_fake = 0.0;  // the means of D
};

double softplus(double x);  // log(1 + exp(x)), large x included
inline double discriminator_loss(double logit, bool real) { return softplus(real ? -logit : logit); }
double generator_loss(GanLoss kind, double logit);
double generator_slope(GanLoss kind, double logit);  // d generator_loss / d logit
// Means over the logits of real and of generated examples; either may be empty.
GanLosses gan_losses(GanLoss kind, std::span<const double> real, std::span<const double> fake);

}  // namespace cvlab
