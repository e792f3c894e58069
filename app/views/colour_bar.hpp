// The legend of a shaded picture: its colours from the least to the greatest value, with numbers.
#pragma once

#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/gfx/shade.hpp"

namespace cvlab::app {

// `area` is one line, ~20 px high. `value`, when given, is marked on the bar.
void colour_bar(const Canvas& canvas, const Rect& area, Shade shade, float low, float high, std::optional<float> value);

}  // namespace cvlab::app
