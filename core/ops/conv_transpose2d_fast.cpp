#include "core/ops/conv_transpose2d.hpp"

namespace cvlab {

void conv_transpose2d_forward(const ConvTranspose2dParams& params, ConstView in, ConstView weight, ConstView bias,
                              View out) {
  conv_transpose2d_forward_ref<float>(params, in, weight, bias, out);
}

void conv_transpose2d_backward(const ConvTranspose2dParams& params, ConstView in, ConstView weight, ConstView dout,
                               View din, View dweight, View dbias) {
  conv_transpose2d_backward_ref<float>(params, in, weight, dout, din, dweight, dbias);
}

}  // namespace cvlab
