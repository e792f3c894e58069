#include "core/detect/yolo.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "tests/core/gradient_check.hpp"

using namespace cvlab;
using Catch::Matchers::WithinAbs;

namespace {

constexpr PictureSize square{100.0, 100.0};

// S = 2, B = 2, K = 2 on a picture of 100 x 100: cells of 50 x 50.
//
// One object of class 0, centre (30, 40), 36 x 25: it lies in cell (0, 0) with x = 30/50 = 0.6, y = 40/50 = 0.8,
// w = 0.36, h = 0.25.
// Cell (0, 0) answers box 0: x 0.5, y 0.7, w 0.25, h 0.36, C 0.5 and box 1: x 0.2, y 0.2, w 0.16, h 0.25, C 0.3;
// p = (0.7, 0.3). Cell (0, 1): box 0 has C 0.2. Cell (1, 1): box 1 has C 0.4. All else is 0.
YoloOutput hand_output() {
  YoloOutput output({2, 2, 2});
  output.set_box({0, 0}, 0, {0.5, 0.7, 0.25, 0.36, 0.5});
  output.set_box({0, 0}, 1, {0.2, 0.2, 0.16, 0.25, 0.3});
  output.classes({0, 0})[0] = 0.7;
  output.classes({0, 0})[1] = 0.3;
  output.set_box({0, 1}, 0, {0.5, 0.5, 0.2, 0.2, 0.2});
  output.set_box({1, 1}, 1, {0.5, 0.5, 0.2, 0.2, 0.4});
  return output;
}
const std::vector<YoloObject> hand_objects = {{box_around(30, 40, 36, 25), 0}};

}  // namespace

// In pixels, box 0 is centred at (25, 35), 25 x 36: x 12.5 .. 37.5, y 17 .. 53. The object is x 12 .. 48,
// y 27.5 .. 52.5. Intersection 25 x 25 = 625, union 900 + 900 - 625 = 1175, IoU = 25/47. Box 1, y -2.5 .. 22.5, misses
// the object: IoU 0. So box 0 is responsible and its C should be 25/47.
//   xy       5 ((0.5 - 0.6)^2 + (0.7 - 0.8)^2)                     = 5 * 0.02     = 0.1
//   wh       5 ((0.5 - 0.6)^2 + (0.6 - 0.5)^2), roots of 0.25 …    = 5 * 0.02     = 0.1
//   object   (0.5 - 25/47)^2 = (3/94)^2                            = 9/8836       = 0.001018560
//   nothing  0.5 (0.3^2 + 0.2^2 + 0.4^2)                           = 0.5 * 0.29   = 0.145
//   classes  (0.7 - 1)^2 + (0.3 - 0)^2                             = 0.18
//   total                                                            0.525 + 9/8836 = 0.526018560
TEST_CASE("yolo: the loss of a 2 x 2 grid, by hand", "[detect][yolo][golden]") {
  const YoloOutput output = hand_output();
  const YoloAssignment assignment = yolo_assign(output, hand_objects, square);
  REQUIRE(assignment.targets.size() == 1);
  const YoloTarget& target = assignment.targets[0];
  CHECK(target.cell == YoloCell{0, 0});
  CHECK(target.responsible == 0);
  CHECK_THAT(target.box.x, WithinAbs(0.6, 1e-15));
  CHECK_THAT(target.box.y, WithinAbs(0.8, 1e-15));
  CHECK_THAT(target.box.w, WithinAbs(0.36, 1e-15));
  CHECK_THAT(target.box.h, WithinAbs(0.25, 1e-15));
  CHECK_THAT(target.ious[0], WithinAbs(25.0 / 47.0, 1e-14));
  CHECK(target.ious[1] == 0.0);

  const YoloLoss loss = yolo_loss(output, assignment, {});
  CHECK_THAT(loss.weighted[YoloLoss::xy], WithinAbs(0.1, 1e-14));
  CHECK_THAT(loss.weighted[YoloLoss::wh], WithinAbs(0.1, 1e-14));
  CHECK_THAT(loss.weighted[YoloLoss::object], WithinAbs(9.0 / 8836.0, 1e-14));
  CHECK_THAT(loss.weighted[YoloLoss::nothing], WithinAbs(0.145, 1e-14));
  CHECK_THAT(loss.weighted[YoloLoss::classes], WithinAbs(0.18, 1e-14));
  CHECK_THAT(loss.total, WithinAbs(0.525 + 9.0 / 8836.0, 1e-14));
  CHECK_THAT(loss.sums[YoloLoss::nothing], WithinAbs(0.29, 1e-14));
  CHECK_THAT(loss.cells[YoloLoss::nothing][0], WithinAbs(0.5 * 0.09, 1e-14));
  CHECK_THAT(loss.cells[YoloLoss::nothing][1], WithinAbs(0.5 * 0.04, 1e-14));
  CHECK(loss.cells[YoloLoss::nothing][2] == 0.0);
  CHECK_THAT(loss.cells[YoloLoss::nothing][3], WithinAbs(0.5 * 0.16, 1e-14));

  // The gradient of box 0: x 5 * 2 (0.5 - 0.6), w 5 (0.5 - 0.6) / 0.5, h 5 (0.6 - 0.5) / 0.6, C 2 (0.5 - 25/47).
  const YoloBox slope = loss.gradient.box({0, 0}, 0);
  CHECK_THAT(slope.x, WithinAbs(-1.0, 1e-14));
  CHECK_THAT(slope.y, WithinAbs(-1.0, 1e-14));
  CHECK_THAT(slope.w, WithinAbs(-1.0, 1e-14));
  CHECK_THAT(slope.h, WithinAbs(5.0 / 6.0, 1e-14));
  CHECK_THAT(slope.confidence, WithinAbs(-3.0 / 47.0, 1e-14));
  CHECK(loss.gradient.box({0, 0}, 1).x == 0.0);  // not responsible: only its confidence is pulled
  CHECK_THAT(loss.gradient.box({0, 0}, 1).confidence, WithinAbs(0.3, 1e-14));
  CHECK_THAT(loss.gradient.classes({0, 0})[0], WithinAbs(-0.6, 1e-14));
}

