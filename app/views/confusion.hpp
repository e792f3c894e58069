// A confusion matrix: how often each class was taken for each other. Rows are the truth, columns the answer; right
// answers lie on the diagonal in the positive colour, mistakes beside it in the negative one.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/gfx/canvas.hpp"
#include "app/shell/state.hpp"
#include "app/views/cells.hpp"

namespace cvlab::app {

struct Confusion {
  int classes = 0;
  std::span<const int> counts;         // classes x classes, row-major
  std::span<const std::string> names;  // classes; before each row. Columns are numbered from 0, as classes are
  std::string_view truth;              // names of the two axes
  std::string_view answer;
};

// Where its cells are: the largest square that fits `area`, at its left.
CellMap confusion_map(const Canvas& canvas, const Rect& area, const Confusion& confusion);

// Draws it; `marked` in the focus colour. Returns the cell under the pointer.
std::optional<Cell> draw_confusion(const Canvas& canvas, const CellMap& map, const Confusion& confusion,
                                   std::optional<Cell> marked);

}  // namespace cvlab::app
