#include "app/views/network_map.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cvlab::app {

namespace {

constexpr float heading = 34.0F;       // name and shape over a column
constexpr float row_names = 46.0F;     // names before the rows
constexpr float number_width = 50.0F;  // of a cell with a number
constexpr float label_width = 14.0F;
constexpr float gap = 4.0F;
constexpr int most_down = 8;            // maps one below the other
constexpr int most_numbers = 16;        // likewise numbers; of more, only their colours are shown
constexpr float least_written = 20.0F;  // a cell less wide shows no number

int channels_of(const MapLayer& layer) { return static_cast<int>(layer.values.size(0)); }

// Columns of a layer of numbers.
int number_columns(const MapLayer& layer) { return (channels_of(layer) + most_numbers - 1) / most_numbers; }

}  // namespace

void NetworkMap::set(std::vector<MapLayer> layers) {
  for ([[maybe_unused]] const MapLayer& layer : layers)
    assert(layer.values.shape().rank() == 3 && "maps are (C, H, W)");
  layers_ = std::move(layers);
  textures_.resize(layers_.size());
  changed_ = true;
}

void NetworkMap::arrange(const Rect& area, bool downwards, float most_tile, float first) {
  downwards_ = downwards;
  places_.assign(layers_.size(), {});
  if (layers_.empty()) return;
  downwards ? arrange_rows(area, most_tile, first) : arrange_columns(area, most_tile, first);
  bottom_ = 0.0F;
  for (const Place& place : places_) bottom_ = std::max(bottom_, place.area.y1);
}

void NetworkMap::arrange_columns(const Rect& area, float most_tile, float first) {
  float fixed = 0.0F;
  float tiles = 0.0F;
  float inner = 0.0F;  // gaps between maps side by side
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const int across = (channels_of(layers_[i]) + most_down - 1) / most_down;
    places_[i].across = numbers(layers_[i]) ? number_columns(layers_[i]) : across;
    places_[i].label = layers_[i].labels.empty() ? 0.0F : label_width;
    if (numbers(layers_[i])) {
      fixed +=
          (places_[i].across > 1 ? 18.0F * static_cast<float>(places_[i].across) : number_width) + places_[i].label;
    } else {
      tiles += i == 0 ? first : static_cast<float>(across);
      inner += gap * static_cast<float>(across - 1);
    }
  }
  const auto between = static_cast<float>(layers_.size() - 1);
  const float high = (area.height() - heading - gap * (most_down - 1)) / most_down;
  const float wide = (area.width() - fixed - inner - 16.0F * between) / tiles;
  const float tile = std::max(3.0F, std::floor(std::min({high, wide, most_tile})));
  const float column = tile * most_down + gap * (most_down - 1);
  const float space = std::min(52.0F, (area.width() - fixed - inner - tiles * tile) / between);
  const float used = fixed + inner + tiles * tile + space * between;
  float x = area.x0 + 0.5F * (area.width() - used);
  const float top = area.y0 + heading;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    Place& place = places_[i];
    const int count = channels_of(layers_[i]);
    place.tile = place.tile_width = tile;
    float width = tile * static_cast<float>(place.across) + gap * static_cast<float>(place.across - 1);
    float height = column;
    if (i == 0) {
      place.tile = place.tile_width = width = height = std::round(first * tile);
    } else if (numbers(layers_[i])) {
      const bool crowded = place.across > 1;
      const int lines = (count + place.across - 1) / place.across;
      place.tile =
          std::max(3.0F, std::min(crowded ? 17.0F : 24.0F, std::floor(column / static_cast<float>(lines)) - 1.0F));
      place.tile_width = crowded ? 17.0F : number_width;
      width = (crowded ? 18.0F * static_cast<float>(place.across) : number_width) + place.label;
      height = (place.tile + 1.0F) * static_cast<float>(lines);
    }
    const float y = std::round(top + 0.5F * (column - height));
    place.area = {std::round(x), y, std::round(x) + width, y + height};
    x += width + space;
  }
}

