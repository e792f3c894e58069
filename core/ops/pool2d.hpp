// Pooling: each output cell is the largest, or the mean, of the window of input cells above it.
//
//   max  y(n,c,i,j) = max  over the window's cells inside the input of x
//   avg  y(n,c,i,j) = sum  over the window's cells inside the input of x, divided by the window's cells inside the
//                     *padded* input (PyTorch's count_include_pad = True; what hangs over beyond the padding does not
//                     count)
//   global_avg  y(n,c) = mean over i, j of x(n,c,i,j)
//
//   x (N, C, H, W)   y (N, C, Ho, Wo)   the window of (i, j) begins at row i*stride_y - padding_y and has kernel_y rows
//   Ho = floor((H + 2 padding_y - kernel_y) / stride_y) + 1, Wo alike; with ceil_mode the quotient is rounded up, and a
//   last window that would begin beyond the input and its leading padding is dropped. 0 when the kernel does not fit.
//   padding <= kernel / 2, so that every window meets the input.
//   max backward: dx += dy at the cell that was the largest, the first of equals in reading order; a NaN counts as the
//   largest. avg: dx += dy / divisor at each cell of the window.
// All views contiguous. Source: LeCun et al., Gradient-based learning applied to document recognition, 1998 (mean);
// sizes: Dumoulin, Visin, arXiv:1603.07285, and PyTorch.
#pragma once

#include <span>

#include "core/tensor/tensor.hpp"

namespace cvlab {

struct Pool2dParams {
  int kernel_y = 2, kernel_x = 2;
  int stride_y = 2, stride_x = 2;
  int padding_y = 0, padding_x = 0;
  bool ceil_mode = false;
};

Shape pool2d_output_shape(const Pool2dParams& params, const Shape& in);  // (N, C, H, W) -> (N, C, Ho, Wo)

// `from`, one number for each output cell: the index of the largest in its own plane of H*W cells.
template <class T>
void max_pool2d_forward_ref(const Pool2dParams& params, BasicView<const T> x, BasicView<T> y, std::span<int> from);
template <class T>
void max_pool2d_backward_ref(BasicView<const T> dy, std::span<const int> from, BasicView<T> dx);
template <class T>
void avg_pool2d_forward_ref(const Pool2dParams& params, BasicView<const T> x, BasicView<T> y);
template <class T>
void avg_pool2d_backward_ref(const Pool2dParams& params, BasicView<const T> dy, BasicView<T> dx);
template <class T>
void global_avg_pool2d_forward_ref(BasicView<const T> x, BasicView<T> y);
template <class T>
void global_avg_pool2d_backward_ref(BasicView<const T> dy, BasicView<T> dx);

// The same, fast. `from` may be empty when no backward follows. accumulate = false: dx is written, whatever it held.
void max_pool2d_forward(const Pool2dParams& params, ConstView x, View y, std::span<int> from);
void max_pool2d_backward(const Pool2dParams& params, ConstView dy, std::span<const int> from, View dx,
                         bool accumulate = true);
void avg_pool2d_forward(const Pool2dParams& params, ConstView x, View y);
void avg_pool2d_backward(const Pool2dParams& params, ConstView dy, View dx, bool accumulate = true);
void global_avg_pool2d_forward(ConstView x, View y);
void global_avg_pool2d_backward(ConstView dy, View dx, bool accumulate = true);

}  // namespace cvlab
