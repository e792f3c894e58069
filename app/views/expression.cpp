#include "app/views/expression.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

constexpr float line_height = 22.0F;
constexpr float named_height = 42.0F;  // of a line with names above the numbers

struct Piece {
  std::string text;
  int product = -1;  // index, or -1
  ImU32 colour = 0;
  float width = 0.0F;
};

// "7.83e−05" is written "7.83e−5": a term has little room.
std::string factor(const Words& words, double value) {
  std::string text = words.number(value, 4);
  const std::size_t zero = text.find("\u22120", text.find('e'));
  if (text.find('e') != std::string::npos && zero != std::string::npos) text.erase(zero + 3, 1);
  return value < 0 ? "(" + text + ")" : text;
}

Piece product_piece(const Canvas& canvas, const Expression& expression, std::size_t i) {
  const Product& p = expression.products[i];
  Piece piece;
  piece.text = (i > 0 ? "+ " : "") + factor(canvas.words, p.a) + "\u00B7" + factor(canvas.words, p.b);
  piece.product = static_cast<int>(i);
  const double value = p.a * p.b;
  piece.colour = value > 0 ? canvas.theme.positive : value < 0 ? canvas.theme.negative : canvas.theme.ink_faint;
  return piece;
}

Piece plain(std::string text, ImU32 colour) { return {std::move(text), -1, colour, 0.0F}; }

// Lines needed for the pieces in the given width.
int lines(const std::vector<Piece>& pieces, float width, float space) {
  int count = 1;
  float x = 0.0F;
  for (const Piece& piece : pieces) {
    if (x > 0.0F && x + piece.width > width) {
      ++count;
      x = 0.0F;
    }
    x += piece.width + space;
  }
  return count;
}

// The expression with the first `shown` products, the others counted.
std::vector<Piece> pieces_of(const Canvas& canvas, const Expression& expression, std::size_t shown) {
  std::vector<Piece> pieces;
  pieces.push_back(plain(expression.left + " =", canvas.theme.ink));
  for (std::size_t i = 0; i < shown; ++i) pieces.push_back(product_piece(canvas, expression, i));
  const std::size_t rest = expression.products.size() - shown;
  if (rest > 0) {
    pieces.push_back(plain((shown > 0 ? "+ " : "") + canvas.words.format("shell.more_products", {std::to_string(rest)}),
                           canvas.theme.ink_faint));
  }
  pieces.push_back(plain("= " + canvas.words.number(expression.result, 6), canvas.theme.focus));
  for (Piece& piece : pieces) piece.width = canvas.text_width(canvas.fonts.number, piece.text);
  return pieces;
}

// Makes room for the names; false when there are none, or too many for `height`.
bool make_named(const Canvas& canvas, const Expression& expression, std::vector<Piece>& pieces, const Rect& area,
                float space) {
  if (pieces.size() != expression.products.size() + 2) return false;
  std::vector<Piece> named = pieces;
  for (Piece& piece : named) {
    if (piece.product < 0) continue;
    const std::string& name = expression.products[static_cast<std::size_t>(piece.product)].name;
    if (name.empty()) return false;
    piece.width = std::max(piece.width,
                           symbols_width(canvas, canvas.fonts.text_small, name) + (piece.product > 0 ? 18.0F : 2.0F));
  }
  if (named_height * static_cast<float>(lines(named, area.width(), space)) > area.height() + 1.0F) return false;
  pieces = std::move(named);
  return true;
}

}  // namespace

std::optional<int> draw_expression(const Canvas& canvas, const Rect& plate, const Expression& expression,
                                   std::optional<int> marked) {
  const Rect area{plate.x0 + 12.0F, plate.y0 + 8.0F, plate.x1 - 12.0F, plate.y1 - 8.0F};
  const float space = canvas.text_width(canvas.fonts.number, " ");
  const int room = std::max(1, static_cast<int>(area.height() / line_height));
  std::size_t shown = std::min<std::size_t>(expression.products.size(), 64);
  std::vector<Piece> pieces = pieces_of(canvas, expression, shown);
  while (shown > 0 && lines(pieces, area.width(), space) > room) pieces = pieces_of(canvas, expression, --shown);

  const bool named = make_named(canvas, expression, pieces, area, space);
  const float height = named ? named_height : line_height;
  const float used = height * static_cast<float>(std::min(room, lines(pieces, area.width(), space)));
  canvas.list.AddRectFilled({plate.x0, plate.y0}, {plate.x1, area.y0 + used + 8.0F}, canvas.theme.surface, 6.0F);

  std::optional<int> hovered;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  float x = area.x0;
  float y = area.y0 + height - 0.5F * line_height;
  for (const Piece& piece : pieces) {
    if (x > area.x0 && x + piece.width > area.x1) {
      x = area.x0;
      y += height;
    }
    const Rect box{x - 0.5F * space, y + 0.5F * line_height - height + 1.0F, x + piece.width + 0.5F * space,
                   y + 0.5F * line_height - 1.0F};
    if (piece.product >= 0 && box.contains(mouse.x, mouse.y) && ImGui::IsWindowHovered()) hovered = piece.product;
    if (piece.product >= 0 && marked == piece.product) {
      canvas.list.AddRectFilled({box.x0, box.y0}, {box.x1, box.y1}, canvas.theme.focus_soft, 4.0F);
    }
    canvas.text(canvas.fonts.number, x, y, piece.colour, piece.text);
    if (named && piece.product >= 0) {
      const float sign = piece.product > 0 ? 2.0F * space : 0.0F;
      draw_symbols(canvas, canvas.fonts.text_small, x + sign, y - 19.0F, canvas.theme.ink_soft,
                   expression.products[static_cast<std::size_t>(piece.product)].name);
    }
    x += piece.width + space;
  }
  return hovered;
}

}  // namespace cvlab::app
