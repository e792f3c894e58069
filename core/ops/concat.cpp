#include "core/ops/concat.hpp"

namespace cvlab {

namespace {

// visit(index in the whole, index in the part, length) for every run of numbers that lie together in both.
template <class Visit>
void for_each_run(const Shape& whole, const Shape& part, int axis, std::ptrdiff_t first, Visit&& visit) {
  assert(axis >= 0 && axis < whole.rank() && first >= 0 && first + part[axis] <= whole[axis]);
  assert(part.with(axis, whole[axis]) == whole && "concat, slice: shapes are equal but for the axis");
  std::ptrdiff_t outer = 1, inner = 1;
  for (int i = 0; i < axis; ++i) outer *= whole[i];
  for (int i = axis + 1; i < whole.rank(); ++i) inner *= whole[i];
  for (std::ptrdiff_t i = 0; i < outer; ++i)
    visit((i * whole[axis] + first) * inner, i * part[axis] * inner, part[axis] * inner);
}

template <class T>
void add(const T* from, T* to, std::ptrdiff_t count) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] += from[i];
}

}  // namespace

template <class T>
void slice_forward(BasicView<const T> x, int axis, std::ptrdiff_t first, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous());
  for_each_run(x.shape(), y.shape(), axis, first, [&](std::ptrdiff_t whole, std::ptrdiff_t part, std::ptrdiff_t count) {
    std::copy_n(x.data() + whole, count, y.data() + part);
  });
}

template <class T>
void slice_backward(BasicView<const T> dy, int axis, std::ptrdiff_t first, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous());
  for_each_run(dx.shape(), dy.shape(), axis, first,
               [&](std::ptrdiff_t whole, std::ptrdiff_t part, std::ptrdiff_t count) {
                 add(dy.data() + part, dx.data() + whole, count);
               });
}

template <class T>
void place_forward(BasicView<const T> part_of, int axis, std::ptrdiff_t first, BasicView<T> y) {
  assert(part_of.contiguous() && y.contiguous());
  for_each_run(y.shape(), part_of.shape(), axis, first,
               [&](std::ptrdiff_t whole, std::ptrdiff_t part, std::ptrdiff_t count) {
                 std::copy_n(part_of.data() + part, count, y.data() + whole);
               });
}

template <class T>
void place_backward(BasicView<const T> dy, int axis, std::ptrdiff_t first, BasicView<T> dpart) {
  assert(dpart.contiguous() && dy.contiguous());
  for_each_run(dy.shape(), dpart.shape(), axis, first,
               [&](std::ptrdiff_t whole, std::ptrdiff_t part, std::ptrdiff_t count) {
                 add(dy.data() + whole, dpart.data() + part, count);
               });
}

template void slice_forward<float>(ConstView, int, std::ptrdiff_t, View);
template void slice_backward<float>(ConstView, int, std::ptrdiff_t, View);
template void place_forward<float>(ConstView, int, std::ptrdiff_t, View);
template void place_backward<float>(ConstView, int, std::ptrdiff_t, View);
template void slice_forward<double>(BasicView<const double>, int, std::ptrdiff_t, BasicView<double>);
template void slice_backward<double>(BasicView<const double>, int, std::ptrdiff_t, BasicView<double>);
template void place_forward<double>(BasicView<const double>, int, std::ptrdiff_t, BasicView<double>);
template void place_backward<double>(BasicView<const double>, int, std::ptrdiff_t, BasicView<double>);

}  // namespace cvlab
