// A network by name, as the command line asks for it: its size, and its weights from a file or drawn at random.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "core/nn/models.hpp"
#include "core/result.hpp"

namespace cvlab::cli {

struct ModelRequest {
  std::string model, weights, input;  // input: "1x28x28"; empty = what the weights say, else the network's own
  int classes = 0;                    // 0 = likewise
  std::uint64_t seed = 1;
};

// MODEL, --input, --classes.
void add_model_options(CLI::App& command, ModelRequest& request);

// Without parameters; a weights file is not opened.
Result<nn::Graph> make_requested(const ModelRequest& request);

struct LoadedModel {
  nn::Graph graph;
  std::map<std::string, std::string> metadata;  // of the weights file
};
// With parameters: from the weights file, or, without one, drawn from the seed.
Result<LoadedModel> load_model(const ModelRequest& request);

}  // namespace cvlab::cli
