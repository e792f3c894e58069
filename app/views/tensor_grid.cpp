#include "app/views/tensor_grid.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab::app {

CellMap fit_cells(const Rect& area, int rows, int columns, float largest) {
  CellMap map;
  map.size = std::floor(std::min({largest, area.width() / static_cast<float>(std::max(columns, 1)),
                                  area.height() / static_cast<float>(std::max(rows, 1))}));
  map.size = std::max(map.size, 1.0F);
  map.x = std::round(0.5F * (area.x0 + area.x1 - map.size * static_cast<float>(columns)));
  map.y = std::round(area.y0);
  map.clip = map.rect(0, 0, rows, columns);
  return map;
}

namespace {

// One font size for the whole grid, so that equal numbers look equal; 0 when the cells are too small.
float grid_number_size(const Canvas& canvas, float cell, ConstView values) {
  if (cell < number_cell) return 0.0F;
  int longest = 1;
  char buffer[24];
  for (std::ptrdiff_t row = 0; row < values.size(0); ++row) {
    for (std::ptrdiff_t column = 0; column < values.size(1); ++column) {
      longest =
          std::max(longest, glyph_count(format_cell(canvas.words, values(row, column), cell_characters(cell), buffer)));
    }
  }
  return number_size(cell, longest);
}

}  // namespace

std::optional<Cell> tensor_grid(const Canvas& canvas, const CellMap& map, ConstView values, const GridStyle& style) {
  const int rows = static_cast<int>(values.size(0));
  const int columns = static_cast<int>(values.size(1));
  const float gap = map.size >= 12.0F ? 1.0F : 0.0F;
  const Rect whole = map.rect(0, 0, rows, columns);
  canvas.list.AddRectFilled({whole.x0 - 1.0F, whole.y0 - 1.0F}, {whole.x1, whole.y1}, canvas.theme.rule_strong, 2.0F);
  const float font_size = style.numbers ? grid_number_size(canvas, map.size, values) : 0.0F;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const float value = values(row, column);
      const ImU32 fill = shade_colour(canvas.theme, style.shade, style.low, style.high, value);
      const Rect cell = map.rect(row, column);
      canvas.list.AddRectFilled({cell.x0, cell.y0}, {cell.x1 - gap, cell.y1 - gap}, fill);
      draw_number(canvas, cell, value, ink_on(fill), font_size);
    }
  }
  if (style.highlight)
    draw_frame(canvas, map.rect(style.highlight->row, style.highlight->column), canvas.theme.focus, 2.0F);

  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!whole.contains(mouse.x, mouse.y) || !ImGui::IsWindowHovered()) return std::nullopt;
  return map.at(mouse.x, mouse.y);
}

float signed_range(ConstView values, float least) {
  float range = least;
  for (std::ptrdiff_t row = 0; row < values.size(0); ++row) {
    for (std::ptrdiff_t column = 0; column < values.size(1); ++column) {
      const float value = std::fabs(values(row, column));
      if (std::isfinite(value)) range = std::max(range, value);
    }
  }
  return range;
}

}  // namespace cvlab::app
