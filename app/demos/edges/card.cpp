// The pixel that is looked at: its window times Sobel's kernels, the length and direction of the gradient, and what
// Canny decides.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "app/demos/edges/edges.hpp"
#include "app/views/direction_wheel.hpp"
#include "app/views/note.hpp"
#include "app/views/symbols.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"
#include "core/image/kernels.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab::app {

namespace {

constexpr float line = 22.0F;

}  // namespace

// "−1 · 23 + 1 · 170 …": the products that are not zero.
std::string Edges::sum_text(const Words& words, const Pixel& at, bool along_x) const {
  const Tensor kernel = make_kernel(along_x ? KernelKind::sobel_x : KernelKind::sobel_y, 3, 3);
  std::string text = along_x ? "Gx = " : "Gy = ";
  bool first = true;
  for (int k = 0; k < 9; ++k) {
    const int weight = static_cast<int>(kernel.data()[k]);
    if (weight == 0) continue;
    const int row = border_source(Padding::replicate, at.row + k / 3 - 1, rows());
    const int column = border_source(Padding::replicate, at.column + k % 3 - 1, columns());
    const std::string sign = weight < 0 ? (first ? "\u2212" : " \u2212 ") : (first ? "" : " + ");
    text += sign + (std::abs(weight) == 1 ? "" : std::to_string(std::abs(weight)) + "\u00B7") +
            std::to_string(smooth_.at(row, column));
    first = false;
  }
  return text + " = " + words.number(along_x ? at.gx : at.gy, 5);
}

void Edges::draw_card(const Canvas& canvas, const Layout& l) const {
  const Pixel at = pixel(looked_at());
  const Rect& area = l.card;
  ImFont* const title = l.wide ? canvas.fonts.text_large : canvas.fonts.text_small;
  const std::string name =
      canvas.words.format("edges.pixel", {std::to_string(at.row + 1), std::to_string(at.column + 1)});
  canvas.text(title, area.x0, area.y0 + 10.0F, canvas.theme.ink, fitted(canvas, title, name, area.width()));
  if (!l.wide) {
    const float y = draw_values(canvas, {area.x0, area.y0 + 24.0F, area.x1, area.y1}, at);
    const float radius = std::min({44.0F, 0.4F * area.width(), 0.5F * (area.y1 - y) - 6.0F});
    if (radius > 14.0F) draw_wheel(canvas, 0.5F * (area.x0 + area.x1), y + radius + 6.0F, radius, at);
    return draw_verdict(canvas, l.verdict, at);
  }
  float y = area.y0 + 26.0F;
  const bool tall = area.height() >= 330.0F;
  if (tall) y = draw_grids(canvas, {area.x0, y, area.x1, area.y1}, at);
  const float radius = std::min(46.0F, 0.16F * area.width());
  draw_wheel(canvas, area.x1 - radius - 6.0F, y + 2.0F * line, radius, at);
  y = draw_values(canvas, {area.x0, y, area.x1 - 2.0F * radius - 14.0F, area.y1}, at) + 8.0F;
  if (area.height() >= 480.0F) y = draw_sums(canvas, {area.x0, y, area.x1, area.y1}, at);
  draw_verdict(canvas, {area.x0, y, area.x1, area.y1}, at);
}

// The window of the smoothed picture and the two kernels.
float Edges::draw_grids(const Canvas& canvas, const Rect& area, const Pixel& at) const {
  constexpr float between = 14.0F;
  const float side = std::min((area.width() - 2.0F * between) / 3.0F, 0.26F * area.height());
  Tensor window(Shape{3, 3});
  for (int k = 0; k < 9; ++k) {
    const int row = border_source(Padding::replicate, at.row + k / 3 - 1, rows());
    const int column = border_source(Padding::replicate, at.column + k % 3 - 1, columns());
    window.data()[k] = smooth_.at(row, column);
  }
  const std::array<Tensor, 3> grids = {window, make_kernel(KernelKind::sobel_x, 3, 3),
                                       make_kernel(KernelKind::sobel_y, 3, 3)};
  constexpr std::array names = {"edges.window", "edges.kernel_x", "edges.kernel_y"};
  const float top = area.y0 + 18.0F;
  for (std::size_t k = 0; k < 3; ++k) {
    const float x = area.x0 + static_cast<float>(k) * (side + between);
    canvas.text(canvas.fonts.text_small, x, area.y0 + 9.0F, canvas.theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, canvas.words(names[k]), side + between - 4.0F));
    const CellMap map = fit_cells({x, top, x + side, top + side}, 3, 3, 60.0F);
    GridStyle style{k == 0 ? Shade::grey : Shade::diverging, 0.0F, k == 0 ? 255.0F : 3.0F, true};
    if (k == 0) style.highlight = Cell{1, 1};
    (void)tensor_grid(canvas, map, grids[k].view(), style);
  }
  return top + side + 8.0F;
}

void Edges::draw_wheel(const Canvas& canvas, float x, float y, float radius, const Pixel& at) const {
  DirectionWheel wheel{x, y, radius, {}, 1.0F};
  if (at.magnitude > 0.0) {
    wheel.degrees = at.direction;
    wheel.length = static_cast<float>(at.magnitude) / magnitude_high_;
  }
  draw_direction_wheel(canvas, wheel);
}

