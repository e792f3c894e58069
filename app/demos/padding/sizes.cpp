// A window slides along one axis: padded cells, windows, and the cells that come out.
#include <algorithm>
#include <cmath>

#include "app/demos/padding/padding.hpp"
#include "app/views/area_input.hpp"
#include "app/views/formula.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr float window_line = 18.0F;

}  // namespace

std::string PaddingDemo::size_sentence(const Words& words) const {
  const int n = state_.integer("n");
  const int k = state_.integer("k");
  const SlidingSize size = sliding();
  if (size.output == 0)
    return words.format("padding.does_not_fit", {std::to_string(k), std::to_string(n + 2 * state_.integer("p"))});
  std::string text = words.format("padding.size_is", {std::to_string(n), std::to_string(size.output)});
  if (size.unread > 0) text += ' ' + words.format("padding.unread", {std::to_string(size.unread)});
  if (state_.integer("s") == 1 && size.output == n) {
    text += ' ' + std::string(words("padding.same"));
  } else if (state_.integer("s") == 1 && same_padding() >= 0) {
    text += ' ' + words.format("padding.would_keep", {std::to_string(same_padding())});
  }
  return text;
}

void PaddingDemo::draw_sizes(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.03F * a.width(), 12.0F, 40.0F);
  const Rect inner{a.x0 + pad, a.y0 + 8.0F, a.x1 - pad, a.y1 - 8.0F};
  const std::string text = size_sentence(canvas.words);
  const float top = inner.y0 + sentence_height(canvas, text, inner.width());
  draw_sentence(canvas, {inner.x0, inner.y0, inner.x1, top}, text,
                sliding().output > 0 ? canvas.theme.ink : canvas.theme.bad);
  const auto piece = [&](const char* symbol, int value) {
    return FormulaPiece{.top = symbol, .value = std::to_string(value)};
  };
  const auto sign = [](const char* s) { return FormulaPiece{.top = s, .sign = true}; };
  const std::vector<FormulaPiece> pieces = {
      sign("\u230A("),      piece("N", state_.integer("n")),   sign("\u2212"), piece("k", state_.integer("k")),
      sign("+ 2\u00B7"),    piece("p", state_.integer("p")),   sign(")  /"),   piece("s", state_.integer("s")),
      sign("\u230B + 1 ="), piece("N\u2032", sliding().output)};
  const float height = draw_formula(canvas, {inner.x0, top + 8.0F, inner.x1, inner.y1}, pieces);
  draw_axis(canvas, {inner.x0, top + height + 28.0F, inner.x1, inner.y1});
}

// Cells above, windows below them, the result at the bottom.
void PaddingDemo::draw_axis(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  const SlidingSize size = sliding();
  Axis axis;
  axis.k = state_.integer("k");
  axis.s = state_.integer("s");
  const int n = state_.integer("n");
  const int p = state_.integer("p");
  const int cells = n + 2 * p;
  axis.cell = std::min(56.0F, area.width() / static_cast<float>(cells));
  axis.x0 = area.x0 + 0.5F * (area.width() - axis.cell * static_cast<float>(cells));
  axis.tall = std::clamp(axis.cell, 18.0F, 40.0F);
  const float bottom = area.y0 + axis.tall;
  const int chosen = chosen_output();
  for (int c = 0; c < cells; ++c) {
    const bool padding = c < p || c >= p + n;
    const bool read = size.output > 0 && c >= chosen * axis.s && c < chosen * axis.s + axis.k;
    const bool unread = c >= cells - size.unread;
    const ImU32 fill = read ? theme.focus_soft : padding ? theme.surface : unread ? theme.rule : theme.accent_soft;
    const ImU32 line = read ? theme.focus : padding ? theme.rule_strong : theme.accent;
    draw_box(canvas, {axis.x(c), area.y0, axis.x(c + 1), bottom}, fill, line,
             padding ? "0" : std::to_string(c - p + 1));
  }
  if (size.output == 0) return;
  const float below = bottom + 14.0F;
  const float result =
      std::min(area.y1 - axis.tall - 22.0F, below + window_line * static_cast<float>(size.output) + 10.0F);
  draw_windows(canvas, {area.x0, below, area.x1, result - 8.0F}, axis);
  // The result stands under the middles of its windows.
  const float step = axis.cell * static_cast<float>(axis.s);
  const float width = std::min(step, 56.0F);
  for (int o = 0; o < size.output; ++o) {
    const float middle = axis.x(o * axis.s) + 0.5F * axis.cell * static_cast<float>(axis.k);
    draw_box(canvas, {middle - 0.5F * width, result, middle + 0.5F * width, result + axis.tall},
             o == chosen ? theme.focus_soft : theme.accent_soft, o == chosen ? theme.focus : theme.accent,
             std::to_string(o + 1));
  }
  const AreaInput input = area_input("axis", {area.x0, area.y0, area.x1, result + axis.tall});
  if (!input.pressed) return;
  const float place = (input.x - axis.x0 - 0.5F * axis.cell * static_cast<float>(axis.k)) / step;
  const int o = std::clamp(static_cast<int>(std::lround(place)), 0, size.output - 1);
  (void)state_.set("output", std::to_string(o + 1));
}

// A cell, with its number where there is room.
void PaddingDemo::draw_box(const Canvas& canvas, const Rect& r, ImU32 fill, ImU32 line, const std::string& number) {
  const float inset = r.width() > 6.0F ? 1.0F : 0.0F;
  canvas.list.AddRectFilled({r.x0 + inset, r.y0}, {r.x1 - inset, r.y1}, fill);
  if (inset > 0.0F) canvas.list.AddRect({r.x0 + inset, r.y0}, {r.x1 - inset, r.y1}, line);
  if (canvas.text_width(canvas.fonts.number_small, number) + 4.0F > r.width()) return;
  canvas.text(canvas.fonts.number_small, 0.5F * (r.x0 + r.x1), 0.5F * (r.y0 + r.y1), canvas.theme.ink, number,
              Align::centre);
}

// A bar for each window, one below the other: the first ones and the last one, where not all find room.
void PaddingDemo::draw_windows(const Canvas& canvas, const Rect& area, const Axis& axis) const {
  const int count = sliding().output;
  const int lines = std::max(1, static_cast<int>(area.height() / window_line));
  const bool cut = lines < count;
  for (int line = 0; line < std::min(lines, count); ++line) {
    const int o = cut && line == lines - 1 ? count - 1 : line;
    const float y = area.y0 + window_line * static_cast<float>(line);
    if (cut && line == lines - 2) {
      canvas.text(canvas.fonts.text_small, 0.5F * (area.x0 + area.x1), y + 5.0F, canvas.theme.ink_faint,
                  canvas.words.format("padding.more_windows", {std::to_string(count - lines + 1)}), Align::centre);
      continue;
    }
    canvas.list.AddRectFilled({axis.x(o * axis.s) + 1.0F, y}, {axis.x(o * axis.s + axis.k) - 1.0F, y + 10.0F},
                              o == chosen_output() ? canvas.theme.focus : canvas.theme.accent, 3.0F);
  }
}

}  // namespace cvlab::app
