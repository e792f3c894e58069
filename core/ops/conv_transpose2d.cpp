#include "core/ops/conv_transpose2d.hpp"

namespace cvlab {

namespace {

std::ptrdiff_t output_extent(const ConvTranspose2dParams& p, std::ptrdiff_t extent, std::ptrdiff_t kernel) {
  if (extent == 0) return 0;
  const std::ptrdiff_t size =
      (extent - 1) * p.stride - 2 * p.padding + p.dilation * (kernel - 1) + p.output_padding + 1;
  return size < 0 ? 0 : size;
}

// Calls visit(n, c, i, j, k, l, o, o', y, x) for every product: in(n,c,i,j) * weight(c,o',k,l) belongs to out(n,o,y,x).
template <class Visit>
void for_each_product(const ConvTranspose2dParams& p, const Shape& in, const Shape& weight, const Shape& out,
                      Visit&& visit) {
  const std::ptrdiff_t inputs = in[1] / p.groups, outputs = weight[1];
  for (std::ptrdiff_t n = 0; n < in[0]; ++n)
    for (std::ptrdiff_t c = 0; c < in[1]; ++c)
      for (std::ptrdiff_t o = 0; o < outputs; ++o)
        for (std::ptrdiff_t i = 0; i < in[2]; ++i)
          for (std::ptrdiff_t j = 0; j < in[3]; ++j)
            for (std::ptrdiff_t k = 0; k < weight[2]; ++k)
              for (std::ptrdiff_t l = 0; l < weight[3]; ++l) {
                const std::ptrdiff_t y = i * p.stride + k * p.dilation - p.padding;
                const std::ptrdiff_t x = j * p.stride + l * p.dilation - p.padding;
                if (y >= 0 && y < out[2] && x >= 0 && x < out[3])
                  visit(n, c, i, j, k, l, c / inputs * outputs + o, o, y, x);
              }
}

}  // namespace

Shape conv_transpose2d_output_shape(const ConvTranspose2dParams& p, const Shape& in, const Shape& weight) {
  assert(in.rank() == 4 && weight.rank() == 4 &&
         "conv_transpose2d: in is (N, C, H, W), weight is (C, O/groups, Kh, Kw)");
  assert(in[1] == weight[0] && "conv_transpose2d: input and weight must have the same number of input channels");
  assert(weight[2] >= 1 && weight[3] >= 1 && "conv_transpose2d: the kernel has at least one cell");
  assert(p.stride >= 1 && p.dilation >= 1 && p.padding >= 0 &&
         "conv_transpose2d: stride and dilation are at least 1, padding at least 0");
  assert(p.output_padding >= 0 && p.output_padding < p.stride &&
         "conv_transpose2d: output_padding is below the stride");
  assert(p.groups >= 1 && in[1] % p.groups == 0 && "conv_transpose2d: groups must divide the input channels");
  return {in[0], weight[1] * p.groups, output_extent(p, in[2], weight[2]), output_extent(p, in[3], weight[3])};
}

template <class T>
void conv_transpose2d_forward_ref(const ConvTranspose2dParams& params, BasicView<const T> in, BasicView<const T> weight,
                                  BasicView<const T> bias, BasicView<T> out) {
  assert(out.shape() == conv_transpose2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv_transpose2d: make `out` with conv_transpose2d_output_shape()");
  for (std::ptrdiff_t n = 0; n < out.size(0); ++n)
    for (std::ptrdiff_t o = 0; o < out.size(1); ++o)
      for (std::ptrdiff_t y = 0; y < out.size(2); ++y)
        for (std::ptrdiff_t x = 0; x < out.size(3); ++x) out(n, o, y, x) = bias.data() ? bias(o) : T(0);
  for_each_product(params, in.shape(), weight.shape(), out.shape(),
                   [&](auto n, auto c, auto i, auto j, auto k, auto l, auto o, auto o_in_group, auto y, auto x) {
                     out(n, o, y, x) += in(n, c, i, j) * weight(c, o_in_group, k, l);
                   });
}

template <class T>
void conv_transpose2d_backward_ref(const ConvTranspose2dParams& params, BasicView<const T> in,
                                   BasicView<const T> weight, BasicView<const T> dout, BasicView<T> din,
                                   BasicView<T> dweight, BasicView<T> dbias) {
  assert(dout.shape() == conv_transpose2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv_transpose2d: `dout` has the shape of the output");
  if (dbias.data())
    for (std::ptrdiff_t n = 0; n < dout.size(0); ++n)
      for (std::ptrdiff_t o = 0; o < dout.size(1); ++o)
        for (std::ptrdiff_t y = 0; y < dout.size(2); ++y)
          for (std::ptrdiff_t x = 0; x < dout.size(3); ++x) dbias(o) += dout(n, o, y, x);
  for_each_product(params, in.shape(), weight.shape(), dout.shape(),
                   [&](auto n, auto c, auto i, auto j, auto k, auto l, auto o, auto o_in_group, auto y, auto x) {
                     if (din.data()) din(n, c, i, j) += dout(n, o, y, x) * weight(c, o_in_group, k, l);
                     if (dweight.data()) dweight(c, o_in_group, k, l) += dout(n, o, y, x) * in(n, c, i, j);
                   });
}

template void conv_transpose2d_forward_ref<float>(const ConvTranspose2dParams&, ConstView, ConstView, ConstView, View);
template void conv_transpose2d_backward_ref<float>(const ConvTranspose2dParams&, ConstView, ConstView, ConstView, View,
                                                   View, View);
template void conv_transpose2d_forward_ref<double>(const ConvTranspose2dParams&, BasicView<const double>,
                                                   BasicView<const double>, BasicView<const double>, BasicView<double>);
template void conv_transpose2d_backward_ref<double>(const ConvTranspose2dParams&, BasicView<const double>,
                                                    BasicView<const double>, BasicView<const double>, BasicView<double>,
                                                    BasicView<double>, BasicView<double>);

}  // namespace cvlab
