#include "app/views/picture_sheet.hpp"

#include <cassert>
#include <cmath>

namespace cvlab::app {

void PictureSheet::set(const Tensor& pictures, Shade shade, float low, float high) {
  assert(pictures.shape().rank() == 4 && pictures.size(1) == 1 && "a sheet holds (N, 1, H, W)");
  count_ = static_cast<int>(pictures.size(0));
  height_ = static_cast<int>(pictures.size(2));
  width_ = static_cast<int>(pictures.size(3));
  shade_ = shade;
  low_ = low;
  high_ = high;
  changed_ = true;
  const int columns = std::min(across, std::max(1, count_)), rows = (count_ + across - 1) / across;
  pixels_ = Tensor(Shape{rows * height_, columns * width_});
  for (int n = 0; n < count_; ++n) {
    const int row_of_sheet = n / across;
    for (int y = 0; y < height_; ++y) {
      const std::ptrdiff_t to = (row_of_sheet * height_ + y) * pixels_.size(1) + n % across * width_;
      std::copy_n(pictures.data() + (static_cast<std::ptrdiff_t>(n) * height_ + y) * width_, width_,
                  pixels_.data() + to);
    }
  }
}

void PictureSheet::draw(const Canvas& canvas, int index, const Rect& where) {
  if (index < 0 || index >= count_) return;
  if (!texture_) texture_ = canvas.graphics.texture();
  if (changed_) {
    texture_->upload(static_cast<int>(pixels_.size(1)), static_cast<int>(pixels_.size(0)), PixelFormat::r32f,
                     pixels_.data());
  }
  changed_ = false;
  const int row = index / across;
  const auto x = static_cast<float>(index % across * width_), y = static_cast<float>(row * height_);
  texture_->draw(canvas.list, {.screen = where,
                               .source = {x, y, x + static_cast<float>(width_), y + static_cast<float>(height_)},
                               .shade = shade_,
                               .low = low_,
                               .high = high_});
}

Wall Wall::fit(const Rect& area, int count, int columns, float largest, float gap) {
  Wall wall;
  wall.columns = std::max(1, columns);
  wall.count = count;
  wall.gap = gap;
  wall.x = std::round(area.x0);
  wall.y = std::round(area.y0);
  const auto across = static_cast<float>(wall.columns), down = static_cast<float>(std::max(1, wall.rows()));
  const float wide = (area.width() + gap) / across - gap, high = (area.height() + gap) / down - gap;
  wall.side = std::floor(std::clamp(std::min(wide, high), 0.0F, largest));
  return wall;
}

std::optional<int> Wall::at(float px, float py) const {
  for (int i = 0; i < count; ++i) {
    if (rect(i).contains(px, py)) return i;
  }
  return std::nullopt;
}

}  // namespace cvlab::app
