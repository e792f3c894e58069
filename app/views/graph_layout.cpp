#include "app/views/graph_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace cvlab::app {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

struct Link {
  int to = 0;
  float weight = 1.0F;  // what has nothing before it goes where it fits; the others want straight lines
};

// Nodes, then the corners of long edges, all alike.
struct Layout {
  std::vector<bool> given;  // has nothing before it
  std::vector<int> column;
  std::vector<float> across;
  std::vector<std::vector<Link>> links;
  std::vector<std::vector<int>> columns;  // in order from above

  int add(int where) {  // into no column yet
    column.push_back(where);
    across.push_back(0.5F);
    links.emplace_back();
    given.push_back(false);
    return static_cast<int>(column.size()) - 1;
  }
  void link(int a, int b, float weight) {
    links[at(a)].push_back({b, weight});
    links[at(b)].push_back({a, weight});
  }
  float wanted(int item) const {
    float sum = 0.0F;
    float weight = 0.0F;
    for (const Link& l : links[at(item)]) {
      sum += l.weight * across[at(l.to)];
      weight += l.weight;
    }
    return weight > 0.0F ? sum / weight : across[at(item)];
  }
};

std::vector<int> columns_of(int nodes, std::span<const std::pair<int, int>> edges) {
  std::vector<int> column(at(nodes), 0);
  std::vector<bool> source(at(nodes), true);
  for (int n = 0; n < nodes; ++n) {  // edges lead to later nodes, so one pass is enough
    for (const auto& [from, to] : edges) {
      if (to != n) continue;
      source[at(n)] = false;
      column[at(n)] = std::max(column[at(n)], column[at(from)] + 1);
    }
  }
  for (int n = 0; n < nodes; ++n) {
    if (!source[at(n)]) continue;
    int first = std::numeric_limits<int>::max();
    for (const auto& [from, to] : edges) {
      if (from == n) first = std::min(first, column[at(to)] - 1);
    }
    if (first != std::numeric_limits<int>::max()) column[at(n)] = first;
  }
  return column;
}

// Keeps a column's order and a distance between neighbours, as near as may be to where each wants to be.
void spread(Layout& layout, const std::vector<int>& items, float distance) {
  if (items.empty()) return;
  std::vector<float> y;
  y.reserve(items.size());
  for (const int item : items) y.push_back(layout.wanted(item));
  for (std::size_t i = 1; i < y.size(); ++i) y[i] = std::max(y[i], y[i - 1] + distance);
  float shift = 0.0F;  // pushing went downwards only: share it
  for (std::size_t i = 0; i < y.size(); ++i) shift += (layout.wanted(items[i]) - y[i]) / static_cast<float>(y.size());
  for (float& value : y) value += shift;
  y.back() = std::min(y.back(), 1.0F - 0.5F * distance);
  for (std::size_t i = y.size() - 1; i > 0; --i) y[i - 1] = std::min(y[i - 1], y[i] - distance);
  y.front() = std::max(y.front(), 0.5F * distance);
  for (std::size_t i = 1; i < y.size(); ++i) y[i] = std::max(y[i], y[i - 1] + distance);
  for (std::size_t i = 0; i < y.size(); ++i) layout.across[at(items[i])] = y[i];
}

void arrange(Layout& layout, float distance) {
  for (auto& items : layout.columns) {
    for (std::size_t i = 0; i < items.size(); ++i)
      layout.across[at(items[i])] = (static_cast<float>(i) + 0.5F) / static_cast<float>(items.size());
  }
  const int count = static_cast<int>(layout.columns.size());
  for (int sweep = 0; sweep < 12; ++sweep) {
    for (int i = 0; i < count; ++i) {
      auto& items = layout.columns[at(sweep % 2 == 0 ? i : count - 1 - i)];
      std::vector<long> wish(layout.column.size());  // rounded: what hardly differs keeps its order
      for (const int item : items) {
        // What is given stands below what is computed, unless its use is further away than that.
        const float lower = layout.given[at(item)] ? distance : 0.0F;
        wish[at(item)] = std::lround(1e4F * (layout.wanted(item) + lower));
      }
      if (sweep < 8)
        std::stable_sort(items.begin(), items.end(), [&](int a, int b) { return wish[at(a)] < wish[at(b)]; });
      spread(layout, items, distance);
    }
  }
}

}  // namespace

LayeredGraph layer_graph(int nodes, std::span<const std::pair<int, int>> edges) {
  LayeredGraph result;
  if (nodes <= 0) return result;
  const std::vector<int> column = columns_of(nodes, edges);
  result.columns = *std::max_element(column.begin(), column.end()) + 1;
  Layout layout;
  layout.columns.resize(at(result.columns));
  std::vector<bool> source(at(nodes), true);
  for (const auto& [from, to] : edges) source[at(to)] = false;
  for (const bool given : {false, true}) {  // what is computed above, what is given below: chains run straight
    for (int n = 0; n < nodes; ++n)
      if (source[at(n)] == given) layout.columns[at(column[at(n)])].push_back(n);
  }
  for (int n = 0; n < nodes; ++n) layout.given[at(layout.add(column[at(n)]))] = source[at(n)];
  std::vector<std::vector<int>> corners;
  for (const auto& [from, to] : edges) {
    const float weight = source[at(from)] ? 0.35F : 1.0F;
    int last = from;
    corners.emplace_back();
    for (int c = column[at(from)] + 1; c < column[at(to)]; ++c) {
      const int corner = layout.add(c);
      layout.columns[at(c)].push_back(corner);
      layout.link(last, corner, 2.0F * weight);
      corners.back().push_back(corner);
      last = corner;
    }
    layout.link(last, to, weight);
  }
  for (const auto& items : layout.columns) result.widest = std::max(result.widest, static_cast<int>(items.size()));
  arrange(layout, 1.0F / static_cast<float>(std::max(1, result.widest)));
  const auto place = [&](int item) { return LayeredPlace{layout.column[at(item)], layout.across[at(item)]}; };
  for (int n = 0; n < nodes; ++n) result.nodes.push_back(place(n));
  for (const auto& list : corners) {
    result.corners.emplace_back();
    for (const int corner : list) result.corners.back().push_back(place(corner));
  }
  return result;
}

}  // namespace cvlab::app
