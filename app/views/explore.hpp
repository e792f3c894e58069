// A picture that is explored: the pointer and the buttons + - whole move a camera that is in the link, a press keeps a
// pixel in the parameter "cell", the pixel that is looked at is marked.
#pragma once

#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/views/area_input.hpp"
#include "app/views/camera.hpp"

namespace cvlab::app {

class Explored {
 public:
  Explored(State& state, LinkedCamera& camera, const Rect& area, int rows, int columns);

  const CellMap& map() const { return map_; }

  // Wheel and pinch zoom; a drag pans where there is more than is seen, unless it `paints`: then only with another
  // button. True when the camera moved.
  bool move(const AreaInput& input, bool paints = false);

  // The buttons zoom towards the middle of `towards`; none where the picture is too small for them. True when pressed.
  bool buttons(const Canvas& canvas, const Rect& towards);
  bool buttons(const Canvas& canvas, Cell towards) { return buttons(canvas, map_.rect(towards.row, towards.column)); }

  // The pixel under the pointer, nothing beside the picture.
  std::optional<Cell> under(const AreaInput& input) const;
  // Whether the pixel under the pointer is to be kept: clicked, or drawn over while nothing can be panned.
  bool keeps(const AreaInput& input) const { return input.clicked || (input.pressed && seen_.zoom <= 1.0F); }

 private:
  State& state_;
  LinkedCamera& camera_;
  Rect area_;
  int rows_;
  int columns_;
  Camera seen_;
  CellMap map_;
};

// The arrow keys move the pixel that is kept, and the camera after it where there is more than `area` shows.
std::optional<Cell> move_by_keys(State& state, LinkedCamera& camera, const Rect& area, int rows, int columns);

// A frame around a part of the picture, or a ring where the part is too small for one.
void mark(const Canvas& canvas, const CellMap& map, const Rect& part);
inline void mark(const Canvas& canvas, const CellMap& map, Cell cell) {
  mark(canvas, map, map.rect(cell.row, cell.column));
}

}  // namespace cvlab::app
