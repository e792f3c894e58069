// How clear and how diverse generated pictures are, as a classifier sees them: p(y | x) of each picture x.
//
//   score = exp(mean over x of KL(p(y | x) || p(y))),   p(y) = mean over x of p(y | x)
//
// 1 when all pictures look the same to it (or none looks like anything), C when every picture is clearly of one class
// and the C classes come equally often. Source: T. Salimans et al., "Improved techniques for training GANs", NeurIPS
// 2016, section 4 (there with the Inception network).
#pragma once

#include <span>
#include <vector>

#include "core/nn/graph.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

struct ClassScore {
  std::vector<int> classes;      // the likeliest class of each picture
  std::vector<double> sure;      // and its probability
  std::vector<int> counts;       // pictures of each class
  std::vector<int> sure_counts;  // of these, the ones whose probability reaches `sure_from`
  int captured = 0;              // classes with a sure picture
  double mean_sure = 0.0;
  double score = 1.0;
  static constexpr double sure_from = 0.9;
};

// probabilities (N, C).
ClassScore class_score(const Tensor& probabilities);
// Softmax of a classifier's logits for these pictures: (N, …) -> (N, C).
Tensor class_probabilities(nn::Graph& classifier, const Tensor& pictures);

}  // namespace cvlab
