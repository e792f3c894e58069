// The project's trained networks, and pictures for them, for the tests of core/explain.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "core/formats/safetensors.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"
#include "tests/core/reference_data.hpp"

namespace cvlab::test {

inline nn::Graph trained(const std::string& weights) {
  nn::Graph graph = nn::make_model(weights.starts_with("lenet5") ? "lenet5" : "small-cnn").value();
  auto bytes = read_file(CVLAB_WEIGHTS "/" + weights + ".safetensors");
  REQUIRE(bytes);
  auto file = read_safetensors(bytes.value());
  REQUIRE(file);
  REQUIRE(nn::load_weights(graph, file.value()));
  return graph;
}

inline std::vector<double> doubles(const Tensor& tensor, double scale = 1.0) {
  std::vector<double> values(tensor.data(), tensor.data() + tensor.count());
  for (double& v : values) v *= scale;
  return values;
}

// The picture that tests/data/make_torch_explain.py took for the network, 0 .. 1.
inline std::vector<double> explained_picture(const std::string& weights) {
  return doubles(reference("torch/explain_" + weights + "_picture.npy"), 1.0 / 255.0);
}

// The largest difference, relative to the largest number.
inline double relative_error(const std::vector<double>& ours, const std::vector<double>& theirs) {
  REQUIRE(ours.size() == theirs.size());
  double most = 0.0;
  double worst = 0.0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    most = std::max(most, std::abs(theirs[i]));
    worst = std::max(worst, std::abs(ours[i] - theirs[i]));
  }
  return worst / most;
}

}  // namespace cvlab::test
