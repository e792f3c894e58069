// A matrix as cells with values and signed colours.
#pragma once

#include <functional>
#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/views/cells.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

struct GridStyle {
  Shade shade = Shade::diverging;
  float low = 0.0F;
  float high = 1.0F;
  bool numbers = true;
  std::optional<Cell> highlight = {};  // one cell in the focus colour
};

// A map that fits rows x columns cells into `area`, centred at its top, no cell larger than `largest`.
CellMap fit_cells(const Rect& area, int rows, int columns, float largest);

// values: (rows, columns). Returns the cell under the pointer, if the pointer is over the grid.
std::optional<Cell> tensor_grid(const Canvas& canvas, const CellMap& map, ConstView values, const GridStyle& style);

// The largest absolute value, at least `least`: the range of a signed colour map.
float signed_range(ConstView values, float least);

}  // namespace cvlab::app
