#include <algorithm>
#include <cmath>

#include "app/demos/point-ops/point_ops.hpp"
#include "app/shell/picture_library.hpp"
#include "app/views/formula.hpp"
#include "app/views/image_view.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float axis = 30.0F;   // px of the numbers beside the curve
constexpr float below = 34.0F;  // px of numbers and name under the lower histogram
constexpr float row = 23.0F;    // px of a line of the table

std::string share(const Canvas& canvas, std::int64_t part, std::int64_t all) {
  const double percent = all > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(all) : 0.0;
  return canvas.words.number(percent, percent >= 10.0 ? 3 : 2) + "\u00A0%";
}

FormulaPiece sign(const char* text) { return {.top = text, .sign = true}; }

}  // namespace

PointOps::Layout PointOps::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const float ratio = static_cast<float>(rows()) / static_cast<float>(columns());
  l.wide = a.width() >= 560.0F && a.width() > a.height();
  Rect plot;
  if (l.wide) {
    const float each = 0.5F * (a.height() - 2.0F * pad) - caption;
    const float width = std::min(0.42F * a.width(), std::max(0.26F * a.width(), each / std::max(ratio, 0.2F)));
    const float height = std::min(each, width * ratio);
    l.before = {a.x0 + pad, a.y0 + pad + caption, a.x0 + pad + width, a.y0 + pad + caption + height};
    l.after = {l.before.x0, l.before.y1 + caption + 4.0F, l.before.x1, l.before.y1 + caption + 4.0F + height};
    const float x0 = l.before.x1 + pad + axis;
    const float bottom = std::min(184.0F, 0.3F * a.height());
    plot = {x0, l.before.y0, a.x1 - pad, a.y1 - pad - bottom};
    l.card = {l.before.x1 + pad + 6.0F, a.y1 - pad - bottom + 14.0F, a.x1 - pad, a.y1 - 8.0F};
  } else {
    const float width = 0.5F * (a.width() - 3.0F * pad);
    const float height = std::min(width * ratio, 0.28F * a.height());
    l.before = {a.x0 + pad, a.y0 + 2.0F + caption, a.x0 + pad + width, a.y0 + 2.0F + caption + height};
    l.after = {l.before.x1 + pad, l.before.y0, a.x1 - pad, l.before.y1};
    // On a short stage the curve takes all the room: pointing and the read-outs say the rest.
    const float bottom = a.height() < 480.0F   ? 0.0F
                         : a.height() < 620.0F ? 88.0F
                                               : std::min(176.0F, 0.27F * a.height());
    plot = {a.x0 + pad + axis - 4.0F, l.before.y1 + caption + 4.0F, a.x1 - pad, a.y1 - bottom};
    l.card = {a.x0 + pad, a.y1 - bottom + 10.0F, a.x1 - pad, a.y1 - 4.0F};
  }
  const float share_of = 0.26F;  // of a histogram, next to the curve
  const float side = std::min(plot.width() / (1.0F + share_of), (plot.height() - below) / (1.0F + share_of));
  l.curve = {plot.x0, plot.y0, plot.x0 + side, plot.y0 + side};
  l.right = {l.curve.x1 + 6.0F, l.curve.y0, l.curve.x1 + share_of * side, l.curve.y1};
  l.below = {l.curve.x0, l.curve.y1 + 6.0F, l.curve.x1, l.curve.y1 + share_of * side};
  return l;
}

void PointOps::draw(Canvas& canvas) {
  hovered_.reset();
  if (grey_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.before.width() < 8.0F || l.before.height() < 8.0F) return;
  keys();
  draw_picture(canvas, l.before, false);
  draw_picture(canvas, l.after, true);
  draw_curve(canvas, l);
  draw_card(canvas, l.card);
}

Palette PointOps::clip_colours(const Canvas& canvas) const {
  Palette palette{};
  palette[1] = canvas.theme.negative;
  palette[2] = canvas.theme.positive;
  return palette;
}

void PointOps::draw_picture(const Canvas& canvas, const Rect& area, bool after) {
  Explored explored(state_, camera_, area, rows(), columns());
  const CellMap& map = explored.map();
  const char* name = canvas.words(after ? "point-ops.after" : "point-ops.before");
  const std::string size = std::to_string(rows()) + " \u00D7 " + std::to_string(columns());
  draw_caption(canvas, {area.x0, map.clip.y0, area.x1, map.clip.y1}, name, after ? nullptr : size.c_str());
  (after ? after_view_ : before_view_).draw(canvas, map, grey_palette(), true);
  if (after && state_.toggle("marks")) {
    marks_view_.draw(canvas, map, clip_colours(canvas), false);
    if (map.size >= number_cell) after_view_.draw_numbers(canvas, map);
  }
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  const AreaInput input = area_input(after ? "after" : "before", area);
  explored.move(input);  // both pictures share the camera
  if (const std::optional<Cell> over = explored.under(input)) {
    hovered_ = after ? flipped(*over) : *over;
    if (explored.keeps(input)) (void)state_.set("cell", State::format(*hovered_));
  }
  explored.buttons(canvas, cell_);
  mark(canvas, map, after ? flipped(shown_cell()) : shown_cell());
}

