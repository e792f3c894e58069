#include "core/detect/box.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

using namespace cvlab;
using Catch::Matchers::WithinAbs;

TEST_CASE("box: the overlap of two squares, by hand", "[detect][box][golden]") {
  // 2 x 2 each, one unit in common: I = 1, U = 4 + 4 - 1 = 7, hull 3 x 3 = 9.
  const Overlap o = overlap({0, 0, 2, 2}, {1, 1, 3, 3});
  CHECK(o.area_intersection == 1.0);
  CHECK(o.area_union == 7.0);
  CHECK(o.area_hull == 9.0);
  CHECK_THAT(o.iou, WithinAbs(1.0 / 7.0, 1e-15));
  CHECK_THAT(o.dice, WithinAbs(2.0 / 8.0, 1e-15));
  CHECK_THAT(o.giou, WithinAbs(1.0 / 7.0 - 2.0 / 9.0, 1e-15));
}

TEST_CASE("box: IoU and GIoU are torchvision's", "[detect][box][golden]") {
  struct Case {
    Box a, b;
    double iou, giou;
  };
  // torchvision 0.14.1: ops.box_iou, ops.generalized_box_iou on float64
  const Case cases[] = {
      {{0, 0, 2, 2}, {1, 1, 3, 3}, 0.14285714285714285, -0.07936507936507936},
      {{172, 18, 410, 286}, {200, 60, 440, 320}, 0.6028657080432905, 0.5755354718072522},
      {{10, 20, 110, 70}, {10, 20, 110, 70}, 1.0, 1.0},
      {{0, 0, 10, 10}, {20, 0, 30, 10}, 0.0, -0.3333333333333333},
      {{0, 0, 10, 10}, {10, 0, 20, 10}, 0.0, 0.0},
      {{0, 0, 100, 100}, {25, 25, 75, 75}, 0.25, 0.25},
      {{0.5, 0.25, 3.75, 2.5}, {1.5, -1.0, 2.25, 9.0}, 0.12857142857142856, -0.4675824175824176},
  };
  for (const Case& c : cases) {
    CHECK_THAT(overlap(c.a, c.b).iou, WithinAbs(c.iou, 1e-12));
    CHECK_THAT(overlap(c.a, c.b).giou, WithinAbs(c.giou, 1e-12));
    CHECK(iou(c.a, c.b) == iou(c.b, c.a));
  }
}

TEST_CASE("box: Dice follows from IoU", "[detect][box]") {
  for (double x = -3.0; x <= 3.0; x += 0.25) {
    const Overlap o = overlap({0, 0, 2, 1}, {x, 0.5, x + 1.5, 3});
    CHECK_THAT(o.dice, WithinAbs(2.0 * o.iou / (1.0 + o.iou), 1e-14));
    CHECK(o.giou <= o.iou);
    CHECK(o.giou >= -1.0);
  }
}

TEST_CASE("box: touching, apart, empty, inside out", "[detect][box]") {
  const Box square{0, 0, 10, 10};
  CHECK(overlap(square, {10, 0, 20, 10}).iou == 0.0);
  CHECK(overlap(square, {10, 0, 20, 10}).giou == 0.0);  // nothing lost between them: the hull is the union
  CHECK_THAT(overlap(square, {20, 0, 30, 10}).giou, WithinAbs(-1.0 / 3.0, 1e-15));
  CHECK(overlap(square, {20, 20, 30, 30}).area_intersection == 0.0);  // apart both ways: no product of two negatives

  const Box point{5, 5, 5, 5};
  CHECK(point.area() == 0.0);
  CHECK(iou(square, point) == 0.0);
  CHECK(iou(point, point) == 0.0);
  CHECK(overlap(point, point).dice == 0.0);
  CHECK(overlap(point, point).giou == 0.0);
  CHECK(overlap(point, {8, 9, 8, 9}).giou == -1.0);  // two points: the hull is all waste
  CHECK(iou({0, 5, 10, 5}, square) == 0.0);          // a line

  const Box inside_out{10, 10, 0, 0};
  CHECK(inside_out.area() == 0.0);
  CHECK(ordered(inside_out) == square);
}

TEST_CASE("box: centre and corners", "[detect][box]") {
  const Box box = box_around(3.0, 5.0, 2.0, 8.0);
  CHECK(box == Box{2, 1, 4, 9});
  CHECK(box.x() == 3.0);
  CHECK(box.y() == 5.0);
  CHECK(moved(box, 1, -1) == Box{3, 0, 5, 8});
  CHECK(box.contains(2, 1));
  CHECK_FALSE(box.contains(4, 9));
}