void NetworkMap::arrange_rows(const Rect& area, float most_tile, float first) {
  const auto count = static_cast<float>(layers_.size());
  const float room = area.width() - row_names;
  float rows = 0.0F;
  float cells = 0.0F;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (numbers(layers_[i])) {
      cells += 18.0F;
    } else {
      rows += i == 0 ? first : channels_of(layers_[i]) > most_down ? 0.5F : 1.0F;
    }
  }
  const float high = (area.height() - cells - gap * (count - 1.0F)) / rows;
  const float tile = std::max(5.0F, std::min({high, (room - 7.0F * gap) / most_down, most_tile}));
  const float width = most_down * tile + 7.0F * gap;
  float y = area.y0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    Place& place = places_[i];
    const int maps = channels_of(layers_[i]);
    place.across = maps;
    if (i == 0) {
      place.tile = place.tile_width = std::round(first * tile);
    } else if (numbers(layers_[i])) {
      place.tile = 18.0F;
      place.tile_width = (room + 1.0F) / static_cast<float>(maps) - 1.0F;
    } else {
      const auto across = static_cast<float>(std::max(maps, most_down));
      place.tile = place.tile_width = (width - gap * (across - 1.0F)) / across;
    }
    place.area = {area.x0 + row_names, std::round(y), area.x0 + row_names + room, std::round(y) + place.tile};
    y += place.tile + gap;
  }
}

Rect NetworkMap::map_rect(int layer, int channel) const {
  const Place& place = places_[static_cast<std::size_t>(layer)];
  const float space = numbers(layers_[static_cast<std::size_t>(layer)]) ? 1.0F : gap;
  const auto column = static_cast<float>(channel % place.across);
  const int line = channel / place.across;
  const float label = downwards_ ? 0.0F : place.label;
  const float x = place.area.x0 + label + column * (place.tile_width + space);
  const float y = place.area.y0 + static_cast<float>(line) * (place.tile + space);
  return {x, y, x + place.tile_width, y + place.tile};
}

// Cells of maps are square; of single numbers the map is the cell, `size` is its height.
CellMap NetworkMap::cells(int layer, int channel) const {
  const Rect rect = map_rect(layer, channel);
  const Tensor& values = layers_[static_cast<std::size_t>(layer)].values;
  CellMap map;
  map.x = rect.x0;
  map.y = rect.y0;
  map.size = rect.height() / static_cast<float>(values.size(1));
  map.clip = rect;
  return map;
}

Rect NetworkMap::block_rect(const MapBlock& block) const {
  if (numbers(layers_[static_cast<std::size_t>(block.layer)])) return map_rect(block.layer, block.channel);
  return cells(block.layer, block.channel)
      .rect(block.row0, block.column0, block.row1 - block.row0, block.column1 - block.column0);
}

std::optional<MapUnit> NetworkMap::at(float x, float y) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto layer = static_cast<int>(i);
    for (int channel = 0; channel < channels_of(layers_[i]); ++channel) {
      if (!map_rect(layer, channel).contains(x, y)) continue;
      if (numbers(layers_[i])) return MapUnit{layer, channel, 0, 0};
      const Cell cell = cells(layer, channel).at(x, y);
      return MapUnit{layer, channel, std::clamp(cell.row, 0, static_cast<int>(layers_[i].values.size(1)) - 1),
                     std::clamp(cell.column, 0, static_cast<int>(layers_[i].values.size(2)) - 1)};
    }
  }
  return std::nullopt;
}

void NetworkMap::draw(const Canvas& canvas, int lit) {
  draw_names(canvas, lit);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto layer = static_cast<int>(i);
    numbers(layers_[i]) ? draw_numbers(canvas, layer) : draw_maps(canvas, layer);
  }
  changed_ = false;
}

void NetworkMap::draw_names(const Canvas& canvas, int lit) const {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Rect& area = places_[i].area;
    const ImU32 colour = static_cast<int>(i) == lit ? canvas.theme.focus : canvas.theme.ink;
    if (downwards_) {
      canvas.text(canvas.fonts.number_small, area.x0 - 6.0F, 0.5F * (area.y0 + area.y1), colour, layers_[i].name,
                  Align::right);
      continue;
    }
    const float x = 0.5F * (area.x0 + area.x1);
    const float y = area.y0 - heading;
    canvas.text(canvas.fonts.text_small, x, y + 9.0F, colour, layers_[i].name, Align::centre);
    canvas.text(canvas.fonts.number_small, x, y + 24.0F, canvas.theme.ink_faint, layers_[i].detail, Align::centre);
  }
}

