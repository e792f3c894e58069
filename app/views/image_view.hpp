// A picture at any magnification: from a photograph to its printed numbers, one continuous zoom.
#pragma once

#include <memory>

#include "app/gfx/canvas.hpp"
#include "app/gfx/graphics.hpp"
#include "app/views/cells.hpp"
#include "core/image/image.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

class ImageView {
 public:
  // One plane (1, 1, H, W); colours come from `shade` and its range.
  void set_plane(const Tensor& plane, Shade shade, float low, float high);
  // Three planes (1, 3, H, W) of numbers 0..high; high is full intensity.
  void set_colour(const Tensor& planes, float high);
  bool empty() const { return values_.empty(); }

  // Draws inside map.clip; cells of number_cell px and more show their numbers (three for colour).
  void draw(const Canvas& canvas, const CellMap& map, float alpha = 1.0F);

 private:
  void upload(const Canvas& canvas);
  void draw_numbers(const Canvas& canvas, const CellMap& map) const;

  Tensor values_;
  Shade shade_ = Shade::grey;
  float low_ = 0.0F;
  float high_ = 255.0F;
  bool changed_ = false;
  std::unique_ptr<Texture> texture_;
};

// + and - and "whole picture" in the lower right corner of a view; returns the factor asked for, 0 = whole, 1 = none.
float zoom_buttons(const Canvas& canvas, const Rect& area, float zoom);

}  // namespace cvlab::app
