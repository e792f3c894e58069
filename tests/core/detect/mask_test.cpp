#include "core/detect/mask.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using cvlab::Image;
using cvlab::mask_overlap;
using cvlab::MaskOverlap;

TEST_CASE("mask: overlap by hand", "[detect][mask]") {
  Image a(4, 1, 1), b(4, 1, 1);
  a.data = {255, 255, 255, 0};
  b.data = {0, 1, 1, 1};
  const MaskOverlap m = mask_overlap(a, b);
  CHECK(m.both == 2);
  CHECK(m.either == 4);
  CHECK(m.iou == 0.5);
  CHECK(m.dice == Catch::Approx(4.0 / 6.0));
  CHECK(m.precision == Catch::Approx(2.0 / 3.0));
  CHECK(m.recall == Catch::Approx(2.0 / 3.0));
  const Image nothing(4, 1, 1);
  CHECK(mask_overlap(nothing, nothing).iou == 0.0);
  CHECK(mask_overlap(a, a).iou == 1.0);
}
