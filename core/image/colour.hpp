// Colour spaces of 8-bit pictures: R G B (sRGB) to and from grey, HSV and CIE L*a*b*. Other channel counts are refused
// by assertion; a grey picture is already grey.
//
//   grey   (9798 R + 19235 G + 3735 B + 2^14) / 2^15, which is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded
//   HSV    V = max, S = 255 (max - min) / max, H = half the angle on the colour wheel, 0..179: red 0, green 60, blue
//   120 Lab    sRGB to linear light to XYZ (white D65) to L* a* b*; kept as L* 255 / 100, a* + 128, b* + 128
//
// Rounding and scales are OpenCV's for 8 bits; HSV is integer arithmetic, Lab is rounded from float.
// Sources: ITU-R BT.601; Smith, Color gamut transform pairs, SIGGRAPH 1978; IEC 61966-2-1; CIE 15:2004.
#pragma once

#include "core/image/image.hpp"

namespace cvlab {

// 1 or 3 channels (2, 4: alpha is passed over) -> 1. `out` is another picture.
void to_grey_ref(const Image& in, Image& out);
void to_grey(const Image& in, Image& out);

void rgb_to_hsv(const Image& in, Image& out);  // 3 channels -> 3
void hsv_to_rgb(const Image& in, Image& out);  // H of 180 and more wraps around
void rgb_to_lab(const Image& in, Image& out);
void lab_to_rgb(const Image& in, Image& out);

}  // namespace cvlab
