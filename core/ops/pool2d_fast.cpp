// The fast pooling: planes are shared out over threads, and windows of 2x2 cells two apart (nearly all there are in
// networks) have loops of their own in pool2d_kernel.hpp. Any other window goes through the reference, plane by plane.
#include <algorithm>

#include "core/ops/pool2d.hpp"
#include "core/ops/pool2d_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

bool is_halving(const Pool2dParams& p) {
  return p.kernel_y == 2 && p.kernel_x == 2 && p.stride_y == 2 && p.stride_x == 2 && p.padding_y == 0 &&
         p.padding_x == 0 && !p.ceil_mode;
}

// Planes a piece: about 2^17 input cells, below which a second thread does not pay.
std::ptrdiff_t grain(const Shape& in) {
  return std::max<std::ptrdiff_t>(1, (std::ptrdiff_t{1} << 17) / std::max<std::ptrdiff_t>(1, in[2] * in[3]));
}

// Planes [first, last) of (N, C, H, W), as (1, last - first, H, W).
template <class T>
BasicView<T> planes(BasicView<T> all, std::ptrdiff_t first, std::ptrdiff_t last) {
  return {all.data() + first * all.size(2) * all.size(3), {1, last - first, all.size(2), all.size(3)}};
}

std::span<int> planes(std::span<int> from, const Shape& out, std::ptrdiff_t first, std::ptrdiff_t last) {
  const std::ptrdiff_t cells = out[2] * out[3];
  return from.empty()
             ? from
             : from.subspan(static_cast<std::size_t>(first * cells), static_cast<std::size_t>((last - first) * cells));
}

template <class Work>
void for_planes(const Shape& in, Work&& work) {
  parallel_for(0, in[0] * in[1], grain(in), work);
}

void clear(View planes_of) { std::fill_n(planes_of.data(), planes_of.count(), 0.0f); }

}  // namespace

void max_pool2d_forward(const Pool2dParams& params, ConstView x, View y, std::span<int> from) {
  assert(x.contiguous() && y.contiguous() && y.shape() == pool2d_output_shape(params, x.shape()));
  if (y.count() == 0) return;
  for_planes(x.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    const ConstView in = planes(x, first, last);
    const View out = planes(y, first, last);
    const std::span<int> indices = planes(from, y.shape(), first, last);
    if (!is_halving(params)) return max_pool2d_forward_ref<float>(params, in, out, indices);
    pool2d_kernel::best().halve_max(
        {in.data(), out.data(), indices.empty() ? nullptr : indices.data(), last - first, x.size(2), x.size(3)});
  });
}

void max_pool2d_backward(const Pool2dParams& params, ConstView dy, std::span<const int> from, View dx,
                         bool accumulate) {
  assert(dy.contiguous() && dx.contiguous() && dy.shape() == pool2d_output_shape(params, dx.shape()));
  assert(from.size() == static_cast<std::size_t>(dy.count()));
  const std::ptrdiff_t outputs = dy.size(2) * dy.size(3);
  for_planes(dx.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    const View target = planes(dx, first, last);
    const int* indices = from.data() + first * outputs;
    if (is_halving(params) && !accumulate)
      return pool2d_kernel::best().spread_max(
          {dy.data() + first * outputs, indices, target.data(), last - first, dx.size(2), dx.size(3)});
    if (!accumulate) clear(target);
    max_pool2d_backward_ref<float>(planes(dy, first, last),
                                   {indices, static_cast<std::size_t>((last - first) * outputs)}, target);
  });
}

void avg_pool2d_forward(const Pool2dParams& params, ConstView x, View y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == pool2d_output_shape(params, x.shape()));
  if (y.count() == 0) return;
  for_planes(x.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    avg_pool2d_forward_ref<float>(params, planes(x, first, last), planes(y, first, last));
  });
}

void avg_pool2d_backward(const Pool2dParams& params, ConstView dy, View dx, bool accumulate) {
  assert(dy.contiguous() && dx.contiguous() && dy.shape() == pool2d_output_shape(params, dx.shape()));
  for_planes(dx.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    const View target = planes(dx, first, last);
    if (!accumulate) clear(target);
    avg_pool2d_backward_ref<float>(params, planes(dy, first, last), target);
  });
}

void global_avg_pool2d_forward(ConstView x, View y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == (Shape{x.size(0), x.size(1)}));
  const std::ptrdiff_t cells = x.size(2) * x.size(3);
  for_planes(x.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t plane = first; plane < last; ++plane)
      y.data()[plane] = pool2d_kernel::best().sum(x.data() + plane * cells, cells) / static_cast<float>(cells);
  });
}

// Plain loops: one store a cell, which the compiler vectorises.
void global_avg_pool2d_backward(ConstView dy, View dx, bool accumulate) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == (Shape{dx.size(0), dx.size(1)}));
  const std::ptrdiff_t cells = dx.size(2) * dx.size(3);
  for_planes(dx.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t plane = first; plane < last; ++plane) {
      const float share = dy.data()[plane] / static_cast<float>(cells);
      float* row = dx.data() + plane * cells;
      if (!accumulate) std::fill_n(row, cells, 0.0f);
      for (std::ptrdiff_t i = 0; i < cells; ++i) row[i] += share;
    }
  });
}

}  // namespace cvlab
