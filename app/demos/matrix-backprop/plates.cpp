// A matrix as cells with signed colours; what a cell is made of has a frame.
#include <algorithm>
#include <cmath>

#include "app/demos/matrix-backprop/matrix_backprop.hpp"
#include "app/views/cells.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

using enum MatrixId;

constexpr float least_em = 8.0F;  // numbers smaller than this are left out

float number_em(float width, float height, int characters) {
  return std::min({0.72F * height, 0.94F * width / (0.6F * static_cast<float>(characters)), 14.0F});
}

// A name with a raised T where it is transposed; returns its width.
float draw_factor(const Canvas& canvas, float x, float y, ImU32 ink, const MatrixOperand& factor, float em) {
  float width = draw_symbols(canvas, canvas.fonts.text, x, y, ink, matrix_name(factor.id), Align::left, em);
  if (factor.transposed) {
    width += 1.0F;
    width += canvas.text(canvas.fonts.text, x + width, y - 0.38F * em, ink, "T", Align::left, 0.68F * em);
  }
  return width;
}

}  // namespace

bool MatrixBackprop::lit(const MatrixCell& cell) const {
  return std::find(lit_.begin(), lit_.end(), cell) != lit_.end();
}

bool MatrixBackprop::feeds(MatrixId id) const {
  if (!panel_ || !known(*panel_)) return false;
  const MatrixRule rule = matrix_rule(*panel_);
  if (rule.kind == MatrixRuleKind::given) return false;
  const bool two = rule.kind != MatrixRuleKind::activation && rule.kind != MatrixRuleKind::mean;
  const auto is = [id](MatrixId from) { return from == id || (from == slope && id == Z1); };
  return is(rule.left.id) || (two && is(rule.right.id)) || rule.add == id;
}

void MatrixBackprop::draw_name(const Canvas& canvas, const Plate& p) const {
  const bool overview = !overview_.empty() && &p >= overview_.data() && &p < overview_.data() + overview_.size();
  const float em = overview && p.width < 30.0F ? 11.0F : 13.0F;
  const Rect r = p.rect();
  const float y = p.name_below ? r.y1 + 10.0F : r.y0 - 10.5F;
  const bool there = known(p.id);
  const bool strong = feeds(p.id) || (panel_ && p.id == *panel_);
  const ImU32 ink = !there ? canvas.theme.ink_faint : strong ? canvas.theme.focus : canvas.theme.ink;
  const float width = draw_factor(canvas, r.x0, y, ink, {p.id, p.transposed}, em);
  const std::string shape = shape_text(example_.matrix(p.id), p.transposed);
  const float shape_em = em - 1.5F;
  const float needed = width + 7.0F + canvas.text_width(canvas.fonts.text_small, shape, shape_em);
  if (needed <= r.width() + 5.0F || !overview)
    canvas.text(canvas.fonts.text_small, r.x0 + width + 7.0F, y, canvas.theme.ink_soft, shape, Align::left, shape_em);
}

void MatrixBackprop::draw_plate(const Canvas& canvas, const Plate& p) const {
  const Theme& theme = canvas.theme;
  const Matrix& m = example_.matrix(p.id);
  const bool there = known(p.id);
  const float gap = p.height >= 7.0F ? 1.0F : 0.0F;
  const int characters = p.width >= 50.0F ? 6 : p.width >= 27.0F ? 5 : 4;
  const float em = number_em(p.width - gap, p.height, characters);
  const auto range = static_cast<float>(is_gradient(p.id) ? gradient_range_ : value_range_);
  const Rect whole = p.rect();
  canvas.list.AddRectFilled({whole.x0 - 1.0F, whole.y0 - 1.0F}, {whole.x1, whole.y1},
                            there ? theme.rule_strong : theme.rule, 2.0F);
  const auto rect_of = [&](int row, int column) {
    const float x = p.x + p.width * static_cast<float>(column);
    const float y = p.y + p.height * static_cast<float>(row);
    return Rect{x, y, x + p.width, y + p.height};
  };
  const auto cell_of = [&](int row, int column) {
    return p.transposed ? MatrixCell{p.id, column, row} : MatrixCell{p.id, row, column};
  };
  for (int row = 0; row < p.rows; ++row) {
    for (int column = 0; column < p.columns; ++column) {
      const Rect r = rect_of(row, column);
      const MatrixCell cell = cell_of(row, column);
      const auto value = static_cast<float>(m.at(cell.row, cell.column));
      const ImU32 fill = there ? shade_colour(theme, Shade::diverging, -range, range, value) : theme.paper;
      canvas.list.AddRectFilled({r.x0, r.y0}, {r.x1 - gap, r.y1 - gap}, fill);
      if (!there || em < least_em) continue;
      char buffer[24];
      canvas.text(canvas.fonts.number, 0.5F * (r.x0 + r.x1), 0.5F * (r.y0 + r.y1), ink_on(fill),
                  format_cell(canvas.words, value, characters, buffer), Align::centre, em);
    }
  }
  const std::optional<MatrixCell> main = shown();
  for (int row = 0; row < p.rows; ++row) {
    for (int column = 0; column < p.columns; ++column) {
      const MatrixCell cell = cell_of(row, column);
      const Rect r = rect_of(row, column);
      const bool chosen = main && *main == cell;
      if (!chosen && !lit(cell)) continue;
      const float inset = gap > 0.0F ? 0.5F : 0.0F;
      canvas.list.AddRect({r.x0 - inset, r.y0 - inset}, {r.x1 - gap + inset, r.y1 - gap + inset}, theme.focus, 1.5F, 0,
                          chosen ? 3.0F : 1.8F);
    }
  }
}

