// A picture as its file has it, transparency included, fitted into a rectangle. For pictures whose numbers are not
// shown; image_view.hpp shows those.
#pragma once

#include <memory>

#include "app/gfx/canvas.hpp"
#include "app/gfx/graphics.hpp"
#include "app/views/cells.hpp"
#include "core/image/image.hpp"

namespace cvlab::app {

class RgbaView {
 public:
  void set(const Image& image);  // of 1 to 4 channels
  bool empty() const { return image_.empty(); }
  int width() const { return image_.width; }
  int height() const { return image_.height; }

  // Where it lies: as large as fits into `area`, in the middle of its width, at its top.
  CellMap map(const Rect& area) const;
  void draw(const Canvas& canvas, const CellMap& map, float alpha = 1.0F);

 private:
  Image image_;
  bool changed_ = false;
  std::unique_ptr<Texture> texture_;
};

}  // namespace cvlab::app