// Without roots, wh is 5 ((0.25 - 0.36)^2 + (0.36 - 0.25)^2) = 5 * 2 * 0.0121; with 1 as the target of C, object is
// 0.25; lambdas 2 and 1 change xy to 0.04 and nothing to 0.29.
TEST_CASE("yolo: the same with other options", "[detect][yolo][golden]") {
  const YoloOutput output = hand_output();
  const YoloAssignment assignment = yolo_assign(output, hand_objects, square, false);
  const YoloLoss plain = yolo_loss(output, assignment, {5.0, 0.5, false});
  CHECK_THAT(plain.weighted[YoloLoss::wh], WithinAbs(0.121, 1e-14));
  CHECK_THAT(plain.weighted[YoloLoss::object], WithinAbs(0.25, 1e-14));
  const YoloLoss other = yolo_loss(output, assignment, {2.0, 1.0, true});
  CHECK_THAT(other.weighted[YoloLoss::xy], WithinAbs(0.04, 1e-14));
  CHECK_THAT(other.weighted[YoloLoss::nothing], WithinAbs(0.29, 1e-14));
}

TEST_CASE("yolo: the gradient is the loss's, by central differences", "[detect][yolo]") {
  Rng rng(11);
  YoloOutput output({3, 2, 4});
  for (double& v : output.values()) v = rng.uniform(0.1, 0.9);
  const std::vector<YoloObject> objects = {{{3, 4, 40, 50}, 1}, {{60, 20, 95, 90}, 3}, {{10, 70, 30, 99}, 0}};
  for (const bool roots : {true, false}) {
    const YoloLossOptions options{5.0, 0.5, roots};
    const YoloAssignment assignment = yolo_assign(output, objects, square);
    const YoloLoss loss = yolo_loss(output, assignment, options);
    const auto n = static_cast<std::ptrdiff_t>(output.values().size());
    BasicTensor<double> x(Shape{n});
    BasicTensor<double> dx(Shape{n});
    std::copy(output.values().begin(), output.values().end(), x.data());
    std::copy(loss.gradient.values().begin(), loss.gradient.values().end(), dx.data());
    const double error = test::gradient_error(x, dx, [&] {
      YoloOutput moved(output.shape());
      std::copy(x.data(), x.data() + n, moved.values().begin());
      return yolo_loss(moved, assignment, options).total;
    });
    CHECK(error < test::gradient_tolerance);
  }
}

TEST_CASE("yolo: encode and decode undo each other", "[detect][yolo]") {
  const PictureSize picture{640, 427};
  for (const int grid : {1, 2, 7, 13}) {
    const YoloShape shape{grid, 2, 20};
    for (const Box& box :
         {Box{0, 0, 640, 427}, Box{308, 124, 337, 409}, Box{1.5, 2.25, 3.75, 400}, Box{630, 420, 640, 427}}) {
      const YoloCell cell = cell_of(shape, box, picture);
      const YoloBox code = yolo_encode(shape, cell, box, picture);
      CHECK((code.x >= 0.0 && code.x < 1.0 && code.y >= 0.0 && code.y < 1.0));
      const Box back = yolo_decode(shape, cell, code, picture);
      CHECK_THAT(back.x0, WithinAbs(box.x0, 1e-10));
      CHECK_THAT(back.y0, WithinAbs(box.y0, 1e-10));
      CHECK_THAT(back.x1, WithinAbs(box.x1, 1e-10));
      CHECK_THAT(back.y1, WithinAbs(box.y1, 1e-10));
    }
  }
}

