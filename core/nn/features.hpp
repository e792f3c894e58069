// The convolutional part of a trained network on a picture of any size: kernels slide, so they ask for no size. And the
// places of a feature map that answer most.
#pragma once

#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::nn {

// The layers before the first flatten, with the same parameters, for input (C, H, W). A sentence where the picture is
// too small for them. All weights are as in `trained`, frozen.
Result<Graph> convolutional_part(const Graph& trained, const Shape& input);

// The mean of every factor x factor block of `plane` (H, W); rows and columns that fill no block are left out.
Tensor shrunk(ConstView plane, int factor);

struct Peak {
  int row = 0, column = 0;
  float value = 0.0F;
};
// At most `count` cells of `plane` (H, W), the greatest first, of equals the first in reading order; positive ones
// only, and each at least `distance` rows or columns from those before it.
std::vector<Peak> peaks(ConstView plane, int count, int distance);

// The first cell in reading order that is within a ten-thousandth of the greatest: of equal windows the same one,
// whatever the last bit of their sums, on which builds do not agree.
Peak strongest(ConstView plane);

}  // namespace cvlab::nn
