#include <algorithm>
#include <cmath>

#include "app/demos/threshold/threshold.hpp"
#include "app/shell/picture_library.hpp"
#include "app/views/image_view.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float axis = 14.0F;  // px of the numbers below the histogram

}  // namespace

ThresholdDemo::Layout ThresholdDemo::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const float ratio = static_cast<float>(rows()) / static_cast<float>(columns());
  l.wide = a.width() >= 620.0F && a.width() > a.height();
  const float width = 0.5F * (a.width() - 3.0F * pad);
  const float most = l.wide ? 0.56F * a.height() : 0.34F * a.height();
  const float height = std::min(width * ratio, most);
  const float top = a.y0 + (l.wide ? pad : 2.0F) + caption;
  l.picture = {a.x0 + pad, top, a.x0 + pad + width, top + height};
  l.result = {l.picture.x1 + pad, top, a.x1 - pad, top + height};
  const float y0 = l.picture.y1 + caption + 8.0F;
  Rect levels;
  if (l.wide) {
    const float x1 = a.x0 + pad + std::max(width, 0.55F * a.width());
    levels = {a.x0 + pad, y0, x1, a.y1 - pad - axis};
    l.card = {x1 + 1.5F * pad, y0 - caption, a.x1 - pad, a.y1 - 8.0F};
  } else {
    const bool carded = a.height() > 520.0F;
    const float card = carded ? std::min(170.0F, 0.28F * a.height()) : 0.0F;
    levels = {a.x0 + pad, y0, a.x1 - pad, a.y1 - card - axis - 8.0F};
    l.card = {a.x0 + pad, a.y1 - card + 4.0F, a.x1 - pad, a.y1 - 2.0F};
  }
  const float split = levels.y0 + 0.42F * levels.height();
  l.objective = {levels.x0, levels.y0, levels.x1, split};
  l.bars = {levels.x0, split + caption, levels.x1, levels.y1};
  return l;
}

void ThresholdDemo::draw(Canvas& canvas) {
  hovered_.reset();
  if (grey_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.picture.width() < 8.0F || l.picture.height() < 8.0F) return;
  keys();
  draw_picture(canvas, l.picture);
  draw_result(canvas, l.result);
  if (l.bars.height() > 16.0F) draw_levels(canvas, l);
  draw_card(canvas, l.card);
}

void ThresholdDemo::draw_picture(const Canvas& canvas, const Rect& area) {
  Explored explored(state_, camera_, area, rows(), columns());
  const CellMap& map = explored.map();
  const bool paints = state_.choice("tool") != "look";
  const std::string size = std::to_string(rows()) + " \u00D7 " + std::to_string(columns());
  draw_caption(canvas, {area.x0, map.clip.y0, area.x1, map.clip.y1},
               canvas.words(paints ? "threshold.picture.paint" : "threshold.picture"), size.c_str());
  picture_view_.draw(canvas, map, grey_palette(), true);
  if (overlap_.b > 0) {
    Palette painted{};
    painted[255] = with_alpha(canvas.theme.good, 0.5F);
    truth_view_.draw(canvas, map, painted, false);
  }
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  const AreaInput input = area_input("picture", area);
  if (paints) paint(map, input);
  follow(canvas, area, explored, input, paints);
  if (!paints) return draw_mark(canvas, map);
  if (!input.hovered || !map.clip.contains(input.x, input.y)) return;
  const float radius = std::max(2.0F, map.size * (static_cast<float>(state_.integer("brush")) + 0.5F));
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  canvas.list.AddCircle({input.x, input.y}, radius, IM_COL32(255, 255, 255, 200), 0, 3.0F);
  canvas.list.AddCircle({input.x, input.y}, radius, canvas.theme.focus, 0, 1.5F);
  canvas.list.PopClipRect();
}

