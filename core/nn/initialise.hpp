// What weights are before training. A weight (O, I, …) has fan_in = I * the rest and fan_out = O * the rest: how many
// numbers meet in one output, and how many outputs one input reaches.
//
//   Xavier   variance 2 / (fan_in + fan_out): signals keep their size forwards and backwards   X. Glorot, Y. Bengio,
//                                                                                              AISTATS 2010
//   He       variance gain^2 / fan_in, gain^2 = 2 / (1 + slope^2): the same behind a ReLU       K. He et al., ICCV 2015
//   uniform: on +- sqrt(3 * variance)
//   orthogonal: the rows (or columns, whichever are fewer) are orthonormal, times gain           A. Saxe et al., ICLR
//   2014
#pragma once

#include "core/nn/graph.hpp"
#include "core/rng.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::nn {

struct Fan {
  std::ptrdiff_t in, out;
};
Fan fan_of(const Shape& weight);  // rank >= 2

void initialise_constant(View weight, float value);  // zeros: 0
void initialise_normal(View weight, Rng& rng, float mean, float deviation);
void initialise_uniform(View weight, Rng& rng, float low, float high);
void initialise_xavier_uniform(View weight, Rng& rng);
void initialise_xavier_normal(View weight, Rng& rng);
void initialise_he_uniform(View weight, Rng& rng, float slope = 0.0f);
void initialise_he_normal(View weight, Rng& rng, float slope = 0.0f);
// As a matrix (O, I * the rest). A Gaussian one's QR decomposition, with R's diagonal positive, so that no orthogonal
// matrix is likelier than another.
void initialise_orthogonal(View weight, Rng& rng, float gain = 1.0f);

}  // namespace cvlab::nn
