// A graph at given places: networks of neurons, computational graphs. Signed weights are lines in the signed colours,
// the wider the larger; values fill nodes; a path can glow. Labels of edges find themselves a free place on their line:
// they never cover a node or each other, and are left out where there is no room.
//
//   Graph graph;  graph.nodes = …;  graph.edges = …;
//   const GraphPlan plan = plan_graph(canvas, graph);          // where lines and labels are
//   const GraphHit over = graph_hit(graph, plan, mouse.x, mouse.y);
//   draw_graph(canvas, graph, plan);
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

enum class GraphTone {
  plain,
  faint,  // steps back
  path    // glows: what is being looked at
};
enum class GraphArrow { none, forward, backward };

struct GraphText {
  std::string text;
  ImU32 colour = 0;   // 0: ink
  bool name = false;  // in the type of words, "_" lowers what follows; else a number
};

// Without a size it is a corner that lines pass: nothing is drawn, nothing is hit.
struct GraphNode {
  float x = 0.0F;  // the middle, on the screen
  float y = 0.0F;
  float half_width = 20.0F;
  float half_height = 20.0F;
  bool round = true;                  // an ellipse, else a box
  std::vector<GraphText> lines = {};  // one below the other in the middle; made smaller to fit
  std::optional<double> value = {};   // fills it in the signed colours, up to Graph::value_range
  bool in_row = false;                // `lines` side by side instead
  GraphTone tone = GraphTone::plain;
};

struct GraphEdge {
  int from = 0;
  int to = 0;
  std::optional<double> weight = {};  // signed colour and width, up to Graph::weight_range; else a thin grey line
  std::vector<GraphText> label = {};
  GraphTone tone = GraphTone::plain;
  GraphArrow arrow = GraphArrow::none;
  float place = 0.5F;    // where on the line the label would like to be
  float from_dy = 0.0F;  // moves the ends up and down: two edges between the same nodes
  float to_dy = 0.0F;
};

struct Graph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  double weight_range = 1.0;
  double value_range = 1.0;
  bool down = false;   // with `bend`: from the lower side to the upper one
  float bend = 0.0F;   // 0: straight lines from middle to middle; 0.5: from the right side to the left one, in an S
  float text = 13.0F;  // px of the em of names; numbers are a little smaller
};

// From a graph alone; nothing here depends on the pointer.
struct GraphPlan {
  std::vector<std::array<ImVec2, 4>> curves;  // of each edge, cubic, from outline to outline
  std::vector<std::optional<Rect>> labels;    // of each edge
};

struct GraphHit {
  int node = -1;
  int edge = -1;
  bool any() const { return node >= 0 || edge >= 0; }
  bool operator==(const GraphHit&) const = default;
};

GraphPlan plan_graph(const Canvas& canvas, const Graph& graph);
void draw_graph(const Canvas& canvas, const Graph& graph, const GraphPlan& plan);
// Nodes first, then labels, then the nearest line within `reach` px.
GraphHit graph_hit(const Graph& graph, const GraphPlan& plan, float x, float y, float reach = 8.0F);
ImVec2 curve_point(const std::array<ImVec2, 4>& curve, float t);

}  // namespace cvlab::app
