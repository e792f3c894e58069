// The five terms as bars, and the numbers of one predicted box with the gradient in each.
#include <algorithm>
#include <cmath>

#include "app/demos/yolo-loss/yolo_loss.hpp"
#include "app/views/note.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr const char* term_ids[] = {"xy", "wh", "object", "nothing", "classes", "total"};
constexpr const char* columns[] = {"x", "y", "w", "h", "C"};
// A prime marks what the network answers.
constexpr const char* formulas[] = {
    "λ Σ (x − x′)² + (y − y′)²", "λ Σ (√w − √w′)² + (√h − √h′)²", "Σ (C − C′)²", "λ Σ (0 − C′)²", "Σ (p − p′)²", ""};
constexpr const char* plain_size_formula = "λ Σ (w − w′)² + (h − h′)²";

std::string key(const char* group, int term) { return std::string("yolo-loss.") + group + "." + term_ids[term]; }

double number_of(const YoloBox& box, int column) {
  const double numbers[] = {box.x, box.y, box.w, box.h, box.confidence};
  return numbers[column];
}

}  // namespace

void YoloLossDemo::draw_bars(const Canvas& canvas, const Layout& l) {
  const float height = l.bars.height() / 6.0F;
  if (height < 14.0F) return;
  for (int t = 0; t <= total; ++t) {
    const float y = l.bars.y0 + height * static_cast<float>(t);
    const Rect area{l.bars.x0, y, l.bars.x1, y + height};
    const AreaInput input = area_input(term_ids[t], area);
    if (input.clicked) (void)state_.set("term", term_ids[t]);
    if (input.hovered) {
      pointed_ = t;
      const bool plain = t == YoloLoss::wh && !state_.toggle("roots");
      if (canvas.area.width() >= 640.0F) {
        const std::string id = plain ? "yolo-loss.formula.wh_plain" : key("formula", t);
        draw_note_beside(canvas, area, canvas.words(id));
      } else if (t < total) {
        draw_note_beside(canvas, area, plain ? plain_size_formula : formulas[t]);
      }
    }
    draw_bar(canvas, area, t, l.two_lines, input.hovered || t == term());
  }
}

// Name and value; below them lambda times the sum; a bar as long as the term's share of the loss.
void YoloLossDemo::draw_bar(const Canvas& canvas, const Rect& area, int t, bool two_lines, bool shown) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const float x0 = area.x0 + 8.0F;
  const float x1 = area.x1 - 8.0F;
  const double value = t == total ? loss_.total : loss_.weighted[t];
  if (shown) canvas.list.AddRectFilled({area.x0, area.y0 + 1.0F}, {area.x1, area.y1 - 1.0F}, theme.focus_soft, 4.0F);
  const float y = two_lines && t < total ? area.y0 + 13.0F : 0.5F * (area.y0 + area.y1) - 2.0F;
  ImFont* font = t == total ? canvas.fonts.text : canvas.fonts.text_small;
  const std::string number = words.number(value, 4);
  const float right = x1 - canvas.text(canvas.fonts.number, x1, y, theme.ink, number, Align::right) - 10.0F;
  const float name = canvas.text(font, x0, y, theme.ink, fitted(canvas, font, words(key("name", t)), right - x0));
  std::string sum;
  if (t < total) {
    const double lambda = t == YoloLoss::xy || t == YoloLoss::wh ? state_.real("coord")
                          : t == YoloLoss::nothing               ? state_.real("noobj")
                                                                 : 1.0;
    sum = words.number(lambda, 3) + " · " + words.number(loss_.sums[t], 4);
  }
  const float sum_width = canvas.text_width(canvas.fonts.number_small, sum);
  if (two_lines) {
    canvas.text(canvas.fonts.number_small, x1, area.y0 + 29.0F, theme.ink_soft, sum, Align::right);
    const bool plain = t == YoloLoss::wh && !state_.toggle("roots");
    canvas.text(canvas.fonts.number_small, x0, area.y0 + 29.0F, theme.ink_soft,
                plain ? plain_size_formula : formulas[t]);
  } else if (x0 + name + 12.0F + sum_width < right) {
    canvas.text(canvas.fonts.number_small, right, y, theme.ink_soft, sum, Align::right);
  }
  if (t == total) return;
  const float bottom = area.y1 - 3.0F;
  const float thick = two_lines ? 6.0F : 3.0F;
  const float length = loss_.total > 0.0 ? static_cast<float>(value / loss_.total) * (x1 - x0) : 0.0F;
  canvas.list.AddRectFilled({x0, bottom - thick}, {x1, bottom}, theme.surface, 2.0F);
  if (length > 0.0F) {
    canvas.list.AddRectFilled({x0, bottom - thick}, {x0 + std::max(1.0F, length), bottom}, theme.focus, 2.0F);
  }
}

