// The fast pooling: planes are shared out over threads, and windows of 2x2 cells two apart (nearly all there are in
// networks) have loops of their own in pool2d_kernel.hpp. The largest of other windows: of each column first, then of
// the few columns. Means of other windows, and gradients added to others, go through the reference, plane by plane.
#include <algorithm>
#include <cmath>
#include <limits>
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

// Planes a piece: about 2^15 input cells, below which a second thread does not pay.
std::ptrdiff_t grain(const Shape& in) {
  return std::max<std::ptrdiff_t>(1, (std::ptrdiff_t{1} << 15) / std::max<std::ptrdiff_t>(1, in[2] * in[3]));
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

template <class T>
T* grown(std::vector<T>& memory, std::ptrdiff_t count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

// One output row's columns, each the largest of its rows: in order, and by phase of the stride, where the columns under
// the same kernel column of neighbouring windows lie together. Each thread's own, kept.
struct Scratch {
  std::vector<float> largest, phases;
  std::vector<int> row, places;
  std::vector<const float*> values_of;  // one for each kernel column
  std::vector<const int*> places_of;
};

constexpr std::ptrdiff_t most_lanes = 16;

// A plane's output row after row. Padding is minus infinity, at a place that any cell is preferred to.
struct WindowMax {
  const Pool2dParams& p;
  std::ptrdiff_t height, width, outputs, phase;
  Scratch& mine;

  WindowMax(const Pool2dParams& params, ConstView x, View y, Scratch& scratch)
      : p(params),
        height(x.size(2)),
        width(x.size(3)),
        outputs(y.size(3)),
        phase(outputs + p.kernel_x / p.stride_x + most_lanes),
        mine(scratch) {
    grown(mine.largest, width);
    grown(mine.row, width);
    mine.phases.assign(static_cast<std::size_t>(p.stride_x * phase), -INFINITY);
    mine.places.assign(static_cast<std::size_t>(p.stride_x * phase), std::numeric_limits<int>::max());
    mine.values_of.resize(static_cast<std::size_t>(p.kernel_x));
    mine.places_of.resize(static_cast<std::size_t>(p.kernel_x));
    for (int k = 0; k < p.kernel_x; ++k) {
      const std::ptrdiff_t at = k % p.stride_x * phase + k / p.stride_x;
      mine.values_of[static_cast<std::size_t>(k)] = mine.phases.data() + at;
      mine.places_of[static_cast<std::size_t>(k)] = mine.places.data() + at;
    }
  }

  void row(const float* plane, std::ptrdiff_t i, float* y, int* from) const {
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(i * p.stride_y - p.padding_y, 0);
    const std::ptrdiff_t end = std::min<std::ptrdiff_t>(i * p.stride_y - p.padding_y + p.kernel_y, height);
    const pool2d_kernel::Table& kernel = pool2d_kernel::best();
    kernel.column_max({plane + begin * width, end - begin, width, mine.largest.data(), mine.row.data()});
    for (int s = 0; s < p.stride_x; ++s) {
      // Padded column s + j * stride is the input's c: j from the first that lies inside.
      const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, (p.padding_x - s + p.stride_x - 1) / p.stride_x);
      float* values = mine.phases.data() + s * phase;
      int* places = mine.places.data() + s * phase;
      std::ptrdiff_t c = s + first * p.stride_x - p.padding_x;
      for (std::ptrdiff_t j = first; j < phase && c < width; ++j, c += p.stride_x) {
        values[j] = mine.largest[static_cast<std::size_t>(c)];
        places[j] = static_cast<int>((begin + mine.row[static_cast<std::size_t>(c)]) * width + c);
      }
    }
    kernel.run_max({mine.values_of.data(), mine.places_of.data(), p.kernel_x, y, from, outputs});
  }
};

void any_max(const Pool2dParams& params, ConstView x, View y, int* from) {
  thread_local Scratch mine;
  const WindowMax windows(params, x, y, mine);
  for (std::ptrdiff_t plane = 0; plane < x.size(0) * x.size(1); ++plane)
    for (std::ptrdiff_t i = 0; i < y.size(2); ++i) {
      const std::ptrdiff_t out = (plane * y.size(2) + i) * y.size(3);
      windows.row(x.data() + plane * x.size(2) * x.size(3), i, y.data() + out, from ? from + out : nullptr);
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
