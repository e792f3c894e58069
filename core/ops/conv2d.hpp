// 2-D convolution, as computer vision says it: cross-correlation, no flip, unless `flip` asks for the
// mathematician's.
//
//   out(n,o,i,j) = bias(o) + sum_c sum_k sum_l  in(n, c, i*stride_y + k*dilation_y - top, j*stride_x + l*dilation_x -
//   left)
//                                              * weight(o, c, k', l')        (k', l') = (k, l), or mirrored with `flip`
//
//   in (N, C, H, W)   weight (O, C/groups, Kh, Kw)   bias (O) or empty   out (N, O, Ho, Wo)
//   With groups > 1 (it divides C and O), output channel o sees only the C/groups input channels of its group,
//   floor(o / (O/groups)).
//   Ho = floor((H + top + bottom - dilation_y*(Kh-1) - 1) / stride_y) + 1, Wo alike; 0 when the kernel does not fit.
//   `padding` says what a cell outside the input is worth; valid has none. The others keep the size at stride 1:
//   top = floor(dilation_y*(Kh-1)/2), bottom the rest, so an even kernel looks one further down and right.
// Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, eq. 9.6; sizes: Dumoulin, Visin, arXiv:1603.07285.
#pragma once

#include <vector>

#include "core/tensor/tensor.hpp"

namespace cvlab {

enum class Padding {
  valid,      // the kernel stays inside
  zero,       // 0
  replicate,  // the nearest edge cell:          a a | a b c d | d d
  reflect     // mirrored, edge cell not repeated: c b | a b c d | c b   (OpenCV's BORDER_REFLECT_101)
};

// The cell of a row of `size` cells that stands for cell `index`, which may lie outside on either side, however far;
// -1 when there is none (zero; valid never asks).
int border_source(Padding padding, int index, int size);

struct Conv2dParams {
  int stride_y = 1;
  int stride_x = 1;
  int dilation_y = 1;
  int dilation_x = 1;
  Padding padding = Padding::valid;
  bool flip = false;
  // Zeros on each side, counted as networks do; -1: the kind `padding` says how many. Only with Padding::zero.
  int padding_y = -1;
  int padding_x = -1;
  int groups = 1;
};

// Cells of padding before the first row or column, for a kernel of that many cells: top and left above.
int conv2d_leading_padding(Padding padding, std::ptrdiff_t kernel_size, int dilation);
// The same for `params`: padding_y, padding_x where they are given.
int conv2d_top_padding(const Conv2dParams& params, std::ptrdiff_t kernel_rows);
int conv2d_left_padding(const Conv2dParams& params, std::ptrdiff_t kernel_columns);

// (N, O, Ho, Wo); Ho or Wo is 0 when the kernel does not fit into the padded input.
Shape conv2d_output_shape(const Conv2dParams& params, const Shape& in, const Shape& weight);

// The definition, readable, any scalar. Arguments are contiguous or strided views; `bias` may be empty (data() ==
// nullptr).
template <class T>
void conv2d_forward_ref(const Conv2dParams& params, BasicView<const T> in, BasicView<const T> weight,
                        BasicView<const T> bias, BasicView<T> out);
// din, dweight, dbias += the gradients; an empty view is passed over.
template <class T>
void conv2d_backward_ref(const Conv2dParams& params, BasicView<const T> in, BasicView<const T> weight,
                         BasicView<const T> dout, BasicView<T> din, BasicView<T> dweight, BasicView<T> dbias);

// The same, fast (SIMD, threads); equal to the reference up to float rounding. `out` must not overlap the arguments.
// Scratch memory belongs to the calling threads and is kept for the next call: no allocation once it has grown.
void conv2d_forward(const Conv2dParams& params, ConstView in, ConstView weight, ConstView bias, View out);
// Without accumulate_din the contents of din do not matter: it is written whole.
void conv2d_backward(const Conv2dParams& params, ConstView in, ConstView weight, ConstView dout, View din, View dweight,
                     View dbias, bool accumulate_din = true);

// Which cells meet to make one output cell of one input and one output channel: the arithmetic, for pictures.
struct MacTerm {
  int row = 0;  // where the kernel cell lies over the input, before the border rule: may be outside
  int column = 0;
  int from_row = 0;  // the input cell whose value is used; -1, -1 = none (zero padding)
  int from_column = 0;
  int kernel_row = 0;  // the kernel cell it is multiplied by (mirrored with `flip`)
  int kernel_column = 0;
};
struct MacStep {
  int row = 0;  // input position of the window's first cell (may be negative)
  int column = 0;
  std::vector<MacTerm> terms;  // Kh*Kw of them, window order
};
MacStep conv2d_step(const Conv2dParams& params, const Shape& in, const Shape& weight, int out_row, int out_column);

}  // namespace cvlab
