// YOLO v1's grid (Redmon, Divvala, Girshick, Farhadi 2016): what its output means, which box is responsible for which
// object, and the loss with its gradient.
//
// The picture is cut into S x S cells. Each cell answers B boxes of five numbers x, y, w, h, C and, once for all of
// them, K class probabilities p(c): the output has shape (S, S, 5 B + K), here (7, 7, 30).
//   x, y  centre of the box in the cell, 0 at its upper left corner and 1 at its lower right one
//   w, h  size of the box over the size of the picture
//   C     confidence; its target is the IoU of the box with the object it is responsible for, 0 without one
//   p(c)  P(class c | there is an object), a matter of the cell and not of its boxes: it does not depend on the IoU
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/detect/box.hpp"

namespace cvlab {

struct YoloShape {
  int grid = 7;      // S
  int boxes = 2;     // B
  int classes = 20;  // K
  int cells() const { return grid * grid; }
  int per_cell() const { return 5 * boxes + classes; }
  int numbers() const { return cells() * per_cell(); }
  bool operator==(const YoloShape&) const = default;
};

struct YoloCell {
  int row = 0;
  int column = 0;
  bool operator==(const YoloCell&) const = default;
};

struct YoloBox {
  double x = 0.0;
  double y = 0.0;
  double w = 0.0;
  double h = 0.0;
  double confidence = 0.0;
};

// Width and height of the picture, in the unit of the boxes.
struct PictureSize {
  double width = 1.0;
  double height = 1.0;
};

// The cell in which the centre of the box lies; a centre outside the picture belongs to the nearest cell.
YoloCell cell_of(const YoloShape& shape, const Box& box, const PictureSize& picture);
YoloBox yolo_encode(const YoloShape& shape, const YoloCell& cell, const Box& box, const PictureSize& picture);
Box yolo_decode(const YoloShape& shape, const YoloCell& cell, const YoloBox& box, const PictureSize& picture);

// What a network answers, or the gradient of a loss in it: (S, S, 5 B + K), boxes before classes.
class YoloOutput {
 public:
  explicit YoloOutput(const YoloShape& shape = {})
      : shape_(shape), values_(static_cast<std::size_t>(shape.numbers()), 0.0) {}

  const YoloShape& shape() const { return shape_; }
  std::vector<double>& values() { return values_; }
  const std::vector<double>& values() const { return values_; }
  YoloBox box(const YoloCell& cell, int index) const;
  void set_box(const YoloCell& cell, int index, const YoloBox& box);
  std::span<double> classes(const YoloCell& cell);
  std::span<const double> classes(const YoloCell& cell) const;
  std::span<const double> cell(const YoloCell& cell) const;  // all its 5 B + K numbers

 private:
  std::size_t start(const YoloCell& cell) const;

  YoloShape shape_;
  std::vector<double> values_;
};

struct YoloObject {
  Box box;
  int label = 0;  // 0 .. K - 1; beyond: no class is right, every probability should be 0
};

// An object in its cell, and the predicted box that has to answer for it.
struct YoloTarget {
  int object = 0;
  YoloCell cell;
  YoloBox box;  // the object in the cell's numbers; box.confidence is the target of C
  int label = 0;
  std::vector<double> ious;  // of each of the cell's B boxes with the object
  int responsible = 0;  // the box with the highest IoU; where none overlaps, the one nearest in (x, y, w, h), as in
                        // the authors' program; the first of equals
};

struct YoloAssignment {
  std::vector<YoloTarget> targets;                   // in the order of the objects
  std::vector<int> lost;                             // objects whose cell already has one: version 1 cannot say both
  const YoloTarget* at(const YoloCell& cell) const;  // null: no object has its centre there
};

// With iou_target off, the target of C is 1 instead of the IoU.
YoloAssignment yolo_assign(const YoloOutput& output, std::span<const YoloObject> objects, const PictureSize& picture,
                           bool iou_target = true);

struct YoloLossOptions {
  double coord = 5.0;        // lambda_coord
  double noobj = 0.5;        // lambda_noobj
  bool square_roots = true;  // of w and h
};

// The five terms; hats mark what the network answers, obj and noobj whether a box is responsible for an object:
//   xy       coord sum_obj (x - x^)^2 + (y - y^)^2
//   wh       coord sum_obj (sqrt w - sqrt w^)^2 + (sqrt h - sqrt h^)^2       (without roots: (w - w^)^2 + (h - h^)^2)
//   object   sum_obj (C - C^)^2
//   nothing  noobj sum_noobj (0 - C^)^2
//   classes  sum over cells with an object, over c, (p(c) - p^(c))^2
// The targets are constants: no gradient flows through the IoU. A negative w^ or h^ counts as 0, where the root's slope
// has no value: its gradient is 0 there.
struct YoloLoss {
  static constexpr int terms = 5;
  enum Term { xy, wh, object, nothing, classes };

  double sums[terms] = {};      // without lambda
  double weighted[terms] = {};  // with it: these add up to the total
  double total = 0.0;
  std::vector<double> cells[terms];  // weighted, what each of the S * S cells adds
  YoloOutput gradient;               // d total / d output
};

YoloLoss yolo_loss(const YoloOutput& output, const YoloAssignment& assignment, const YoloLossOptions& options);

// One step of gradient descent on every box, as if its numbers were free parameters: v -= rate * slope. What a
// network's last layer could not say is put right: centres stay in their cells, sizes in 0.001 .. 1, confidences in 0
// .. 1. Class probabilities are left alone.
void yolo_descend(YoloOutput& output, const YoloOutput& gradient, double rate);

}  // namespace cvlab
