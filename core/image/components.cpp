#include "core/image/components.hpp"

#include <algorithm>
#include <cassert>

namespace cvlab {

namespace {

void check(const Image& mask, int neighbours) {
  assert(mask.channels <= 1 && (neighbours == 4 || neighbours == 8) && "components: one channel, 4 or 8 neighbours");
  (void)mask;
  (void)neighbours;
}

void start(const Image& mask, Components& out) {
  out.width = mask.width;
  out.height = mask.height;
  out.label.assign(mask.data.size(), 0);
  out.list.clear();
}

// Sums until finish() divides: x and y are sums of columns and rows, width and height the last column and row.
void add_run(Component& c, int row, int first, int end) {
  const int n = end - first;
  if (c.area == 0) c = {0, first, row, end - 1, row, 0.0, 0.0};
  c.area += n;
  c.left = std::min(c.left, first);
  c.width = std::max(c.width, end - 1);
  c.height = row;
  c.x += 0.5 * static_cast<double>(n) * static_cast<double>(first + end - 1);
  c.y += static_cast<double>(n) * row;
}

void finish(Component& c) {
  c.width += 1 - c.left;
  c.height += 1 - c.top;
  c.x /= static_cast<double>(c.area);
  c.y /= static_cast<double>(c.area);
}

std::size_t index(const Components& c, int row, int column) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(c.width) + static_cast<std::size_t>(column);
}

void measure(Components& out) {
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width;) {
      const std::int32_t label = out.at(y, x);
      const int first = x;
      while (x < out.width && out.at(y, x) == label) ++x;
      if (label > 0) add_run(out.list[static_cast<std::size_t>(label - 1)], y, first, x);
    }
  }
  for (Component& c : out.list) finish(c);
}

void flood(const Image& mask, int neighbours, int row, int column, std::int32_t label, Components& out) {
  std::vector<std::pair<int, int>> open = {{row, column}};
  out.label[index(out, row, column)] = label;
  while (!open.empty()) {
    const auto [y, x] = open.back();
    open.pop_back();
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        const int ny = y + dy, nx = x + dx;
        if (neighbours == 4 && dy != 0 && dx != 0) continue;
        if (ny < 0 || nx < 0 || ny >= mask.height || nx >= mask.width) continue;
        if (mask.at(ny, nx) == 0 || out.at(ny, nx) != 0) continue;
        out.label[index(out, ny, nx)] = label;
        open.emplace_back(ny, nx);
      }
    }
  }
}

struct Run {
  int row, first, end;
  std::int32_t parent;  // index of a run of the same piece, never a later one; its own: the piece's first
};

std::int32_t root(std::vector<Run>& runs, std::int32_t i) {
  const auto at = [&](std::int32_t k) -> std::int32_t& { return runs[static_cast<std::size_t>(k)].parent; };
  while (at(i) != i) {
    at(i) = at(at(i));
    i = at(i);
  }
  return i;
}

void join(std::vector<Run>& runs, std::int32_t a, std::int32_t b) {
  a = root(runs, a);
  b = root(runs, b);
  runs[static_cast<std::size_t>(std::max(a, b))].parent = std::min(a, b);
}

void find_runs(const Image& mask, int y, std::vector<Run>& runs) {
  const std::uint8_t* row = mask.data.data() + static_cast<std::ptrdiff_t>(y) * mask.width;
  for (int x = 0; x < mask.width;) {
    while (x < mask.width && row[x] == 0) ++x;
    if (x == mask.width) return;
    const int first = x;
    while (x < mask.width && row[x] != 0) ++x;
    runs.push_back({y, first, x, static_cast<std::int32_t>(runs.size())});
  }
}

// Runs [above, here) are the row above, [here, end) this one: both are in order, so one walk finds who touches.
void join_rows(std::vector<Run>& runs, std::size_t above, std::size_t here, int reach) {
  std::size_t a = above;
  for (std::size_t b = here; b < runs.size(); ++b) {
    while (a < here && runs[a].end + reach <= runs[b].first) ++a;
    for (std::size_t k = a; k < here && runs[k].first < runs[b].end + reach; ++k) {
      join(runs, static_cast<std::int32_t>(k), static_cast<std::int32_t>(b));
    }
  }
}

}  // namespace

void components_ref(const Image& mask, int neighbours, Components& out) {
  check(mask, neighbours);
  start(mask, out);
  std::int32_t label = 0;
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x)
      if (mask.at(y, x) != 0 && out.at(y, x) == 0) flood(mask, neighbours, y, x, ++label, out);
  out.list.resize(static_cast<std::size_t>(label));
  measure(out);
}

void components(const Image& mask, int neighbours, Components& out) {
  check(mask, neighbours);
  start(mask, out);
  static thread_local std::vector<Run> runs;
  runs.clear();
  std::size_t above = 0;
  for (int y = 0; y < mask.height; ++y) {
    const std::size_t here = runs.size();
    find_runs(mask, y, runs);
    join_rows(runs, above, here, neighbours == 8 ? 1 : 0);
    above = here;
  }
  static thread_local std::vector<std::int32_t> label_of;
  label_of.resize(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto first = static_cast<std::size_t>(root(runs, static_cast<std::int32_t>(i)));
    if (first == i) {
      out.list.emplace_back();
      label_of[i] = static_cast<std::int32_t>(out.list.size());
    }
    const std::int32_t label = label_of[i] = label_of[first];
    const Run& run = runs[i];
    add_run(out.list[static_cast<std::size_t>(label - 1)], run.row, run.first, run.end);
    std::fill_n(out.label.begin() + static_cast<std::ptrdiff_t>(index(out, run.row, run.first)), run.end - run.first,
                label);
  }
  for (Component& c : out.list) finish(c);
}

void drop_small(Components& components, std::int64_t area) {
  std::vector<std::int32_t> renamed(components.list.size() + 1, 0);
  std::vector<Component> kept;
  for (std::size_t i = 0; i < components.list.size(); ++i) {
    if (components.list[i].area < area) continue;
    kept.push_back(components.list[i]);
    renamed[i + 1] = static_cast<std::int32_t>(kept.size());
  }
  components.list = std::move(kept);
  for (std::int32_t& label : components.label) label = renamed[static_cast<std::size_t>(label)];
}

}  // namespace cvlab