TEST_CASE("yolo: cells at the border, and centres outside", "[detect][yolo]") {
  const YoloShape shape{7, 2, 20};
  CHECK(shape.per_cell() == 30);
  CHECK(shape.numbers() == 1470);  // 7 x 7 x 30
  const PictureSize picture{448, 448};
  CHECK(cell_of(shape, box_around(64, 63.9, 1, 1), picture) ==
        YoloCell{0, 1});  // a border belongs to the cell after it
  CHECK(cell_of(shape, box_around(448, 448, 1, 1), picture) == YoloCell{6, 6});
  CHECK(cell_of(shape, box_around(-5, 900, 1, 1), picture) == YoloCell{6, 0});
  CHECK(cell_of(shape, box_around(1, 1, 1, 1), {0, 0}) == YoloCell{0, 0});
}

TEST_CASE("yolo: who is responsible", "[detect][yolo]") {
  YoloOutput output({2, 2, 1});
  const std::vector<YoloObject> objects = {{box_around(25, 25, 20, 20), 0}, {box_around(20, 20, 8, 8), 0}};
  // Nobody overlaps: the nearer box answers (the second one is as large and beside the object).
  output.set_box({0, 0}, 0, {0.02, 0.9, 0.01, 0.01, 0.5});
  output.set_box({0, 0}, 1, {0.95, 0.5, 0.2, 0.2, 0.5});
  YoloAssignment assignment = yolo_assign(output, objects, square);
  CHECK(assignment.targets[0].responsible == 1);
  CHECK(assignment.targets[0].box.confidence == 0.0);
  // Two objects in one cell: the first has it.
  CHECK(assignment.targets.size() == 1);
  CHECK(assignment.lost == std::vector<int>{1});
  CHECK(assignment.at({1, 1}) == nullptr);
  // As soon as one overlaps, IoU decides.
  output.set_box({0, 0}, 0, {0.5, 0.5, 0.02, 0.02, 0.5});
  assignment = yolo_assign(output, objects, square);
  CHECK(assignment.targets[0].responsible == 0);
  // Equals: the first.
  output.set_box({0, 0}, 1, {0.5, 0.5, 0.02, 0.02, 0.5});
  CHECK(yolo_assign(output, objects, square).targets[0].responsible == 0);
}

TEST_CASE("yolo: nothing predicted, nothing there, a box without size", "[detect][yolo]") {
  const YoloOutput zeros({7, 2, 20});
  const YoloLoss nothing = yolo_loss(zeros, yolo_assign(zeros, {}, square), {});
  CHECK(nothing.total == 0.0);
  const YoloLoss loss = yolo_loss(zeros, yolo_assign(zeros, hand_objects, square), {});
  CHECK(std::isfinite(loss.total));
  for (const double slope : loss.gradient.values()) CHECK(std::isfinite(slope));
  CHECK(loss.sums[YoloLoss::classes] == 1.0);
  YoloOutput negative({1, 1, 1});
  negative.set_box({0, 0}, 0, {0.5, 0.5, -0.2, 0.1, 0.0});
  const YoloLoss below = yolo_loss(negative, yolo_assign(negative, hand_objects, square), {});
  CHECK(below.gradient.box({0, 0}, 0).w == 0.0);
  CHECK_THAT(below.sums[YoloLoss::wh], WithinAbs(0.36 + std::pow(std::sqrt(0.1) - 0.5, 2), 1e-14));
}

TEST_CASE("yolo: descent brings the responsible box to the object and silences the others", "[detect][yolo]") {
  YoloOutput output = hand_output();
  double before = INFINITY;
  for (int i = 0; i < 400; ++i) {
    const YoloLoss loss = yolo_loss(output, yolo_assign(output, hand_objects, square), {});
    // All but the confidence of the responsible box falls: its target, the IoU, moves while the box does.
    const double rest = loss.total - loss.weighted[YoloLoss::object];
    CHECK(rest <= before + 1e-12);
    before = rest;
    yolo_descend(output, loss.gradient, 0.02);
  }
  const YoloBox box = output.box({0, 0}, 0);
  CHECK_THAT(box.x, WithinAbs(0.6, 1e-3));
  CHECK_THAT(box.h, WithinAbs(0.25, 1e-3));
  CHECK_THAT(box.confidence, WithinAbs(1.0, 1e-2));
  CHECK(output.box({1, 1}, 1).confidence < 0.01);
  CHECK_THAT(before, WithinAbs(0.18, 1e-3));  // what the class probabilities add stays
  YoloOutput wild = hand_output();
  yolo_descend(wild, yolo_loss(wild, yolo_assign(wild, hand_objects, square), {}).gradient, 1e6);
  for (const double v : wild.values()) CHECK((v >= 0.0 && v <= 1.0));
}
