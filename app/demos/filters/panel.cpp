#include <algorithm>
#include <cmath>

#include "app/demos/filters/filters.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float calm = 1.5F;   // the strongest weight is not the strongest colour: numbers stay easy to read
constexpr float line = 20.0F;  // px of a line of text
constexpr float button_height = 36.0F;
constexpr float tile_gap = 8.0F;
constexpr float tile_text = 18.0F;
constexpr float row_gap = 8.0F;

std::string size_text(const Tensor& kernel) {
  return std::to_string(kernel.size(0)) + " \u00D7 " + std::to_string(kernel.size(1));
}

struct Tiling {
  int columns = 1;
  float side = 0.0F;
};

// As many columns as make the tiles largest.
Tiling tiling(const Rect& area, int count) {
  Tiling best;
  for (int columns = 1; columns <= count; ++columns) {
    const auto n = static_cast<float>(columns);
    const int rows = (count + columns - 1) / columns;
    const float side = std::min((area.width() - (n - 1.0F) * tile_gap) / n,
                                area.height() / static_cast<float>(rows) - tile_text - row_gap);
    if (side > best.side) best = {columns, side};
  }
  return best;
}

}  // namespace

void Filters::draw_kernel(const Canvas& canvas, const Layout& l) {
  const Rect& area = l.kernel;
  if (area.width() < 40.0F || area.height() < 40.0F) return;
  const int size_rows = static_cast<int>(kernel_.size(0)), size_columns = static_cast<int>(kernel_.size(1));
  Rect grid = area;
  if (puzzle()) grid.x1 = l.wide ? area.x1 : area.x0 + 0.4F * area.width();
  grid.y1 = std::min(grid.y1, grid.y0 + (l.wide ? (puzzle() ? 0.36F : 0.8F) * area.height() : grid.width()));
  CellMap map = fit_cells(grid, size_rows, size_columns, 64.0F);
  map.x = grid.x0;  // in line with its caption
  const float right = std::max(map.x + map.size * static_cast<float>(size_columns), area.x0 + 120.0F);
  draw_caption(canvas, {area.x0, map.y, right, map.y},
               canvas.words(puzzle() ? "filters.your_kernel" : "filters.kernel_name"), size_text(kernel_).c_str());
  std::optional<Cell> marked;
  if (marked_) marked = Cell{*marked_ / size_columns, *marked_ % size_columns};
  // Of a puzzle the whole numbers before the division are edited.
  Tensor shown = kernel_;
  const auto divisor = puzzle() ? static_cast<float>(state_.integer("divisor")) : 1.0F;
  std::for_each(shown.data(), shown.data() + shown.count(), [&](float& v) { v *= divisor; });
  std::optional<Cell> hovered;
  const auto edited =
      editor_.draw(canvas, "kernel", map, shown.view(),
                   {Shade::diverging, 0.0F, calm * signed_range(shown.view(), 1e-6F), true, marked}, 1.0, hovered);
  if (hovered) marked_ = hovered->row * size_columns + hovered->column;
  if (edited) edit(edited->cell, edited->value);
  const float y = map.y + map.size * static_cast<float>(size_rows) + 8.0F;
  if (puzzle()) {
    const Rect rest =
        l.wide ? Rect{area.x0, y, area.x1, area.y1} : Rect{grid.x1 + 12.0F, area.y0 - caption + 4.0F, area.x1, area.y1};
    draw_puzzle(canvas, rest, {right + 12.0F, area.y0, area.x1, map.y + map.size * static_cast<float>(size_rows)});
    return;
  }
  const std::string text = sentence(canvas.words);
  if (y + sentence_height(canvas, text, area.width()) > area.y1 + 4.0F) return;
  draw_sentence(canvas, {area.x0, y, area.x1, area.y1}, text, canvas.theme.ink_soft);
}

// The same photograph through every kernel: a click takes one.
void Filters::draw_gallery(const Canvas& canvas, const Rect& area) {
  const Tiling t = tiling(area, kernel_tiles);
  if (t.side < 16.0F) return;
  const float spread = (area.width() - t.side) / static_cast<float>(std::max(1, t.columns - 1));
  const float pitch = std::clamp(spread, t.side + tile_gap, 1.35F * t.side + tile_gap);
  const float height = t.side + tile_text + row_gap;
  const AreaInput input = area_input("gallery", area);
  for (int tile = 0; tile < kernel_tiles; ++tile) {
    const int row = tile / t.columns;
    const float x = area.x0 + static_cast<float>(tile % t.columns) * pitch;
    const float y = area.y0 + static_cast<float>(row) * height;
    const Rect where{x, y, x + t.side, y + t.side};
    const Rect whole{x, y, x + t.side, y + t.side + tile_text};
    const bool over = input.hovered && whole.contains(input.x, input.y);
    const std::string name(kernel_names[static_cast<std::size_t>(tile)]);
    draw_tile(canvas, where, tile, state_.choice("kernel") == name, over);
    if (over) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (over && input.clicked) (void)state_.set("kernel", name);
  }
}