void NetworkMap::draw_numbers(const Canvas& canvas, int layer) const {
  const MapLayer& of = layers_[static_cast<std::size_t>(layer)];
  for (int channel = 0; channel < channels_of(of); ++channel) {
    const Rect rect = map_rect(layer, channel);
    const float value = of.values(channel, 0, 0);
    const ImU32 fill = shade_colour(canvas.theme, of.shade, 0.0F, of.high, value);
    canvas.list.AddRectFilled({rect.x0, rect.y0}, {rect.x1, rect.y1}, fill, 2.0F);
    if (rect.width() < least_written) continue;
    const double shown = static_cast<double>(value);
    std::string text = canvas.words.number(of.percent ? 100.0 * shown : shown, std::fabs(shown) < 0.995 ? 2 : 3);
    if (of.percent && shown < 0.0005) text = "0";
    if (of.percent && !downwards_) text += "\u00A0%";
    const float size =
        std::min(0.62F * rect.height(), 1.5F * rect.width() / static_cast<float>(glyph_count(text.c_str())));
    canvas.text(canvas.fonts.number, 0.5F * (rect.x0 + rect.x1), 0.5F * (rect.y0 + rect.y1), ink_on(fill), text,
                Align::centre, std::min(13.0F, size));
    if (static_cast<std::size_t>(channel) >= of.labels.size() || downwards_) continue;
    canvas.text(canvas.fonts.text_small, rect.x0 - 7.0F, 0.5F * (rect.y0 + rect.y1), canvas.theme.ink,
                of.labels[static_cast<std::size_t>(channel)], Align::right);
  }
}

// One texture a layer, its maps one below the other, which is how they lie in memory.
void NetworkMap::draw_maps(const Canvas& canvas, int layer) {
  const auto i = static_cast<std::size_t>(layer);
  const MapLayer& of = layers_[i];
  const auto rows = static_cast<float>(of.values.size(1));
  const auto columns = static_cast<float>(of.values.size(2));
  const bool fresh = textures_[i] == nullptr;
  if (fresh) textures_[i] = canvas.graphics.texture();
  if (fresh || changed_) {
    textures_[i]->upload(static_cast<int>(of.values.size(2)), static_cast<int>(of.values.size(0) * of.values.size(1)),
                         PixelFormat::r32f, of.values.data());
  }
  for (int channel = 0; channel < channels_of(of); ++channel) {
    const Rect rect = map_rect(layer, channel);
    const float y = static_cast<float>(channel) * rows;
    draw_frame(canvas, rect, canvas.theme.rule, 1.0F);
    textures_[i]->draw(
        canvas.list,
        {.screen = rect, .source = {0.0F, y, columns, y + rows}, .shade = of.shade, .low = 0.0F, .high = of.high});
  }
}

void NetworkMap::draw_blocks(const Canvas& canvas, const std::vector<MapBlock>& blocks, ImU32 colour,
                             const std::optional<MapUnit>& to) const {
  for (const MapBlock& block : blocks) {
    const Rect rect = block_rect(block);
    if (to) {
      Rect end = block_rect({to->layer, to->channel, to->row, to->row + 1, to->column, to->column + 1});
      if (!downwards_) end.x0 -= places_[static_cast<std::size_t>(to->layer)].label;
      const bool forward = downwards_ ? rect.y0 < end.y0 : rect.x0 < end.x0;
      const ImVec2 from = downwards_ ? ImVec2{0.5F * (rect.x0 + rect.x1), forward ? rect.y1 : rect.y0}
                                     : ImVec2{forward ? rect.x1 : rect.x0, 0.5F * (rect.y0 + rect.y1)};
      const ImVec2 at = downwards_ ? ImVec2{0.5F * (end.x0 + end.x1), forward ? end.y0 : end.y1}
                                   : ImVec2{forward ? end.x0 : end.x1, 0.5F * (end.y0 + end.y1)};
      canvas.list.AddLine(from, at, with_alpha(colour, 0.35F), 1.0F);
    }
    draw_frame(canvas, rect, colour, block.layer == 0 ? 2.0F : 1.0F);
  }
}

}  // namespace cvlab::app
