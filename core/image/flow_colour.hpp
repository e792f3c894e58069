// Flow as colour: the direction is the hue (right red, down yellow-green, left cyan, up violet), the length the
// saturation; no motion is white.
#pragma once

#include "core/image/colormap.hpp"

namespace cvlab {

// `most` > 0: the length of full colour, in px; longer ones look alike. NaN is white.
Rgb flow_colour(double u, double v, double most);

}  // namespace cvlab
