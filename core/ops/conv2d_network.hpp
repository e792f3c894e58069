// What conv2d and conv_transpose2d compute with many channels: three sums over the same products, each made by one
// vector loop. Not for callers of the library: they take conv2d.hpp, conv_transpose2d.hpp.
//
// A piece of each picture is copied into *flat planes*: rows of `pitch` cells one behind the other, borders applied,
// the columns and rows of one stride phase next to each other. There the cell that kernel cell (c, k, l) meets under
// output cell q = row * pitch + column lies at offset(c, k, l) + q: one number a tap, nothing to decide in the loop and
// no row ends. The cells between the rows are computed too and thrown away. With zero padding, the zeros behind a row
// are also those before the next one.
#pragma once

#include "core/ops/conv2d.hpp"

namespace cvlab::conv2d_network {

// The numbers of one convolution; `in` and `out` name its two sides, whichever of them is being computed.
struct Geometry {
  using Index = std::ptrdiff_t;
  Conv2dParams params;
  Index samples, height, width, out_height, out_width, kernel_rows, kernel_columns;
  Index channels, outputs;  // of one group
  Index reach_y, reach_x;   // what the dilated kernel covers beyond its first cell
  Index top, left;

  Geometry(const Conv2dParams& params, const Shape& in, const Shape& weight, const Shape& out);
  Index kernel_row(Index k) const { return params.flip ? kernel_rows - 1 - k : k; }
  Index kernel_column(Index l) const { return params.flip ? kernel_columns - 1 - l : l; }
  Index taps() const { return kernel_rows * kernel_columns; }
};

// out = bias + in * weight, or += with `add`.
void forward(const Geometry& g, ConstView in, ConstView weight, ConstView bias, View out, bool add);
// din = bias + the gradient of dout, or += with `add`; conv_transpose2d is the one that has a bias here.
void backward_input(const Geometry& g, ConstView weight, ConstView dout, ConstView bias, View din, bool add);
// dweight += the gradient.
void backward_weight(const Geometry& g, ConstView in, ConstView dout, View dweight);
// dbias += the sums of each channel.
void backward_bias(ConstView dout, View dbias);

}  // namespace cvlab::conv2d_network
