// A run that can be scrubbed: forward it is computed, backward it is computed again from the keyframe before. What is
// kept are a few copies of the run and one small point a step, never pictures.
//
//   Run needs:  Point  a type;  Point advance()  one step;  int steps() const;  copying.
//   Where a step is long, bool prepare()  does its first half, once, and bool prepared()  says so.
//   The run must be a function of its beginning alone (random numbers from the step's number), so that going back shows
//   what was.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace cvlab {

template <class Run>
class Timeline {
 public:
  explicit Timeline(Run begin, int keyframe_every = 50) : every_(keyframe_every), run_(std::move(begin)) {
    keyframes_.push_back(run_);
  }

  // Towards `step`: one (with 0 seconds a whole one, else perhaps its half) where one is due, and more while another
  // like the last fits into `seconds`. True while there is more to do.
  bool go_to(int step, double seconds) {
    step = std::max(0, step);
    bool back = step < run_.steps();
    if constexpr (requires(Run & run) { run.prepared(); }) back = back || (step == run_.steps() && run_.prepared());
    if (back) {
      const auto frame = std::min(static_cast<std::size_t>(step / every_), keyframes_.size() - 1);
      run_ = keyframes_[frame];
    }
    using Seconds = std::chrono::duration<double>;
    const auto begin = std::chrono::steady_clock::now();
    auto before = begin;
    const auto enough = [&] {  // not time for another like the last
      const auto now = std::chrono::steady_clock::now();
      const bool over = Seconds(now - begin).count() + Seconds(now - before).count() > seconds;
      before = now;
      return over;
    };
    while (run_.steps() < step) {
      if constexpr (requires(Run & run) { run.prepare(); })
        if (run_.prepare() && seconds > 0.0 && enough()) break;
      const auto point = run_.advance();
      if (run_.steps() > static_cast<int>(points_.size())) points_.push_back(point);
      if (run_.steps() == static_cast<int>(keyframes_.size()) * every_) keyframes_.push_back(run_);
      if (enough()) break;
    }
    return run_.steps() < step;
  }

  const Run& run() const { return run_; }
  Run& run() { return run_; }  // for what computes in it without changing it
  int farthest() const { return static_cast<int>(points_.size()); }
  const std::vector<typename Run::Point>& points() const { return points_; }  // [k]: of step k + 1

 private:
  int every_;
  Run run_;
  std::vector<Run> keyframes_;  // [k]: after k * every_ steps
  std::vector<typename Run::Point> points_;
};

}  // namespace cvlab
