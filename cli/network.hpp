// A network that fits a data set, and what a weights file says about itself.
#pragma once

#include <map>
#include <string>

#include "core/data/dataset.hpp"
#include "core/nn/models.hpp"
#include "core/result.hpp"

namespace cvlab::cli {

struct Network {
  nn::Graph graph;
  nn::Objective objective = nn::Objective::classify;
};

// What is said of networks that `train` and `eval` leave alone.
Error not_trained_here(const std::string& model);

// Parameters are not made yet. `code`: numbers in the middle of an autoencoder; 0 = the network's own.
Result<Network> make_network(const std::string& model, const Shape& example, int classes, int code);

// What data of a folder or drawn shapes are brought to: the network's own input size, or `size` x `size`.
Result<Shape> wanted_example(const std::string& model, int size);

// Keys of the metadata of a weights file: model, data, input ("1x28x28"), classes (what make_model got), class_names
// (JSON). Whoever reads pictures for the network needs them.
std::map<std::string, std::string> describe(const std::string& model, const Dataset& data, int classes);

}  // namespace cvlab::cli