void PointOps::draw_card(const Canvas& canvas, const Rect& area) const {
  if (area.height() < 40.0F) return;
  const float used = draw_arithmetic(canvas, area);
  if (area.y0 + used + 3.0F * row < area.y1 + 4.0F) draw_table(canvas, {area.x0, area.y0 + used, area.x1, area.y1});
}

// The operation over the numbers of the level that is looked at: f, what comes out, what is kept of it.
float PointOps::draw_arithmetic(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const int v = level();
  const auto i = static_cast<std::size_t>(v);
  const std::string f = std::to_string(v);
  const std::string_view operation = state_.choice("operation");
  std::vector<FormulaPiece> pieces;
  if (operation == "add") {
    const int offset = state_.integer("offset");
    pieces = {{.top = "f", .value = f},
              sign(offset < 0 ? "\u2212" : "+"),
              {.top = "b", .value = std::to_string(std::abs(offset))}};
  } else if (operation == "contrast") {
    pieces = {{.top = "128", .value = "128"},
              sign("+"),
              {.top = "a", .value = words.number(state_.real("factor"), 3)},
              sign("("),
              {.top = "f", .value = f},
              sign("\u2212"),
              {.top = "128", .value = "128"},
              sign(")")};
  } else if (operation == "gamma") {
    pieces = {{.top = "255", .value = "255"},
              sign("·"),
              {.top = "(f / 255)^γ", .value = "(" + f + " / 255)^" + words.number(state_.real("gamma"), 3)}};
  } else if (operation == "invert") {
    pieces = {{.top = "255", .value = "255"}, sign("\u2212"), {.top = "f", .value = f}};
  } else if (operation == "equalise") {
    const std::int64_t least = before_.count[static_cast<std::size_t>(before_.least())];
    std::int64_t sum = -least;
    for (std::size_t u = 0; u <= i; ++u) sum += before_.count[u];
    pieces = {{.top = "255", .value = "255"},
              sign("·"),
              {.top = "C(f) \u2212 C(m)",
               .bottom = "N \u2212 C(m)",
               .value = std::to_string(std::max<std::int64_t>(sum, 0)) + " / " + std::to_string(counts_.all - least)}};
  } else {
    pieces = {{.top = "T(f)", .value = "T(" + f + ")"}};
  }
  const int side = transfer_.clipped(v);
  pieces.push_back(sign("="));
  pieces.push_back({.top = words("point-ops.exact"),
                    .value = words.number(transfer_.exact[i], 5),
                    .colour = side < 0   ? theme.negative
                              : side > 0 ? theme.positive
                                         : 0});
  pieces.push_back(sign("→"));
  pieces.push_back({.top = "g", .value = std::to_string(transfer_.value[i]), .colour = theme.focus, .marked = true});
  return draw_formula(canvas, area, pieces) + 6.0F;
}

// Mean, contrast and levels before and after; the saturated pixels.
void PointOps::draw_table(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const float x1 = area.x0 + std::min(area.width(), 330.0F);
  float y = area.y0 + 0.5F * row;
  const auto line = [&](const char* name, const std::string& before, const std::string& after) {
    if (y + 0.5F * row > area.y1 + 2.0F) return;
    canvas.text(canvas.fonts.text_small, area.x0, y, theme.ink_soft, name);
    canvas.text(canvas.fonts.number, x1 - 90.0F, y, theme.ink, before, Align::right);
    canvas.text(canvas.fonts.number, x1 - 76.0F, y, theme.ink_faint, "→", Align::left);
    canvas.text(canvas.fonts.number, x1, y, theme.ink, after, Align::right);
    y += row;
  };
  const auto saturated = [&](const char* name, ImU32 colour, std::int64_t n, float x) {
    canvas.list.AddRectFilled({x, y - 5.0F}, {x + 10.0F, y + 5.0F}, colour, 2.0F);
    const float width = canvas.text(canvas.fonts.text_small, x + 16.0F, y, theme.ink_soft, words(name));
    canvas.text(canvas.fonts.number, x + 24.0F + width, y, theme.ink, share(canvas, n, counts_.all));
  };
  saturated("point-ops.black", theme.negative, counts_.black, area.x0);
  saturated("point-ops.white", theme.positive, counts_.white, area.x0 + 0.5F * std::min(area.width(), 400.0F));
  y += row;
  line(words("point-ops.mean"), words.number(before_.mean(), 4), words.number(after_.mean(), 4));
  line(words("point-ops.deviation"), words.number(before_.deviation(), 4), words.number(after_.deviation(), 4));
  line(words("point-ops.levels"), std::to_string(counts_.levels_before), std::to_string(counts_.levels_after));
}

void PointOps::keys() {
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return;
  const Cell from = state_.cell("cell");
  cell_ = {std::clamp(from.row + down, 0, rows() - 1), std::clamp(from.column + right, 0, columns() - 1)};
  (void)state_.set("cell", State::format(cell_));
}

}  // namespace cvlab::app
