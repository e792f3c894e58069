// A small matrix as a landscape: one column a cell, as high as its value, seen from above and aside.
#pragma once

#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/shell/state.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

struct Surface {
  ConstView values;    // (rows, columns), not negative
  float high = 1.0F;   // the value of a full column
  float turn = 30.0F;  // degrees about the vertical
  std::optional<Cell> marked = {};
};

// Fits the landscape into `area`. Returns the cell whose column is under the pointer.
std::optional<Cell> draw_surface(const Canvas& canvas, const Rect& area, const Surface& surface);

}  // namespace cvlab::app
