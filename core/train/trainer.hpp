// Trains a network on a data set; step(budget) does as many mini-batches as fit. Seeded: same seed, same losses.
//
// What is made small, each the mean over the mini-batch:
//   classify     cross-entropy of the logits, with label smoothing if wanted
//   reconstruct  mean squared error between output and input
//   variational  squared error between output and input, summed over the pixels, + kl_weight * KL(code || N(0, 1)).
//                That is the negative evidence lower bound for pixels with noise of variance 1/2. Source: D. Kingma,
//                M. Welling, arXiv:1312.6114; kl_weight is the beta of I. Higgins et al., ICLR 2017
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/data/dataset.hpp"
#include "core/nn/models.hpp"
#include "core/train/optimizer.hpp"

namespace cvlab {

struct TrainerParams {
  nn::Objective objective = nn::Objective::classify;
  int epochs = 5;
  int batch_size = 64;
  OptimizerParams optimizer;
  Schedule schedule;
  Augmentation augmentation;
  Normalisation normalisation;
  float label_smoothing = 0.0f;
  float kl_weight = 1.0f;  // variational
  int patience = 0;        // early stopping: epochs without a better test loss; 0 = off
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

// Mean loss and share of right answers over a data set, and each example's predicted class.
struct Evaluation {
  float loss = 0.0f, accuracy = 0.0f;
  std::vector<int> predicted;
};
Evaluation evaluate(nn::Graph& model, const Dataset& data, const TrainerParams& params, int batch_size = 100);

// Where a run stands, besides weights and the optimizer's moments: all that a resumed run needs to go on as if nothing
// had happened.
struct TrainerProgress {
  int steps = 0;
  double loss_sum = 0.0, right_sum = 0.0;  // of the epoch under way, over examples
  double epoch_seconds = 0.0;
  float best_loss = std::numeric_limits<float>::infinity();
  int epochs_without_better = 0;
  std::vector<EpochResult> epochs;
};

// The objective on one mini-batch, for training and evaluation alike. Keeps its memory between calls.
class LossFunction {
 public:
  struct Value {
    Var loss;
    double loss_value = 0.0;
    int right = 0;               // classify
    std::vector<int> predicted;  // classify
  };
  // One forward pass on `tape`, from its beginning.
  const Value& forward(Tape& tape, nn::Graph& model, const TrainerParams& params, const Tensor& images,
                       std::span<const int> labels, bool training, Rng& rng);

 private:
  Value value_;
};

class Trainer {
 public:
  // All three must outlive the trainer. The model has its parameters already.
  Trainer(nn::Graph& model, const Dataset& train, const Dataset& test, const TrainerParams& params);

  // Works for about `budget_seconds`, at least one mini-batch of training or of the evaluation that ends an epoch; 0
  // does exactly one. Returns the number of training mini-batches done; finished() says when there is no more to do.
  int step(double budget_seconds);
  bool finished() const;
  bool evaluating() const { return evaluating_; }  // the next step belongs to the evaluation that ends an epoch
  // A sentence that names the op where NaN or infinity began; empty if fine. The weights are those before that step.
  const std::string& diverged() const { return diverged_; }

  int steps_done() const { return progress_.steps; }
  int steps_per_epoch() const { return loader_.batches(); }
  int batch_size() const { return params_.batch_size; }
  const std::vector<TrainingPoint>& points() const { return points_; }
  const std::vector<EpochResult>& epochs() const { return progress_.epochs; }
  double images_per_second() const;  // over the last second of training or so
  Optimizer& optimizer() { return optimizer_; }
  TrainerParams& params() { return params_; }  // learning rate and the like may change between steps

  const TrainerProgress& progress() const { return progress_; }
  // Goes on from there, at the beginning of a mini-batch; the weights and the optimizer are restored by the caller.
  void restore(const TrainerProgress& progress);

 private:
  void train_batch();
  void evaluate_batch();
  void end_epoch(float test_loss, float test_accuracy);
  std::string explain_divergence(float loss);

  nn::Graph& model_;
  const Dataset& test_;
  TrainerParams params_;
  Optimizer optimizer_;
  Loader loader_, test_loader_;
  Tape tape_, test_tape_;
  LossFunction loss_function_;
  Tensor images_;
  std::vector<int> labels_;
  TrainerProgress progress_;
  std::vector<TrainingPoint> points_;
  std::string diverged_;
  bool evaluating_ = false, stopped_early_ = false;
  int test_batch_ = 0;
  double test_loss_sum_ = 0.0;
  int test_right_ = 0;
  double recent_images_ = 0.0, recent_seconds_ = 0.0;
};

}  // namespace cvlab
