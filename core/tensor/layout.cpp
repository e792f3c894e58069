#include "core/tensor/layout.hpp"

#include <algorithm>
#include <string>

namespace cvlab {

namespace {

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

std::string text(std::ptrdiff_t n) { return n < 0 ? "\u2212" + std::to_string(-n) : std::to_string(n); }

Error too_many_axes() {
  return {
      "layout-rank", "A tensor has at most " + std::to_string(max_rank) + " axes here.", {std::to_string(max_rank)}};
}

// Builds a layout axis by axis.
struct Axes {
  std::array<std::ptrdiff_t, max_rank> sizes{}, strides{};
  int rank = 0;
  void add(std::ptrdiff_t size, std::ptrdiff_t stride) {
    sizes[at(rank)] = size;
    strides[at(rank++)] = stride;
  }
  void add(const Layout& in, int axis) { add(in.shape[axis], in.strides[at(axis)]); }
  Layout layout(std::ptrdiff_t offset) const {
    return {Shape(std::span<const std::ptrdiff_t>(sizes.data(), at(rank))), strides, offset};
  }
};

}  // namespace

std::ptrdiff_t Layout::place(const TensorIndex& index) const {
  std::ptrdiff_t p = offset;
  for (int axis = 0; axis < shape.rank(); ++axis) p += index[at(axis)] * strides[at(axis)];
  return p;
}

Layout row_major(const Shape& shape) { return {shape, ConstView(nullptr, shape).strides(), 0}; }

bool next_index(const Shape& shape, TensorIndex& index) {
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (++index[at(axis)] < shape[axis]) return true;
    index[at(axis)] = 0;
  }
  return false;
}

Result<int> checked_axis(int axis, int rank) {
  const int counted = axis < 0 ? axis + rank : axis;
  if (counted >= 0 && counted < rank) return counted;
  return Error{
      "layout-axis",
      "There is no axis " + text(axis) + ": this tensor has " + std::to_string(rank) + " axes, counted from 0.",
      {text(axis), std::to_string(rank)}};
}

Result<Layout> permuted(const Layout& in, std::span<const std::ptrdiff_t> axes) {
  const int rank = in.shape.rank();
  const Error wrong{
      "layout-permutation",
      "A permutation names each of the " + std::to_string(rank) + " axes once, counted from 0, in the new order.",
      {std::to_string(rank)}};
  if (static_cast<int>(axes.size()) != rank) return wrong;
  std::array<bool, max_rank> seen{};
  Axes out;
  for (const std::ptrdiff_t asked : axes) {
    if (asked < -max_rank || asked > max_rank) return wrong;
    const Result<int> axis = checked_axis(static_cast<int>(asked), rank);
    if (!axis) return axis.error();
    if (seen[at(axis.value())]) return wrong;
    seen[at(axis.value())] = true;
    out.add(in, axis.value());
  }
  return out.layout(in.offset);
}

Result<Layout> flipped(const Layout& in, int asked) {
  const Result<int> axis = checked_axis(asked, in.shape.rank());
  if (!axis) return axis.error();
  Layout out = in;
  std::ptrdiff_t& stride = out.strides[at(axis.value())];
  if (in.shape[axis.value()] > 0) out.offset += (in.shape[axis.value()] - 1) * stride;
  stride = -stride;
  return out;
}

Result<Layout> sliced(const Layout& in, int asked, const Slice& slice) {
  const Result<int> axis = checked_axis(asked, in.shape.rank());
  if (!axis) return axis.error();
  if (slice.step == 0) return Error{"layout-step", "A slice cannot have step 0: it would never get on."};
  const std::ptrdiff_t n = in.shape[axis.value()];
  const bool forward = slice.step > 0;
  const std::ptrdiff_t low = forward ? 0 : -1, high = forward ? n : n - 1;
  const auto cut = [&](std::ptrdiff_t i) { return std::clamp(i < 0 ? i + n : i, low, high); };
  const std::ptrdiff_t start = slice.start ? cut(*slice.start) : forward ? 0 : n - 1;
  const std::ptrdiff_t stop = slice.stop ? cut(*slice.stop) : forward ? n : -1;
  const std::ptrdiff_t way = forward ? stop - start : start - stop;
  const std::ptrdiff_t size = forward ? slice.step : -slice.step;
  const std::ptrdiff_t count = way > 0 ? (way - 1) / size + 1 : 0;
  Layout out = in;
  out.shape = in.shape.with(axis.value(), count);
  std::ptrdiff_t& stride = out.strides[at(axis.value())];
  if (count > 0) out.offset += start * stride;
  stride *= slice.step;
  return out;
}

