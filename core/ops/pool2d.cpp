#include "core/ops/pool2d.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

std::ptrdiff_t output_extent(std::ptrdiff_t extent, int kernel, int stride, int padding, bool ceil_mode) {
  const std::ptrdiff_t room = extent + 2 * padding - kernel;
  if (room < 0) return 0;
  std::ptrdiff_t out = (room + (ceil_mode ? stride - 1 : 0)) / stride + 1;
  if (ceil_mode && (out - 1) * stride >= extent + padding) --out;
  return out;
}

// What output cell `index` sees along one axis: input cells [first, last), and how many of the padded input.
struct Window {
  std::ptrdiff_t first, last, padded;
  Window(std::ptrdiff_t index, int kernel, int stride, int padding, std::ptrdiff_t extent) {
    const std::ptrdiff_t begin = index * stride - padding;
    const std::ptrdiff_t end = std::min(begin + kernel, extent + padding);
    first = std::max<std::ptrdiff_t>(begin, 0);
    last = std::min(end, extent);
    padded = end - begin;
  }
};

// Calls visit(plane, output cell, rows, columns) for every output cell: the one place that knows the windows.
template <class Visit>
void for_each_window(const Pool2dParams& p, const Shape& in, const Shape& out, Visit&& visit) {
  for (std::ptrdiff_t plane = 0; plane < in[0] * in[1]; ++plane)
    for (std::ptrdiff_t i = 0; i < out[2]; ++i)
      for (std::ptrdiff_t j = 0; j < out[3]; ++j)
        visit(plane, (plane * out[2] + i) * out[3] + j, Window(i, p.kernel_y, p.stride_y, p.padding_y, in[2]),
              Window(j, p.kernel_x, p.stride_x, p.padding_x, in[3]));
}

}  // namespace

Shape pool2d_output_shape(const Pool2dParams& p, const Shape& in) {
  assert(in.rank() == 4 && "pool2d: in is (N, C, H, W)");
  assert(p.kernel_y >= 1 && p.kernel_x >= 1 && p.stride_y >= 1 && p.stride_x >= 1);
  assert(p.padding_y >= 0 && p.padding_x >= 0 && 2 * p.padding_y <= p.kernel_y && 2 * p.padding_x <= p.kernel_x &&
         "pool2d: padding is at most half the kernel");
  return {in[0], in[1], output_extent(in[2], p.kernel_y, p.stride_y, p.padding_y, p.ceil_mode),
          output_extent(in[3], p.kernel_x, p.stride_x, p.padding_x, p.ceil_mode)};
}

template <class T>
void max_pool2d_forward_ref(const Pool2dParams& params, BasicView<const T> x, BasicView<T> y, std::span<int> from) {
  assert(x.contiguous() && y.contiguous() && y.shape() == pool2d_output_shape(params, x.shape()));
  assert(from.empty() || from.size() == static_cast<std::size_t>(y.count()));
  for_each_window(params, x.shape(), y.shape(),
                  [&](std::ptrdiff_t plane, std::ptrdiff_t out, Window rows, Window cols) {
                    const T* cells = x.data() + plane * x.size(2) * x.size(3);
                    std::ptrdiff_t best = rows.first * x.size(3) + cols.first;
                    for (std::ptrdiff_t r = rows.first; r < rows.last; ++r)
                      for (std::ptrdiff_t c = cols.first; c < cols.last; ++c) {
                        const std::ptrdiff_t cell = r * x.size(3) + c;
                        if (cells[cell] > cells[best] || (std::isnan(cells[cell]) && !std::isnan(cells[best])))
                          best = cell;
                      }
                    y.data()[out] = cells[best];
                    if (!from.empty()) from[static_cast<std::size_t>(out)] = static_cast<int>(best);
                  });
}

