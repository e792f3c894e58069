// The picture with what a cell has seen, the maps of the layer, and the places that a map answers to most.
#include <algorithm>
#include <cmath>

#include "app/demos/activation-maps/activation_maps.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float number_line = 15.0F;  // over a map: which one it is
constexpr float gap = 6.0F;

std::string size_text(int rows, int columns) { return std::to_string(rows) + " \u00D7 " + std::to_string(columns); }

}  // namespace

// Picture and maps side by side, or one below the other; the patches in a row at the bottom.
ActivationMaps::Layout ActivationMaps::layout(const Rect& a) const {
  Layout l;
  const bool wide = a.width() >= 560.0F && a.width() > 1.05F * a.height();
  const float pad = wide ? std::clamp(0.022F * a.width(), 12.0F, 30.0F) : 12.0F;
  const Rect inner{a.x0 + pad, a.y0 + 6.0F, a.x1 - pad, a.y1 - 6.0F};
  // Five patches at least stand side by side.
  const float patch = std::min(std::clamp(0.14F * inner.height(), 34.0F, 92.0F), 0.2F * (inner.width() - 40.0F));
  const float strip = caption + patch + 18.0F;
  const bool patches = inner.height() > 260.0F;
  const float bottom = inner.y1 - (patches ? strip + 6.0F : 0.0F);
  const float ratio = static_cast<float>(small_.size(2)) / static_cast<float>(small_.size(3));
  if (wide) {
    const float width = std::min(0.4F * inner.width(), (bottom - inner.y0 - caption) / ratio);
    l.picture = {inner.x0, inner.y0 + caption, inner.x0 + width, bottom};
    l.sheet = {inner.x0 + width + pad, inner.y0 + caption, inner.x1, bottom};
  } else {
    const float height = std::min(0.4F * (bottom - inner.y0), inner.width() * ratio);
    l.picture = {inner.x0, inner.y0 + caption, inner.x1, inner.y0 + caption + height};
    l.sheet = {inner.x0, l.picture.y1 + caption + 6.0F, inner.x1, bottom};
  }
  // As many maps side by side as makes them largest.
  const float map_ratio = static_cast<float>(rows()) / static_cast<float>(std::max(1, columns()));
  l.tile = 0.0F;
  for (int across = 1; across <= maps(); ++across) {
    const int down = (maps() + across - 1) / across;
    const float by_width = (l.sheet.width() + gap) / static_cast<float>(across) - gap;
    const float by_height = ((l.sheet.height() + gap) / static_cast<float>(down) - gap - number_line) / map_ratio;
    const float tile = std::min(by_width, by_height);
    if (tile <= l.tile) continue;
    l.tile = tile;
    l.across = across;
  }
  float y = tile(l, maps() - 1).y1;
  if (wide) {
    // The chosen map once more, as large as there is room under the picture.
    y = std::max(y, l.picture.y0 + l.picture.width() * ratio + 300.0F);
    l.large = {l.picture.x0, l.picture.y0 + l.picture.width() * ratio + caption + 10.0F, l.picture.x1,
               std::min(y, bottom)};
  }
  if (patches) {
    y = std::min(y + 14.0F, inner.y1 - strip);
    l.patches = {inner.x0, y, inner.x1, y + strip};
  }
  return l;
}

Rect ActivationMaps::tile(const Layout& l, int map) const {
  const float height = l.tile * static_cast<float>(rows()) / static_cast<float>(std::max(1, columns()));
  const auto column = static_cast<float>(map % l.across);
  const int line = map / l.across;
  const float x = l.sheet.x0 + column * (l.tile + gap);
  const float y = l.sheet.y0 + static_cast<float>(line) * (height + number_line + gap) + number_line;
  return {x, y, x + l.tile, y + height};
}

