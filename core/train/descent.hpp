// An optimizer on numbers in double, by the formulas of update.hpp: for paths that are drawn.
#pragma once

#include <span>
#include <vector>

#include "core/train/optimizer.hpp"

namespace cvlab {

struct Descent {
  OptimizerParams params;
  int steps = 0;
  std::vector<double> first, second;  // moments

  // One update of all values. The learning rate is params.learning_rate * factor.
  void step(std::span<double> values, std::span<const double> gradient, double factor = 1.0);
};

}  // namespace cvlab
