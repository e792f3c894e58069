#include "app/views/formula.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

constexpr float sizes[] = {17.0F, 15.0F, 13.0F, 12.0F, 11.0F};  // em of the symbols; the largest that fits

struct Type {
  float em;
  float number() const { return std::max(10.5F, 0.84F * em); }
  float half() const { return 0.66F * em; }              // from the fraction's bar to the middle of its halves
  float symbols() const { return 2.75F * em; }           // height of the upper row
  float line() const { return symbols() + 1.75F * em; }  // of both rows
  float space() const { return 0.42F * em; }
};

float top_size(const FormulaPiece& piece, const Type& type) { return piece.bottom.empty() ? type.em : 0.9F * type.em; }

float width_of(const Canvas& canvas, const FormulaPiece& piece, const Type& type) {
  ImFont* font = canvas.fonts.text;
  const float size = top_size(piece, type);
  float width = symbols_width(canvas, font, piece.top, size);
  if (!piece.bottom.empty()) width = std::max(width, symbols_width(canvas, font, piece.bottom, size)) + 4.0F;
  return std::max(width, canvas.text_width(canvas.fonts.number, piece.value, type.number()));
}

// A line breaks before a sign of equality or of addition, as in print, else where it must.
bool may_break(const FormulaPiece& piece) {
  return piece.sign && (piece.top == "=" || piece.top == "+" || piece.top == "\u2212");
}

// Index of the first piece of each line.
std::vector<std::size_t> lines_of(const Canvas& canvas, const std::vector<FormulaPiece>& pieces, const Type& type,
                                  float width) {
  std::vector<std::size_t> lines = {0};
  std::size_t chance = 0;
  float x = 0.0F;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (may_break(pieces[i])) chance = i;
    x += width_of(canvas, pieces[i], type) + type.space();
    if (x <= width || i == lines.back()) continue;
    const std::size_t at = chance > lines.back() ? chance : i;
    lines.push_back(at);
    x = 0.0F;
    for (std::size_t j = at; j <= i; ++j) x += width_of(canvas, pieces[j], type) + type.space();
  }
  return lines;
}

void draw_piece(const Canvas& canvas, const FormulaPiece& piece, const Type& type, float x, float y, float width) {
  const Theme& theme = canvas.theme;
  ImFont* font = canvas.fonts.text;
  const float middle = x + 0.5F * width;
  const float upper = y + 0.5F * type.symbols();
  const float lower = y + type.symbols() + 0.6F * type.em;
  const float alpha = piece.pale ? 0.38F : 1.0F;
  if (piece.marked) {
    canvas.list.AddRectFilled({x - 3.0F, y - 1.0F}, {x + width + 3.0F, y + type.line() - 3.0F}, theme.focus_soft, 5.0F);
  }
  const ImU32 ink = with_alpha(piece.sign ? theme.ink_soft : theme.ink, alpha);
  const float size = top_size(piece, type);
  if (piece.bottom.empty()) {
    draw_symbols(canvas, font, middle, upper, ink, piece.top, Align::centre, size);
  } else {
    draw_symbols(canvas, font, middle, upper - type.half() - 1.0F, ink, piece.top, Align::centre, size);
    draw_symbols(canvas, font, middle, upper + type.half(), ink, piece.bottom, Align::centre, size);
    const float bar = std::round(upper) - 0.5F;
    canvas.list.AddLine({x, bar}, {x + width, bar}, ink, 1.0F);
  }
  const ImU32 colour = with_alpha(piece.colour != 0 ? piece.colour : theme.ink, alpha);
  if (piece.sign) {
    draw_symbols(canvas, font, middle, lower, ink, piece.top, Align::centre, 0.9F * type.em);
  } else {
    canvas.text(canvas.fonts.number, middle, lower, colour, piece.value, Align::centre, type.number());
  }
}

}  // namespace

float draw_formula(const Canvas& canvas, const Rect& area, const std::vector<FormulaPiece>& pieces,
                   std::optional<int>* over) {
  if (pieces.empty() || area.width() < 40.0F) return 0.0F;
  Type type{sizes[0]};
  std::vector<std::size_t> lines;
  for (const float em : sizes) {
    type.em = em;
    lines = lines_of(canvas, pieces, type, area.width());
    if (lines.size() == 1 && type.line() <= area.height()) break;
    if (em <= 13.0F && type.line() * static_cast<float>(lines.size()) <= area.height()) break;
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  float y = area.y0;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    const std::size_t end = line + 1 < lines.size() ? lines[line + 1] : pieces.size();
    float x = area.x0 + (line > 0 ? 1.2F * type.em : 0.0F);
    if (y + type.line() > area.y1 + 4.0F) break;
    for (std::size_t i = lines[line]; i < end; ++i) {
      const float width = width_of(canvas, pieces[i], type);
      draw_piece(canvas, pieces[i], type, x, y, width);
      const Rect box{x, y, x + width, y + type.line()};
      if (over && !pieces[i].sign && box.contains(mouse.x, mouse.y) && ImGui::IsWindowHovered())
        *over = static_cast<int>(i);
      x += width + type.space();
    }
    y += type.line();
  }
  return y - area.y0;
}

}  // namespace cvlab::app
