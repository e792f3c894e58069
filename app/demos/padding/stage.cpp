// The photograph with its crop, and the four rules: what comes out, and how wrong it is.
#include <algorithm>
#include <cmath>

#include "app/demos/padding/padding.hpp"
#include "app/views/area_input.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 22.0F;
constexpr float gap = 12.0F;
constexpr const char* rule_ids[] = {"valid", "zero", "replicate", "reflect"};

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

// Wide: the photograph, and beside it a row of two tiles for each rule. Narrow: below it a column of two for each rule.
PaddingDemo::Layout PaddingDemo::layout(const Rect& a, float photo_ratio) {
  Layout l;
  const bool wide = a.width() >= 560.0F && a.width() > 0.95F * a.height();
  const float legend = 26.0F;
  l.rows = wide;
  if (wide) {
    const float plate = 64.0F;
    l.tile = std::max(4.0F, std::min((a.height() - legend) / 4.0F - caption, 0.2F * a.width()));
    const float grid = 2.0F * l.tile + gap;
    const float room = a.width() - grid - 2.0F * gap;
    const float width = std::max(8.0F, std::min(room, (a.height() - caption - plate) / photo_ratio));
    l.photo = {a.x0, a.y0 + caption, a.x0 + width, a.y0 + caption + width * photo_ratio};
    l.grid = {l.photo.x1 + 2.0F * gap, a.y0, l.photo.x1 + 2.0F * gap + grid, a.y1};
    l.plate = {a.x0, l.photo.y1 + 10.0F, l.photo.x1, a.y1};
    return l;
  }
  const float plate = 92.0F;
  const float largest = 0.25F * (a.width() + gap) - gap;
  const float rest = a.height() - 2.0F * (largest + caption) - legend - plate - caption - 10.0F;
  const float height = std::min(std::max(rest, 0.25F * a.height()), a.width() * photo_ratio);
  l.photo = {a.x0, a.y0 + caption, a.x0 + height / photo_ratio, a.y0 + caption + height};
  const float room = a.y1 - plate - l.photo.y1 - 6.0F - legend;
  l.tile = std::max(4.0F, std::min(largest, 0.5F * room - caption));
  l.grid = {a.x0, l.photo.y1 + 6.0F, a.x1, l.photo.y1 + 6.0F + 2.0F * (l.tile + caption)};
  l.plate = {a.x0, l.grid.y1 + legend, a.x1, a.y1};
  return l;
}

Rect PaddingDemo::tile(const Layout& l, int rule, bool error) const {
  const int line = l.rows ? rule : error ? 1 : 0;
  const int column = l.rows ? (error ? 1 : 0) : rule;
  const float x = l.grid.x0 + static_cast<float>(column) * (l.tile + gap);
  const float y = l.grid.y0 + static_cast<float>(line) * (l.tile + caption) + caption;
  return {x, y, x + l.tile, y + l.tile};
}

void PaddingDemo::draw(Canvas& canvas) {
  if (sizes()) {
    draw_sizes(canvas);
    return;
  }
  if (!ready()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  keys();
  settle();
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 30.0F);
  const auto ratio = static_cast<float>(picture_.size(2)) / static_cast<float>(picture_.size(3));
  const Layout l = layout({a.x0 + pad, a.y0 + 6.0F, a.x1 - pad, a.y1 - 6.0F}, ratio);
  point_tiles(l);
  draw_photo(canvas, l.photo);
  for (int r = 0; r < rules; ++r) {
    draw_tile(canvas, l, r, false);
    draw_tile(canvas, l, r, true);
  }
  ColourBar bar;
  bar.shade = Shade::diverging;
  bar.high = error_high_;
  const auto shown = output_at(shown_rule_, shown_);
  if (shown) bar.value = *shown - study_.truth(0, 0, shown_.row, shown_.column);
  const Rect last = tile(l, rules - 1, true);
  const Rect first = tile(l, 0, true);
  colour_bar(canvas, {first.x0, last.y1 + 6.0F, last.x1, last.y1 + 22.0F}, bar);
  const std::string text = remark_.id.empty() ? explanation(canvas.words) : canvas.words.sentence(remark_);
  draw_sentence(canvas, l.plate, text, remark_.id.empty() ? canvas.theme.ink_soft : canvas.theme.bad);
}

// Arrow keys move the pixel that is explained.
void PaddingDemo::keys() {
  int rows = 0;
  int columns = 0;
  if (!arrow_keys(rows, columns)) return;
  const Cell to{std::clamp(shown_.row + rows, 0, side_ - 1), std::clamp(shown_.column + columns, 0, side_ - 1)};
  (void)state_.set("cell", State::format(to));
}

