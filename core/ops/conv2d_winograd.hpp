// Convolution with 3x3 kernels, stride 1, many channels: F(2x2, 3x3), 16 products where the definition has 36. Four
// cells of the output come from a tile of 4x4 input cells:
//
//   Y = A^T [ sum over channels (G g G^T) . (B^T d B) ] A      . cell by cell: 16 matrix products over all tiles
//
// and the gradient of the kernel from the same transforms: dg += G^T [ sum over tiles (A dY A^T) . (B^T d B) ] G.
// The transforms hold only 0, 1, -1 and 1/2: rounding errors stay about those of the definition. Not for callers of the
// library: they take conv2d.hpp.
// Source: Lavin, Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, arXiv:1509.09308.
#pragma once

#include "core/ops/conv2d_network.hpp"

namespace cvlab::conv2d_winograd {

// Whether it can be used, and pays: 3x3, stride and dilation 1, zeros around, enough channels and tiles.
bool suits(const conv2d_network::Geometry& g, ConstView in, ConstView out);

// As in conv2d_network.hpp.
void forward(const conv2d_network::Geometry& g, ConstView in, ConstView weight, ConstView bias, View out, bool add);
void backward_input(const conv2d_network::Geometry& g, ConstView weight, ConstView dout, ConstView bias, View din,
                    bool add);
void backward_weight(const conv2d_network::Geometry& g, ConstView in, ConstView dout, View dweight);

}  // namespace cvlab::conv2d_winograd
