#include "app/views/rgba_view.hpp"

#include <algorithm>

#include "core/image/convert.hpp"

namespace cvlab::app {

void RgbaView::set(const Image& image) {
  image_ = image.empty() ? Image{} : to_rgba(image);
  changed_ = true;
}

CellMap RgbaView::map(const Rect& area) const {
  const auto w = static_cast<float>(std::max(1, width()));
  const auto h = static_cast<float>(std::max(1, height()));
  CellMap map;
  map.size = std::max(1e-3F, std::min(area.width() / w, area.height() / h));
  map.x = area.x0 + 0.5F * (area.width() - map.size * w);
  map.y = area.y0;
  map.clip = {map.x, map.y, map.x + map.size * w, map.y + map.size * h};
  return map;
}

void RgbaView::draw(const Canvas& canvas, const CellMap& map, float alpha) {
  if (image_.empty()) return;
  if (texture_ == nullptr) {
    texture_ = canvas.graphics.texture();
    changed_ = true;
  }
  if (changed_) texture_->upload(image_.width, image_.height, PixelFormat::rgba8, image_.data.data());
  changed_ = false;
  TextureQuad quad;
  quad.screen = map.rect(0, 0, image_.height, image_.width);
  quad.source = {0.0F, 0.0F, static_cast<float>(image_.width), static_cast<float>(image_.height)};
  quad.alpha = alpha;
  texture_->draw(canvas.list, quad);
}

}  // namespace cvlab::app
