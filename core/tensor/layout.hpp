// What a tensor can become without a number being moved: axes permuted, cut, flipped, stretched, split and merged are
// all another shape, other strides and another beginning over the same memory.
//
//   place of element (i0, i1, …) in memory = offset + i0 * strides[0] + i1 * strides[1] + …
//
// Names and rules are PyTorch's and NumPy's: axes from 0, negative ones from the end, slices with start, stop, step.
// One difference from PyTorch: strides may be negative (as in NumPy), so flipping copies nothing. What cannot be done
// gives a sentence.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

using TensorIndex = std::array<std::ptrdiff_t, max_rank>;

// A view without its memory.
struct Layout {
  Shape shape;
  TensorIndex strides{};
  std::ptrdiff_t offset = 0;  // place of element (0, 0, …)

  template <class T>
  BasicView<T> over(T* memory) const {
    return {memory + offset, shape, strides};
  }
  bool contiguous() const { return ConstView(nullptr, shape, strides).contiguous(); }
  std::ptrdiff_t place(const TensorIndex& index) const;
  bool operator==(const Layout&) const = default;
};

Layout row_major(const Shape& shape);

// Row-major walk over all elements: index 0, 0, … first; false when it was the last one.
bool next_index(const Shape& shape, TensorIndex& index);

Result<int> checked_axis(int axis, int rank);  // -1 is the last one

Result<Layout> permuted(const Layout& in, std::span<const std::ptrdiff_t> axes);
Result<Layout> flipped(const Layout& in, int axis);

// start : stop : step; what is missing reaches to the end; beyond the ends is cut off, as Python does.
struct Slice {
  std::optional<std::ptrdiff_t> start = {}, stop = {};
  std::ptrdiff_t step = 1;
};
Result<Layout> sliced(const Layout& in, int axis, const Slice& slice);
Result<Layout> picked(const Layout& in, int axis, std::ptrdiff_t index);  // one index: the axis is gone

Result<Layout> unsqueezed(const Layout& in, int axis);  // a new axis of size 1 before `axis`
Result<Layout> squeezed(const Layout& in, int axis);    // an axis of size 1 gone

// Axes of size 1, and new ones in front, repeat: stride 0. A size of -1 stays as it is.
Result<Layout> expanded(const Layout& in, std::span<const std::ptrdiff_t> sizes);
// Axes aligned from the right; equal, or one of them 1.
Result<Shape> broadcast_shape(const Shape& a, const Shape& b);

// The shape that a reshape asks for: one size may be -1, "what is left".
Result<Shape> reshape_sizes(std::ptrdiff_t count, std::span<const std::ptrdiff_t> sizes);
// The same elements in row-major order under another shape of as many, without a copy where strides can say it.
// Otherwise nothing, and `broken` is the first axis of `in` whose stride is not what a merge with the next one needs.
std::optional<Layout> reshaped(const Layout& in, const Shape& shape, int* broken = nullptr);
// From the right, the first axis whose stride is not row-major order's, which is `needed`; -1: contiguous.
int broken_axis(const Layout& in, std::ptrdiff_t* needed = nullptr);

// A copy in row-major order.
Tensor gathered(ConstView view);

std::string shape_text(const Shape& shape);  // "2 × 3 × 4"; "()" for a single number

}  // namespace cvlab
