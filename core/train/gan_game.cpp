#include "core/train/gan_game.hpp"

#include <cmath>

#include "core/nn/dense_net.hpp"

namespace cvlab {

double softplus(double x) { return std::fmax(x, 0.0) + std::log1p(portable_exp(-std::fabs(x))); }

double generator_loss(GanLoss kind, double logit) {
  return kind == GanLoss::minimax ? -softplus(logit) : softplus(-logit);
}

double generator_slope(GanLoss kind, double logit) {
  return kind == GanLoss::minimax ? -portable_sigmoid(logit) : -portable_sigmoid(-logit);
}

GanLosses gan_losses(GanLoss kind, std::span<const double> real, std::span<const double> fake) {
  GanLosses result;
  for (const double logit : real) {
    result.d += discriminator_loss(logit, true) / static_cast<double>(real.size());
    result.mean_real += portable_sigmoid(logit) / static_cast<double>(real.size());
  }
  for (const double logit : fake) {
    result.d += discriminator_loss(logit, false) / static_cast<double>(fake.size());
    result.g += generator_loss(kind, logit) / static_cast<double>(fake.size());
    result.mean_fake += portable_sigmoid(logit) / static_cast<double>(fake.size());
  }
  return result;
}

}  // namespace cvlab
