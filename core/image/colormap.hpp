// Colour maps, readable with every common form of colour blindness.
#pragma once

#include <array>
#include <cstdint>

namespace cvlab {

using Rgb = std::array<std::uint8_t, 3>;

Rgb colormap_diverging(double t);   // t in [-1, 1]: orange .. near white .. blue; NaN -> magenta
Rgb colormap_sequential(double t);  // t in [0, 1]: dark to light, monotone in lightness; NaN -> magenta
Rgb colormap_cyclic(
    double turn);  // of a whole turn, any number: 0 blue, 1/4 green, 1/2 orange, 3/4 purple; NaN -> magenta
Rgb colormap_categorical(int index);  // 8 colours (Okabe, Ito 2008 and two more), repeating

}  // namespace cvlab