// A press begins a stroke, a drag draws it on; the strokes are the parameter "truth".
void ThresholdDemo::paint(const CellMap& map, const AreaInput& input) {
  if (!input.pressed || !map.clip.contains(input.x, input.y)) return;
  const Cell at = map.at(input.x, input.y);
  const BrushPoint point{std::clamp(at.column, 0, columns() - 1), std::clamp(at.row, 0, rows() - 1)};
  const int radius = state_.integer("brush");
  std::vector<BrushStroke> strokes = strokes_;
  if (input.clicked || strokes.empty()) {
    strokes.push_back({state_.choice("tool") == "erase", radius, {point}});
  } else {
    const BrushPoint last = strokes.back().points.back();
    const int dx = point.x - last.x, dy = point.y - last.y;
    if (4 * (dx * dx + dy * dy) < std::max(4, radius * radius)) return;
    strokes.back().points.push_back(point);
  }
  if (!state_.set("truth", format_brush(strokes))) {
    remark_ = {"brush.full", "The painted mask is full: reset it, or use a wider brush."};
  } else {
    judge();
  }
}

Palette ThresholdDemo::result_colours(const Canvas& canvas) const {
  const Theme& theme = canvas.theme;
  Palette palette{};
  palette[0] = IM_COL32(0, 0, 0, 255);
  const std::string_view show = state_.choice("show");
  for (std::size_t i = 0; i < 8; ++i) palette[1 + i] = theme.categorical[i];
  if (show == "components") return palette;
  palette[1] = IM_COL32(255, 255, 255, 255);
  palette[2] = theme.positive;
  palette[3] = theme.negative;
  return palette;
}

void ThresholdDemo::draw_result(const Canvas& canvas, const Rect& area) {
  Explored explored(state_, camera_, area, rows(), columns());
  const CellMap& map = explored.map();
  const std::string_view show = state_.choice("show");
  const std::string pieces = canvas.words.format(pieces_.list.size() == 1 ? "threshold.piece" : "threshold.pieces",
                                                 {std::to_string(pieces_.list.size())});
  const bool errors = show == "errors";
  draw_caption(canvas, {area.x0, map.clip.y0, area.x1, map.clip.y1},
               canvas.words(errors ? "threshold.result.errors" : "threshold.result"),
               errors ? nullptr : pieces.c_str());
  result_view_.draw(canvas, map, result_colours(canvas), false);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  follow(canvas, area, explored, area_input("result", area), false);
  canvas.list.PushClipRect({map.clip.x0 - 2.0F, map.clip.y0 - 2.0F}, {map.clip.x1 + 2.0F, map.clip.y1 + 2.0F}, true);
  if (const Component* at = show == "components" ? piece() : nullptr) {
    draw_frame(canvas, map.rect(at->top, at->left, at->height, at->width), canvas.theme.focus, 2.0F);
  }
  canvas.list.PopClipRect();
  draw_mark(canvas, map);
}

// Pointing looks, a press keeps; both pictures share the camera.
void ThresholdDemo::follow(const Canvas& canvas, const Rect& area, Explored& explored, const AreaInput& input,
                           bool paints) {
  explored.move(input, paints);
  if (const std::optional<Cell> over = explored.under(input)) {
    hovered_ = over;
    if (!paints && explored.keeps(input)) (void)state_.set("cell", State::format(*over));
  }
  // Painting would go through the buttons; on a phone one set serves both pictures.
  if (paints || (area.width() < 260.0F && area.x0 > canvas.area.x0 + 100.0F)) return;
  explored.buttons(canvas, cell_);
}

void ThresholdDemo::draw_mark(const Canvas& canvas, const CellMap& map) const {
  const Cell cell = shown_cell();
  canvas.list.PushClipRect({map.clip.x0 - 2.0F, map.clip.y0 - 2.0F}, {map.clip.x1 + 2.0F, map.clip.y1 + 2.0F}, true);
  if (adaptive()) {  // the window whose mean decides
    const int half = state_.integer("size") / 2;
    draw_frame(canvas, map.rect(cell.row - half, cell.column - half, 2 * half + 1, 2 * half + 1), canvas.theme.focus,
               1.5F);
  }
  canvas.list.PopClipRect();
  mark(canvas, map, cell);
}

void ThresholdDemo::keys() {
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return;
  const Cell from = state_.cell("cell");
  cell_ = {std::clamp(from.row + down, 0, rows() - 1), std::clamp(from.column + right, 0, columns() - 1)};
  (void)state_.set("cell", State::format(cell_));
}

}  // namespace cvlab::app
