// Trains a network on a data set; step(budget) does as many mini-batches as fit. Seeded: same seed, same losses.
#pragma once

#include <string>
#include <vector>

#include "core/data/dataset.hpp"
#include "core/nn/models.hpp"
#include "core/train/optimizer.hpp"

namespace cvlab {

struct TrainerParams {
  nn::Objective objective = nn::Objective::classify;  // reconstruct: mean squared error to the input; variational: + KL
  int epochs = 5;
  int batch_size = 64;
  OptimizerParams optimizer;
  Schedule schedule;
  Augmentation augmentation;
  Normalisation normalisation;
  float label_smoothing = 0.0f;
  int patience = 0;  // early stopping: epochs without a better test loss; 0 = off
  std::uint64_t seed = 1;
};

struct TrainingPoint {  // of one mini-batch
  int step;
  float loss, accuracy;  // accuracy: share of right answers; 0 when there are no classes
};
struct EpochResult {
  int epoch;  // 1, 2, …
  float train_loss, train_accuracy, test_loss, test_accuracy;
  double seconds;  // of training, without the evaluation
};

class Trainer {
 public:
  // All three must outlive the trainer. The model has its parameters already.
  Trainer(nn::Graph& model, const Dataset& train, const Dataset& test, const TrainerParams& params);

  // Works for about `budget_seconds`, at least one mini-batch of training or of the evaluation that ends an epoch; 0
  // does exactly one. Returns the number of training mini-batches done; finished() says when there is no more to do.
  int step(double budget_seconds);
  bool finished() const;
  const std::string& diverged() const;  // a sentence that names the op where NaN or infinity began; empty if fine

  int steps_done() const;
  int steps_per_epoch() const;
  const std::vector<TrainingPoint>& points() const;
  const std::vector<EpochResult>& epochs() const;
  double images_per_second() const;  // over the last second of training or so
  Optimizer& optimizer();
  TrainerParams& params();  // learning rate and the like may change between steps
};

// Mean loss and share of right answers over a data set, and each example's predicted class.
struct Evaluation {
  float loss = 0.0f, accuracy = 0.0f;
  std::vector<int> predicted;
};
Evaluation evaluate(nn::Graph& model, const Dataset& data, const TrainerParams& params, int batch_size = 100);

}  // namespace cvlab
