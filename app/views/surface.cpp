#include "app/views/surface.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "app/gfx/shade.hpp"

namespace cvlab::app {

namespace {

constexpr float tilt = 0.55F;  // how much of the ground's depth is seen

// Ground coordinates in cells from the middle, heights 0 .. 1, to the screen.
struct Projection {
  float x = 0.0F, y = 0.0F, scale = 1.0F, height = 1.0F, sine = 0.0F, cosine = 1.0F;

  float depth(float gx, float gy) const { return gx * sine + gy * cosine; }
  ImVec2 at(float gx, float gy, float z) const {
    return {x + scale * (gx * cosine - gy * sine), y + scale * tilt * depth(gx, gy) - height * z};
  }
};

Projection project(const Rect& area, int rows, int columns, float turn) {
  Projection p;
  const float angle = turn * 3.14159265F / 180.0F;
  p.sine = std::sin(angle);
  p.cosine = std::cos(angle);
  const auto w = static_cast<float>(columns);
  const auto h = static_cast<float>(rows);
  const float across = std::hypot(w, h);  // whatever the turn
  p.scale = std::min(area.width() / across, 0.5F * area.height() / (tilt * across));
  p.height = std::max(10.0F, area.height() - p.scale * tilt * across - 4.0F);
  p.height = std::min(p.height, 0.75F * p.scale * across);
  p.x = 0.5F * (area.x0 + area.x1);
  p.y = 0.5F * (area.y0 + area.y1) + 0.5F * p.height;
  return p;
}

bool inside(const std::array<ImVec2, 4>& corners, ImVec2 point) {
  bool left = true;
  bool right = true;
  for (std::size_t i = 0; i < 4; ++i) {
    const ImVec2& a = corners[i];
    const ImVec2& b = corners[(i + 1) % 4];
    const float side = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
    left = left && side >= 0.0F;
    right = right && side <= 0.0F;
  }
  return left || right;
}

}  // namespace

std::optional<Cell> draw_surface(const Canvas& canvas, const Rect& area, const Surface& surface) {
  const int rows = static_cast<int>(surface.values.size(0));
  const int columns = static_cast<int>(surface.values.size(1));
  if (rows == 0 || columns == 0 || area.width() < 20.0F || area.height() < 20.0F) return {};
  const Projection p = project(area, rows, columns, surface.turn);
  const auto ground = [&](int cell) {
    const int row = cell / columns;
    const int column = cell % columns;
    return std::pair{static_cast<float>(column) - 0.5F * static_cast<float>(columns),
                     static_cast<float>(row) - 0.5F * static_cast<float>(rows)};
  };
  std::vector<int> order(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const auto [ax, ay] = ground(a);
    const auto [bx, by] = ground(b);
    return p.depth(ax, ay) < p.depth(bx, by);
  });
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  std::optional<Cell> found;
  const float line = std::clamp(p.scale / 14.0F, 0.0F, 1.0F);
  for (const int cell : order) {
    const auto [x, y] = ground(cell);
    const Cell at{cell / columns, cell % columns};
    const float value = surface.values(at.row, at.column);
    const float z = std::clamp(value / surface.high, 0.0F, 1.0F);
    const bool marked = surface.marked && *surface.marked == at;
    const ImU32 top = marked ? canvas.theme.focus : shade_colour(canvas.theme, Shade::sequential, 0.0F, 1.0F, z);
    const std::array<ImVec2, 4> foot = {ImVec2{x, y}, {x + 1.0F, y}, {x + 1.0F, y + 1.0F}, {x, y + 1.0F}};
    std::array<ImVec2, 4> low{};
    std::array<ImVec2, 4> high{};
    for (std::size_t i = 0; i < 4; ++i) {
      low[i] = p.at(foot[i].x, foot[i].y, 0.0F);
      high[i] = p.at(foot[i].x, foot[i].y, z);
    }
    // The sides that look towards us; those to the right lie in the shade.
    constexpr std::array<std::array<float, 2>, 4> normals = {
        {{0.0F, -1.0F}, {1.0F, 0.0F}, {0.0F, 1.0F}, {-1.0F, 0.0F}}};
    for (std::size_t i = 0; i < 4 && z > 0.0F; ++i) {
      if (p.depth(normals[i][0], normals[i][1]) <= 0.0F) continue;
      const std::size_t j = (i + 1) % 4;
      const float right = normals[i][0] * p.cosine - normals[i][1] * p.sine;
      canvas.list.AddQuadFilled(high[i], high[j], low[j], low[i],
                                mix(top, IM_COL32(0, 0, 0, 255), 0.45F + 0.2F * right));
      if (inside({high[i], high[j], low[j], low[i]}, mouse)) found = at;
    }
    canvas.list.AddQuadFilled(high[0], high[1], high[2], high[3], top);
    if (line > 0.3F)
      canvas.list.AddQuad(high[0], high[1], high[2], high[3], with_alpha(canvas.theme.paper, 0.35F * line), 1.0F);
    if (inside(high, mouse)) found = at;
  }
  return found;
}

}  // namespace cvlab::app
