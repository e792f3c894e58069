// Bounding boxes: rectangles with sides parallel to the axes, and how much two of them overlap.
// Coordinates are real numbers in the unit of the caller (here pixels of the picture), x to the right, y down. Pixel
// column c covers [c, c + 1), so a whole picture is (0, 0, width, height); no "+ 1" appears anywhere.
#pragma once

namespace cvlab {

struct Box {
  double x0 = 0.0;  // left
  double y0 = 0.0;  // top
  double x1 = 0.0;  // right
  double y1 = 0.0;  // bottom

  // A box whose sides are in the wrong order is empty.
  double width() const { return x1 > x0 ? x1 - x0 : 0.0; }
  double height() const { return y1 > y0 ? y1 - y0 : 0.0; }
  double area() const { return width() * height(); }
  double x() const { return 0.5 * (x0 + x1); }  // of the centre
  double y() const { return 0.5 * (y0 + y1); }
  bool contains(double px, double py) const { return px >= x0 && px < x1 && py >= y0 && py < y1; }
  bool operator==(const Box&) const = default;
};

Box box_around(double x, double y, double width, double height);  // from its centre
Box ordered(const Box& box);                                      // sides swapped where they are in the wrong order
Box moved(const Box& box, double dx, double dy);

// IoU = I / U, Dice = 2 I / (A + B), GIoU = IoU - (H - U) / H with I the area of the intersection, A and B the two
// areas, U = A + B - I the union, H the hull: the smallest box around both (Rezatofighi et al. 2019).
// Where a denominator is zero (both boxes without area) IoU and Dice are 0: boxes without area match nothing. The same
// for the last term of GIoU when the hull has no area.
struct Overlap {
  Box intersection;  // touching or apart: no area
  Box hull;
  double area_a = 0.0;
  double area_b = 0.0;
  double area_intersection = 0.0;
  double area_union = 0.0;
  double area_hull = 0.0;
  double iou = 0.0;   // 0 .. 1
  double dice = 0.0;  // 0 .. 1
  double giou = 0.0;  // -1 .. 1
};

Overlap overlap(const Box& a, const Box& b);
double iou(const Box& a, const Box& b);

}  // namespace cvlab
