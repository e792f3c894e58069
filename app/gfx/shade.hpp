// The colour of a value: one function for cells drawn one by one and for the shader's look-up table.
#pragma once

#include <imgui.h>

#include "app/gfx/graphics.hpp"
#include "app/gfx/theme.hpp"

namespace cvlab::app {

// grey: low black, high white. diverging: -high .. 0 .. +high is negative colour .. neutral .. positive colour.
// sequential: low .. high through the sequential map. Beyond the ends the end colour; NaN is magenta.
ImU32 shade_colour(const Theme& theme, Shade shade, float low, float high, float value);

// Black or white, whichever reads better on `background`.
ImU32 ink_on(ImU32 background);

}  // namespace cvlab::app
