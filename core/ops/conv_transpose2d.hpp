// 2-D transposed convolution ("deconvolution"): the gradient of a convolution in its input, used as a layer. Each input
// cell stamps the kernel, scaled by its value, onto the output; stamps that overlap add up.
//
//   out(n,o,y,x) = bias(o) + sum_c sum_i sum_j sum_k sum_l  in(n,c,i,j) * weight(c,o',k,l)
//                  over y = i*stride + k*dilation - padding, x = j*stride + l*dilation - padding
//
//   in (N, C, H, W)   weight (C, O/groups, Kh, Kw)   bias (O) or empty   out (N, O, Ho, Wo), all contiguous
//   Ho = (H-1)*stride - 2*padding + dilation*(Kh-1) + output_padding + 1, Wo alike.
//   With groups > 1 (it divides C and O) output channel o sees only the C/groups input channels of its group,
//   floor(o / (O/groups)), and o' = o mod (O/groups).
//   output_padding < stride: which of the sizes that a strided convolution maps to H is meant.
// Source: Dumoulin, Visin, arXiv:1603.07285, chapter 4; conventions of PyTorch's ConvTranspose2d.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

struct ConvTranspose2dParams {
  int stride = 1;
  int padding = 0;
  int output_padding = 0;
  int dilation = 1;
  int groups = 1;
};

Shape conv_transpose2d_output_shape(const ConvTranspose2dParams& params, const Shape& in, const Shape& weight);

// The definition, readable, float and double.
template <class T>
void conv_transpose2d_forward_ref(const ConvTranspose2dParams& params, BasicView<const T> in, BasicView<const T> weight,
                                  BasicView<const T> bias, BasicView<T> out);
// din, dweight, dbias += the gradients; an empty view is passed over.
template <class T>
void conv_transpose2d_backward_ref(const ConvTranspose2dParams& params, BasicView<const T> in,
                                   BasicView<const T> weight, BasicView<const T> dout, BasicView<T> din,
                                   BasicView<T> dweight, BasicView<T> dbias);

// The same, fast: forward is conv2d's gradient in its input, the gradient in the input is conv2d's forward.
void conv_transpose2d_forward(const ConvTranspose2dParams& params, ConstView in, ConstView weight, ConstView bias,
                              View out);
// Without accumulate_din the contents of din do not matter: it is written whole.
void conv_transpose2d_backward(const ConvTranspose2dParams& params, ConstView in, ConstView weight, ConstView dout,
                               View din, View dweight, View dbias, bool accumulate_din = true);

}  // namespace cvlab