void MatrixBackprop::draw_plates(const Canvas& canvas, const std::vector<Plate>& plates,
                                 const std::vector<Sign>& signs) const {
  for (const Plate& p : plates) {
    draw_plate(canvas, p);
    draw_name(canvas, p);
  }
  for (const Sign& sign : signs)
    canvas.text(canvas.fonts.text, sign.x, sign.y, canvas.theme.ink_soft, sign.text, Align::centre, 16.0F);
}

// Behind the matrices: a plate around what the present operation reads, and around what it writes.
void MatrixBackprop::draw_feeds(const Canvas& canvas) const {
  for (const Plate& p : overview_) {
    const bool result = panel_ && *panel_ == p.id;
    if (!result && !feeds(p.id)) continue;
    const Rect r = p.rect();
    canvas.list.AddRectFilled({r.x0 - 5.0F, r.y0 - 19.0F}, {std::max(r.x1, r.x0 + 30.0F) + 4.0F, r.y1 + 4.0F},
                              canvas.theme.focus_soft, 5.0F);
    if (result)
      canvas.list.AddRect({r.x0 - 5.0F, r.y0 - 19.0F}, {std::max(r.x1, r.x0 + 30.0F) + 4.0F, r.y1 + 4.0F},
                          canvas.theme.focus, 5.0F, 0, 1.5F);
  }
}

// "∂L/∂W2 = ∂L/∂Z2 · A1ᵀ" and its shapes, the inner ones, which have to fit, in the focus colour.
void MatrixBackprop::draw_operation(const Canvas& canvas, const Layout& l, MatrixId id) const {
  const Theme& theme = canvas.theme;
  const MatrixRule rule = matrix_rule(id);
  const bool roomy = canvas.area.width() > 500.0F;
  const float em = roomy ? 16.0F : 13.0F;
  float x = l.operation.x0;
  const float y = l.operation.y0 + 0.55F * em;
  if (rule.kind == MatrixRuleKind::product) {
    x += draw_factor(canvas, x, y, theme.ink, {id}, em) + 5.0F;
    x += canvas.text(canvas.fonts.text, x, y, theme.ink_soft, "=", Align::left, em) + 5.0F;
    x += draw_factor(canvas, x, y, theme.ink, rule.left, em) + 4.0F;
    x += canvas.text(canvas.fonts.text, x, y, theme.ink_soft, "\u00B7", Align::left, em) + 4.0F;
    x += draw_factor(canvas, x, y, theme.ink, rule.right, em);
    if (rule.add) {
      x += 5.0F + canvas.text(canvas.fonts.text, x + 5.0F, y, theme.ink_soft, "+", Align::left, em) + 5.0F;
      x += draw_factor(canvas, x, y, theme.ink, {*rule.add}, em);
    }
    const Plate left = plate(rule.left.id, rule.left.transposed);
    const Plate right = plate(rule.right.id, rule.right.transposed);
    const std::pair<std::string, bool> parts[] = {
        {std::to_string(left.rows) + "\u00D7", false},
        {std::to_string(left.columns), true},
        {" \u00B7 ", false},
        {std::to_string(right.rows), true},
        {"\u00D7" + std::to_string(right.columns) + " \u2192 " + std::to_string(left.rows) + "\u00D7" +
             std::to_string(right.columns),
         false}};
    const float size = roomy ? 14.0F : 12.0F;
    float width = 0.0F;
    for (const auto& [text, inner] : parts) width += canvas.text_width(canvas.fonts.number, text, size);
    float at = std::max(x + 12.0F, l.operation.x1 - width);
    if (at + width <= l.operation.x1 + 1.0F) {
      for (const auto& [text, inner] : parts)
        at += canvas.text(canvas.fonts.number, at, y, inner ? theme.focus : theme.ink_soft, text, Align::left, size);
    }
  } else {
    const float width = draw_factor(canvas, x, y, theme.ink, {id}, em);
    if (rule.kind != MatrixRuleKind::error && rule.kind != MatrixRuleKind::mean)
      canvas.text(canvas.fonts.text_small, x + width + 10.0F, y, theme.ink_soft,
                  canvas.words("matrix-backprop.cell_by_cell"), Align::left, roomy ? 13.0F : 11.0F);
  }
  draw_plates(canvas, operation_, operation_signs_);
}

}  // namespace cvlab::app
