#include "core/ops/conv2d_network.hpp"
#include "core/ops/conv_transpose2d.hpp"

namespace cvlab {

namespace {

// The convolution whose gradient this is: it goes from our output to our input.
conv2d_network::Geometry geometry(const ConvTranspose2dParams& p, const Shape& in, const Shape& weight,
                                  const Shape& out) {
  return {{.stride_y = p.stride,
           .stride_x = p.stride,
           .dilation_y = p.dilation,
           .dilation_x = p.dilation,
           .padding = Padding::zero,
           .padding_y = p.padding,
           .padding_x = p.padding,
           .groups = p.groups},
          out,
          weight,
          in};
}

}  // namespace

void conv_transpose2d_forward(const ConvTranspose2dParams& params, ConstView in, ConstView weight, ConstView bias,
                              View out) {
  assert(out.shape() == conv_transpose2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv_transpose2d: make `out` with conv_transpose2d_output_shape()");
  conv2d_network::backward_input(geometry(params, in.shape(), weight.shape(), out.shape()), weight, in, bias, out,
                                 false);
}

void conv_transpose2d_backward(const ConvTranspose2dParams& params, ConstView in, ConstView weight, ConstView dout,
                               View din, View dweight, View dbias, bool accumulate_din) {
  assert(dout.shape() == conv_transpose2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv_transpose2d: `dout` has the shape of the output");
  const conv2d_network::Geometry g = geometry(params, in.shape(), weight.shape(), dout.shape());
  if (dbias.data()) conv2d_network::backward_bias(dout, dbias);
  if (dweight.data()) conv2d_network::backward_weight(g, dout, in, dweight);
  if (din.data()) conv2d_network::forward(g, dout, weight, {}, din, accumulate_din);
}

}  // namespace cvlab
