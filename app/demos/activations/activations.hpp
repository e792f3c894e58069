// Activation functions: f and f', the four criteria measured for ten of them, the zig-zag of inputs of one sign, and
// ReLUs that die. activations.cpp computes, curve.cpp, zigzag.cpp and dying.cpp draw the three figures.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/plot.hpp"
#include "core/train/activation_study.hpp"
#include "core/train/distribution.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_activations();
std::unique_ptr<Demo> make_activations(DemoContext context);

class Activations final : public Demo {
 public:
  static constexpr int most_steps = 600;
  static constexpr int sample_size = 4096;

  explicit Activations(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return view_ == View::curve ? 0.12 : 0.06; }
  void restart() override;
  std::string sentence(const Words& words) const override;

 private:
  enum class View { curve, zigzag, dying };
  struct Recipe {  // of the dying units
    Activation kind = Activation::relu;
    double rate = 0.0;
    int units = 0, seed = 0;
    bool operator==(const Recipe&) const = default;
  };

  // activations.cpp
  void follow();
  void measure();
  bool measure_cost(double dt);
  bool train(double dt);
  int wanted_steps() const { return state_.integer("steps"); }
  int shown_step() const;

  // curve.cpp
  void draw_curve(const Canvas& canvas);
  void draw_functions(const Canvas& canvas, const Rect& area);
  void draw_function(const Canvas& canvas, const Rect& area, bool slope, float left);
  void draw_tangent(const Canvas& canvas, const PlotMap& map) const;
  Plot function_plot(const Canvas& canvas, bool slope) const;
  void draw_distributions(const Canvas& canvas, const Rect& area);
  void draw_table(const Canvas& canvas, const Rect& area);
  void draw_row(const Canvas& canvas, const Rect& row, int index);
  std::string explain(const Words& words, int index, int column) const;
  void keys();

  // zigzag.cpp
  void draw_zigzag(const Canvas& canvas);
  void draw_paths(const Canvas& canvas, const Rect& area);
  void draw_inputs(const Canvas& canvas, const Rect& area);
  void draw_comparison(const Canvas& canvas, const Rect& area) const;

  // dying.cpp
  void draw_dying(const Canvas& canvas);
  void draw_plane(const Canvas& canvas, const Rect& area);
  void draw_units(const Canvas& canvas, const Rect& area);
  void draw_history(const Canvas& canvas, const Rect& area);

  State& state_;
  std::uint64_t seen_state_ = 0;
  View view_ = View::curve;
  Activation kind_ = Activation::relu;
  double spread_ = -1.0;  // of the inputs that profiles_ are of

  std::vector<double> inputs_;
  std::array<ActivationProfile, activation_count> profiles_;
  std::array<ActivationCost, activation_count> costs_{};  // 0: not measured yet
  int costs_done_ = 0;
  Histogram before_, after_, slopes_;
  std::vector<PlotPoint> f_, df_;
  double value_ = 0.0, slope_ = 0.0;

  ZigZag raw_, centred_;
  Recipe recipe_;
  std::unique_ptr<DyingUnits> net_;
  std::vector<PlotPoint> loss_, dead_;
  std::optional<int> pointed_unit_;
};

// f as one writes it.
const char* formula(Activation kind);
// The place of a function in the table.
int index_of(Activation kind);

}  // namespace cvlab::app
