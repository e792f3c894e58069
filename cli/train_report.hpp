// What `cvlab train` says while it trains: on a terminal a line that moves, elsewhere a line for each epoch, both on
// standard error; and the log for programs.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "core/train/running_mean.hpp"
#include "core/train/trainer.hpp"

namespace cvlab::cli {

class TrainReport {
 public:
  // `classes`: whether accuracies mean something.
  TrainReport(const Trainer& trainer, int epochs, bool classes);
  // Appends when `append`; the sentence says that the file cannot be written.
  Result<void> open_log(const std::string& path, bool append);

  void update(bool last = false);  // after each step() of the trainer
  void close();                    // leaves the moving line

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void draw_line();
  void epoch_line(const EpochResult& result);

  const Trainer& trainer_;
  int epochs_;
  bool classes_, terminal_;
  std::unique_ptr<std::FILE, Close> log_;
  RunningMean loss_{0.98}, accuracy_{0.98};
  std::size_t points_seen_ = 0, epochs_seen_;
  double drawn_at_ = -1.0;
  std::size_t width_ = 0;  // of the line on the screen
};

}  // namespace cvlab::cli
