// Training of the network that the figure shows: a run over the training digits with its curves, and the way back to
// the end of any epoch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/demos/cnn/weight_edits.hpp"
#include "app/shell/file_library.hpp"
#include "app/views/plot.hpp"
#include "core/train/running_mean.hpp"
#include "core/train/session.hpp"

namespace cvlab::app {

class CnnTraining {
 public:
  static constexpr int most_epochs = 10;
  static constexpr int batch_size = 32;
  static constexpr double smoothing = 0.98;  // of the curves: over the last 50 mini-batches or so

  // What a run is made of: when it changes, training starts anew.
  struct Recipe {
    std::string network;  // and its weights at the beginning
    double rate = 0.0;
    int seed = 1;
    std::vector<WeightEdit> changes = {};  // by hand, each after as many mini-batches as it says; in that order
    bool operator==(const Recipe&) const = default;
  };
  struct Curves {
    std::vector<PlotPoint> loss, loss_mean, accuracy_mean;  // of mini-batches; x in epochs
    std::vector<PlotPoint> test_loss, test_accuracy;        // after each epoch, and before the first
  };
  enum class Progress { idle, under_way, arrived };

  // The training pictures, once; those of `test` measure each epoch. While they are not there, problem() says why.
  bool load(FileLibrary& files, const Dataset& test);
  bool loading() const { return loading_; }
  const Error& problem() const { return problem_; }

  // `model` ends with the logits and has its weights.
  void begin(const nn::Graph& model, const Recipe& recipe);
  void end();
  // Whether the run so far is one of this recipe; it goes on with what is new in it.
  bool go_on_with(const Recipe& recipe);
  bool begun() const { return session_ != nullptr; }
  const Recipe& recipe() const { return recipe_; }

  // Towards `goal` mini-batches in all, for about `seconds`. Arrived: at the goal, or as near as it gets.
  Progress drive(int goal, double seconds);
  bool running() const { return running_; }
  int steps() const { return session_ ? session_->snapshot().steps : 0; }
  int steps_per_epoch() const { return steps_per_epoch_; }
  std::size_t changes_made() const { return changes_made_; }
  int epochs_done() const { return session_ ? static_cast<int>(session_->snapshot().epochs.size()) : 0; }
  const std::string& diverged() const;
  // The network now (-1) or at the end of an epoch, into `model`.
  bool model_at(int epoch, nn::Graph& model) const;

  const Curves& curves() const { return curves_; }
  const Curves& before() const { return before_; }  // of the run before this one, to compare with
  void tested_at_start(double loss, double accuracy);

 private:
  void collect();
  bool change_due() const;
  void make_changes();
  int stop_before(int goal) const;  // at the next change by hand

  std::shared_ptr<const Split> split_;
  bool loading_ = false;
  Error problem_;
  std::unique_ptr<TrainingSession> session_;
  Recipe recipe_;
  int steps_per_epoch_ = 1;
  bool running_ = false;
  int goal_ = 0;  // where the run under way ends
  std::size_t changes_made_ = 0;
  Curves curves_, before_;
  RunningMean loss_mean_{smoothing}, accuracy_mean_{smoothing};
};

}  // namespace cvlab::app
