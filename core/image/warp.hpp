// A picture seen through a homography, with bilinear interpolation.
//
//   (x, y) = to_source(column, row);  out(row, column) = in between the four pixels around (x, y)
//
// in: any size, 1 to 4 channels. out: its size is what is asked for; it gets in's channels, and keeps its memory where
// that is enough. x and y are rounded to 1/32 of a pixel (halves to even), the four weights are then whole 1/1024 and
// the sum is rounded to nearest: this is OpenCV's warpPerspective with INTER_LINEAR and BORDER_CONSTANT, number for
// number. Pixels outside `in` are worth `border` in every channel; so are places on the horizon (w = 0) and
// places that are no numbers. A picture without pixels is all border.
#pragma once

#include "core/image/homography.hpp"
#include "core/image/image.hpp"

namespace cvlab {

void warp_perspective_ref(const Image& in, const Homography& to_source, Image& out, std::uint8_t border = 0);
// Coordinates in vectors of doubles, rows shared out over threads; the same numbers.
void warp_perspective(const Image& in, const Homography& to_source, Image& out, std::uint8_t border = 0);

// An affine map has 0 0 1 as the last row: (x, y) = (a x + b y + c, d x + e y + f).
Homography affine(double a, double b, double c, double d, double e, double f);
// Turned by `degrees` counter-clockwise about its middle; the size stays.
void rotate_image(const Image& in, double degrees, Image& out, std::uint8_t border = 0);

}  // namespace cvlab
