#include "core/ops/conv2d.hpp"

#include <algorithm>

namespace cvlab {

namespace {

int floor_mod(int a, int b) { return ((a % b) + b) % b; }

// floor((extent + padding - span) / stride) + 1 output cells, where `span` is what the dilated kernel covers. `each` is
// the padding on each side, -1: the kind decides.
std::ptrdiff_t output_extent(std::ptrdiff_t extent, std::ptrdiff_t kernel, int dilation, int stride, bool same,
                             int each) {
  if (extent == 0) return 0;
  const std::ptrdiff_t reach = dilation * (kernel - 1);
  const std::ptrdiff_t last = (each >= 0 ? extent + 2 * each - reach : same ? extent : extent - reach) - 1;
  return last < 0 ? 0 : last / stride + 1;
}

// Calls visit(row, column, k, l) for every product that makes out cell (i, j): the input cell used and the kernel
// cell it meets. The one place in this file that knows the arithmetic; forward, backward and step all ask it.
template <class Visit>
void for_each_term(const Conv2dParams& params, const Shape& in, const Shape& weight, int i, int j, Visit&& visit) {
  const int height = static_cast<int>(in[2]), width = static_cast<int>(in[3]);
  const int rows = static_cast<int>(weight[2]), columns = static_cast<int>(weight[3]);
  const int top = conv2d_top_padding(params, rows), left = conv2d_left_padding(params, columns);
  for (int k = 0; k < rows; ++k) {
    for (int l = 0; l < columns; ++l) {
      MacTerm term;
      term.row = i * params.stride_y + k * params.dilation_y - top;
      term.column = j * params.stride_x + l * params.dilation_x - left;
      term.from_row = border_source(params.padding, term.row, height);
      term.from_column = border_source(params.padding, term.column, width);
      if (term.from_row < 0 || term.from_column < 0) term.from_row = term.from_column = -1;
      term.kernel_row = params.flip ? rows - 1 - k : k;
      term.kernel_column = params.flip ? columns - 1 - l : l;
      visit(term);
    }
  }
}

}  // namespace

int border_source(Padding padding, int index, int size) {
  assert(size > 0 && "an empty row has no cell to stand for another");
  if (index >= 0 && index < size) return index;
  switch (padding) {
    case Padding::valid:
    case Padding::zero:
      return -1;
    case Padding::replicate:
      return std::clamp(index, 0, size - 1);
    case Padding::reflect: {
      if (size == 1) return 0;
      const int period = 2 * (size - 1);
      const int inside = floor_mod(index, period);
      return inside < size ? inside : period - inside;
    }
  }
  return -1;
}

int conv2d_leading_padding(Padding padding, std::ptrdiff_t kernel_size, int dilation) {
  return padding == Padding::valid ? 0 : static_cast<int>(dilation * (kernel_size - 1)) / 2;
}

int conv2d_top_padding(const Conv2dParams& params, std::ptrdiff_t kernel_rows) {
  return params.padding_y >= 0 ? params.padding_y
                               : conv2d_leading_padding(params.padding, kernel_rows, params.dilation_y);
}

int conv2d_left_padding(const Conv2dParams& params, std::ptrdiff_t kernel_columns) {
  return params.padding_x >= 0 ? params.padding_x
                               : conv2d_leading_padding(params.padding, kernel_columns, params.dilation_x);
}

Shape conv2d_output_shape(const Conv2dParams& params, const Shape& in, const Shape& weight) {
  assert(in.rank() == 4 && weight.rank() == 4 && "conv2d: in is (N, C, H, W), weight is (O, C/groups, Kh, Kw)");
  assert(params.groups >= 1 && weight[0] % params.groups == 0 && "conv2d: groups must divide the output channels");
  assert(in[1] == weight[1] * params.groups && "conv2d: weight must have as many channels as a group of the input");
  assert(weight[2] >= 1 && weight[3] >= 1 && "conv2d: the kernel has at least one cell");
  assert(params.stride_y >= 1 && params.stride_x >= 1 && "conv2d: a stride is at least 1");
  assert(params.dilation_y >= 1 && params.dilation_x >= 1 && "conv2d: a dilation is at least 1");
  assert((params.padding == Padding::zero || (params.padding_y < 0 && params.padding_x < 0)) &&
         "conv2d: padding_y and padding_x count zeros: set padding to zero");
  const bool same = params.padding != Padding::valid;
  return {in[0], weight[0], output_extent(in[2], weight[2], params.dilation_y, params.stride_y, same, params.padding_y),
          output_extent(in[3], weight[3], params.dilation_x, params.stride_x, same, params.padding_x)};
}

template <class T>
void conv2d_forward_ref(const Conv2dParams& params, BasicView<const T> in, BasicView<const T> weight,
                        BasicView<const T> bias, BasicView<T> out) {
  assert(out.shape() == conv2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv2d: make `out` with conv2d_output_shape()");
  const std::ptrdiff_t channels = weight.size(1), outputs = weight.size(0) / params.groups;  // of a group
  for (std::ptrdiff_t n = 0; n < out.size(0); ++n) {
    for (std::ptrdiff_t o = 0; o < out.size(1); ++o) {
      const std::ptrdiff_t first = o / outputs * channels;
      for (int i = 0; i < out.size(2); ++i) {
        for (int j = 0; j < out.size(3); ++j) {
          T sum = bias.data() ? bias(o) : T(0);
          for_each_term(params, in.shape(), weight.shape(), i, j, [&](const MacTerm& t) {
            if (t.from_row < 0) return;
            for (std::ptrdiff_t c = 0; c < channels; ++c)
              sum += in(n, first + c, t.from_row, t.from_column) * weight(o, c, t.kernel_row, t.kernel_column);
          });
          out(n, o, i, j) = sum;
        }
      }
    }
  }
}

template <class T>
void conv2d_backward_ref(const Conv2dParams& params, BasicView<const T> in, BasicView<const T> weight,
                         BasicView<const T> dout, BasicView<T> din, BasicView<T> dweight, BasicView<T> dbias) {
  assert(dout.shape() == conv2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv2d: `dout` has the shape of the output");
  const std::ptrdiff_t channels = weight.size(1), outputs = weight.size(0) / params.groups;  // of a group
  for (std::ptrdiff_t n = 0; n < dout.size(0); ++n) {
    for (std::ptrdiff_t o = 0; o < dout.size(1); ++o) {
      const std::ptrdiff_t first = o / outputs * channels;
      for (int i = 0; i < dout.size(2); ++i) {
        for (int j = 0; j < dout.size(3); ++j) {
          const T gradient = dout(n, o, i, j);
          if (dbias.data()) dbias(o) += gradient;
          for_each_term(params, in.shape(), weight.shape(), i, j, [&](const MacTerm& t) {
            if (t.from_row < 0) return;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
              if (din.data())
                din(n, first + c, t.from_row, t.from_column) += gradient * weight(o, c, t.kernel_row, t.kernel_column);
              if (dweight.data())
                dweight(o, c, t.kernel_row, t.kernel_column) += gradient * in(n, first + c, t.from_row, t.from_column);
            }
          });
        }
      }
    }
  }
}

template void conv2d_forward_ref<float>(const Conv2dParams&, ConstView, ConstView, ConstView, View);
template void conv2d_backward_ref<float>(const Conv2dParams&, ConstView, ConstView, ConstView, View, View, View);
template void conv2d_forward_ref<double>(const Conv2dParams&, BasicView<const double>, BasicView<const double>,
                                         BasicView<const double>, BasicView<double>);
template void conv2d_backward_ref<double>(const Conv2dParams&, BasicView<const double>, BasicView<const double>,
                                          BasicView<const double>, BasicView<double>, BasicView<double>,
                                          BasicView<double>);

MacStep conv2d_step(const Conv2dParams& params, const Shape& in, const Shape& weight, int out_row, int out_column) {
  MacStep step;
  step.row = out_row * params.stride_y - conv2d_top_padding(params, weight[2]);
  step.column = out_column * params.stride_x - conv2d_left_padding(params, weight[3]);
  step.terms.reserve(static_cast<std::size_t>(weight[2] * weight[3]));
  for_each_term(params, in, weight, out_row, out_column, [&](const MacTerm& term) { step.terms.push_back(term); });
  return step;
}

}  // namespace cvlab
