#include "app/views/graph_layout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <utility>
#include <vector>

using namespace cvlab::app;

namespace {

using Edges = std::vector<std::pair<int, int>>;

}  // namespace

TEST_CASE("graph layout: edges lead to later columns; inputs stand right before their first use", "[app][graph]") {
  // (w2 * f(w1 * x)) : x w1 * f w2 *
  const Edges edges = {{0, 2}, {1, 2}, {2, 3}, {3, 5}, {4, 5}};
  const LayeredGraph graph = layer_graph(6, edges);
  CHECK(graph.columns == 4);
  CHECK(graph.widest == 2);
  for (const auto& [from, to] : edges)
    CHECK(graph.nodes[static_cast<std::size_t>(from)].column < graph.nodes[static_cast<std::size_t>(to)].column);
  CHECK(graph.nodes[4].column == 2);  // w2 beside f
  for (const auto& corners : graph.corners) CHECK(corners.empty());
}

TEST_CASE("graph layout: nothing in a column lies on anything else, long edges included", "[app][graph]") {
  // x is used at once and at the end, and so is the first product.
  const Edges edges = {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {0, 4}, {1, 4}, {4, 5}, {5, 6}, {1, 6}};
  const LayeredGraph graph = layer_graph(7, edges);
  std::vector<std::vector<float>> columns(static_cast<std::size_t>(graph.columns));
  for (const LayeredPlace& p : graph.nodes) columns[static_cast<std::size_t>(p.column)].push_back(p.across);
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const auto column = [&](int n) { return graph.nodes[static_cast<std::size_t>(n)].column; };
    CHECK(static_cast<int>(graph.corners[e].size()) == column(edges[e].second) - column(edges[e].first) - 1);
    for (const LayeredPlace& p : graph.corners[e]) columns[static_cast<std::size_t>(p.column)].push_back(p.across);
  }
  for (const auto& column : columns) {
    CHECK(static_cast<int>(column.size()) <= graph.widest);
    for (std::size_t i = 0; i < column.size(); ++i) {
      CHECK((column[i] > 0.0F && column[i] < 1.0F));
      for (std::size_t j = 0; j < i; ++j)
        CHECK(std::fabs(column[i] - column[j]) > 0.9F / static_cast<float>(graph.widest));
    }
  }
}

TEST_CASE("graph layout: one node, none", "[app][graph]") {
  CHECK(layer_graph(0, {}).columns == 0);
  const LayeredGraph one = layer_graph(1, {});
  CHECK(one.columns == 1);
  CHECK(one.nodes[0].across == 0.5F);
}