// The whole picture; dragging moves the crop.
void PaddingDemo::draw_photo(const Canvas& canvas, const Rect& area) {
  CellMap map;
  map.size = area.width() / static_cast<float>(picture_.size(3));
  map.x = area.x0;
  map.y = area.y0;
  map.clip = area;
  draw_caption(canvas, area,
               fitted(canvas, canvas.fonts.text_small, canvas.words("padding.drag"), area.width()).c_str(), nullptr);
  photo_.draw(canvas, map);
  draw_frame(canvas, area, canvas.theme.rule_strong, 1.0F);
  const int before = (kernel_size() - 1) / 2;
  const int reach = side_ + kernel_size() - 1;
  draw_frame(canvas, map.rect(study_.top - before, study_.left - before, reach, reach), canvas.theme.accent, 1.0F);
  draw_frame(canvas, map.rect(study_.top, study_.left, side_, side_), canvas.theme.focus, 2.0F);
  const AreaInput input = area_input("photo", area);
  if (!input.pressed) return;
  const Cell pixel = map.at(input.x, input.y);
  const Cell corner{std::clamp(pixel.row - side_ / 2, 0, static_cast<int>(picture_.size(2)) - 1),
                    std::clamp(pixel.column - side_ / 2, 0, static_cast<int>(picture_.size(3)) - 1)};
  (void)state_.set("corner", State::format(corner));
}

// Pointing at a tile looks at its pixel, clicking keeps it.
void PaddingDemo::point_tiles(const Layout& l) {
  for (int r = 0; r < rules; ++r) {
    for (const bool error : {false, true}) {
      const Rect rect = tile(l, r, error);
      const AreaInput input = area_input((std::string(rule_ids[r]) + (error ? "-error" : "")).c_str(), rect);
      if (!input.hovered && !input.pressed) continue;
      const float size = l.tile / static_cast<float>(side_);
      shown_ = {std::clamp(static_cast<int>((input.y - rect.y0) / size), 0, side_ - 1),
                std::clamp(static_cast<int>((input.x - rect.x0) / size), 0, side_ - 1)};
      shown_rule_ = r;
      if (!input.pressed) continue;
      (void)state_.set("rule", rule_ids[r]);
      (void)state_.set("cell", State::format(shown_));
    }
  }
}

void PaddingDemo::draw_tile(const Canvas& canvas, const Layout& l, int r, bool error) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const Rect rect = tile(l, r, error);
  const BorderError& rule = study_.rules[at(r)];
  const auto n = static_cast<int>(rule.output.size(2));
  const int shift = rule.padding == Padding::valid ? (kernel_size() - 1) / 2 : 0;
  const float size = l.tile / static_cast<float>(side_);
  const bool chosen = r == shown_rule_;
  std::string name = words(std::string("padding.rule.") + rule_ids[r]);
  std::string detail = std::to_string(n) + "\u00A0\u00D7\u00A0" + std::to_string(n);
  if (error) {
    const std::string mean = words.number(rule.mean, 3);
    name = l.tile < 90.0F ? mean : r == 0 ? words("padding.no_error") : words.format("padding.mean_error", {mean});
    detail.clear();
  }
  draw_caption(canvas, rect, fitted(canvas, canvas.fonts.text_small, name, l.tile).c_str(), detail.c_str());
  canvas.list.AddRectFilled({rect.x0, rect.y0}, {rect.x1, rect.y1}, theme.surface);
  if (n < side_) {  // the rim that valid leaves out
    canvas.list.PushClipRect({rect.x0, rect.y0}, {rect.x1, rect.y1}, true);
    for (float d = 0.0F; d < 2.0F * l.tile; d += 7.0F)
      canvas.list.AddLine({rect.x0 + d, rect.y0}, {rect.x0 + d - l.tile, rect.y1}, theme.rule_strong);
    canvas.list.PopClipRect();
  }
  if (n > 0) {
    CellMap map;
    map.size = size;
    map.x = rect.x0 + static_cast<float>(shift) * size;
    map.y = rect.y0 + static_cast<float>(shift) * size;
    map.clip = map.rect(0, 0, n, n);
    (error ? errors_ : outputs_)[at(r)].draw(canvas, map);
  }
  draw_frame(canvas, rect, chosen ? theme.focus : theme.rule_strong, chosen ? 2.0F : 1.0F);
  const float grow = std::max(0.0F, 0.5F * (6.0F - size));  // a cell of a pixel is hard to see
  const float x = rect.x0 + static_cast<float>(shown_.column) * size;
  const float y = rect.y0 + static_cast<float>(shown_.row) * size;
  draw_frame(canvas, {x - grow, y - grow, x + size + grow, y + size + grow}, theme.focus, 1.5F);
}

std::string PaddingDemo::explanation(const Words& words) const {
  const std::string place = "(" + std::to_string(shown_.row + 1) + ", " + std::to_string(shown_.column + 1) + ")";
  const int k = kernel_size();
  const int outside = cells_outside(side_, k, shown_.row, shown_.column);
  const auto truth = static_cast<double>(study_.truth(0, 0, shown_.row, shown_.column));
  if (outside == 0) return words.format("padding.inside", {place, std::to_string(k * k), words.number(truth, 4)});
  const std::string cells = std::to_string(outside);
  const std::string all = std::to_string(k * k);
  const auto value = output_at(shown_rule_, shown_);
  if (!value) return words.format("padding.explain.valid", {place, cells, all});
  const auto v = static_cast<double>(*value);
  return words.format(std::string("padding.explain.") + rule_ids[shown_rule_],
                      {place, cells, all, words.number(v, 4), words.number(truth, 4), words.number(v - truth, 3)});
}

}  // namespace cvlab::app
