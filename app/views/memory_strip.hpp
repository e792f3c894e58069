// Memory as it is: one line of places, counted from 0, broken into rows where the width asks for it. Jumps from one
// place to others are arcs above it, where both ends lie in one row.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "app/gfx/canvas.hpp"
#include "app/views/nested_tensor.hpp"

namespace cvlab::app {

struct MemoryJump {
  std::ptrdiff_t to = 0;
  std::string label;  // "+8"
  ImU32 colour = 0;
};

class MemoryStrip {
 public:
  static MemoryStrip fit(const Rect& area, std::ptrdiff_t count, float largest);

  float cell() const { return cell_; }
  float bottom() const;
  Rect rect(std::ptrdiff_t place) const;
  std::optional<std::ptrdiff_t> at(float x, float y) const;

  void draw(const Canvas& canvas, const std::function<NumberedCell(std::ptrdiff_t)>& look) const;
  void draw_jumps(const Canvas& canvas, std::ptrdiff_t from, std::span<const MemoryJump> jumps) const;

 private:
  static MemoryStrip fit_rows(const Rect& area, std::ptrdiff_t count, float largest, float places);
  float row() const { return arcs_ + cell_ + places_; }  // px of a row with what belongs to it

  std::ptrdiff_t count_ = 0, columns_ = 1;
  float x_ = 0.0F, y_ = 0.0F, cell_ = 1.0F;
  float arcs_ = 0.0F;     // px above the cells
  float places_ = 14.0F;  // px below them; 0: no room for their numbers
};

}  // namespace cvlab::app
