// Backpropagation on the smallest network that has a hidden layer, every number under its textbook name, one product at
// a time. The core's BackpropExample computes and lists the moments; backprop.cpp follows the state, stage.cpp draws
// the network, panels.cpp the formula, the table and the curve.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/formula.hpp"
#include "app/views/graph.hpp"
#include "app/views/number_editor.hpp"
#include "app/views/plot.hpp"
#include "core/autodiff/backprop_example.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_backprop();
std::unique_ptr<Demo> make_backprop(DemoContext context);

class Backprop final : public Demo {
 public:
  static constexpr int most_updates = 10'000;

  explicit Backprop(DemoContext context) : state_(context.state), example_(BackpropSettings{}) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.8; }
  void restart() override { goal_ = -1; }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect graph, formula, table, buttons, plot;
    bool wide = true;
  };
  // What stands at a node or an edge of the picture.
  struct Place {
    std::string name;    // of the quantity; of an edge: "w5", or the derivative along it
    std::string edits;   // parameter that a click edits
    std::string inside;  // derivative whose value is shown, once it is computed
  };

  // backprop.cpp
  void recompute();
  BackpropSettings settings_of_state() const;
  int moment_count() const { return static_cast<int>(example_.moments().size()); }
  int done() const;  // moments that are over
  bool known(std::string_view name) const;
  const BackpropMoment* moment() const;  // the one that has just happened
  void edit(const std::string& param, double value);
  void train_to(int updates);
  bool lit(std::string_view name) const;

  // stage.cpp
  Layout layout(const Rect& area) const;
  void build_graph(const Canvas& canvas, const Layout& layout);
  void add_nodes(const Canvas& canvas, const Rect& area);
  void add_edges(const Canvas& canvas);
  int add_node(const Canvas& canvas, const Place& place, float x, float y, float half_width, float half_height);
  void add_edge(const Canvas& canvas, const char* from, const char* to, const char* weight, float place);
  int node_of(std::string_view name) const;
  void draw_network(const Canvas& canvas, const Layout& layout);
  void draw_capsules(const Canvas& canvas) const;
  void point(const Canvas& canvas, const Layout& layout, const GraphPlan& plan);

  // panels.cpp
  void draw_explanation(const Canvas& canvas, const Rect& area);
  float draw_check(const Canvas& canvas, const Rect& in, const std::string& target) const;
  std::vector<FormulaPiece> pieces_of(const Canvas& canvas, const BackpropFormula& formula, int part) const;
  std::string what_happens(const Words& words, const std::string& target) const;
  void draw_table(const Canvas& canvas, const Rect& area);
  void draw_curve(const Canvas& canvas, const Layout& layout);
  void draw_buttons(const Canvas& canvas, const Rect& area);

  State& state_;
  std::uint64_t seen_state_ = 0;
  BackpropSettings start_;
  BackpropExample example_;
  std::vector<double> losses_;
  std::vector<PlotPoint> curve_;
  int updates_ = 0;
  int goal_ = -1;  // updates to play to; -1: none
  double playing_ = 0.0;

  Graph graph_;
  std::vector<Place> node_places_;
  std::vector<Place> edge_places_;
  NumberEditor editor_;
  std::string pointed_;  // quantity under the pointer
  std::vector<std::string> lit_;
  bool roomy_ = false;  // labels in one line, E_total in a column of its own
  bool still_ = false;  // no movement wanted
};

// "net_h1" as it is, "w5" with a lowered 5; of a derivative the upper and the lower half of its fraction.
std::string symbol_of(std::string_view name);
FormulaPiece piece_of(std::string_view name);

}  // namespace cvlab::app
