// Two shapes aligned from the right, and the sum of two tensors that have them.
#include <algorithm>
#include <cmath>

#include "app/demos/tensors/tensors.hpp"
#include "app/gfx/shade.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float row = 30.0F;
constexpr float caption = 20.0F;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

// Rows A, B and the result; a column for each axis, the last one at the right.
float Tensors::draw_alignment(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const int rank = std::max({sum_.a.rank(), sum_.b.rank(), 1});
  const bool fits = sum_.problem.id.empty();
  const float label = 66.0F;
  const float column = std::clamp((std::min(area.width(), 460.0F) - label) / static_cast<float>(rank), 30.0F, 92.0F);
  const std::array<const char*, 3> names = {"A", "B", "A + B"};
  for (int line = 0; line < 3; ++line) {
    const float y = area.y0 + row * (static_cast<float>(line) + 0.5F) + (line == 2 ? 8.0F : 0.0F);
    canvas.text(canvas.fonts.text, area.x0, y, theme.ink, names[at(line)]);
    if (line == 2 && !fits) {
      canvas.text(canvas.fonts.text, area.x0 + label, y, theme.bad, "\u2717");
      continue;
    }
    const Shape& shape = line == 0 ? sum_.a : line == 1 ? sum_.b : sum_.result.shape();
    for (int i = 1; i <= rank; ++i) {  // from the right
      const float x = area.x0 + label + column * static_cast<float>(rank - i);
      const Rect cell{x, y - 0.5F * row + 2.0F, x + column - 4.0F, y + 0.5F * row - 2.0F};
      const auto size_of = [&](const Shape& s) { return i <= s.rank() ? s[s.rank() - i] : 0; };
      const std::ptrdiff_t own = size_of(shape), a = size_of(sum_.a), b = size_of(sum_.b);
      const bool clash = a > 0 && b > 0 && a != b && a != 1 && b != 1;
      const std::ptrdiff_t full = fits ? size_of(sum_.result.shape()) : 0;
      const bool stretched = line < 2 && fits && full > 1 && own <= 1;
      const ImU32 line_colour = clash ? theme.bad : stretched ? theme.focus : theme.rule_strong;
      if (own > 0)
        canvas.list.AddRectFilled({cell.x0, cell.y0}, {cell.x1, cell.y1}, stretched ? theme.focus_soft : theme.raised,
                                  4.0F);
      if (own > 0 || stretched) canvas.list.AddRect({cell.x0, cell.y0}, {cell.x1, cell.y1}, line_colour, 4.0F);
      std::string text = own > 0 ? std::to_string(own) : std::string();
      if (stretched) text += (own > 0 ? " \u2192 " : "\u2192 ") + std::to_string(full);
      canvas.text(canvas.fonts.number, 0.5F * (cell.x0 + cell.x1), y,
                  clash       ? theme.bad
                  : stretched ? theme.focus
                              : theme.ink,
                  text, Align::centre, column < 56.0F ? 11.0F : 0.0F);
    }
  }
  const float rule = area.y0 + 2.0F * row + 4.0F;
  canvas.list.AddLine({area.x0, rule}, {area.x0 + label + column * static_cast<float>(rank) - 4.0F, rule},
                      theme.rule_strong);
  return 3.0F * row + 14.0F;
}

// The sum with its element under the pointer, and the two numbers that it is made of.
void Tensors::draw_operand(const Canvas& canvas, const Rect& area, int which) {
  if (area.width() < 24.0F || area.height() < 40.0F) return;
  const Theme& theme = canvas.theme;
  const bool fits = sum_.problem.id.empty();
  const Tensor& numbers = which == 0 ? sum_.numbers_a : which == 1 ? sum_.numbers_b : sum_.result;
  const Shape& shape = numbers.shape();
  const NestedTensor tensor = NestedTensor::fit({area.x0, area.y0 + caption, area.x1, area.y1}, shape, 56.0F);
  const std::array<const char*, 3> names = {"A", "B", "A + B"};
  const Rect below{area.x0, area.y0 + caption, area.x1, area.y1};
  draw_caption(canvas, below, names[at(which)], shape_text(shape).c_str());
  const Layout own = row_major(shape);
  const float low = which == 1 ? 100.0F : 0.0F;
  float high = low + 1.0F;
  for (std::ptrdiff_t i = 0; i < numbers.count(); ++i) high = std::max(high, numbers.data()[i]);
  const std::vector<ImU32> colours(at(shape.rank()), theme.ink_soft);
  const std::vector<std::string> nameless(at(shape.rank()));
  tensor.draw(canvas, nameless, colours, [&](const TensorIndex& index) {
    const float value = numbers.data()[own.place(index)];
    return NumberedCell{shade_colour(theme, Shade::sequential, low, high, value), value, false};
  });
  if (!fits) return;
  if (which == 2) {
    const AreaInput input = area_input("sum", tensor.cells());
    if (input.hovered || input.pressed) hovered_ = tensor.at(input.x, input.y);
    if (input.pressed && hovered_) keep(*hovered_, shape.rank());
    draw_frame(canvas, tensor.rect(looked_at()), theme.focus, 2.5F);
    return;
  }
  const std::ptrdiff_t place = (which == 0 ? sum_.full_a : sum_.full_b).place(looked_at());
  TensorIndex index{};
  do {
    if (own.place(index) == place) draw_frame(canvas, tensor.rect(index), theme.focus, 2.5F);
  } while (next_index(shape, index));
}