template <class T>
void max_pool2d_backward_ref(BasicView<const T> dy, std::span<const int> from, BasicView<T> dx) {
  assert(dy.contiguous() && dx.contiguous() && from.size() == static_cast<std::size_t>(dy.count()));
  const std::ptrdiff_t planes = dy.size(0) * dy.size(1);
  const std::ptrdiff_t cells = dx.size(2) * dx.size(3), outputs = dy.size(2) * dy.size(3);
  for (std::ptrdiff_t plane = 0; plane < planes; ++plane)
    for (std::ptrdiff_t i = plane * outputs; i < (plane + 1) * outputs; ++i)
      dx.data()[plane * cells + from[static_cast<std::size_t>(i)]] += dy.data()[i];
}

template <class T>
void avg_pool2d_forward_ref(const Pool2dParams& params, BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == pool2d_output_shape(params, x.shape()));
  for_each_window(params, x.shape(), y.shape(),
                  [&](std::ptrdiff_t plane, std::ptrdiff_t out, Window rows, Window cols) {
                    const T* cells = x.data() + plane * x.size(2) * x.size(3);
                    T sum = 0;
                    for (std::ptrdiff_t r = rows.first; r < rows.last; ++r)
                      for (std::ptrdiff_t c = cols.first; c < cols.last; ++c) sum += cells[r * x.size(3) + c];
                    y.data()[out] = sum / static_cast<T>(rows.padded * cols.padded);
                  });
}

template <class T>
void avg_pool2d_backward_ref(const Pool2dParams& params, BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == pool2d_output_shape(params, dx.shape()));
  for_each_window(params, dx.shape(), dy.shape(),
                  [&](std::ptrdiff_t plane, std::ptrdiff_t out, Window rows, Window cols) {
                    T* cells = dx.data() + plane * dx.size(2) * dx.size(3);
                    const T share = dy.data()[out] / static_cast<T>(rows.padded * cols.padded);
                    for (std::ptrdiff_t r = rows.first; r < rows.last; ++r)
                      for (std::ptrdiff_t c = cols.first; c < cols.last; ++c) cells[r * dx.size(3) + c] += share;
                  });
}

template <class T>
void global_avg_pool2d_forward_ref(BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == (Shape{x.size(0), x.size(1)}));
  const std::ptrdiff_t cells = x.size(2) * x.size(3);
  for (std::ptrdiff_t plane = 0; plane < y.count(); ++plane) {
    T sum = 0;
    for (std::ptrdiff_t i = 0; i < cells; ++i) sum += x.data()[plane * cells + i];
    y.data()[plane] = sum / static_cast<T>(cells);
  }
}

template <class T>
void global_avg_pool2d_backward_ref(BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == (Shape{dx.size(0), dx.size(1)}));
  const std::ptrdiff_t cells = dx.size(2) * dx.size(3);
  for (std::ptrdiff_t plane = 0; plane < dy.count(); ++plane)
    for (std::ptrdiff_t i = 0; i < cells; ++i) dx.data()[plane * cells + i] += dy.data()[plane] / static_cast<T>(cells);
}

template void max_pool2d_forward_ref<float>(const Pool2dParams&, ConstView, View, std::span<int>);
template void max_pool2d_backward_ref<float>(ConstView, std::span<const int>, View);
template void avg_pool2d_forward_ref<float>(const Pool2dParams&, ConstView, View);
template void avg_pool2d_backward_ref<float>(const Pool2dParams&, ConstView, View);
template void global_avg_pool2d_forward_ref<float>(ConstView, View);
template void global_avg_pool2d_backward_ref<float>(ConstView, View);
template void max_pool2d_forward_ref<double>(const Pool2dParams&, BasicView<const double>, BasicView<double>,
                                             std::span<int>);
template void max_pool2d_backward_ref<double>(BasicView<const double>, std::span<const int>, BasicView<double>);
template void avg_pool2d_forward_ref<double>(const Pool2dParams&, BasicView<const double>, BasicView<double>);
template void avg_pool2d_backward_ref<double>(const Pool2dParams&, BasicView<const double>, BasicView<double>);
template void global_avg_pool2d_forward_ref<double>(BasicView<const double>, BasicView<double>);
template void global_avg_pool2d_backward_ref<double>(BasicView<const double>, BasicView<double>);

}  // namespace cvlab
