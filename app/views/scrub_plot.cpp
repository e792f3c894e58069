#include "app/views/scrub_plot.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/area_input.hpp"

namespace cvlab::app {

std::optional<int> scrub_plot(const Canvas& canvas, const Rect& area, const Plot& plot, int farthest, int every) {
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("losses", {map.area.x0 - 6.0F, map.area.y0, area.x1, area.y1});
  if (input.hovered || input.pressed) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  draw_plot(canvas, area, plot, left);
  if (!input.pressed) return std::nullopt;
  const double step = every * std::round(map.x_at(input.x) / every);
  return static_cast<int>(std::clamp(step, 0.0, static_cast<double>(std::max(0, farthest))));
}

double scrub_end(int farthest, int unit, int most) {
  return std::min(static_cast<double>(most), std::ceil(std::max(1.0, static_cast<double>(farthest) / unit)) * unit);
}

}  // namespace cvlab::app
