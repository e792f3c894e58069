#include "app/views/graph.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <string>

#include "app/views/symbols.hpp"
#include "tests/app/app_fixture.hpp"

using namespace cvlab::app;
using Catch::Matchers::WithinAbs;

namespace {

// A frame that is being drawn, so that text can be measured and lists take lines.
struct Stage {
  Stage() : graphics(make_null_graphics()) {
    ImGui::GetIO().DisplaySize = {800.0F, 600.0F};
    ImGui::NewFrame();
  }
  ~Stage() { ImGui::EndFrame(); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  Canvas canvas() {
    return {*ImGui::GetForegroundDrawList(), {0, 0, 800, 600}, theme(false), imgui.fonts, words, *graphics, false};
  }

  HeadlessImGui imgui;
  Words words;
  std::unique_ptr<Graphics> graphics;
};

// Two full layers of n nodes; the labels have hardly room.
Graph layers(int n, float gap) {
  Graph graph;
  for (int i = 0; i < n; ++i) {
    graph.nodes.push_back({.x = 100.0F, .y = 80.0F + gap * static_cast<float>(i)});
    graph.nodes.push_back({.x = 400.0F, .y = 80.0F + gap * static_cast<float>(i)});
  }
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      GraphEdge edge{.from = 2 * i, .to = 2 * j + 1, .weight = i - j, .label = {{"w_11", 0, true}, {"0.123"}}};
      graph.edges.push_back(edge);
    }
  }
  return graph;
}

bool overlap(const Rect& a, const Rect& b) { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1; }

}  // namespace

TEST_CASE("graph: lines go from outline to outline", "[app][graph]") {
  Stage stage;
  Graph graph;
  graph.nodes = {{.x = 100.0F, .y = 100.0F}, {.x = 300.0F, .y = 100.0F, .round = false}};
  graph.edges = {{.from = 0, .to = 1}};
  for (const float bend : {0.0F, 0.5F}) {
    graph.bend = bend;
    const GraphPlan plan = plan_graph(stage.canvas(), graph);
    CHECK_THAT(static_cast<double>(plan.curves[0][0].x), WithinAbs(120.0, 1e-4));
    CHECK_THAT(static_cast<double>(plan.curves[0][3].x), WithinAbs(280.0, 1e-4));
    CHECK_THAT(static_cast<double>(curve_point(plan.curves[0], 0.5F).x), WithinAbs(200.0, 1e-3));
    CHECK_FALSE(plan.labels[0]);
  }
}

TEST_CASE("graph: labels lie on their lines, cover no node and no other label, or are left out", "[app][graph]") {
  Stage stage;
  int placed = 0;
  for (const int n : {2, 3, 6}) {
    for (const float gap : {30.0F, 60.0F, 150.0F}) {
      Graph graph = layers(n, gap);
      graph.edges[0].tone = GraphTone::path;
      const GraphPlan plan = plan_graph(stage.canvas(), graph);
      CHECK(plan.labels[0]);  // what glows comes first
      for (std::size_t e = 0; e < plan.labels.size(); ++e) {
        if (!plan.labels[e]) continue;
        ++placed;
        const Rect& box = *plan.labels[e];
        for (std::size_t other = e + 1; other < plan.labels.size(); ++other)
          CHECK_FALSE((plan.labels[other] && overlap(box, *plan.labels[other])));
        for (const GraphNode& node : graph.nodes) {
          CHECK_FALSE(overlap(box, {node.x - node.half_width, node.y - node.half_height, node.x + node.half_width,
                                    node.y + node.half_height}));
        }
      }
      draw_graph(stage.canvas(), graph, plan);
    }
  }
  CHECK(placed > 40);
  const GraphPlan two = plan_graph(stage.canvas(), layers(2, 150.0F));
  for (const auto& label : two.labels) CHECK(label);  // there is room for all four
}

TEST_CASE("graph: pointing finds nodes, then labels, then lines", "[app][graph]") {
  Stage stage;
  Graph graph = layers(2, 150.0F);
  graph.edges[3].weight = std::nan("");  // a network that diverged is still drawn
  const GraphPlan plan = plan_graph(stage.canvas(), graph);
  draw_graph(stage.canvas(), graph, plan);
  CHECK(graph_hit(graph, plan, 100.0F, 80.0F) == GraphHit{0, -1});
  CHECK(graph_hit(graph, plan, 400.0F, 230.0F) == GraphHit{3, -1});
  CHECK_FALSE(graph_hit(graph, plan, 250.0F, 400.0F).any());
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const Rect& box = *plan.labels[e];
    CHECK(graph_hit(graph, plan, box.x0 + 1.0F, box.y0 + 1.0F).edge == static_cast<int>(e));
  }
  const ImVec2 on_line = curve_point(plan.curves[0], 0.03F);
  CHECK(graph_hit(graph, plan, on_line.x, on_line.y + 3.0F).edge == 0);
  graph.nodes[0].round = false;  // the corner belongs to a box, not to a disc
  CHECK(graph_hit(graph, plan, 118.0F, 98.0F).node == 0);
  graph.nodes[0].round = true;
  CHECK(graph_hit(graph, plan, 118.0F, 98.0F).node == -1);
}

TEST_CASE("symbols: a lowered part is narrower than the same in line", "[app][graph]") {
  Stage stage;
  const Canvas canvas = stage.canvas();
  ImFont* font = canvas.fonts.text;
  CHECK(symbols_width(canvas, font, "net") == canvas.text_width(font, "net", font->FontSize));
  CHECK(symbols_width(canvas, font, "net_h1") < canvas.text_width(font, "neth1", font->FontSize));
  CHECK(symbols_width(canvas, font, "net_h1/w") > symbols_width(canvas, font, "net_h1"));
  CHECK(symbols_width(canvas, font, "") == 0.0F);
  CHECK(symbols_width(canvas, font, "a_") > 0.0F);
  CHECK(draw_symbols(canvas, font, 10, 10, 0xFF000000, "_1", Align::right) > 0.0F);
}
