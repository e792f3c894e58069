// Where the matrices stand: all of them above, each gradient below its matrix; the present operation large below.
#include <algorithm>
#include <cmath>

#include "app/demos/matrix-backprop/matrix_backprop.hpp"
#include "app/views/area_input.hpp"
#include "app/views/symbols.hpp"

namespace cvlab::app {

namespace {

using enum MatrixId;

constexpr float label_from = 640.0F;  // px: from here on the rows have a name
constexpr float caption = 19.0F;      // height of the line with a name

float whole(float x) { return std::floor(x); }

}  // namespace

MatrixBackprop::Layout MatrixBackprop::layout(const Rect& a) const {
  Layout l;
  l.wide = a.width() >= 560.0F && a.width() > 0.9F * a.height();
  const float pad = l.wide ? std::clamp(0.02F * a.width(), 12.0F, 26.0F) : 8.0F;
  const Rect in{a.x0 + pad, a.y0 + 0.5F * pad, a.x1 - pad, a.y1 - 0.5F * pad};
  if (l.wide) {
    const float split = whole(in.y0 + 0.54F * in.height());
    const float middle = whole(in.x0 + 0.5F * in.width());
    l.overview = {in.x0, in.y0, in.x1, split - 10.0F};
    l.operation = {in.x0, split, middle - 14.0F, in.y1};
    l.formula = {middle, split, in.x1, in.y1};
    return l;
  }
  // All matrices only where there is room for them.
  const bool all = in.height() > 560.0F;
  const float formula = std::clamp((all ? 0.3F : 0.48F) * in.height(), 96.0F, 240.0F);
  const float operation = all ? std::clamp(0.27F * in.height(), 150.0F, 260.0F) : in.height() - formula - 6.0F;
  const float overview = all ? in.height() - formula - operation - 12.0F : 0.0F;
  const float split = in.y1 - formula;
  l.overview = {in.x0, in.y0, in.x1, in.y0 + overview};
  l.operation = {in.x0, in.y0 + overview + (overview > 0.0F ? 6.0F : 0.0F), in.x1, split - 6.0F};
  l.formula = {in.x0, split, in.x1, in.y1};
  return l;
}

MatrixBackprop::Plate MatrixBackprop::plate(MatrixId id, bool transposed) const {
  const Matrix& m = example_.matrix(id);
  Plate p;
  p.id = id;
  p.transposed = transposed;
  p.rows = transposed ? m.columns : m.rows;
  p.columns = transposed ? m.rows : m.columns;
  return p;
}

// Two bands of the same form, W · input + B = Z, each with its gradients below.
void MatrixBackprop::place_overview(const Canvas& canvas, const Layout& l) {
  overview_.clear();
  overview_signs_.clear();
  const Rect& a = l.overview;
  if (a.height() < 60.0F) return;
  const MatrixSettings& s = example_.settings();
  const std::vector<int> columns = {std::max(s.inputs, s.hidden), s.batch, 1, s.batch, s.batch, 1};
  int all = 0;
  for (const int c : columns) all += c;
  const float label = a.width() >= label_from ? 66.0F : 0.0F;
  const float gap = a.width() >= label_from ? 26.0F : 12.0F;
  const float em = a.width() >= 500.0F ? 13.0F : 11.0F;
  const float least = symbols_width(canvas, canvas.fonts.text, matrix_name(dB1), em) - (label > 0.0F ? 0.0F : 6.0F);
  // Columns that are narrower than their name take its width.
  float width = whole(std::min(54.0F, (a.width() - label - 5.0F * gap) / static_cast<float>(all)));
  const auto slots_of = [&](float w) {
    std::vector<float> slots;
    slots.reserve(columns.size());
    for (const int c : columns) slots.push_back(std::max(least, w * static_cast<float>(c)));
    return slots;
  };
  const auto total = [&](float w) {
    float sum = 5.0F * gap;
    for (const float slot : slots_of(w)) sum += slot;
    return sum;
  };
  while (width > 4.0F && total(width) > a.width() - label) width -= 1.0F;
  const int value_rows = std::max(s.hidden, s.inputs) + std::max(s.outputs, s.hidden);
  const int rows = value_rows + 2 * s.hidden + std::max(0, s.outputs - s.hidden);
  const float between = l.wide ? 10.0F : 2.0F;
  const float height = std::clamp(whole((a.height() - 4.0F * caption - between) / static_cast<float>(rows)), 3.0F,
                                  std::min(24.0F, l.wide ? 24.0F : width));
  const Columns places{slots_of(width), gap, width, height};
  const float first = static_cast<float>(std::max(s.hidden, s.inputs) + s.hidden) * height + 2.0F * caption;
  const float x0 = label > 0.0F ? a.x0 + label : a.x0 + 0.5F * std::max(0.0F, a.width() - total(width));
  place_band(false, {x0, a.y0, a.x1, a.y0 + first}, places);
  place_band(true, {x0, a.y0 + first + between, a.x1, a.y1}, places);
}

void MatrixBackprop::place_band(bool second, const Rect& a, const Columns& columns) {
  const std::vector<float>& slots = columns.slots;
  const float gap = columns.gap;
  const float height = columns.height;
  const MatrixSettings& s = example_.settings();
  const int value_rows = std::max(s.hidden, second ? s.outputs : s.inputs);
  const float values = a.y0 + caption;
  const float gradients = values + static_cast<float>(value_rows) * height + caption;
  const auto add = [&](MatrixId id, std::size_t slot, float y) {
    Plate p = plate(id, false);
    p.width = columns.width;
    p.height = height;
    p.y = y;
    p.x = a.x0;
    for (std::size_t i = 0; i < slot; ++i) p.x += slots[i] + gap;
    p.x = whole(p.x);
    overview_.push_back(p);
    return p;
  };
  const auto sign = [&](const Plate& before, std::size_t slot, const char* text) {
    const float middle =
        values + 0.5F * height * static_cast<float>(std::min(before.rows, second ? s.outputs : s.hidden));
    overview_signs_.push_back({before.x + slots[slot] + 0.5F * gap, middle, text});
  };
  sign(add(second ? W2 : W1, 0, values), 0, "\u00B7");
  sign(add(second ? A1 : X, 1, values), 1, "+");
  sign(add(second ? B2 : B1, 2, values), 2, "=");
  add(second ? Z2 : Z1, 3, values);
  add(second ? dW2 : dW1, 0, gradients);
  if (second) add(dA1, 1, gradients);
  add(second ? dB2 : dB1, 2, gradients);
  add(second ? dZ2 : dZ1, 3, gradients);
  if (!second) return;
  add(Y, 4, values);
  add(E, 4, gradients);
  add(L, 5, gradients);
}

// Falk's scheme: a row of the left matrix and a column of the upper one meet at their sum of products.
void MatrixBackprop::place_product(const Rect& a, const MatrixRule& rule, MatrixId id) {
  Plate left = plate(rule.left.id, rule.left.transposed);
  Plate right = plate(rule.right.id, rule.right.transposed);
  Plate result = plate(id, false);
  const int columns = left.columns + right.columns + (rule.add ? 1 : 0);
  const float gap = 34.0F;
  const float gaps = gap + (rule.add ? gap : 0.0F);
  const float room = a.height() - 2.0F * caption - 8.0F;
  const float width = whole(std::clamp((a.width() - gaps) / static_cast<float>(columns), 8.0F, 62.0F));
  const float height =
      whole(std::clamp(room / static_cast<float>(right.rows + result.rows), 6.0F, std::min(30.0F, width)));
  for (Plate* p : {&left, &right, &result}) {
    p->width = width;
    p->height = height;
  }
  const float taken = width * static_cast<float>(columns) + gaps;
  left.x = whole(a.x0 + std::max(0.0F, 0.5F * (a.width() - taken)));
  right.x = result.x = left.x + width * static_cast<float>(left.columns) + gap;
  right.y = a.y0 + caption;
  left.y = result.y = right.y + height * static_cast<float>(right.rows) + 8.0F;
  result.name_below = true;
  operation_ = {left, right, result};
  if (rule.add) {
    Plate add = plate(*rule.add, false);
    add.width = width;
    add.height = height;
    add.x = result.rect().x1 + gap;
    add.y = result.y;
    add.name_below = true;
    operation_signs_.push_back({add.x - 0.5F * gap, 0.5F * (result.rect().y0 + result.rect().y1), "+"});
    operation_.push_back(add);
  }
}

// Cell by cell: the operands and the result side by side.
void MatrixBackprop::place_row(const Rect& a, const MatrixRule& rule, MatrixId id) {
  std::vector<Plate> row = {plate(rule.left.id, false)};
  const bool two = rule.kind != MatrixRuleKind::activation && rule.kind != MatrixRuleKind::mean;
  if (two) row.push_back(plate(rule.right.id, false));
  row.push_back(plate(id, false));
  int columns = 0;
  int rows = 1;
  for (const Plate& p : row) {
    columns += p.columns;
    rows = std::max(rows, p.rows);
  }
  const float gap = 38.0F;
  const float gaps = gap * static_cast<float>(row.size() - 1);
  const float width = whole(std::clamp((a.width() - gaps) / static_cast<float>(columns), 8.0F, 62.0F));
  const float height =
      whole(std::clamp((a.height() - 2.0F * caption) / static_cast<float>(rows), 6.0F, std::min(30.0F, width)));
  float x = whole(a.x0 + std::max(0.0F, 0.5F * (a.width() - width * static_cast<float>(columns) - gaps)));
  const char* const between = rule.kind == MatrixRuleKind::cellwise ? "\u00D7" : "\u2212";
  for (std::size_t i = 0; i < row.size(); ++i) {
    Plate& p = row[i];
    p.width = width;
    p.height = height;
    p.x = x;
    p.y = a.y0 + caption;
    x = p.rect().x1 + gap;
    const float middle = p.y + 0.5F * height * static_cast<float>(rows);
    if (i + 1 < row.size()) operation_signs_.push_back({x - 0.5F * gap, middle, two && i == 0 ? between : "\u2192"});
  }
  operation_ = row;
}

void MatrixBackprop::place_operation(const Canvas& canvas, const Layout& l, MatrixId id) {
  operation_.clear();
  operation_signs_.clear();
  const MatrixRule rule = matrix_rule(id);
  const float heading = canvas.area.width() > 500.0F ? 30.0F : 20.0F;
  const Rect a{l.operation.x0, l.operation.y0 + heading, l.operation.x1, l.operation.y1};
  if (a.height() < 40.0F || rule.kind == MatrixRuleKind::given) return;
  if (rule.kind == MatrixRuleKind::product) {
    place_product(a, rule, id);
  } else {
    place_row(a, rule, id);
  }
}

std::optional<MatrixCell> MatrixBackprop::cell_at(const std::vector<Plate>& plates, float x, float y) const {
  for (const Plate& p : plates) {
    if (!p.rect().contains(x, y)) continue;
    const int row = std::min(p.rows - 1, static_cast<int>((y - p.y) / p.height));
    const int column = std::min(p.columns - 1, static_cast<int>((x - p.x) / p.width));
    return p.transposed ? MatrixCell{p.id, column, row} : MatrixCell{p.id, row, column};
  }
  return {};
}

// Pointing explains, a click keeps what is explained.
void MatrixBackprop::point(const Layout& l) {
  pointed_.reset();
  for (const bool above : {true, false}) {
    const Rect& area = above ? l.overview : l.operation;
    if (area.height() < 40.0F) continue;
    const AreaInput input = area_input(above ? "overview" : "operation", area);
    if (!input.hovered && !input.pressed) continue;
    const std::optional<MatrixCell> cell = cell_at(above ? overview_ : operation_, input.x, input.y);
    if (!cell) continue;
    pointed_ = cell;
    if (matrix_step(cell->id)) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (input.clicked) select(*cell);
  }
}

void MatrixBackprop::draw(Canvas& canvas) {
  if (canvas.area.width() < 200.0F || canvas.area.height() < 160.0F) return;
  const Layout l = layout(canvas.area);
  place_overview(canvas, l);
  // Large: the matrix pointed at above, else the one of the step. What is large stays while it is pointed at.
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const std::optional<MatrixCell> over = cell_at(overview_, mouse.x, mouse.y);
  panel_ = over && matrix_step(over->id) && known(over->id) ? over->id : target();
  operation_.clear();
  operation_signs_.clear();
  if (panel_) place_operation(canvas, l, *panel_);
  point(l);
  lit_.clear();
  if (const std::optional<MatrixCell> cell = shown(); cell && known(cell->id)) {
    lit_ = matrix_sources(example_.settings(), *cell);
    // f'(Z1) is made of Z1 where it has no plate of its own.
    for (std::size_t i = 0; i < lit_.size(); ++i) {
      if (lit_[i].id == slope) lit_.push_back({Z1, lit_[i].row, lit_[i].column});
    }
    lit_.push_back(*cell);
  }
  draw_feeds(canvas);
  draw_plates(canvas, overview_, overview_signs_);
  if (l.overview.width() >= label_from && !overview_.empty()) {
    for (const Plate& p : overview_) {
      if (p.id != W1 && p.id != W2 && p.id != dW1 && p.id != dW2) continue;
      const char* key = p.id == W1   ? "matrix-backprop.layer1"
                        : p.id == W2 ? "matrix-backprop.layer2"
                                     : "matrix-backprop.gradients";
      canvas.text(canvas.fonts.text_small, l.overview.x0, p.y + 0.5F * p.height, canvas.theme.ink_soft,
                  canvas.words(key), Align::left, 12.0F);
    }
  }
  if (panel_) draw_operation(canvas, l, *panel_);
  draw_explanation(canvas, l);
  int rows = 0;
  int columns = 0;
  if (arrow_keys(rows, columns)) move(rows, columns);
}

}  // namespace cvlab::app
