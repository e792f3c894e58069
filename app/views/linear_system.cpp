#include "app/views/linear_system.hpp"

#include <algorithm>

#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

constexpr float gap = 12.0F;
constexpr float bracket = 5.0F;

// A bracket of two rows at x; `side` +1 opens to the right, -1 to the left.
void draw_bracket(const Canvas& canvas, float x, float y, float side) {
  const float x1 = x + side * bracket;
  const float y1 = y + 2.0F * linear_system_row;
  const ImVec2 points[] = {{x1, y}, {x, y}, {x, y1}, {x1, y1}};
  canvas.list.AddPolyline(points, 4, canvas.theme.ink_soft, ImDrawFlags_None, 1.5F);
}

float entry_width(const Canvas& canvas, const LinearSystem::Entry& entry) {
  return std::max(symbols_width(canvas, canvas.fonts.text_small, entry.symbol),
                  canvas.text_width(canvas.fonts.number, entry.value));
}

Rect draw_entry(const Canvas& canvas, float x, float y, float width, const LinearSystem::Entry& entry) {
  const Rect box{x - 4.0F, y, x + width + 4.0F, y + linear_system_row};
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (box.contains(mouse.x, mouse.y) && ImGui::IsWindowHovered()) {
    canvas.list.AddRectFilled({box.x0, box.y0 + 1.0F}, {box.x1, box.y1 - 1.0F}, canvas.theme.focus_soft, 4.0F);
  }
  draw_symbols(canvas, canvas.fonts.text_small, x + 0.5F * width, y + 10.0F, canvas.theme.ink_soft, entry.symbol,
               Align::centre);
  canvas.text(canvas.fonts.number, x + width, y + 26.0F, canvas.theme.ink, entry.value, Align::right);
  return box;
}

}  // namespace

float draw_linear_system(const Canvas& canvas, const Rect& area, const LinearSystem& system, std::optional<int>* over) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  float x = area.x0;
  const float y = area.y0;
  const auto entry = [&](float at, float width, int row, const LinearSystem::Entry& what, int index) {
    const Rect box = draw_entry(canvas, at, y + static_cast<float>(row) * linear_system_row, width, what);
    if (over != nullptr && box.contains(mouse.x, mouse.y) && ImGui::IsWindowHovered()) *over = index;
  };
  draw_bracket(canvas, x, y, 1.0F);
  x += bracket + 4.0F;
  for (int column = 0; column < 2; ++column) {
    const auto top = static_cast<std::size_t>(column);
    const float width = std::max(entry_width(canvas, system.matrix[top]), entry_width(canvas, system.matrix[top + 2]));
    entry(x, width, 0, system.matrix[top], column);
    entry(x, width, 1, system.matrix[top + 2], column + 2);
    x += width + (column == 0 ? gap : 4.0F);
  }
  x += bracket;
  draw_bracket(canvas, x, y, -1.0F);
  x += 7.0F;
  draw_bracket(canvas, x, y, 1.0F);
  float width = 0.0F;
  for (const std::string& name : system.unknowns) width = std::max(width, canvas.text_width(canvas.fonts.text, name));
  for (std::size_t row = 0; row < 2; ++row) {
    canvas.text(canvas.fonts.text, x + bracket + 4.0F + 0.5F * width,
                y + (static_cast<float>(row) + 0.5F) * linear_system_row, canvas.theme.focus, system.unknowns[row],
                Align::centre);
  }
  x += 2.0F * bracket + 8.0F + width;
  draw_bracket(canvas, x, y, -1.0F);
  canvas.text(canvas.fonts.text, x + 12.0F, y + linear_system_row, canvas.theme.ink_soft, "=", Align::centre);
  x += 24.0F;
  draw_bracket(canvas, x, y, 1.0F);
  x += bracket + 4.0F;
  width = std::max(entry_width(canvas, system.right[0]), entry_width(canvas, system.right[1]));
  for (int row = 0; row < 2; ++row) entry(x, width, row, system.right[static_cast<std::size_t>(row)], 4 + row);
  x += width + 4.0F + bracket;
  draw_bracket(canvas, x, y, -1.0F);
  if (system.solution[0].empty()) return 2.0F * linear_system_row;
  const auto solution_width = [&](std::size_t i) { return canvas.text_width(canvas.fonts.number, system.solution[i]); };
  if (x + 18.0F + std::max(solution_width(0), solution_width(1)) <= area.x1) {
    for (std::size_t row = 0; row < 2; ++row) {
      canvas.text(canvas.fonts.number, x + 18.0F, y + (static_cast<float>(row) + 0.5F) * linear_system_row,
                  canvas.theme.focus, system.solution[row]);
    }
    return 2.0F * linear_system_row;
  }
  const float below = y + 2.0F * linear_system_row + 14.0F;
  canvas.text(canvas.fonts.number, area.x0 + 4.0F, below, canvas.theme.focus, system.solution[0]);
  canvas.text(canvas.fonts.number, area.x0 + 24.0F + solution_width(0), below, canvas.theme.focus, system.solution[1]);
  return 2.0F * linear_system_row + 24.0F;
}

}  // namespace cvlab::app
