// Small pictures of one size in one texture, side by side without text: a wall of samples, or one here and one there.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/gfx/graphics.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

class PictureSheet {
 public:
  // (N, 1, H, W): grey from low to high, or signed colours to +-high. N may be 0.
  void set(const Tensor& pictures, Shade shade, float low, float high);
  int count() const { return count_; }
  void draw(const Canvas& canvas, int index, const Rect& where);

 private:
  static constexpr int across = 32;  // pictures in a row of the texture
  Tensor pixels_;
  int count_ = 0, height_ = 0, width_ = 0;
  Shade shade_ = Shade::grey;
  float low_ = 0.0F, high_ = 1.0F;
  bool changed_ = false;
  std::unique_ptr<Texture> texture_;
};

// Where the tiles of a wall lie: rows of `columns`, `gap` px between them.
struct Wall {
  float x = 0.0F, y = 0.0F, side = 0.0F, gap = 2.0F;
  int columns = 1, count = 0;

  // The largest tiles for `count` pictures in `columns` that fit, no larger than `largest`.
  static Wall fit(const Rect& area, int count, int columns, float largest, float gap = 2.0F);
  int rows() const { return (count + columns - 1) / columns; }
  Rect rect(int index) const {
    const int row = index / columns;
    const float x0 = x + static_cast<float>(index % columns) * (side + gap);
    const float y0 = y + static_cast<float>(row) * (side + gap);
    return {x0, y0, x0 + side, y0 + side};
  }
  Rect area() const {
    return {x, y, x + static_cast<float>(std::min(columns, count)) * (side + gap) - gap,
            y + static_cast<float>(rows()) * (side + gap) - gap};
  }
  std::optional<int> at(float px, float py) const;
};

}  // namespace cvlab::app