Result<Layout> picked(const Layout& in, int asked, std::ptrdiff_t index) {
  const Result<int> axis = checked_axis(asked, in.shape.rank());
  if (!axis) return axis.error();
  const std::ptrdiff_t n = in.shape[axis.value()];
  const std::ptrdiff_t counted = index < 0 ? index + n : index;
  if (counted < 0 || counted >= n) {
    const std::string which = std::to_string(axis.value());
    return Error{"layout-index",
                 "Index " + text(index) + " lies outside axis " + which + ", which has size " + text(n) + ".",
                 {text(index), which, text(n)}};
  }
  Axes out;
  for (int i = 0; i < in.shape.rank(); ++i) {
    if (i != axis.value()) out.add(in, i);
  }
  return out.layout(in.offset + counted * in.strides[at(axis.value())]);
}

Result<Layout> unsqueezed(const Layout& in, int asked) {
  const int rank = in.shape.rank();
  if (rank == max_rank) return too_many_axes();
  const Result<int> axis = checked_axis(asked, rank + 1);
  if (!axis) return axis.error();
  Axes out;
  for (int i = 0; i <= rank; ++i) {
    if (i == axis.value()) out.add(1, i < rank ? in.shape[i] * in.strides[at(i)] : 1);
    if (i < rank) out.add(in, i);
  }
  return out.layout(in.offset);
}

Result<Layout> squeezed(const Layout& in, int asked) {
  const Result<int> axis = checked_axis(asked, in.shape.rank());
  if (!axis) return axis.error();
  const std::ptrdiff_t n = in.shape[axis.value()];
  if (n == 1) return picked(in, axis.value(), 0);
  const std::string which = std::to_string(axis.value());
  return Error{"layout-squeeze",
               "Axis " + which + " has size " + text(n) + "; only an axis of size 1 can be taken away.",
               {which, text(n)}};
}

Result<Layout> expanded(const Layout& in, std::span<const std::ptrdiff_t> sizes) {
  if (sizes.size() > max_rank) return too_many_axes();
  const int added = static_cast<int>(sizes.size()) - in.shape.rank();
  if (added < 0) {
    return Error{"layout-expand-rank",
                 "Stretching cannot take axes away: " + std::to_string(in.shape.rank()) + " sizes are needed at least.",
                 {std::to_string(in.shape.rank())}};
  }
  Axes out;
  for (int i = 0; i < static_cast<int>(sizes.size()); ++i) {
    const int from = i - added;
    const std::ptrdiff_t had = from >= 0 ? in.shape[from] : 1;
    const std::ptrdiff_t wanted = sizes[at(i)] == -1 && from >= 0 ? had : sizes[at(i)];
    if (wanted < 0 || (had != 1 && wanted != had)) {
      return Error{"layout-expand",
                   "Axis " + std::to_string(i) + " has size " + text(had) + " and cannot be stretched to " +
                       text(wanted) + ": only an axis of size 1 can repeat.",
                   {std::to_string(i), text(had), text(wanted)}};
    }
    out.add(wanted, wanted == had && from >= 0 ? in.strides[at(from)] : 0);
  }
  return out.layout(in.offset);
}

Result<Shape> broadcast_shape(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  std::array<std::ptrdiff_t, max_rank> sizes{};
  for (int i = 1; i <= rank; ++i) {
    const std::ptrdiff_t p = i <= a.rank() ? a[a.rank() - i] : 1;
    const std::ptrdiff_t q = i <= b.rank() ? b[b.rank() - i] : 1;
    if (p != q && p != 1 && q != 1) {
      return Error{"layout-broadcast",
                   "Counted from the right, axis " + std::to_string(i) + " has size " + text(p) + " in one and " +
                       text(q) + " in the other: they must be equal, or one of them 1.",
                   {std::to_string(i), text(p), text(q)}};
    }
    sizes[at(rank - i)] = p == 1 ? q : p;
  }
  return Shape(std::span<const std::ptrdiff_t>(sizes.data(), at(rank)));
}

