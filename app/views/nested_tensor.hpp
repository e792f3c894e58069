// A tensor of up to six axes as nested blocks of cells: the last axis runs to the right, the one before it down, the
// others lay such blocks side by side and below each other in turn. The names of the axes stand at its rim.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "app/gfx/canvas.hpp"
#include "core/tensor/layout.hpp"

namespace cvlab::app {

struct NumberedCell {
  ImU32 fill = 0;
  float value = 0.0F;
  bool pale = false;  // not what it speaks of
};

class NestedTensor {
 public:
  // As large as fits into `area`, cells at most `largest`, at its left upper corner; with room for the names.
  static NestedTensor fit(const Rect& area, const Shape& shape, float largest);

  float cell() const { return cell_; }
  Rect cells() const;  // all of it but the names
  Rect rect(const TensorIndex& index) const;
  std::optional<TensorIndex> at(float x, float y) const;

  // Blocks, names ("C 0" at each block) and cells, each with its number where there is room.
  void draw(const Canvas& canvas, std::span<const std::string> names, std::span<const ImU32> colours,
            const std::function<NumberedCell(const TensorIndex&)>& look) const;

 private:
  bool right(int axis) const { return right_[static_cast<std::size_t>(axis)]; }
  float pitch(int axis) const { return pitch_[static_cast<std::size_t>(axis)] * cell_; }
  float extent(int axis, bool horizontal) const;  // of a block of all axes from `axis` on
  void arrange(bool sideways);
  void draw_names(const Canvas& canvas, std::span<const std::string> names, std::span<const ImU32> colours) const;

  Shape shape_;
  std::array<bool, max_rank> right_{};              // runs to the right, not down
  std::array<float, max_rank> pitch_{};             // from one to the next, in cells
  std::array<float, max_rank> label_{};             // px between the cells and the axis's names
  float width_ = 1.0F, height_ = 1.0F;              // in cells
  float left_ = 0.0F, top_ = 0.0F, bottom_ = 0.0F;  // px for names
  float x_ = 0.0F, y_ = 0.0F, cell_ = 1.0F;
};

// The numbers of `cells` cells in one size that fits all of them; 0 where there is no room.
float shared_number_size(const Canvas& canvas, float cell, float greatest);
void draw_numbered_cell(const Canvas& canvas, const Rect& cell, const NumberedCell& look, float number);

}  // namespace cvlab::app