// Three rows: what the box says, what it should say, and the slope of the loss in each of its numbers.
void YoloLossDemo::draw_table(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const auto slot = explained();
  const float y = l.bars.y1 + 16.0F;
  if (!slot) {
    canvas.text(canvas.fonts.text_small, l.bars.x0, y, theme.ink_soft, words("yolo-loss.no_slot"));
    return;
  }
  const bool answers = responsible(*slot);
  const auto prediction = scene_.prediction_at(slot->cell, slot->box);
  const std::string who = prediction ? std::to_string(*prediction + 1) : std::string("–");
  canvas.text(canvas.fonts.text, l.bars.x0, y, theme.ink,
              fitted(canvas, canvas.fonts.text, words.format(answers ? "yolo-loss.answers" : "yolo-loss.silent", {who}),
                     l.bars.width()));
  for (int c = 0; c < 5; ++c) {
    canvas.text(canvas.fonts.text_small, l.table.x0 + (static_cast<float>(c) + 0.5F) * l.size, l.table.y0 - 9.0F,
                theme.ink_soft, columns[c], Align::centre);
  }
  const YoloBox slope = loss_.gradient.box(slot->cell, slot->box);
  // The slope that is written out: the one pointed at, else the steepest.
  int column = answers ? 0 : 4;
  double steepest = 1e-6;
  for (int c = 0; c < 5; ++c) {
    if (std::abs(number_of(slope, c)) <= steepest) continue;
    steepest = std::abs(number_of(slope, c));
    column = c;
  }
  draw_table_row(canvas, l, 0, scene_.output().box(slot->cell, slot->box), {0, 1.6F});
  // A box that answers for nothing has a target in its confidence alone.
  draw_table_row(canvas, l, 1, answers ? assignment_.at(slot->cell)->box : YoloBox{}, {answers ? 0 : 4, 1.6F});
  const auto over = draw_table_row(canvas, l, 2, slope, {0, 1.5F * static_cast<float>(steepest)});
  const std::string formula = slope_formula(words, *slot, over.value_or(column));
  const float line = l.table.y1 + 18.0F;
  if (line + 8.0F > canvas.area.y1) return;
  const float width = canvas.area.x1 - 4.0F - l.bars.x0;
  const bool fits = canvas.text_width(canvas.fonts.number, formula) <= width;
  ImFont* font = fits ? canvas.fonts.number : canvas.fonts.number_small;
  canvas.text(font, l.bars.x0, line, theme.ink, fitted(canvas, font, formula, width));
}

// The numbers of a box from style.first on; returns the one under the pointer.
std::optional<int> YoloLossDemo::draw_table_row(const Canvas& canvas, const Layout& l, int row, const YoloBox& box,
                                                RowStyle style) const {
  constexpr const char* names[] = {"yolo-loss.row.answer", "yolo-loss.row.target", "yolo-loss.row.slope"};
  const float top = l.table.y0 + static_cast<float>(row) * l.size + (row == 2 ? 4.0F : 0.0F);
  const float x = l.table.x0 + static_cast<float>(style.first) * l.size;
  const CellMap map{x, top, l.size, {l.table.x0, top, l.table.x1 + 1.0F, top + l.size + 1.0F}};
  Tensor values(Shape{1, 5 - style.first});
  for (int c = style.first; c < 5; ++c) values(0, c - style.first) = static_cast<float>(number_of(box, c));
  const auto over = tensor_grid(canvas, map, values.view(), {Shade::diverging, 0.0F, style.range, true, {}});
  canvas.text(canvas.fonts.text_small, l.table.x0 - 8.0F, top + 0.5F * l.size, canvas.theme.ink,
              canvas.words(names[row]), Align::right);
  if (!over) return std::nullopt;
  return over->column + style.first;
}

// The slope with its numbers in it, as the terms' derivatives say.
std::string YoloLossDemo::slope_formula(const Words& words, const YoloScene::Slot& slot, int column) const {
  const auto n = [&](double v) { return words.number(v, 3); };
  const YoloBox answer = scene_.output().box(slot.cell, slot.box);
  const double slope = number_of(loss_.gradient.box(slot.cell, slot.box), column);
  const std::string left = std::string("∂L/∂") + columns[column] + " = ";
  const double says = number_of(answer, column);
  if (!responsible(slot)) {
    if (column < 4) return left + "0";
    return left + "2 · " + n(state_.real("noobj")) + " · (" + n(says) + " − 0) = " + n(slope);
  }
  const double wanted = number_of(assignment_.at(slot.cell)->box, column);
  if (column == 4) return left + "2 · (" + n(says) + " − " + n(wanted) + ") = " + n(slope);
  const std::string lambda = n(state_.real("coord"));
  if (column >= 2 && state_.toggle("roots")) {
    return left + lambda + " · (√" + n(says) + " − √" + n(wanted) + ") / √" + n(says) + " = " + n(slope);
  }
  return left + "2 · " + lambda + " · (" + n(says) + " − " + n(wanted) + ") = " + n(slope);
}

}  // namespace cvlab::app
