// Directions as colours: a ring of all of them, with the one that is looked at as a needle. Rows of a picture grow
// downwards, and so do angles: 0 degrees points right, 90 down.
#pragma once

#include <optional>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

ImU32 direction_colour(double degrees);

struct DirectionWheel {
  float x = 0.0F, y = 0.0F;  // the middle
  float radius = 40.0F;
  std::optional<double> degrees = {};  // the needle; none: a dot
  float length = 1.0F;                 // of the needle, of the radius
};
void draw_direction_wheel(const Canvas& canvas, const DirectionWheel& wheel);

}  // namespace cvlab::app
