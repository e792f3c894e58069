#include "core/detect/yolo.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

double squared(double v) { return v * v; }

double distance(const YoloBox& a, const YoloBox& b) {
  return squared(a.x - b.x) + squared(a.y - b.y) + squared(a.w - b.w) + squared(a.h - b.h);
}

int best_box(const std::vector<double>& ious, const YoloOutput& output, const YoloTarget& target) {
  const auto highest = std::max_element(ious.begin(), ious.end());
  if (*highest > 0.0) return static_cast<int>(highest - ious.begin());
  int nearest = 0;
  for (int b = 1; b < output.shape().boxes; ++b) {
    if (distance(output.box(target.cell, b), target.box) < distance(output.box(target.cell, nearest), target.box)) {
      nearest = b;
    }
  }
  return nearest;
}

// One squared difference of a term: its share of the sum and its slope in the answer.
struct Square {
  double value = 0.0;
  double slope = 0.0;
};

Square difference(double answer, double target) { return {squared(answer - target), 2.0 * (answer - target)}; }

Square root_difference(double answer, double target) {
  const double root = std::sqrt(std::max(0.0, answer));
  const double off = root - std::sqrt(std::max(0.0, target));
  return {squared(off), root > 0.0 ? off / root : 0.0};
}

// Adds to one term and to the gradient of the number at `slope_at`.
class Adder {
 public:
  Adder(YoloLoss& loss, std::size_t cell) : loss_(loss), cell_(cell) {}
  double add(YoloLoss::Term term, double lambda, const Square& square) {
    loss_.sums[term] += square.value;
    loss_.cells[term][cell_] += lambda * square.value;
    return lambda * square.slope;
  }

 private:
  YoloLoss& loss_;
  std::size_t cell_;
};

YoloBox box_terms(Adder& adder, const YoloBox& answer, const YoloTarget& target, const YoloLossOptions& options) {
  const auto size = options.square_roots ? root_difference : difference;
  YoloBox slope;
  slope.x = adder.add(YoloLoss::xy, options.coord, difference(answer.x, target.box.x));
  slope.y = adder.add(YoloLoss::xy, options.coord, difference(answer.y, target.box.y));
  slope.w = adder.add(YoloLoss::wh, options.coord, size(answer.w, target.box.w));
  slope.h = adder.add(YoloLoss::wh, options.coord, size(answer.h, target.box.h));
  slope.confidence = adder.add(YoloLoss::object, 1.0, difference(answer.confidence, target.box.confidence));
  return slope;
}

}  // namespace

YoloCell cell_of(const YoloShape& shape, const Box& box, const PictureSize& picture) {
  const auto place = [&](double centre, double length) {
    const double at = length > 0.0 ? std::floor(shape.grid * centre / length) : 0.0;
    return static_cast<int>(std::clamp(at, 0.0, shape.grid - 1.0));
  };
  return {place(box.y(), picture.height), place(box.x(), picture.width)};
}

YoloBox yolo_encode(const YoloShape& shape, const YoloCell& cell, const Box& box, const PictureSize& picture) {
  return {shape.grid * box.x() / picture.width - cell.column, shape.grid * box.y() / picture.height - cell.row,
          box.width() / picture.width, box.height() / picture.height, 0.0};
}

Box yolo_decode(const YoloShape& shape, const YoloCell& cell, const YoloBox& box, const PictureSize& picture) {
  return box_around((cell.column + box.x) / shape.grid * picture.width,
                    (cell.row + box.y) / shape.grid * picture.height, box.w * picture.width, box.h * picture.height);
}

std::size_t YoloOutput::start(const YoloCell& cell) const {
  return static_cast<std::size_t>((cell.row * shape_.grid + cell.column) * shape_.per_cell());
}

YoloBox YoloOutput::box(const YoloCell& cell, int index) const {
  const double* v = values_.data() + start(cell) + static_cast<std::size_t>(5 * index);
  return {v[0], v[1], v[2], v[3], v[4]};
}

void YoloOutput::set_box(const YoloCell& cell, int index, const YoloBox& box) {
  double* v = values_.data() + start(cell) + static_cast<std::size_t>(5 * index);
  v[0] = box.x;
  v[1] = box.y;
  v[2] = box.w;
  v[3] = box.h;
  v[4] = box.confidence;
}

std::span<double> YoloOutput::classes(const YoloCell& cell) {
  return {values_.data() + start(cell) + static_cast<std::size_t>(5 * shape_.boxes),
          static_cast<std::size_t>(shape_.classes)};
}

