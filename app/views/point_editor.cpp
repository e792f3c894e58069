#include "app/views/point_editor.hpp"

#include <vector>

namespace cvlab::app {

std::optional<std::string> edit_points(const Canvas& canvas, const FieldMap& map, const AreaInput& plane,
                                       std::span<const DrawnPoint> drawn, const PointBrush& brush) {
  const float width = canvas.text_width(canvas.fonts.text_small, brush.clear) + 20.0F;
  const Rect chip{map.area.x1 - width - 6.0F, map.area.y0 + 6.0F, map.area.x1 - 6.0F, map.area.y0 + 32.0F};
  if (!drawn.empty()) {
    const AreaInput input = area_input("clear", chip);
    const bool over = input.hovered || input.pressed;
    canvas.list.AddRectFilled({chip.x0, chip.y0}, {chip.x1, chip.y1},
                              over ? canvas.theme.accent_soft : canvas.theme.raised, 5.0F);
    canvas.list.AddRect({chip.x0, chip.y0}, {chip.x1, chip.y1}, canvas.theme.rule_strong, 5.0F);
    canvas.text(canvas.fonts.text_small, 0.5F * (chip.x0 + chip.x1), 0.5F * (chip.y0 + chip.y1), canvas.theme.ink,
                brush.clear, Align::centre);
    if (input.clicked) return std::string();
    if (over) return std::nullopt;
  }
  if (!plane.pressed) return std::nullopt;
  std::vector<DrawnPoint> points(drawn.begin(), drawn.end());
  if (!add_point(points, {map.x_at(plane.x), map.y_at(plane.y), brush.label}, brush.apart)) return std::nullopt;
  return write_points(points);
}

}  // namespace cvlab::app
