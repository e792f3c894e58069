// Which part of a picture is seen: zoom 1 shows it whole, more zoom enlarges around the centre.
#pragma once

#include <string>

#include "app/gfx/graphics.hpp"
#include "app/shell/state.hpp"
#include "app/views/cells.hpp"

namespace cvlab::app {

struct Camera {
  float zoom = 1.0F;
  float row = 0.0F;  // the point of the picture in the middle of the view, in cells
  float column = 0.0F;
};

// The place of a rows x columns picture in `area`. The picture never leaves a gap on a side where it could fill it.
CellMap place(const Camera& camera, const Rect& area, int rows, int columns);

// The camera after wheel, pinch, + and - at (x, y): the cell under the pointer stays under it.
Camera zoomed(const Camera& camera, const Rect& area, int rows, int columns, float factor, float x, float y);
Camera panned(const Camera& camera, const Rect& area, int rows, int columns, float dx, float dy);

// Moves just enough that `cell` is seen.
Camera revealed(const Camera& camera, const Rect& area, int rows, int columns, Cell cell);

// The greatest useful zoom: eight cells across the area.
float max_zoom(const Rect& area, int rows, int columns);

// A camera that lives in the parameters "zoom" and "centre" ("0,0": the middle), so that the view is in the link.
class LinkedCamera {
 public:
  // Takes over what the state says (a pasted link, reset); keeps its own finer numbers otherwise.
  const Camera& read(const State& state, int rows, int columns);
  void write(State& state, const Camera& camera);

 private:
  Camera camera_;
  std::string zoom_text_;
  std::string centre_text_;
  int rows_ = 0;
  int columns_ = 0;
};

}  // namespace cvlab::app