std::span<const double> YoloOutput::classes(const YoloCell& cell) const {
  return this->cell(cell).subspan(static_cast<std::size_t>(5 * shape_.boxes));
}

std::span<const double> YoloOutput::cell(const YoloCell& cell) const {
  return {values_.data() + start(cell), static_cast<std::size_t>(shape_.per_cell())};
}

const YoloTarget* YoloAssignment::at(const YoloCell& cell) const {
  const auto found =
      std::find_if(targets.begin(), targets.end(), [&](const YoloTarget& target) { return target.cell == cell; });
  return found == targets.end() ? nullptr : &*found;
}

YoloAssignment yolo_assign(const YoloOutput& output, std::span<const YoloObject> objects, const PictureSize& picture,
                           bool iou_target) {
  const YoloShape& shape = output.shape();
  YoloAssignment assignment;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const YoloObject& object = objects[i];
    YoloTarget target;
    target.object = static_cast<int>(i);
    target.cell = cell_of(shape, object.box, picture);
    if (assignment.at(target.cell) != nullptr) {
      assignment.lost.push_back(target.object);
      continue;
    }
    target.box = yolo_encode(shape, target.cell, object.box, picture);
    target.label = object.label;
    for (int b = 0; b < shape.boxes; ++b) {
      target.ious.push_back(iou(yolo_decode(shape, target.cell, output.box(target.cell, b), picture), object.box));
    }
    target.responsible = best_box(target.ious, output, target);
    target.box.confidence = iou_target ? target.ious[static_cast<std::size_t>(target.responsible)] : 1.0;
    assignment.targets.push_back(std::move(target));
  }
  return assignment;
}

YoloLoss yolo_loss(const YoloOutput& output, const YoloAssignment& assignment, const YoloLossOptions& options) {
  const YoloShape& shape = output.shape();
  YoloLoss loss;
  loss.gradient = YoloOutput(shape);
  for (auto& cells : loss.cells) cells.assign(static_cast<std::size_t>(shape.cells()), 0.0);
  for (int i = 0; i < shape.cells(); ++i) {
    const YoloCell cell{i / shape.grid, i % shape.grid};
    const YoloTarget* target = assignment.at(cell);
    Adder adder(loss, static_cast<std::size_t>(i));
    for (int b = 0; b < shape.boxes; ++b) {
      const YoloBox answer = output.box(cell, b);
      YoloBox slope;
      if (target != nullptr && target->responsible == b) {
        slope = box_terms(adder, answer, *target, options);
      } else {
        slope.confidence = adder.add(YoloLoss::nothing, options.noobj, difference(answer.confidence, 0.0));
      }
      loss.gradient.set_box(cell, b, slope);
    }
    if (target == nullptr) continue;
    const std::span<const double> answers = output.classes(cell);
    const std::span<double> slopes = loss.gradient.classes(cell);
    for (std::size_t c = 0; c < answers.size(); ++c) {
      const double wanted = static_cast<int>(c) == target->label ? 1.0 : 0.0;
      slopes[c] = adder.add(YoloLoss::classes, 1.0, difference(answers[c], wanted));
    }
  }
  const double lambdas[] = {options.coord, options.coord, 1.0, options.noobj, 1.0};
  for (int t = 0; t < YoloLoss::terms; ++t) {
    loss.weighted[t] = lambdas[t] * loss.sums[t];
    loss.total += loss.weighted[t];
  }
  return loss;
}

void yolo_descend(YoloOutput& output, const YoloOutput& gradient, double rate) {
  const YoloShape& shape = output.shape();
  constexpr double last = 0.999;  // a centre at 1 would be the next cell's
  for (int i = 0; i < shape.cells(); ++i) {
    const YoloCell cell{i / shape.grid, i % shape.grid};
    for (int b = 0; b < shape.boxes; ++b) {
      YoloBox box = output.box(cell, b);
      const YoloBox slope = gradient.box(cell, b);
      if (box.w <= 0.0 && box.h <= 0.0) continue;  // nothing is answered here
      box.x = std::clamp(box.x - rate * slope.x, 0.0, last);
      box.y = std::clamp(box.y - rate * slope.y, 0.0, last);
      box.w = std::clamp(box.w - rate * slope.w, 0.001, 1.0);
      box.h = std::clamp(box.h - rate * slope.h, 0.001, 1.0);
      box.confidence = std::clamp(box.confidence - rate * slope.confidence, 0.0, 1.0);
      output.set_box(cell, b, box);
    }
  }
}

}  // namespace cvlab
