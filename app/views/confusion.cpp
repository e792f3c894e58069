#include "app/views/confusion.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab::app {

namespace {

constexpr float heading = 36.0F;  // px above the cells: name of the columns, their numbers
constexpr float beside = 6.0F;    // px between the names of the rows and the cells

// The square root lets a few mistakes among many right answers be seen.
ImU32 cell_colour(const Theme& theme, bool diagonal, int count, int of_row) {
  const float share = of_row > 0 ? static_cast<float>(count) / static_cast<float>(of_row) : 0.0F;
  const float strength = count > 0 ? 0.1F + 0.75F * std::sqrt(share) : 0.0F;
  return shade_colour(theme, Shade::diverging, 0.0F, 1.0F, diagonal ? strength : -strength);
}

float row_names(const Canvas& canvas, const Confusion& confusion) {
  float widest = canvas.text_width(canvas.fonts.text_small, confusion.truth);
  for (const std::string& name : confusion.names)
    widest = std::max(widest, canvas.text_width(canvas.fonts.text_small, name));
  return widest;
}

}  // namespace

CellMap confusion_map(const Canvas& canvas, const Rect& area, const Confusion& confusion) {
  const float left = row_names(canvas, confusion) + beside;
  const auto classes = static_cast<float>(std::max(1, confusion.classes));
  CellMap map;
  map.size = std::max(1.0F, std::floor(std::min(area.width() - left, area.height() - heading) / classes));
  map.x = std::round(area.x0 + left);
  map.y = std::round(area.y0 + heading);
  map.clip = map.rect(0, 0, confusion.classes, confusion.classes);
  return map;
}

std::optional<Cell> draw_confusion(const Canvas& canvas, const CellMap& map, const Confusion& confusion,
                                   std::optional<Cell> marked) {
  const int classes = confusion.classes;
  const Theme& theme = canvas.theme;
  const Rect whole = map.rect(0, 0, classes, classes);
  const auto count = [&](int row, int column) {
    return confusion.counts[static_cast<std::size_t>(row * classes + column)];
  };
  int largest = 1;
  for (const int n : confusion.counts) largest = std::max(largest, n);
  const int longest = static_cast<int>(std::to_string(largest).size());
  const float font_size = std::min({0.5F * map.size, 0.86F * map.size / (0.6F * static_cast<float>(longest)), 14.0F});

  const ImVec2 mouse = ImGui::GetIO().MousePos;
  std::optional<Cell> over;
  if (whole.contains(mouse.x, mouse.y) && ImGui::IsWindowHovered()) over = map.at(mouse.x, mouse.y);
  const std::optional<Cell> pointed = over ? over : marked;

  canvas.text(canvas.fonts.text_small, 0.5F * (whole.x0 + whole.x1), whole.y0 - heading + 9.0F, theme.ink_soft,
              confusion.answer, Align::centre);
  for (int i = 0; i < classes; ++i) {
    const Rect cell = map.rect(i, i);
    const bool row_on = pointed && pointed->row == i;
    const bool column_on = pointed && pointed->column == i;
    canvas.text(canvas.fonts.text_small, whole.x0 - beside, 0.5F * (cell.y0 + cell.y1),
                row_on ? theme.focus : theme.ink_soft, confusion.names[static_cast<std::size_t>(i)], Align::right);
    canvas.text(canvas.fonts.text_small, 0.5F * (cell.x0 + cell.x1), whole.y0 - 9.0F,
                column_on ? theme.focus : theme.ink_soft, std::to_string(i), Align::centre);
  }
  canvas.text(canvas.fonts.text_small, whole.x0 - beside, whole.y0 - 9.0F, theme.ink_soft, confusion.truth,
              Align::right);

  const float line = map.size >= 12.0F ? 1.0F : 0.0F;
  canvas.list.AddRectFilled({whole.x0 - 1.0F, whole.y0 - 1.0F}, {whole.x1, whole.y1}, theme.rule, 2.0F);
  for (int row = 0; row < classes; ++row) {
    int of_row = 0;
    for (int column = 0; column < classes; ++column) of_row += count(row, column);
    for (int column = 0; column < classes; ++column) {
      const int n = count(row, column);
      const Rect cell = map.rect(row, column);
      const ImU32 fill = cell_colour(theme, row == column, n, of_row);
      canvas.list.AddRectFilled({cell.x0, cell.y0}, {cell.x1 - line, cell.y1 - line}, fill);
      if (n == 0 || font_size < 6.5F) continue;
      canvas.text(canvas.fonts.number, 0.5F * (cell.x0 + cell.x1), 0.5F * (cell.y0 + cell.y1), ink_on(fill),
                  std::to_string(n), Align::centre, font_size);
    }
  }
  if (marked) draw_frame(canvas, map.rect(marked->row, marked->column), theme.focus, 2.0F);
  if (over) draw_frame(canvas, map.rect(over->row, over->column), theme.focus, 2.0F);
  return over;
}

}  // namespace cvlab::app
