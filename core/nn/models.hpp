// The networks of the course by name, built as graphs.
#pragma once

#include <string_view>
#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::nn {

enum class Objective { classify, reconstruct, variational, other };  // what a Trainer can make of it

struct ModelInfo {
  std::string_view name;  // "lenet5"
  Shape input;            // (C, H, W) when none is given
  int classes;            // likewise; the size of the code for autoencoder and vae, of the embedding for siamese, the
                          // colours for unet's pixels and dcgan-generator's picture, 0 where there is no choice
  Objective objective;
  std::string_view source;  // paper
};
const std::vector<ModelInfo>& all_models();
const ModelInfo* find_model(std::string_view name);  // nullptr when unknown; any resnet-N is found as "resnet-20"

// Empty shape, 0 classes: the model's own. An unknown name gets a sentence that lists the known ones; "resnet-20" and
// other resnet-N of the CIFAR family (N = 6n + 2) are known too. Parameters are not made yet: Graph::initialise.
Result<Graph> make_model(std::string_view name, const Shape& input = {}, int classes = 0);

// The time of ddpm-unet-tiny's second input, 64 numbers: sin and cos of t * 10000^(-i/32), i < 32.
// Source: A. Vaswani et al., arXiv:1706.03762, as J. Ho et al., arXiv:2006.11239 use it.
void time_embedding(double t, std::span<float> out);

}  // namespace cvlab::nn
