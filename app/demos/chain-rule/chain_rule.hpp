// The chain rule on any expression: its computational graph, values from left to right, derivatives back, node by node.
// The core's ScalarGraph computes; chain_rule.cpp follows the state, names.cpp puts nodes into symbols, stage.cpp draws
// the expression and the graph, panels.cpp formula, table and curve.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/demo.hpp"
#include "app/views/formula.hpp"
#include "app/views/graph.hpp"
#include "app/views/graph_layout.hpp"
#include "app/views/number_editor.hpp"
#include "app/views/plot.hpp"
#include "core/autodiff/scalar_graph.hpp"

namespace cvlab::app {

const DemoInfo& demo_info_chain_rule();
std::unique_ptr<Demo> make_chain_rule(DemoContext context);

class ChainRule final : public Demo {
 public:
  explicit ChainRule(DemoContext context) : state_(context.state) {}

  bool update(double dt) override;
  void draw(Canvas& canvas) override;
  Readouts readouts() const override;
  bool step(int delta) override;
  double step_seconds() const override { return 0.9; }
  std::string sentence(const Words& words) const override;

 private:
  struct Layout {
    Rect expression, graph, formula, table, plot;
    bool down = false;  // the graph runs from above to below
  };

  // chain_rule.cpp
  void parse();
  void read_values();
  void run();
  int steps() const { return forward_steps_ + backward_steps_; }
  int done() const { return std::min(state_.integer("step"), steps()); }
  int looked_at() const;  // the node that read-outs are about
  int focus() const;      // the node that formula and curve are about: pointed at, or of the present step
  void edit(int node, double value);

  // names.cpp
  void name_nodes();
  const ScalarNode& node(int i) const { return graph_->nodes()[static_cast<std::size_t>(i)]; }
  const ScalarNode& whole(int i) const { return full_->nodes()[static_cast<std::size_t>(i)]; }
  const std::string& symbol(int i) const { return symbols_[static_cast<std::size_t>(i)]; }
  std::string plain(int i) const;  // without "_"
  std::string sign_of(int i) const;
  std::string rule_of(int i, int operand) const;  // the local derivative as a formula
  FormulaPiece derivative(int of, int by, double value, ImU32 colour, const Words& words) const;
  std::vector<FormulaPiece> forward_pieces(const Canvas& canvas, int i) const;
  std::vector<FormulaPiece> backward_pieces(const Canvas& canvas, int i) const;
  std::vector<FormulaPiece> gradient_pieces(const Canvas& canvas, int i) const;

  // stage.cpp
  Layout layout(const Canvas& canvas) const;
  void draw_expression_line(const Canvas& canvas, const Rect& area) const;
  void build_graph(const Canvas& canvas, const Layout& layout);
  void add_node(const Canvas& canvas, const Layout& layout, int i, ImVec2 middle, ImVec2 half);
  void add_edge(const Canvas& canvas, int i, int operand, const std::vector<ImVec2>& corners);
  std::vector<bool> nodes_on_paths() const;
  void point(const Canvas& canvas, const Layout& layout, const GraphPlan& plan);

  // panels.cpp
  void draw_explanation(const Canvas& canvas, const Rect& area);
  void draw_table(const Canvas& canvas, const Rect& area);
  void draw_curve(const Canvas& canvas, const Rect& area);
  void sample_function(int i);
  void sample_output(int i);

  State& state_;
  std::uint64_t seen_state_ = 0;
  std::string text_;
  std::optional<ScalarGraph> graph_;  // as far as the steps have come
  std::optional<ScalarGraph> full_;   // forward and backward done
  Error problem_;
  std::size_t wrong_at_ = 0;
  Error values_problem_;
  int forward_steps_ = 0;
  int backward_steps_ = 0;
  int current_ = -1;  // node of the last step
  bool backward_ = false;
  bool rested_ = false;  // the end was reached: the next step begins again
  std::vector<std::string> symbols_;
  LayeredGraph layers_;
  int pieces_ = 0;                             // of the lines between the nodes
  std::vector<std::pair<int, int>> edges_;     // from operand to node, as in layers_
  std::vector<std::pair<int, int>> operands_;  // of each edge: node, operand

  Graph picture_;
  std::vector<std::pair<int, int>> edge_of_;  // of each drawn piece: node, operand
  NumberEditor editor_;
  int pointed_ = -1;
  std::vector<PlotPoint> curve_, slope_;
  std::uint64_t sampled_version_ = 0;
  int sampled_ = -1;
};

}  // namespace cvlab::app
