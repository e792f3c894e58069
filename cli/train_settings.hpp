// What `cvlab train` was asked for.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/train/trainer.hpp"

namespace cvlab::cli {

struct TrainSettings {
  std::string model, data, optimizer = "adam", schedule, augment, save, resume, log;
  int epochs = 5, batch = 64, patience = 0, size = 0, code = 0, threads = 0;
  double rate = 1e-3, momentum = 0.9, weight_decay = 0.0, clip_norm = 0.0, label_smoothing = 0.0, kl_weight = 1.0;
  std::uint64_t seed = 1;
  bool half = false;
};

void add_train_options(CLI::App& command, TrainSettings& settings);

// The trainer's own words for it; refuses texts that cannot be read.
Result<TrainerParams> trainer_params(const TrainSettings& settings, nn::Objective objective, int steps_per_epoch);

// Everything a resumed run must have in common with the one that it goes on with, as option and value: "--batch 64".
std::vector<std::pair<std::string, std::string>> identity(const TrainSettings& settings);

}  // namespace cvlab::cli
