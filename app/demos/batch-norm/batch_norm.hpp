// Batch normalisation: its four equations on a batch that can be edited, and the same network trained with and without
// it at seven learning rates. batch_norm.cpp computes; equations.cpp and race.cpp draw the two figures.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/kernel_editor.hpp"
#include "app/views/plot.hpp"
#include "core/train/norm_study.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_batch_norm();
std::unique_ptr<Demo> make_batch_norm(DemoContext context);

class BatchNorm final : public Demo {
 public:
  static constexpr int most_steps = 200;
  static constexpr int most_examples = 8;
  static constexpr double learned = 0.4;    // a mean loss below this
  static constexpr double smoothing = 0.9;  // of the curves: over the last ten mini-batches or so

  explicit BatchNorm(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return race_shown() ? 0.08 : 0.8; }
  void restart() override;
  std::string sentence(const Words& words) const override;

 private:
  struct Recipe {
    int batch = 0, seed = 0;
    bool operator==(const Recipe&) const = default;
  };
  // What the figure tells of the rate that is looked at.
  struct Results {
    double loss[2] = {}, right[2] = {};  // without, with; on the test set with the running statistics
    double right_batch = 0.0;            // with, by the statistics of test batches
  };

  // batch_norm.cpp
  bool race_shown() const { return state_.choice("view") == "training"; }
  void normalise();
  void follow_race();
  bool train(double dt);
  void collect();
  std::size_t rate() const;
  double value(const std::vector<double>& matrix, Cell cell) const;
  Cell kept() const;
  void keep(Cell cell);
  void edit(Cell cell, double value);

  // equations.cpp
  void draw_equations(const Canvas& canvas);
  void draw_grids(const Canvas& canvas, const Rect& area);
  void draw_lines(const Canvas& canvas, const Rect& area);
  void draw_line(const Canvas& canvas, const Rect& area, const std::vector<double>& values, const char* name,
                 ImU32 colour);
  void draw_formulas(const Canvas& canvas, const Rect& area) const;
  std::vector<std::string> formulas(const Canvas& canvas, float width) const;

  // race.cpp
  void draw_race(const Canvas& canvas);
  void draw_rates(const Canvas& canvas, const Rect& area);
  void draw_curves(const Canvas& canvas, const Rect& area, int across);
  void draw_curve(const Canvas& canvas, const Rect& area, std::size_t rate);
  void draw_results(const Canvas& canvas, const Rect& area) const;

  State& state_;
  std::uint64_t seen_state_ = 0;
  NormedBatch batch_;
  NormSettings settings_;
  Cell shown_;  // the number that is explained: pointed at, else kept
  std::optional<Cell> pointed_;
  KernelEditor editor_;

  Recipe recipe_;
  std::unique_ptr<NormRace> race_;
  bool resting_ = true;
  Results results_;
  std::vector<PlotPoint> by_rate_[2];  // loss against rate: without, with
  std::vector<PlotPoint> curves_[race_rates.size()][2], means_[race_rates.size()][2];  // of each run
};

}  // namespace cvlab::app
