// A small matrix whose cells can be changed by hand: click a cell and type, use the - and + of the field that opens
// (touch), or drag a cell up and down.
#pragma once

#include <optional>

#include "app/views/tensor_grid.hpp"

namespace cvlab::app {

struct CellEdit {
  Cell cell;
  double value = 0.0;
};

class KernelEditor {
 public:
  // `step` is what - and + change. Returns the edit made in this frame; `hovered` is the cell under the pointer.
  std::optional<CellEdit> draw(const Canvas& canvas, const char* id, const CellMap& map, ConstView values,
                               const GridStyle& style, double step, std::optional<Cell>& hovered);

 private:
  std::optional<CellEdit> popup(const Canvas& canvas, const CellMap& map, double step);

  Cell cell_;           // being edited or dragged
  double value_ = 0.0;  // what the popup shows, and where a drag started
  float drag_ = 0.0F;
  bool dragged_ = false;
  bool focus_ = false;  // give the field the keyboard in the next frame
};

}  // namespace cvlab::app