Result<Shape> reshape_sizes(std::ptrdiff_t count, std::span<const std::ptrdiff_t> sizes) {
  constexpr std::ptrdiff_t most = 1 << 24;  // products stay far from overflow, also where ptrdiff_t has 32 bits
  if (sizes.size() > max_rank) return too_many_axes();
  std::array<std::ptrdiff_t, max_rank> known{};
  std::ptrdiff_t product = 1;
  int open = -1;
  std::string asked;
  for (int i = 0; i < static_cast<int>(sizes.size()); ++i) {
    const std::ptrdiff_t size = known[at(i)] = sizes[at(i)];
    asked += (i > 0 ? " \u00D7 " : "") + text(size);
    if (size == -1 && open >= 0) return Error{"layout-open", "Only one size can be \u22121, \u201Cwhat is left\u201D."};
    if (size == -1) open = i;
    if (size < -1) return Error{"layout-negative", "A size is not negative: " + text(size) + ".", {text(size)}};
    if (size >= 0) product = std::min(most, product * std::min(most / std::max<std::ptrdiff_t>(product, 1) + 1, size));
  }
  const bool fits = open < 0 ? product == count : product > 0 && count % product == 0;
  if (!fits) {
    const std::string needed = open < 0 ? text(product) : "a multiple of " + text(product);
    return Error{open < 0 ? "layout-count" : "layout-multiple",
                 asked + " needs " + needed + " numbers; the tensor has " + text(count) + ".",
                 {asked, text(product), text(count)}};
  }
  if (open >= 0) known[at(open)] = count / product;
  return Shape(std::span<const std::ptrdiff_t>(known.data(), sizes.size()));
}

// Old axes are merged from the right as long as each continues where the next one ends; every such run must hold whole
// axes of the new shape.
std::optional<Layout> reshaped(const Layout& in, const Shape& shape, int* broken) {
  if (in.shape.count() == 0) return Layout{shape, row_major(shape).strides, in.offset};
  Layout out{shape, {}, in.offset};
  int to = shape.rank() - 1;
  std::ptrdiff_t run = 1, taken = 1;
  std::ptrdiff_t base = in.shape.rank() > 0 ? in.strides[at(in.shape.rank() - 1)] : 1;
  for (int from = in.shape.rank() - 1; from >= 0; --from) {
    run *= in.shape[from];
    const bool ends = from == 0 || (in.shape[from - 1] != 1 && in.strides[at(from - 1)] != run * base);
    if (!ends) continue;
    while (to >= 0 && (taken < run || shape[to] == 1)) {
      out.strides[at(to)] = taken * base;
      taken *= shape[to--];
    }
    if (taken != run) {
      if (broken != nullptr) *broken = from - 1;
      return std::nullopt;
    }
    if (from > 0) {
      base = in.strides[at(from - 1)];
      run = taken = 1;
    }
  }
  for (std::ptrdiff_t stride = base * taken; to >= 0; --to)
    out.strides[at(to)] = stride;  // only axes of size 1 are left
  return out;
}

int broken_axis(const Layout& in, std::ptrdiff_t* needed) {
  std::ptrdiff_t next = 1;
  for (int axis = in.shape.rank() - 1; axis >= 0; --axis) {
    if (in.shape[axis] == 1) continue;
    if (needed != nullptr) *needed = next;
    if (in.strides[at(axis)] != next) return axis;
    next *= in.shape[axis];
  }
  return -1;
}

Tensor gathered(ConstView view) {
  Tensor copy(view.shape());
  if (view.count() == 0) return copy;
  const Layout layout{view.shape(), view.strides(), 0};
  TensorIndex index{};
  float* to = copy.data();
  do *to++ = view.data()[layout.place(index)];
  while (next_index(view.shape(), index));
  return copy;
}

std::string shape_text(const Shape& shape) {
  if (shape.rank() == 0) return "()";
  std::string out;
  for (int axis = 0; axis < shape.rank(); ++axis) out += (axis > 0 ? " \u00D7 " : "") + std::to_string(shape[axis]);
  return out;
}

}  // namespace cvlab
