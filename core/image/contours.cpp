#include "core/image/contours.hpp"

#include <cmath>
#include <utility>

namespace cvlab {

namespace {

// Every edge of the grid is crossed at most once: horizontal ones first, then vertical ones. Each crossing has at most
// two neighbours, one in each of the edge's two cells.
struct Crossings {
  int rows, columns;
  std::vector<int> next;  // two an edge, -1 = none

  Crossings(int r, int c) : rows(r), columns(c), next(2 * static_cast<std::size_t>(r * (c - 1) + (r - 1) * c), -1) {}

  int horizontal(int row, int column) const { return row * (columns - 1) + column; }
  int vertical(int row, int column) const { return rows * (columns - 1) + row * columns + column; }
  int edges() const { return static_cast<int>(next.size() / 2); }
  int& neighbour(int edge, int which) {
    return next[2 * static_cast<std::size_t>(edge) + static_cast<std::size_t>(which)];
  }

  void join(int a, int b) {
    neighbour(a, neighbour(a, 0) < 0 ? 0 : 1) = b;
    neighbour(b, neighbour(b, 0) < 0 ? 0 : 1) = a;
  }
};

void join_cell(Crossings& crossings, ConstView values, float level, int row, int column) {
  const float corner[4] = {values(row, column), values(row, column + 1), values(row + 1, column + 1),
                           values(row + 1, column)};
  float mean = 0.0f;
  for (const float v : corner) mean += 0.25f * v;
  if (!std::isfinite(mean)) return;
  // Edge k joins corners k and k + 1.
  const int edge[4] = {crossings.horizontal(row, column), crossings.vertical(row, column + 1),
                       crossings.horizontal(row + 1, column), crossings.vertical(row, column)};
  int crossed[4];
  int count = 0;
  for (int k = 0; k < 4; ++k) {
    if ((corner[k] >= level) != (corner[(k + 1) % 4] >= level)) crossed[count++] = edge[k];
  }
  if (count == 2) crossings.join(crossed[0], crossed[1]);
  if (count != 4) return;
  // Each corner unlike the mean is cut off by itself: corner k lies between edges k - 1 and k.
  const int alone = (corner[0] >= level) == (mean >= level) ? 1 : 0;
  crossings.join(edge[(alone + 3) % 4], edge[alone]);
  crossings.join(edge[alone + 1], edge[alone + 2]);
}

ContourPoint place(const Crossings& crossings, ConstView values, float level, int edge) {
  const int first_vertical = crossings.rows * (crossings.columns - 1);
  const bool across = edge < first_vertical;
  const int columns = across ? crossings.columns - 1 : crossings.columns;
  const int at = across ? edge : edge - first_vertical;
  const int row = at / columns, column = at % columns;
  const float a = values(row, column), b = across ? values(row, column + 1) : values(row + 1, column);
  const float t = (level - a) / (b - a);
  return {static_cast<float>(column) + (across ? t : 0.0f), static_cast<float>(row) + (across ? 0.0f : t)};
}

}  // namespace

std::vector<Contour> contours(ConstView values, float level) {
  const int rows = static_cast<int>(values.size(0)), columns = static_cast<int>(values.size(1));
  std::vector<Contour> lines;
  if (rows < 2 || columns < 2) return lines;
  Crossings crossings(rows, columns);
  for (int row = 0; row + 1 < rows; ++row) {
    for (int column = 0; column + 1 < columns; ++column) join_cell(crossings, values, level, row, column);
  }
  std::vector<char> done(static_cast<std::size_t>(crossings.edges()), 0);
  const auto follow = [&](int edge) {
    Contour line;
    for (int at = edge; at >= 0;) {
      done[static_cast<std::size_t>(at)] = 1;
      line.points.push_back(place(crossings, values, level, at));
      int next = -1;
      for (int k = 0; k < 2; ++k) {
        const int to = crossings.neighbour(at, k);
        if (to >= 0 && done[static_cast<std::size_t>(to)] == 0) next = to;
      }
      at = next;
    }
    return line;
  };
  // Open lines from one of their ends, then what is left: closed ones.
  for (int edge = 0; edge < crossings.edges(); ++edge) {
    const bool end = crossings.neighbour(edge, 0) >= 0 && crossings.neighbour(edge, 1) < 0;
    if (end && done[static_cast<std::size_t>(edge)] == 0) lines.push_back(follow(edge));
  }
  for (int edge = 0; edge < crossings.edges(); ++edge) {
    if (crossings.neighbour(edge, 0) < 0 || done[static_cast<std::size_t>(edge)] != 0) continue;
    lines.push_back(follow(edge));
    lines.back().closed = true;
  }
  return lines;
}

}  // namespace cvlab