void Filters::draw_tile(const Canvas& canvas, const Rect& where, int tile, bool selected, bool hovered) {
  const Theme& theme = canvas.theme;
  const auto i = static_cast<std::size_t>(tile);
  const bool coloured = tile_displays_[i].shade == Shade::diverging;
  (coloured ? signed_sheet_ : grey_sheet_).draw(canvas, tile, where);
  const ImU32 frame = selected ? theme.focus : hovered ? theme.accent : theme.rule_strong;
  draw_frame(canvas, where, frame, selected ? 3.0F : 1.0F);
  // The kernel itself in the corner, as colours.
  const Tensor& kernel = tile_kernels_[i];
  const int size_rows = static_cast<int>(kernel.size(0)), size_columns = static_cast<int>(kernel.size(1));
  const float cell =
      std::floor(std::clamp(0.3F * where.width(), 9.0F, 24.0F) / static_cast<float>(std::max(size_rows, size_columns)));
  const float high = signed_range(kernel.view(), 1e-6F);
  const float x = where.x1 - cell * static_cast<float>(size_columns) - 3.0F;
  const float y = where.y1 - cell * static_cast<float>(size_rows) - 3.0F;
  canvas.list.AddRectFilled({x - 1.0F, y - 1.0F}, {where.x1 - 2.0F, where.y1 - 2.0F}, theme.surface);
  for (int k = 0; k < size_rows; ++k) {
    for (int m = 0; m < size_columns; ++m) {
      const ImVec2 at = {x + cell * static_cast<float>(m), y + cell * static_cast<float>(k)};
      canvas.list.AddRectFilled(at, {at.x + cell, at.y + cell},
                                shade_colour(theme, Shade::diverging, 0.0F, high, kernel(k, m)));
    }
  }
  const std::string name = canvas.words("filters.kernel." + std::string(kernel_names[i]));
  ImFont* font = canvas.fonts.text_small;
  const ImU32 ink = selected ? theme.ink : theme.ink_soft;
  const float width = where.width() + tile_gap - 2.0F;
  const bool small = canvas.text_width(font, name) > where.width() + 3.0F;
  if (small && canvas.text_width(font, name, 11.0F) <= width) {
    canvas.text(font, where.x0, where.y1 + 11.0F, ink, name, Align::left, 11.0F);
  } else {
    canvas.text(font, where.x0, where.y1 + 11.0F, ink, fitted(canvas, font, name, width));
  }
}

// Division, distance, hints, and the way on; `beside` the kernel there is room where there is none below.
void Filters::draw_puzzle(const Canvas& canvas, const Rect& area, const Rect& beside) {
  const Theme& theme = canvas.theme;
  float y = draw_divisor(canvas, area);
  const bool solved = solved_ != PuzzleState::open;
  const std::string text = sentence(canvas.words);
  const float height = sentence_height(canvas, text, area.width() - 10.0F);
  canvas.list.AddRectFilled({area.x0, y}, {area.x0 + 3.0F, y + height}, solved ? theme.good : theme.rule_strong);
  draw_sentence(canvas, {area.x0 + 10.0F, y, area.x1, y + height}, text, theme.ink);
  y += height + 10.0F;
  y += draw_hint(canvas, {area.x0, y, area.x1, area.y1 - button_height - 8.0F});
  if (y + button_height <= area.y1 + 2.0F) {
    draw_buttons(canvas, {area.x0, y, area.x1, y + button_height});
  } else {
    draw_buttons(canvas, beside);
  }
}

