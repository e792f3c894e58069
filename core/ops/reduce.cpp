#include "core/ops/reduce.hpp"

#include <algorithm>
#include <cmath>

#include "core/ops/reduce_kernel.hpp"

namespace cvlab {

namespace {

// Numbers summed in float before going on in double.
constexpr std::ptrdiff_t block = 1024;

double long_sum(const float* x, std::ptrdiff_t n) {
  double total = 0.0;
  for (std::ptrdiff_t i = 0; i < n; i += block)
    total += static_cast<double>(reduce_kernel::best().sum(x + i, std::min(block, n - i)));
  return total;
}

template <class T>
[[maybe_unused]] bool fits(const ReduceExtents& e, BasicView<const T> x, BasicView<const T> y) {
  return x.contiguous() && y.contiguous() && x.count() == e.outer * e.n * e.inner && y.count() == e.outer * e.inner;
}

}  // namespace

Shape reduce_output_shape(const Shape& in, int axis) {
  assert(axis >= 0 && axis < in.rank());
  std::array<std::ptrdiff_t, max_rank> left{1};
  std::size_t rank = 0;
  for (int i = 0; i < in.rank(); ++i)
    if (i != axis) left[rank++] = in[i];
  return Shape(std::span<const std::ptrdiff_t>(left.data(), std::max<std::size_t>(rank, 1)));
}

ReduceExtents reduce_along(const Shape& in, int axis) {
  assert(axis >= 0 && axis < in.rank());
  ReduceExtents e;
  for (int i = 0; i < axis; ++i) e.outer *= in[i];
  e.n = in[axis];
  for (int i = axis + 1; i < in.rank(); ++i) e.inner *= in[i];
  return e;
}

ReduceExtents reduce_all(const Shape& in) { return {1, in.count(), 1}; }

template <class T>
void sum_forward_ref(const ReduceExtents& e, BasicView<const T> x, BasicView<T> y, T factor) {
  assert(fits<T>(e, x, y));
  for (std::ptrdiff_t o = 0; o < e.outer; ++o)
    for (std::ptrdiff_t i = 0; i < e.inner; ++i) {
      T sum = 0;
      for (std::ptrdiff_t k = 0; k < e.n; ++k) sum += x.data()[(o * e.n + k) * e.inner + i];
      y.data()[o * e.inner + i] = factor * sum;
    }
}

template <class T>
void sum_backward_ref(const ReduceExtents& e, BasicView<const T> dy, BasicView<T> dx, T factor) {
  assert(fits<T>(e, dx, dy));
  for (std::ptrdiff_t o = 0; o < e.outer; ++o)
    for (std::ptrdiff_t k = 0; k < e.n; ++k)
      for (std::ptrdiff_t i = 0; i < e.inner; ++i)
        dx.data()[(o * e.n + k) * e.inner + i] += factor * dy.data()[o * e.inner + i];
}

template <class T>
void max_forward_ref(const ReduceExtents& e, BasicView<const T> x, BasicView<T> y, std::span<int> from) {
  assert(fits<T>(e, x, y) && e.n >= 1 && from.size() == static_cast<std::size_t>(y.count()));
  for (std::ptrdiff_t o = 0; o < e.outer; ++o)
    for (std::ptrdiff_t i = 0; i < e.inner; ++i) {
      const T* column = x.data() + o * e.n * e.inner + i;
      std::ptrdiff_t best = 0;
      for (std::ptrdiff_t k = 1; k < e.n; ++k) {
        const T candidate = column[k * e.inner], kept = column[best * e.inner];
        if (candidate > kept || (std::isnan(candidate) && !std::isnan(kept))) best = k;
      }
      y.data()[o * e.inner + i] = column[best * e.inner];
      from[static_cast<std::size_t>(o * e.inner + i)] = static_cast<int>(best);
    }
}

template <class T>
void max_backward_ref(const ReduceExtents& e, BasicView<const T> dy, std::span<const int> from, BasicView<T> dx) {
  assert(fits<T>(e, dx, dy) && from.size() == static_cast<std::size_t>(dy.count()));
  for (std::ptrdiff_t o = 0; o < e.outer; ++o)
    for (std::ptrdiff_t i = 0; i < e.inner; ++i) {
      const std::ptrdiff_t k = from[static_cast<std::size_t>(o * e.inner + i)];
      dx.data()[(o * e.n + k) * e.inner + i] += dy.data()[o * e.inner + i];
    }
}

template void sum_forward_ref<float>(const ReduceExtents&, ConstView, View, float);
template void sum_backward_ref<float>(const ReduceExtents&, ConstView, View, float);
template void max_forward_ref<float>(const ReduceExtents&, ConstView, View, std::span<int>);
template void max_backward_ref<float>(const ReduceExtents&, ConstView, std::span<const int>, View);
template void sum_forward_ref<double>(const ReduceExtents&, BasicView<const double>, BasicView<double>, double);
template void sum_backward_ref<double>(const ReduceExtents&, BasicView<const double>, BasicView<double>, double);
template void max_forward_ref<double>(const ReduceExtents&, BasicView<const double>, BasicView<double>, std::span<int>);
template void max_backward_ref<double>(const ReduceExtents&, BasicView<const double>, std::span<const int>,
                                       BasicView<double>);

void add_rows(std::ptrdiff_t n, std::ptrdiff_t inner, const float* x, float* y) {
  if (inner == 1) {
    *y += static_cast<float>(long_sum(x, n));
    return;
  }
  // Columns in strips that stay in registers or the nearest cache; rows in blocks, each added at its end.
  constexpr std::ptrdiff_t strip = 256, rows = 64;
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  for (std::ptrdiff_t first = 0; first < inner; first += strip) {
    const std::ptrdiff_t width = std::min(strip, inner - first);
    double totals[strip] = {};
    for (std::ptrdiff_t k = 0; k < n; k += rows) {
      float sums[strip] = {};
      for (std::ptrdiff_t row = k; row < std::min(k + rows, n); ++row) kernel.add(x + row * inner + first, sums, width);
      for (std::ptrdiff_t i = 0; i < width; ++i) totals[i] += static_cast<double>(sums[i]);
    }
    for (std::ptrdiff_t i = 0; i < width; ++i) y[first + i] += static_cast<float>(totals[i]);
  }
}

void sum_forward(const ReduceExtents& e, ConstView x, View y, float factor) {
  assert(fits<float>(e, x, y));
  std::fill_n(y.data(), y.count(), 0.0f);
  for (std::ptrdiff_t o = 0; o < e.outer; ++o)
    add_rows(e.n, e.inner, x.data() + o * e.n * e.inner, y.data() + o * e.inner);
  if (factor != 1.0f)
    for (std::ptrdiff_t i = 0; i < y.count(); ++i) y.data()[i] *= factor;
}

void sum_backward(const ReduceExtents& e, ConstView dy, View dx, float factor) {
  if (e.inner > 1) return sum_backward_ref<float>(e, dy, dx, factor);
  assert(fits<float>(e, dx, dy));
  for (std::ptrdiff_t o = 0; o < e.outer; ++o) {
    const float share = factor * dy.data()[o];
    float* row = dx.data() + o * e.n;
    for (std::ptrdiff_t k = 0; k < e.n; ++k) row[k] += share;
  }
}

}  // namespace cvlab
