// The legend of a shaded picture: its colours from the least to the greatest value, with numbers.
#pragma once

#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/gfx/shade.hpp"

namespace cvlab::app {

struct ColourBar {
  Shade shade = Shade::grey;
  float low = 0.0F;
  float high = 255.0F;
  bool below = false;  // there are values beyond the ends, drawn in the end colours: the labels say ≤, ≥
  bool above = false;
  std::optional<float> value = {};  // marked on the bar
};

// `area` is one line, ~20 px high.
void colour_bar(const Canvas& canvas, const Rect& area, const ColourBar& bar);

}  // namespace cvlab::app
