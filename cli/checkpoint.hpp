// A run of `cvlab train` in one safetensors file: weights, the optimizer's moments under "optimizer.first.<name>" and
// "optimizer.second.<name>", and in the metadata where the run stands and with which options. Finished weights are the
// same file without the optimizer.
#pragma once

#include <map>
#include <string>

#include "cli/train_settings.hpp"

namespace cvlab::cli {

using Metadata = std::map<std::string, std::string>;

// Writes under another name first: what was there stays whole until the new file is complete.
Result<void> save_checkpoint(const std::string& path, const nn::Graph& model, Trainer& trainer,
                             const TrainSettings& settings, Metadata metadata);
Result<void> save_finished(const std::string& path, const nn::Graph& model, bool half, const Metadata& metadata);

// Restores weights, and trainer and optimizer where the file is a checkpoint; false: it holds finished weights, and the
// run starts anew from them.
Result<bool> resume(const std::string& path, nn::Graph& model, Trainer& trainer, const TrainSettings& settings);

// Whether the file could be written; asked before the work is done.
Result<void> check_writable(const std::string& path);

}  // namespace cvlab::cli
