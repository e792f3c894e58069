// Weights for the demos that look into a trained network: seeded noise instead of a file. The same in every build.
#pragma once

#include <string>

#include "app/shell/file_library.hpp"
#include "core/nn/models.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::app {

// Puts them where the demos look for those of a model that was trained on digits.
inline void put_weights(FileLibrary& files, const std::string& model) {
  nn::Graph graph = nn::make_model(model).value();
  Rng rng(5);
  (void)graph.initialise(rng);
  files.put("weights/" + model + "-digits.safetensors", nn::save_weights(graph, WeightType::f16));
}
inline void put_small_cnn(FileLibrary& files) { put_weights(files, "small-cnn"); }

}  // namespace cvlab::app
