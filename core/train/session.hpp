// A training run behind a picture. With threads it trains in its own and publishes what the picture needs; without, the
// picture's frame gives it slices of time. Every epoch's weights are kept, so that the learner can go back.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/train/trainer.hpp"

namespace cvlab {

class TrainingSession {
 public:
  // A consistent copy of where the run stands.
  struct Snapshot {
    int steps = 0;
    bool finished = false;
    std::string diverged;
    double images_per_second = 0.0;
    std::vector<TrainingPoint> points;
    std::vector<EpochResult> epochs;
  };

  // The model has its parameters. Starts paused.
  TrainingSession(nn::Graph model, std::shared_ptr<const Split> data, const TrainerParams& params);
  ~TrainingSession();
  TrainingSession(const TrainingSession&) = delete;
  TrainingSession& operator=(const TrainingSession&) = delete;

  // Trains to the end, or until `until_step` mini-batches are done in all (and the evaluation too, if an epoch ends
  // there): then it pauses by itself, so that "step" and a link to step 300 mean exactly that, with a thread as well.
  void run(int until_step = std::numeric_limits<int>::max());
  void pause();  // after the mini-batch under way
  // Or that mini-batch is still under way: once false, the next work() and snapshot() tell the final state.
  bool running() const;
  // A change of the weights by hand, between two mini-batches: training goes on from them, with the optimizer's moments
  // as they were. Only while running() is false; what was kept of ended epochs stays.
  void change(const std::function<void(nn::Graph&)>& edit);
  // Without threads: trains for `budget_seconds` if running; 0 is one mini-batch. With: nothing. Call once a frame;
  // true when snapshot() moved since the last call.
  bool work(double budget_seconds);
  static bool has_thread();

  const Snapshot& snapshot() const;  // as of the last work()
  // The network as it is now, or was at the end of an epoch (0 = before training): a copy to predict with. False: no
  // such epoch.
  bool model_at(int epoch, nn::Graph& model) const;
  bool current_model(nn::Graph& model) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cvlab