float Tensors::draw_pairs(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, canvas.area.width() < 620.0F ? 38.0F : 30.0F};
  const ImVec2 back = ImGui::GetCursorScreenPos();
  float x = area.x0, y = area.y0;
  for (const ShapePair& pair : shape_pairs) {
    if (pair.id == "own") continue;
    const std::string label = "(" + std::string(pair.a) + ") + (" + std::string(pair.b) + ")";
    const float width = button_width(look, label, Icon::none);
    if (x > area.x0 && x + width > area.x1) {
      x = area.x0;
      y += look.hit + 4.0F;
    }
    ImGui::SetCursorScreenPos({x, y});
    const std::string id(pair.id);
    if (button(look, id.c_str(), label, {.selected = state_.choice("pair") == pair.id},
               canvas.words("tensors.pair." + id)))
      (void)state_.set("pair", pair.id);
    x += width + 6.0F;
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  return y + look.hit - area.y0;
}

void Tensors::draw_broadcast(const Canvas& canvas) {
  const std::string text = sum_sentence(canvas.words);
  const StageRoom room = stage_room(canvas, text);
  draw_sentence(canvas, room.status, text, sum_.problem.id.empty() ? canvas.theme.ink : canvas.theme.bad);
  hovered_.reset();
  Rect rest = room.rest;
  if (rest.width() < 60.0F || rest.height() < 60.0F) return;
  rest.y0 += draw_pairs(canvas, rest) + 10.0F;
  if (!sum_.ready) return;
  const Rect table = rest;
  rest.y0 +=
      draw_alignment(canvas, {rest.x0, rest.y0, room.wide ? rest.x0 + 0.47F * rest.width() : rest.x1, rest.y1}) + 12.0F;
  const bool fits = sum_.problem.id.empty();
  Rect a = rest, b = rest, sum = rest;
  Rect formula{rest.x0, rest.y1 - 60.0F, rest.x1, rest.y1};
  if (room.wide) {
    formula = {table.x0 + 0.5F * table.width(), table.y0 + 4.0F, table.x1, rest.y0 - 8.0F};
    sum.x0 = rest.x0 + 0.5F * rest.width();
    a.x1 = rest.x0 + 0.28F * rest.width() - 8.0F;
    b.x0 = a.x1 + 16.0F;
    b.x1 = sum.x0 - 16.0F;
  } else {
    a.y1 = b.y1 = rest.y0 + 0.42F * (formula.y0 - rest.y0);
    a.x1 = rest.x0 + 0.5F * rest.width() - 6.0F;
    b.x0 = a.x1 + 12.0F;
    sum.y0 = a.y1 + 8.0F;
    sum.y1 = formula.y0 - 4.0F;
  }
  if (fits) draw_operand(canvas, sum, 2);
  draw_operand(canvas, a, 0);
  draw_operand(canvas, b, 1);
  if (!fits) return;
  const TensorIndex index = looked_at();
  const Shape& shape = sum_.result.shape();
  const std::ptrdiff_t pa = sum_.full_a.place(index), pb = sum_.full_b.place(index);
  std::string which = "(";
  for (int axis = 0; axis < shape.rank(); ++axis) which += (axis > 0 ? ", " : "") + std::to_string(index[at(axis)]);
  const auto number = [&](float v) { return canvas.words.number(static_cast<double>(v), 6); };
  const std::vector<FormulaPiece> pieces = {{.top = "(A + B) " + which + ")",
                                             .value = number(sum_.result.data()[row_major(shape).place(index)]),
                                             .colour = canvas.theme.focus},
                                            {.top = "=", .sign = true},
                                            {.top = canvas.words.format("tensors.at_place", {"A", std::to_string(pa)}),
                                             .value = number(sum_.numbers_a.data()[pa])},
                                            {.top = "+", .sign = true},
                                            {.top = canvas.words.format("tensors.at_place", {"B", std::to_string(pb)}),
                                             .value = number(sum_.numbers_b.data()[pb])}};
  draw_formula(canvas, formula, pieces);
}

}  // namespace cvlab::app
