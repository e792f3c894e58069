#include "core/ops/pad2d.hpp"

namespace cvlab {

namespace {

// visit(y's row begin, x's row begin or -1) for every output row.
template <class Visit>
void for_each_row(const Pad2dParams& p, const Shape& in, const Shape& out, Visit&& visit) {
  for (std::ptrdiff_t plane = 0; plane < out[0] * out[1]; ++plane)
    for (std::ptrdiff_t i = 0; i < out[2]; ++i) {
      const int row = border_source(p.rule, static_cast<int>(i) - p.top, static_cast<int>(in[2]));
      visit((plane * out[2] + i) * out[3], row < 0 ? -1 : (plane * in[2] + row) * in[3]);
    }
}

// Columns of a row: outside of x the rule, inside a straight copy from column 0.
template <class Outside, class Inside>
void for_each_column(const Pad2dParams& p, std::ptrdiff_t in_width, std::ptrdiff_t out_width, Outside&& outside,
                     Inside&& inside) {
  for (std::ptrdiff_t j = 0; j < out_width; ++j) {
    const std::ptrdiff_t column = j - p.left;
    if (column >= 0 && column < in_width)
      inside(j, column);
    else
      outside(j, border_source(p.rule, static_cast<int>(column), static_cast<int>(in_width)));
  }
}

}  // namespace

Shape pad2d_output_shape(const Pad2dParams& p, const Shape& in) {
  assert(in.rank() == 4 && in[2] > 0 && in[3] > 0 && "pad2d: in is (N, C, H, W), not empty");
  assert(p.rule != Padding::valid && "pad2d: valid is no way to pad");
  assert((p.rule == Padding::zero || (p.top >= 0 && p.bottom >= 0 && p.left >= 0 && p.right >= 0)) &&
         "pad2d: only zero padding crops");
  return {in[0], in[1], p.top + in[2] + p.bottom, p.left + in[3] + p.right};
}

template <class T>
void pad2d_forward(const Pad2dParams& params, BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == pad2d_output_shape(params, x.shape()));
  const T fill = static_cast<T>(params.value);
  for_each_row(params, x.shape(), y.shape(), [&](std::ptrdiff_t to, std::ptrdiff_t from) {
    T* out = y.data() + to;
    if (from < 0) {
      std::fill_n(out, y.size(3), fill);
      return;
    }
    const T* in = x.data() + from;
    for_each_column(
        params, x.size(3), y.size(3), [&](std::ptrdiff_t j, int column) { out[j] = column < 0 ? fill : in[column]; },
        [&](std::ptrdiff_t j, std::ptrdiff_t column) { out[j] = in[column]; });
  });
}

template <class T>
void pad2d_backward(const Pad2dParams& params, BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == pad2d_output_shape(params, dx.shape()));
  for_each_row(params, dx.shape(), dy.shape(), [&](std::ptrdiff_t to, std::ptrdiff_t from) {
    if (from < 0) return;
    const T* out = dy.data() + to;
    T* in = dx.data() + from;
    const auto add = [&](std::ptrdiff_t j, std::ptrdiff_t column) {
      if (column >= 0) in[column] += out[j];
    };
    for_each_column(params, dx.size(3), dy.size(3), add, add);
  });
}

template void pad2d_forward<float>(const Pad2dParams&, ConstView, View);
template void pad2d_backward<float>(const Pad2dParams&, ConstView, View);
template void pad2d_forward<double>(const Pad2dParams&, BasicView<const double>, BasicView<double>);
template void pad2d_backward<double>(const Pad2dParams&, BasicView<const double>, BasicView<double>);

}  // namespace cvlab
