// Gestures become operations: dragging an axis is a permute, a button a slice, a flip or a reshape.
#include <algorithm>
#include <numeric>

#include "app/demos/tensors/tensors.hpp"

namespace cvlab::app {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

LayoutOp reshape_to(const std::vector<std::ptrdiff_t>& sizes) { return {LayoutOpKind::reshape, sizes, {}}; }

std::vector<std::ptrdiff_t> sizes_of(const Shape& shape) { return {shape.extents().begin(), shape.extents().end()}; }

// [:, :, slice]
LayoutOp slice_of(int axis, const Slice& slice) {
  LayoutOp op{LayoutOpKind::index, {}, {}};
  op.parts.resize(at(axis));
  op.parts.push_back({IndexPart::Kind::slice, slice, 0});
  return op;
}

}  // namespace

std::vector<LayoutOp> Tensors::shown_ops() const { return {ops_.begin(), ops_.begin() + shown_}; }

void Tensors::write_ops(std::vector<LayoutOp> ops) {
  if (static_cast<int>(ops.size()) > max_layout_ops) return;
  (void)state_.set(ops_param(), layout_ops_text(ops));
  (void)state_.set("upto", std::to_string(max_layout_ops));
}

// Two permutations in a row are one; one that changes nothing is none.
void Tensors::move_axis(int from, int to) {
  const int rank = stage().layout.shape.rank();
  if (from == to || from < 0 || to < 0 || from >= rank || to >= rank) return;
  std::vector<LayoutOp> ops = shown_ops();
  std::vector<std::ptrdiff_t> axes(at(rank));
  std::iota(axes.begin(), axes.end(), 0);
  if (!ops.empty() && ops.back().kind == LayoutOpKind::permute &&
      std::all_of(ops.back().numbers.begin(), ops.back().numbers.end(),
                  [](std::ptrdiff_t axis) { return axis >= 0; })) {
    axes = ops.back().numbers;
    ops.pop_back();
  }
  const std::ptrdiff_t moved = axes[at(from)];
  axes.erase(axes.begin() + from);
  axes.insert(axes.begin() + to, moved);
  if (!std::is_sorted(axes.begin(), axes.end())) ops.push_back({LayoutOpKind::permute, axes, {}});
  write_ops(std::move(ops));
  (void)state_.set("axis", std::to_string(to));
}

bool Tensors::can(AxisTool tool, int axis) const {
  const Shape& shape = stage().layout.shape;
  if (axis >= shape.rank() || shape.count() == 0) return false;
  const std::ptrdiff_t size = shape[axis];
  const bool room = shown_ < max_layout_ops;
  if (tool == AxisTool::merge) return room && axis + 1 < shape.rank();
  if (tool == AxisTool::split) {
    if (divided(axis)) return true;
    std::ptrdiff_t d = 2;
    while (d < size && size % d != 0) ++d;
    return room && shape.rank() < max_rank && d < size;
  }
  return room && size > 1;
}

// Whether the last operation shown was a division of this axis, so that another one can take its place.
bool Tensors::divided(int axis) const {
  if (shown_ == 0 || ops_[at(shown_ - 1)].kind != LayoutOpKind::reshape) return false;
  const Shape& shape = stage().layout.shape;
  const Shape& old = chain_->stages()[at(shown_ - 1)].layout.shape;
  return old.rank() + 1 == shape.rank() && axis < old.rank() && shape[axis] * shape[axis + 1] == old[axis];
}

// Into (size / d, d) for the least divisor d; pressed again, for the next one.
void Tensors::split(int axis) {
  std::vector<LayoutOp> ops = shown_ops();
  Shape shape = stage().layout.shape;
  std::ptrdiff_t before = 1;
  if (divided(axis)) {
    before = shape[axis + 1];
    shape = chain_->stages()[at(shown_ - 1)].layout.shape;
    ops.pop_back();
  }
  const std::ptrdiff_t size = shape[axis];
  std::ptrdiff_t d = before + 1;
  while (d < size && size % d != 0) ++d;
  std::vector<std::ptrdiff_t> sizes = sizes_of(shape);
  if (d < size) {  // after the last one: whole again
    sizes[at(axis)] = size / d;
    sizes.insert(sizes.begin() + axis + 1, d);
    ops.push_back(reshape_to(sizes));
  }
  write_ops(std::move(ops));
}

void Tensors::use(AxisTool tool, int axis) {
  std::vector<LayoutOp> ops = shown_ops();
  std::vector<std::ptrdiff_t> sizes = sizes_of(stage().layout.shape);
  switch (tool) {
    case AxisTool::flip:
      if (!ops.empty() && ops.back().kind == LayoutOpKind::flip &&
          ops.back().numbers == std::vector<std::ptrdiff_t>{axis})
        ops.pop_back();  // back again
      else
        ops.push_back({LayoutOpKind::flip, {axis}, {}});
      break;
    case AxisTool::every_second:
      ops.push_back(slice_of(axis, {{}, {}, 2}));
      break;
    case AxisTool::drop_first:
      ops.push_back(slice_of(axis, {1, {}, 1}));
      break;
    case AxisTool::drop_last:
      ops.push_back(slice_of(axis, {{}, -1, 1}));
      break;
    case AxisTool::split:
      split(axis);
      return;
    case AxisTool::merge:
      sizes[at(axis)] *= sizes[at(axis + 1)];
      sizes.erase(sizes.begin() + axis + 1);
      ops.push_back(reshape_to(sizes));
      break;
  }
  write_ops(std::move(ops));
}

void Tensors::undo() {
  std::vector<LayoutOp> ops = faulty_ >= 0 ? std::vector<LayoutOp>(ops_.begin(), ops_.begin() + faulty_) : shown_ops();
  if (faulty_ < 0 && !ops.empty()) ops.pop_back();
  write_ops(std::move(ops));
}

// Arrow keys move along the last two axes.
void Tensors::keys() {
  int rows = 0, columns = 0;
  if (!arrow_keys(rows, columns)) return;
  const Shape& shape = broadcast() ? sum_.result.shape() : stage().layout.shape;
  if (shape.rank() == 0 || shape.count() == 0) return;
  hovered_.reset();
  TensorIndex index = element(shape);
  const auto move = [&](int axis, int by) {
    if (axis < 0) return;
    index[at(axis)] = std::clamp<std::ptrdiff_t>(index[at(axis)] + by, 0, shape[axis] - 1);
  };
  move(shape.rank() - 1, columns);
  move(shape.rank() - 2, rows);
  keep(index, shape.rank());
}

}  // namespace cvlab::app