float Filters::draw_divisor(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, button_height};
  const ImVec2 back = ImGui::GetCursorScreenPos();
  const int before = state_.integer("divisor");
  int divisor = before;
  const float y = area.y0 + 0.5F * button_height;
  canvas.text(canvas.fonts.text_small, area.x0, y, canvas.theme.ink_soft, canvas.words("filters.divided_by"));
  const float right = std::min(area.x1, area.x0 + 230.0F);
  ImGui::SetCursorScreenPos({right - 2.0F * button_height - 30.0F, area.y0});
  if (button(look, "less", "", {.icon = Icon::minus}, canvas.words("filters.less"))) divisor = std::max(1, before - 1);
  canvas.text(canvas.fonts.number, right - button_height - 15.0F, y, canvas.theme.ink, std::to_string(before),
              Align::centre);
  ImGui::SetCursorScreenPos({right - button_height, area.y0});
  if (button(look, "more", "", {.icon = Icon::plus}, canvas.words("filters.more"))) divisor = std::min(25, before + 1);
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  if (divisor != before) (void)state_.set("divisor", std::to_string(divisor));
  return area.y0 + button_height + 8.0F;
}

// First the sum, then where the zeros are, then the signs; never a weight. Returns the height that it took.
float Filters::draw_hint(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const int hint = state_.integer("hint");
  if (hint < 1 || area.height() < line) return 0.0F;
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < hidden_.count(); ++i) sum += static_cast<double>(hidden_.data()[i]);
  canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 0.5F * line, theme.ink,
              canvas.words.format("filters.hint_sum", {canvas.words.number(std::round(1e6 * sum) / 1e6, 3)}));
  const int size_rows = static_cast<int>(hidden_.size(0)), size_columns = static_cast<int>(hidden_.size(1));
  const Rect below{area.x0, area.y0 + line + 4.0F, area.x1, area.y1};
  if (hint < 2 || below.height() < 30.0F) return line + 8.0F;
  CellMap map = fit_cells(below, size_rows, size_columns, 30.0F);
  map.x = below.x0;
  for (int row = 0; row < size_rows; ++row) {
    for (int column = 0; column < size_columns; ++column) {
      const int sign = weight_sign(hidden_(row, column));
      const bool told = sign == 0 || hint >= 3;
      const float value = told ? 0.6F * static_cast<float>(sign) : 0.0F;
      const ImU32 fill = told ? shade_colour(theme, Shade::diverging, 0.0F, 1.0F, value) : theme.raised;
      const Rect cell = map.rect(row, column);
      canvas.list.AddRectFilled({cell.x0 + 0.5F, cell.y0 + 0.5F}, {cell.x1 - 0.5F, cell.y1 - 0.5F}, fill, 2.0F);
      canvas.list.AddRect({cell.x0 + 0.5F, cell.y0 + 0.5F}, {cell.x1 - 0.5F, cell.y1 - 0.5F}, theme.rule, 2.0F);
      const char* text = !told ? "?" : sign == 0 ? "0" : sign > 0 ? "+" : "\u2212";
      canvas.text(map.size < 16.0F ? canvas.fonts.number_small : canvas.fonts.number, 0.5F * (cell.x0 + cell.x1),
                  0.5F * (cell.y0 + cell.y1), told ? ink_on(fill) : theme.ink_soft, text, Align::centre);
    }
  }
  return line + 4.0F + map.size * static_cast<float>(size_rows) + 12.0F;
}

void Filters::draw_buttons(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, button_height};
  const ImVec2 back = ImGui::GetCursorScreenPos();
  const int hint = state_.integer("hint"), number = state_.integer("puzzle");
  const std::string more = canvas.words.format("filters.hint_button", {std::to_string(std::min(hint + 1, 3))});
  ImGui::SetCursorScreenPos({area.x0, area.y0});
  float x = area.x0;
  if (hint < 3 && solved_ == PuzzleState::open) {
    const float width = button_width(look, more, Icon::none);
    if (button(look, "hint", more, {.width = width}, canvas.words("filters.hint.help"))) {
      (void)state_.set("hint", std::to_string(hint + 1));
    }
    x += width + 8.0F;
  }
  if (number < kernel_puzzles) {
    const std::string next = canvas.words("filters.next");
    const float width = button_width(look, next, Icon::none);
    ImGui::SetCursorScreenPos({x, area.y0});
    if (x + width <= area.x1 + 2.0F &&
        button(look, "next", next, {.selected = solved_ != PuzzleState::open, .width = width})) {
      // The next puzzle starts from the picture as it is.
      (void)state_.set("puzzle", std::to_string(number + 1));
      (void)state_.set("guess", "0 0 0; 0 1 0; 0 0 0");
      (void)state_.set("divisor", "1");
      (void)state_.set("hint", "0");
    }
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
}

}  // namespace cvlab::app
