#include "core/ops/permute.hpp"

namespace cvlab {

namespace {

// visit(y's first index, x's first index, x's step) for each run along y's last axis.
template <class Visit>
void for_each_run(const Shape& in, const Shape& out, std::span<const int> axes, Visit&& visit) {
  const int rank = out.rank();
  if (out.count() == 0) return;
  std::ptrdiff_t in_stride[max_rank] = {}, stride[max_rank] = {}, at[max_rank] = {};
  std::ptrdiff_t step = 1;
  for (int axis = rank - 1; axis >= 0; --axis) {
    in_stride[axis] = step;
    step *= in[axis];
  }
  for (int axis = 0; axis < rank; ++axis) stride[axis] = in_stride[axes[static_cast<std::size_t>(axis)]];
  const std::ptrdiff_t run = rank > 0 ? out[rank - 1] : 1;
  std::ptrdiff_t from = 0;
  for (std::ptrdiff_t to = 0; to < out.count(); to += run) {
    visit(to, from, rank > 0 ? stride[rank - 1] : 1);
    for (int axis = rank - 2; axis >= 0; --axis) {
      from += stride[axis];
      if (++at[axis] < out[axis]) break;
      from -= stride[axis] * out[axis];
      at[axis] = 0;
    }
  }
}

}  // namespace

Shape permute_output_shape(const Shape& in, std::span<const int> axes) {
  assert(static_cast<int>(axes.size()) == in.rank() && "permute: one number for each axis");
  Shape out = in;
  [[maybe_unused]] int seen = 0;
  for (int axis = 0; axis < in.rank(); ++axis) {
    const int from = axes[static_cast<std::size_t>(axis)];
    assert(from >= 0 && from < in.rank() && !(seen & (1 << from)) && "permute: each axis once");
    seen |= 1 << from;
    out = out.with(axis, in[from]);
  }
  return out;
}

template <class T>
void permute_forward(std::span<const int> axes, BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == permute_output_shape(x.shape(), axes));
  const std::ptrdiff_t run = y.shape().rank() > 0 ? y.size(y.shape().rank() - 1) : 1;
  for_each_run(x.shape(), y.shape(), axes, [&](std::ptrdiff_t to, std::ptrdiff_t from, std::ptrdiff_t step) {
    T* out = y.data() + to;
    const T* in = x.data() + from;
    if (step == 1)
      std::copy_n(in, run, out);
    else
      for (std::ptrdiff_t i = 0; i < run; ++i) out[i] = in[i * step];
  });
}

template <class T>
void permute_backward(std::span<const int> axes, BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == permute_output_shape(dx.shape(), axes));
  const std::ptrdiff_t run = dy.shape().rank() > 0 ? dy.size(dy.shape().rank() - 1) : 1;
  for_each_run(dx.shape(), dy.shape(), axes, [&](std::ptrdiff_t to, std::ptrdiff_t from, std::ptrdiff_t step) {
    for (std::ptrdiff_t i = 0; i < run; ++i) dx.data()[from + i * step] += dy.data()[to + i];
  });
}

template void permute_forward<float>(std::span<const int>, ConstView, View);
template void permute_backward<float>(std::span<const int>, ConstView, View);
template void permute_forward<double>(std::span<const int>, BasicView<const double>, BasicView<double>);
template void permute_backward<double>(std::span<const int>, BasicView<const double>, BasicView<double>);

}  // namespace cvlab
