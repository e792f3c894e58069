#include "core/detect/box.hpp"

#include <algorithm>

namespace cvlab {

namespace {

double ratio(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

}  // namespace

Box box_around(double x, double y, double width, double height) {
  return {x - 0.5 * width, y - 0.5 * height, x + 0.5 * width, y + 0.5 * height};
}

Box ordered(const Box& box) {
  return {std::min(box.x0, box.x1), std::min(box.y0, box.y1), std::max(box.x0, box.x1), std::max(box.y0, box.y1)};
}

Box moved(const Box& box, double dx, double dy) { return {box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy}; }

Overlap overlap(const Box& a, const Box& b) {
  Overlap o;
  o.intersection = {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
  o.hull = {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
  o.area_a = a.area();
  o.area_b = b.area();
  o.area_intersection = o.intersection.area();
  o.area_union = o.area_a + o.area_b - o.area_intersection;
  o.area_hull = o.hull.area();
  o.iou = ratio(o.area_intersection, o.area_union);
  o.dice = ratio(2.0 * o.area_intersection, o.area_a + o.area_b);
  o.giou = o.iou - ratio(o.area_hull - o.area_union, o.area_hull);
  return o;
}

double iou(const Box& a, const Box& b) { return overlap(a, b).iou; }

}  // namespace cvlab
