// Weights for the demos that look into a trained network: seeded noise instead of a file. The same in every build.
#pragma once

#include "app/shell/file_library.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

// Puts them where the demos look for those of small-cnn.
inline void put_small_cnn(FileLibrary& files) {
  nn::Graph graph = nn::make_model("small-cnn").value();
  Rng rng(5);
  (void)graph.initialise(rng);
  files.put("weights/small-cnn-digits.safetensors", nn::save_weights(graph, WeightType::f16));
}

}  // namespace cvlab::app
