#include "app/views/byte_view.hpp"

#include <algorithm>
#include <vector>

#include "app/gfx/shade.hpp"

namespace cvlab::app {

const Palette& grey_palette() {
  static const Palette palette = [] {
    Palette greys{};
    for (ImU32 v = 0; v < 256; ++v) greys[v] = IM_COL32(v, v, v, 255);
    return greys;
  }();
  return palette;
}

void ByteView::set(const Image& levels) {
  levels_ = levels;
  changed_ = true;
}

void ByteView::draw(const Canvas& canvas, const CellMap& map, const Palette& palette, bool numbers) {
  if (levels_.empty() || map.clip.width() <= 0.0F || map.clip.height() <= 0.0F) return;
  if (changed_ || palette != palette_) {
    palette_ = palette;
    if (texture_ == nullptr) texture_ = canvas.graphics.texture();
    std::vector<ImU32> pixels(levels_.data.size());  // R G B A in memory, as IM_COL32 packs
    std::transform(levels_.data.begin(), levels_.data.end(), pixels.begin(),
                   [&](std::uint8_t level) { return palette_[level]; });
    texture_->upload(levels_.width, levels_.height, PixelFormat::rgba8, pixels.data());
    changed_ = false;
  }
  TextureQuad quad;
  quad.screen = map.clip;
  quad.source = {(map.clip.x0 - map.x) / map.size, (map.clip.y0 - map.y) / map.size, (map.clip.x1 - map.x) / map.size,
                 (map.clip.y1 - map.y) / map.size};
  quad.grid = std::clamp((map.size - 7.0F) / 10.0F, 0.0F, 1.0F);
  texture_->draw(canvas.list, quad);
  if (numbers && map.size >= number_cell) draw_numbers(canvas, map);
}

void ByteView::draw_numbers(const Canvas& canvas, const CellMap& map) const {
  const CellMap::Range range = map.visible(levels_.height, levels_.width);
  const float size = number_size(map.size, 3);
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  for (int row = range.row0; row < range.row1; ++row) {
    for (int column = range.column0; column < range.column1; ++column) {
      const std::uint8_t level = levels_.at(row, column);
      draw_number(canvas, map.rect(row, column), level, ink_on(palette_[level]), size);
    }
  }
  canvas.list.PopClipRect();
}

}  // namespace cvlab::app