std::array<std::string, 4> Edges::formulas(const Words& words, const Pixel& at) const {
  const auto squared = [&](int v) { return (v < 0 ? "(" + words.number(v, 5) + ")" : words.number(v, 5)) + "\u00B2"; };
  const std::string root =
      "G = \u221A(" + squared(at.gx) + " + " + squared(at.gy) + ") = " + words.number(at.magnitude, 5);
  const std::string angle =
      at.magnitude > 0.0
          ? words.format("edges.angle", {words.number(at.gy, 5), words.number(at.gx, 5), words.number(at.direction, 4)})
          : std::string(words("edges.no_direction"));
  return {sum_text(words, at, true), sum_text(words, at, false), root, angle};
}

// Gx, Gy, G and the angle. Pointing at one writes it out.
float Edges::draw_values(const Canvas& canvas, const Rect& area, const Pixel& at) const {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const auto signed_colour = [&](int v) { return v > 0 ? theme.positive : (v < 0 ? theme.negative : theme.ink); };
  const std::array<std::string, 4> notes = formulas(words, at);
  const std::array<const char*, 4> names = {"G_x", "G_y", "G", "\u03B8"};
  const std::array<std::string, 4> values = {words.number(at.gx, 5), words.number(at.gy, 5),
                                             words.number(at.magnitude, 5),
                                             at.magnitude > 0.0 ? words.number(at.direction, 4) + "\u00B0" : "\u2013"};
  const std::array<ImU32, 4> inks = {signed_colour(at.gx), signed_colour(at.gy), theme.ink, theme.ink};
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  float y = area.y0;
  for (std::size_t k = 0; k < 4; ++k) {
    const float middle = y + 0.5F * line;
    draw_symbols(canvas, canvas.fonts.text, area.x0, middle, theme.ink_soft, names[k]);
    canvas.text(canvas.fonts.number, area.x0 + 96.0F, middle, inks[k], values[k], Align::right);
    if (Rect{area.x0, y, area.x1, y + line}.contains(mouse.x, mouse.y)) {
      canvas.list.AddRectFilled({area.x0, y + line - 2.0F}, {area.x0 + 100.0F, y + line - 1.0F}, theme.focus);
      draw_note(canvas, mouse.x, mouse.y, notes[k]);
    }
    y += line;
  }
  return y;
}

// The same written out, where there is room.
float Edges::draw_sums(const Canvas& canvas, const Rect& area, const Pixel& at) const {
  ImFont* const font = canvas.fonts.text_small;
  float y = area.y0;
  for (const std::string& text : formulas(canvas.words, at)) {
    const char* const end = text.data() + text.size();
    const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e6F, area.width(), text.data(), end);
    canvas.list.AddText(font, font->FontSize, {area.x0, y}, canvas.theme.ink_soft, text.data(), end, area.width());
    y += size.y + 5.0F;
  }
  return y + 9.0F;
}

// Thinning, thresholds, hysteresis: one line each with its numbers; what holds has a full dot.
void Edges::draw_verdict(const Canvas& canvas, const Rect& area, const Pixel& at) const {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const auto number = [&](double v) { return words.number(v, 4); };
  const std::string low = number(std::min(low_, high_));
  const std::string high = number(std::max(low_, high_));
  struct Line {
    std::string text;
    bool yes;
  };
  std::array<Line, 3> lines;
  lines[0] = {words.format(at.ridge ? "edges.ridge" : "edges.no_ridge",
                           {number(at.before), number(at.magnitude), number(at.after)}),
              at.ridge};
  const bool alive = at.ridge && at.canny_class != canny_none;
  lines[1] = {!at.ridge ? std::string(words("edges.not_asked"))
                        : words.format(at.canny_class == canny_strong ? "edges.is_strong"
                                       : at.canny_class == canny_weak ? "edges.is_weak"
                                                                      : "edges.is_none",
                                       {number(at.magnitude), low, high}),
              alive};
  lines[2] = {!alive ? std::string(words("edges.no_edge"))
                     : std::string(words(at.canny_class == canny_strong ? "edges.kept_strong"
                                         : at.edge                      ? "edges.kept_weak"
                                                                        : "edges.dropped")),
              at.edge};
  float y = area.y0;
  ImFont* const font = canvas.fonts.text_small;
  for (const Line& l : lines) {
    const float width = area.width() - 20.0F;
    const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e6F, width, l.text.data(), l.text.data() + l.text.size());
    if (y + size.y > area.y1 + 2.0F) return;
    const ImVec2 dot{area.x0 + 5.0F, y + 0.5F * font->FontSize};
    if (l.yes) {
      canvas.list.AddCircleFilled(dot, 5.0F, theme.good);
    } else {
      canvas.list.AddCircle(dot, 4.5F, theme.ink_faint, 0, 1.5F);
    }
    canvas.list.AddText(font, font->FontSize, {area.x0 + 20.0F, y}, l.yes ? theme.ink : theme.ink_soft, l.text.data(),
                        l.text.data() + l.text.size(), width);
    y += size.y + 7.0F;
  }
}

}  // namespace cvlab::app
