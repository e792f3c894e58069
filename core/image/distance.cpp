#include "core/image/distance.hpp"

#include <algorithm>
#include <cassert>

#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

// Distance to the nearest 0 of the same column; `far` where there is none.
void down_columns(const Image& mask, std::int32_t far, std::vector<std::int32_t>& out) {
  const auto w = static_cast<std::size_t>(mask.width);
  for (std::size_t i = 0; i < mask.data.size(); ++i) {
    out[i] = mask.data[i] == 0 ? 0 : i < w ? far : std::min(far, out[i - w] + 1);
  }
  for (std::size_t i = mask.data.size(); i-- > 0;) {
    if (i + w < mask.data.size()) out[i] = std::min(out[i], out[i + w] + 1);
  }
}

struct Parabola {
  int at;     // its column
  int first;  // from where on it is the lowest
};

// Least over u of (x - u)^2 + g(u)^2 for every x of a row, in place; `lowest` is scratch.
void along_row(std::int32_t* g, int width, std::vector<Parabola>& lowest) {
  static thread_local std::vector<std::int64_t> square;
  square.resize(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) square[static_cast<std::size_t>(x)] = std::int64_t{g[x]} * g[x];
  const auto height = [&](int x, int u) { return std::int64_t{x - u} * (x - u) + square[static_cast<std::size_t>(u)]; };
  lowest.clear();
  lowest.push_back({0, 0});
  for (int u = 1; u < width; ++u) {
    while (!lowest.empty() && height(lowest.back().first, lowest.back().at) > height(lowest.back().first, u)) {
      lowest.pop_back();
    }
    if (lowest.empty()) {
      lowest.push_back({u, 0});
      continue;
    }
    const int v = lowest.back().at;
    const std::int64_t over = std::int64_t{u} * u - std::int64_t{v} * v + square[static_cast<std::size_t>(u)] -
                              square[static_cast<std::size_t>(v)];
    const std::int64_t cut = over >= 0 ? over / (2 * (u - v)) : -1;
    if (cut + 1 < width) lowest.push_back({u, static_cast<int>(cut + 1)});
  }
  for (int x = width - 1; x >= 0; --x) {
    g[x] = static_cast<std::int32_t>(height(x, lowest.back().at));
    if (x == lowest.back().first) lowest.pop_back();
  }
}

bool has_zero(const Image& mask) {
  return std::find(mask.data.begin(), mask.data.end(), std::uint8_t{0}) != mask.data.end();
}

}  // namespace

void squared_distance_ref(const Image& mask, std::vector<std::int32_t>& squared) {
  assert(mask.channels <= 1 && "squared_distance: one channel");
  squared.assign(mask.data.size(), no_zero);
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x) {
      std::int32_t& least =
          squared[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width) + static_cast<std::size_t>(x)];
      for (int v = 0; v < mask.height; ++v)
        for (int u = 0; u < mask.width; ++u)
          if (mask.at(v, u) == 0) least = std::min(least, (x - u) * (x - u) + (y - v) * (y - v));
    }
  }
}

void squared_distance(const Image& mask, std::vector<std::int32_t>& squared) {
  assert(mask.channels <= 1 && "squared_distance: one channel");
  squared.assign(mask.data.size(), no_zero);
  if (!has_zero(mask)) return;
  down_columns(mask, mask.width + mask.height, squared);
  parallel_for(0, mask.height, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    static thread_local std::vector<Parabola> lowest;
    for (std::ptrdiff_t y = first; y < last; ++y) along_row(squared.data() + y * mask.width, mask.width, lowest);
  });
}

}  // namespace cvlab