void ActivationMaps::draw(Canvas& canvas) {
  if (!ready() || maps() == 0) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  int down = 0;
  int right = 0;
  if (arrow_keys(down, right)) {
    const MapCell to{
        kept_.map,
        {std::clamp(kept_.cell.row + down, 0, rows() - 1), std::clamp(kept_.cell.column + right, 0, columns() - 1)}};
    keep(to);
    kept_ = to;
  }
  const Layout l = layout(canvas.area);
  std::optional<MapCell> hovered;
  // Pointing looks, clicking keeps.
  const AreaInput sheet = area_input("sheet", l.sheet);
  for (int map = 0; map < maps() && sheet.hovered && l.tile >= 6.0F; ++map) {
    const Rect at = tile(l, map);
    if (!at.contains(sheet.x, sheet.y)) continue;
    const float size = l.tile / static_cast<float>(columns());
    hovered = MapCell{map,
                      {std::clamp(static_cast<int>((sheet.y - at.y0) / size), 0, rows() - 1),
                       std::clamp(static_cast<int>((sheet.x - at.x0) / size), 0, columns() - 1)}};
    if (sheet.clicked) keep(*hovered);
  }
  const MapCell to = hovered.value_or(kept_);
  if (!(to == shown_)) look_at(to);
  draw_picture(canvas, l.picture);
  draw_sheet(canvas, l);
  draw_large(canvas, l.large);
  draw_patches(canvas, l.patches);
  changed_ = false;
}

void ActivationMaps::draw_picture(const Canvas& canvas, const Rect& area) {
  const int height = static_cast<int>(small_.size(2));
  const int width = static_cast<int>(small_.size(3));
  CellMap map;
  map.size = std::min(area.width() / static_cast<float>(width), area.height() / static_cast<float>(height));
  map.x = area.x0;
  map.y = area.y0;
  map.clip = map.rect(0, 0, height, width);
  draw_caption(canvas, map.clip, canvas.words("activation-maps.picture"), size_text(height, width).c_str());
  view_.draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  for (const nn::Peak& peak : peaks_) {
    const nn::Region f = field_of({shown_.map, {peak.row, peak.column}});
    draw_frame(canvas, map.rect(f.row0, f.column0, f.row1 - f.row0, f.column1 - f.column0), canvas.theme.accent, 1.5F);
  }
  const nn::Region f = field_of(shown_);
  draw_frame(canvas, map.rect(f.row0, f.column0, f.row1 - f.row0, f.column1 - f.column0), canvas.theme.focus, 2.5F);

  // The cell that looks at the pixel under the pointer: the one whose field has its middle nearest.
  const AreaInput input = area_input("picture", map.clip);
  if (!input.hovered && !input.pressed) return;
  const Cell pixel = map.at(input.x, input.y);
  MapCell nearest{kept_.map, {}};
  int best = 1 << 20;
  for (int row = 0; row < rows(); ++row) {
    const nn::Region g = field_of({kept_.map, {row, 0}});
    const int off = std::abs(g.row0 + g.row1 - 1 - 2 * pixel.row);
    if (off < best) nearest.cell.row = row;
    best = std::min(best, off);
  }
  best = 1 << 20;
  for (int column = 0; column < columns(); ++column) {
    const nn::Region g = field_of({kept_.map, {0, column}});
    const int off = std::abs(g.column0 + g.column1 - 1 - 2 * pixel.column);
    if (off < best) nearest.cell.column = column;
    best = std::min(best, off);
  }
  look_at(nearest);
  if (input.pressed) keep(nearest);
}

void ActivationMaps::draw_sheet(const Canvas& canvas, const Layout& l) {
  if (l.tile < 6.0F) return;
  if (!sheet_) sheet_ = canvas.graphics.texture();
  if (changed_) sheet_->upload(columns(), maps() * rows(), PixelFormat::r32f, values_.data());
  const std::string name =
      canvas.words.format("activation-maps.layer_name",
                          {std::string(state_.choice("layer")), std::to_string(maps()), size_text(rows(), columns())});
  draw_caption(canvas, l.sheet, name.c_str(), ("\u00B1" + canvas.words.number(static_cast<double>(high_), 2)).c_str());
  const float cell = l.tile / static_cast<float>(columns());
  for (int map = 0; map < maps(); ++map) {
    const Rect at = tile(l, map);
    const auto top = static_cast<float>(map) * static_cast<float>(rows());
    const bool chosen = map == shown_.map;
    canvas.text(canvas.fonts.number_small, at.x0 + 1.0F, at.y0 - 0.5F * number_line,
                chosen ? canvas.theme.focus : canvas.theme.ink_faint, std::to_string(map + 1));
    sheet_->draw(canvas.list, {.screen = at,
                               .source = {0.0F, top, static_cast<float>(columns()), top + static_cast<float>(rows())},
                               .shade = Shade::diverging,
                               .low = 0.0F,
                               .high = high_});
    draw_frame(canvas, at, chosen ? canvas.theme.focus : canvas.theme.rule, chosen ? 2.0F : 1.0F);
    if (!chosen) continue;
    const float x = at.x0 + static_cast<float>(shown_.cell.column) * cell;
    const float y = at.y0 + static_cast<float>(shown_.cell.row) * cell;
    const float grow = std::max(0.0F, 0.5F * (5.0F - cell));  // a cell of a pixel is hard to see
    draw_frame(canvas, {x - grow, y - grow, x + cell + grow, y + cell + grow}, canvas.theme.focus, 1.5F);
  }
}

