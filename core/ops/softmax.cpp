#include "core/ops/softmax.hpp"

#include <algorithm>
#include <cmath>

#include "core/ops/softmax_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

struct Rows {
  std::ptrdiff_t count, columns;
  explicit Rows(const Shape& shape) : count(0), columns(shape.rank() > 0 ? shape[shape.rank() - 1] : 1) {
    if (columns > 0) count = shape.count() / columns;
  }
  std::ptrdiff_t grain() const { return std::max<std::ptrdiff_t>(1, (std::ptrdiff_t{1} << 14) / columns); }
};

template <class T>
T largest(const T* x, std::ptrdiff_t n) {
  return *std::max_element(x, x + n);
}

template <class T>
T sum_of_exponentials(const T* x, T offset, std::ptrdiff_t n) {
  T sum = 0;
  for (std::ptrdiff_t c = 0; c < n; ++c) sum += std::exp(x[c] - offset);
  return sum;
}

template <class Work>
void for_rows(const Rows& rows, Work&& work) {
  if (rows.count == 0) return;
  parallel_for(0, rows.count, rows.grain(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t r = first; r < last; ++r) work(r * rows.columns, rows.columns);
  });
}

}  // namespace

template <class T>
void softmax_forward_ref(BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  const Rows rows(x.shape());
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const T* in = x.data() + r * rows.columns;
    const T most = largest(in, rows.columns), sum = sum_of_exponentials(in, most, rows.columns);
    for (std::ptrdiff_t c = 0; c < rows.columns; ++c) y.data()[r * rows.columns + c] = std::exp(in[c] - most) / sum;
  }
}

template <class T>
void softmax_backward_ref(BasicView<const T> y, BasicView<const T> dy, BasicView<T> dx) {
  assert(y.contiguous() && dy.contiguous() && dx.contiguous() && y.count() == dy.count() && y.count() == dx.count());
  const Rows rows(y.shape());
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const std::ptrdiff_t row = r * rows.columns;
    T sum = 0;
    for (std::ptrdiff_t c = 0; c < rows.columns; ++c) sum += dy.data()[row + c] * y.data()[row + c];
    for (std::ptrdiff_t c = 0; c < rows.columns; ++c)
      dx.data()[row + c] += y.data()[row + c] * (dy.data()[row + c] - sum);
  }
}

template <class T>
void log_softmax_forward_ref(BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  const Rows rows(x.shape());
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const T* in = x.data() + r * rows.columns;
    const T most = largest(in, rows.columns);
    const T log_sum = std::log(sum_of_exponentials(in, most, rows.columns));
    for (std::ptrdiff_t c = 0; c < rows.columns; ++c) y.data()[r * rows.columns + c] = in[c] - most - log_sum;
  }
}

template <class T>
void log_softmax_backward_ref(BasicView<const T> y, BasicView<const T> dy, BasicView<T> dx) {
  assert(y.contiguous() && dy.contiguous() && dx.contiguous() && y.count() == dy.count() && y.count() == dx.count());
  const Rows rows(y.shape());
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const std::ptrdiff_t row = r * rows.columns;
    T sum = 0;
    for (std::ptrdiff_t c = 0; c < rows.columns; ++c) sum += dy.data()[row + c];
    for (std::ptrdiff_t c = 0; c < rows.columns; ++c)
      dx.data()[row + c] += dy.data()[row + c] - std::exp(y.data()[row + c]) * sum;
  }
}

template void softmax_forward_ref<float>(ConstView, View);
template void softmax_backward_ref<float>(ConstView, ConstView, View);
template void log_softmax_forward_ref<float>(ConstView, View);
template void log_softmax_backward_ref<float>(ConstView, ConstView, View);
template void softmax_forward_ref<double>(BasicView<const double>, BasicView<double>);
template void softmax_backward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<double>);
template void log_softmax_forward_ref<double>(BasicView<const double>, BasicView<double>);
template void log_softmax_backward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<double>);

void softmax_forward(ConstView x, View y) {
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  for_rows(Rows(x.shape()), [&](std::ptrdiff_t row, std::ptrdiff_t n) {
    softmax_kernel::best().softmax(x.data() + row, 1.0f, y.data() + row, n);
  });
}

void softmax_backward(ConstView y, ConstView dy, View dx) {
  assert(y.contiguous() && dy.contiguous() && dx.contiguous() && y.count() == dy.count() && y.count() == dx.count());
  for_rows(Rows(y.shape()), [&](std::ptrdiff_t row, std::ptrdiff_t n) {
    softmax_kernel::best().backward(y.data() + row, dy.data() + row, 1.0f, dx.data() + row, n, true);
  });
}

void log_softmax_forward(ConstView x, View y) {
  assert(x.contiguous() && y.contiguous() && x.shape() == y.shape());
  for_rows(Rows(x.shape()), [&](std::ptrdiff_t row, std::ptrdiff_t n) {
    const softmax_kernel::Sums sums = softmax_kernel::best().sums(x.data() + row, n);
    const float log_sum = std::log(sums.sum);
    for (std::ptrdiff_t c = row; c < row + n; ++c) y.data()[c] = x.data()[c] - sums.largest - log_sum;
  });
}

void log_softmax_backward(ConstView y, ConstView dy, View dx) {
  assert(y.contiguous() && dy.contiguous() && dx.contiguous() && y.count() == dy.count() && y.count() == dx.count());
  for_rows(Rows(y.shape()), [&](std::ptrdiff_t row, std::ptrdiff_t n) {
    float total = 0.0f;
    for (std::ptrdiff_t c = row; c < row + n; ++c) total += dy.data()[c];
    softmax_kernel::best().log_backward(y.data() + row, dy.data() + row, total, dx.data() + row, n);
  });
}

}  // namespace cvlab
