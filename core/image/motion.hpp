// A known motion of the whole picture: turned and scaled about its middle, then shifted. What flow is measured against.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

struct PictureMotion {
  double shift_x = 0.0;  // px, to the right
  double shift_y = 0.0;  // px, down
  double angle = 0.0;    // degrees, x towards y: clockwise on the screen
  double scale = 1.0;    // > 0

  // The flow (u, v) of the pixel at (x, y) in a picture of that size: where it goes, less where it was.
  struct Flow {
    double u = 0.0, v = 0.0;
  };
  Flow flow(double x, double y, int width, int height) const;
};

// plane: (H, W). out(p + flow(p)) = plane(p): bilinear; what comes from outside is the nearest edge pixel.
Tensor move_picture(ConstView plane, const PictureMotion& motion);

// The value of a plane (H, W) between its pixels, bilinear; outside, the nearest edge pixel. Not empty.
float sample_bilinear(ConstView plane, double x, double y);

}  // namespace cvlab
