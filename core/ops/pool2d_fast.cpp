// The fast pooling: planes are shared out over threads, and windows of 2x2 cells two apart (nearly all there are in
// networks) have loops of their own in pool2d_kernel.hpp. The largest of other windows: of each column first, then of
// the few columns. Means of other windows, and gradients added to others, go through the reference, plane by plane.
#include <algorithm>
#include <cmath>
#include <vector>

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

// Columns' maxima of one output row. Each thread's own, kept.
struct Scratch {
  std::vector<float> largest;
  std::vector<int> row;
};

// Of equals, or NaNs, the first in reading order: the upper row, then the left column.
bool comes_before(float value, int row, float best, int best_row) {
  if (value > best) return true;
  if (std::isnan(value)) return !std::isnan(best) || row < best_row;
  return value == best && row < best_row;
}

// One output row of one plane: input rows [first_row, last_row) under it.
void window_max(const Pool2dParams& p, const Scratch& columns, std::ptrdiff_t first_row, std::ptrdiff_t width,
                std::ptrdiff_t outputs, float* y, int* from) {
  for (std::ptrdiff_t j = 0; j < outputs; ++j) {
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(j * p.stride_x - p.padding_x, 0);
    const std::ptrdiff_t end = std::min<std::ptrdiff_t>(j * p.stride_x - p.padding_x + p.kernel_x, width);
    std::size_t best = static_cast<std::size_t>(begin);
    for (std::size_t c = best + 1; c < static_cast<std::size_t>(end); ++c)
      if (comes_before(columns.largest[c], columns.row[c], columns.largest[best], columns.row[best])) best = c;
    y[j] = columns.largest[best];
    if (from) from[j] = static_cast<int>((first_row + columns.row[best]) * width) + static_cast<int>(best);
  }
}

void any_max(const Pool2dParams& p, ConstView x, View y, int* from) {
  thread_local Scratch mine;
  const std::ptrdiff_t height = x.size(2), width = x.size(3);
  if (mine.largest.size() < static_cast<std::size_t>(width)) {
    mine.largest.resize(static_cast<std::size_t>(width));
    mine.row.resize(static_cast<std::size_t>(width));
  }
  for (std::ptrdiff_t plane = 0; plane < x.size(0) * x.size(1); ++plane)
    for (std::ptrdiff_t i = 0; i < y.size(2); ++i) {
      const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(i * p.stride_y - p.padding_y, 0);
      const std::ptrdiff_t end = std::min<std::ptrdiff_t>(i * p.stride_y - p.padding_y + p.kernel_y, height);
      const std::ptrdiff_t out = (plane * y.size(2) + i) * y.size(3);
      pool2d_kernel::best().column_max(
          {x.data() + (plane * height + begin) * width, end - begin, width, mine.largest.data(), mine.row.data()});
      window_max(p, mine, begin, width, y.size(3), y.data() + out, from ? from + out : nullptr);
    }
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
    int* places = indices.empty() ? nullptr : indices.data();
    if (!is_halving(params)) return any_max(params, in, out, places);
    pool2d_kernel::best().halve_max({in.data(), out.data(), places, last - first, x.size(2), x.size(3)});
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
    const ConstView in = planes(x, first, last);
    const View out = planes(y, first, last);
    if (!is_halving(params)) return avg_pool2d_forward_ref<float>(params, in, out);
    pool2d_kernel::best().halve_mean({in.data(), out.data(), last - first, x.size(2), x.size(3)});
  });
}

void avg_pool2d_backward(const Pool2dParams& params, ConstView dy, View dx, bool accumulate) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == pool2d_output_shape(params, dx.shape()));
  for_planes(dx.shape(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    const ConstView out = planes(dy, first, last);
    const View in = planes(dx, first, last);
    if (is_halving(params))
      return pool2d_kernel::best().spread_mean(
          {out.data(), in.data(), last - first, dx.size(2), dx.size(3), accumulate});
    if (!accumulate) clear(in);
    avg_pool2d_backward_ref<float>(params, out, in);
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