// Cells that a finger can hit.
void ActivationMaps::draw_large(const Canvas& canvas, const Rect& area) {
  if (area.width() < 60.0F || area.height() < 60.0F || !sheet_) return;
  CellMap map;
  map.size = std::min(area.width() / static_cast<float>(columns()), area.height() / static_cast<float>(rows()));
  map.x = area.x0;
  map.y = area.y0;
  map.clip = map.rect(0, 0, rows(), columns());
  const std::string name = canvas.words.format("activation-maps.map_name",
                                               {std::string(state_.choice("layer")), std::to_string(shown_.map + 1)});
  draw_caption(canvas, map.clip, name.c_str(), nullptr);
  const auto top = static_cast<float>(shown_.map) * static_cast<float>(rows());
  sheet_->draw(canvas.list, {.screen = map.clip,
                             .source = {0.0F, top, static_cast<float>(columns()), top + static_cast<float>(rows())},
                             .shade = Shade::diverging,
                             .low = 0.0F,
                             .high = high_});
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  draw_frame(canvas, map.rect(shown_.cell.row, shown_.cell.column), canvas.theme.focus, 2.0F);
  const AreaInput input = area_input("large", map.clip);
  const Cell at = map.at(input.x, input.y);
  if ((!input.hovered && !input.pressed) || at.row < 0 || at.row >= rows() || at.column < 0 || at.column >= columns())
    return;
  if (input.pressed) keep({kept_.map, at});
  const auto value = static_cast<double>(plane(shown_.map)(at.row, at.column));
  draw_note(
      canvas, input.x, input.y,
      "(" + std::to_string(at.row + 1) + ", " + std::to_string(at.column + 1) + ")  " + canvas.words.number(value, 4));
}

// The pixels that those cells have seen.
void ActivationMaps::draw_patches(const Canvas& canvas, const Rect& area) {
  const float side = area.height() - caption - 18.0F;
  if (side < 16.0F) return;
  const Words& words = canvas.words;
  const Rect below{area.x0, area.y0 + caption, area.x1, area.y1};
  const std::string name = words.format("activation-maps.patches", {std::to_string(shown_.map + 1)});
  draw_caption(canvas, below, fitted(canvas, canvas.fonts.text_small, name, area.width()).c_str(), nullptr);
  if (peaks_.empty()) {
    canvas.text(canvas.fonts.text_small, below.x0, below.y0 + 14.0F, canvas.theme.ink_faint,
                words("activation-maps.silent"));
    return;
  }
  if (!crops_) crops_ = canvas.graphics.texture();
  crops_->upload(static_cast<int>(small_.size(3)), static_cast<int>(small_.size(2)), PixelFormat::r32f, small_.data());
  const AreaInput input = area_input("patches", below);
  float x = below.x0;
  for (const nn::Peak& peak : peaks_) {
    const MapCell at{shown_.map, {peak.row, peak.column}};
    const nn::Region f = field_of(at);
    const Rect source{static_cast<float>(f.column0), static_cast<float>(f.row0), static_cast<float>(f.column1),
                      static_cast<float>(f.row1)};
    const float width = side * source.width() / std::max(1.0F, source.height());
    if (x + width > below.x1) break;
    const Rect rect{x, below.y0, x + width, below.y0 + side};
    crops_->draw(canvas.list, {.screen = rect,
                               .source = source,
                               .shade = Shade::grey,
                               .low = 0.0F,
                               .high = 1.0F,
                               .grid = std::clamp((side / source.height() - 7.0F) / 10.0F, 0.0F, 0.5F)});
    const bool over = input.hovered && rect.contains(input.x, input.y);
    const bool own = at == shown_;
    draw_frame(canvas, rect, own || over ? canvas.theme.focus : canvas.theme.accent, own || over ? 2.0F : 1.0F);
    canvas.text(canvas.fonts.number_small, x + 0.5F * width, rect.y1 + 10.0F, canvas.theme.ink_soft,
                words.number(static_cast<double>(peak.value), 3), Align::centre);
    if (over && input.clicked) keep(at);
    x += std::max(width, 34.0F) + 10.0F;
  }
}

}  // namespace cvlab::app
