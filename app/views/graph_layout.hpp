// Where the nodes of an acyclic graph go: columns from left to right, so that every edge leads to a later column, with
// few crossings. An edge that passes columns gets a place in each of them, so that it runs around nodes.
// After: K. Sugiyama, S. Tagawa, M. Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981.
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace cvlab::app {

struct LayeredPlace {
  int column = 0;
  float across = 0.5F;  // 0 .. 1
};

struct LayeredGraph {
  int columns = 0;
  int widest = 0;  // places in the fullest column
  std::vector<LayeredPlace> nodes;
  std::vector<std::vector<LayeredPlace>> corners;  // of each edge, between its ends
};

// Edges go from a node to one with a greater index. Nodes without an edge into them stand right before what uses them.
LayeredGraph layer_graph(int nodes, std::span<const std::pair<int, int>> edges);

}  // namespace cvlab::app
