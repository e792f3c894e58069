// One neuron: its arithmetic, the line that it draws through the plane, and what it can and cannot learn.
// The core's SingleNeuron computes; neuron.cpp follows the state, stage.cpp draws neuron and numbers, plane.cpp the
// plane.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/field.hpp"
#include "app/views/formula.hpp"
#include "app/views/graph.hpp"
#include "app/views/number_editor.hpp"
#include "app/views/plot.hpp"
#include "core/nn/single_neuron.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_neuron();
std::unique_ptr<Demo> make_neuron(DemoContext context);

class Neuron final : public Demo {
 public:
  static constexpr int most_steps = 400;

  explicit Neuron(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.35; }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect graph, formula, table, plane, curve;
    bool wide = true;
  };
  enum class Grip { none, input, line, arrow };
  // The line net = threshold inside the plane, and the arrow of the weights that stands on it.
  struct Boundary {
    double x[2], y[2];  // its ends
    double foot_x, foot_y, tip_x, tip_y;
  };

  // neuron.cpp
  SingleNeuron beginning() const;
  double x1() const { return state_.real("x1"); }
  double x2() const { return state_.real("x2"); }
  int last_example() const { return (state_.integer("steps") + 3) % 4; }
  void set_weights(double w1, double w2, double b);
  void set_input(double x1, double x2);
  void edit(const std::string& param, double value);
  std::optional<Boundary> boundary() const;

  // stage.cpp
  Layout layout(const Rect& area) const;
  void build_graph(const Canvas& canvas, const Layout& layout);
  void point(const Canvas& canvas, const Layout& layout, const GraphPlan& plan);
  void draw_analogy(const Canvas& canvas, const Layout& layout) const;
  void draw_explanation(const Canvas& canvas, const Rect& area) const;
  void draw_table(const Canvas& canvas, const Rect& area);
  void draw_curve(const Canvas& canvas, const Rect& area) const;

  // plane.cpp
  static void draw_answer(const Canvas& canvas, ImVec2 at, float radius, bool yes);
  FieldMap plane_map(const Rect& area) const;
  void draw_plane(const Canvas& canvas, const Rect& area);
  void draw_line(const Canvas& canvas, const FieldMap& map) const;
  void draw_corners(const Canvas& canvas, const FieldMap& map) const;
  void drag(const Canvas& canvas, const FieldMap& map);
  Grip grip_at(const FieldMap& map, float x, float y) const;
  void pull(Grip grip, double x, double y);

  State& state_;
  std::uint64_t seen_state_ = 0;
  SingleNeuron neuron_;
  LogicTask task_{};
  int right_ = 0;
  FieldView field_;
  std::vector<PlotPoint> curve_;
  Graph graph_;
  NumberEditor editor_;
  Grip grip_ = Grip::none;
};

}  // namespace cvlab::app
