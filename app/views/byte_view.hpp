// A picture of bytes, each shown in the colour that a palette gives it, at any magnification: grey levels, masks, marks
// laid over another picture (colours with alpha 0 let it through).
#pragma once

#include <array>
#include <memory>

#include "app/gfx/canvas.hpp"
#include "app/gfx/graphics.hpp"
#include "app/views/cells.hpp"
#include "core/image/image.hpp"

namespace cvlab::app {

using Palette = std::array<ImU32, 256>;
const Palette& grey_palette();  // level v is the grey v

class ByteView {
 public:
  // One channel. Nothing is uploaded before it is drawn.
  void set(const Image& levels);
  void clear() { levels_ = {}; }
  bool empty() const { return levels_.empty(); }

  // Draws inside map.clip; with `numbers`, cells of number_cell px and more show their bytes.
  void draw(const Canvas& canvas, const CellMap& map, const Palette& palette, bool numbers);
  // The numbers alone, on top of what was laid over the picture.
  void draw_numbers(const Canvas& canvas, const CellMap& map) const;

 private:
  Image levels_;
  Palette palette_{};
  bool changed_ = false;
  std::unique_ptr<Texture> texture_;
};

}  // namespace cvlab::app
