#include "core/ops/upsample2d.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

// The two input cells of an axis that make output cell `index`, and the weight of the second. Nearest: weight 0.
template <class T>
struct Source {
  std::ptrdiff_t first, second;
  T weight;
  Source(const Upsample2dParams& params, std::ptrdiff_t index, std::ptrdiff_t extent) {
    if (params.interpolation == Interpolation::nearest) {
      first = second = index / params.factor;
      weight = T(0);
      return;
    }
    const T at = std::max(T(0), (static_cast<T>(index) + T(0.5)) / static_cast<T>(params.factor) - T(0.5));
    first = static_cast<std::ptrdiff_t>(at);
    second = std::min(first + 1, extent - 1);
    weight = at - static_cast<T>(first);
  }
};

// visit(y's index, x's index, weight) for each pair that meets with a weight above 0.
template <class T, class Visit>
void for_each_pair(const Upsample2dParams& params, const Shape& in, Visit&& visit) {
  const std::ptrdiff_t height = in[2], width = in[3], rows = height * params.factor, columns = width * params.factor;
  for (std::ptrdiff_t plane = 0; plane < in[0] * in[1]; ++plane)
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
      const Source<T> row(params, i, height);
      const std::ptrdiff_t upper = (plane * height + row.first) * width, lower = (plane * height + row.second) * width;
      for (std::ptrdiff_t j = 0; j < columns; ++j) {
        const Source<T> column(params, j, width);
        const std::ptrdiff_t out = (plane * rows + i) * columns + j;
        const T v = row.weight, u = column.weight;
        visit(out, upper + column.first, (T(1) - v) * (T(1) - u));
        if (u > 0) visit(out, upper + column.second, (T(1) - v) * u);
        if (v > 0) visit(out, lower + column.first, v * (T(1) - u));
        if (u > 0 && v > 0) visit(out, lower + column.second, v * u);
      }
    }
}

}  // namespace

Shape upsample2d_output_shape(const Upsample2dParams& params, const Shape& in) {
  assert(in.rank() == 4 && "upsample2d: in is (N, C, H, W)");
  assert(params.factor >= 1 && "upsample2d: the factor is at least 1");
  return {in[0], in[1], in[2] * params.factor, in[3] * params.factor};
}

template <class T>
void upsample2d_forward_ref(const Upsample2dParams& params, BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == upsample2d_output_shape(params, x.shape()));
  std::fill_n(y.data(), y.count(), T(0));
  for_each_pair<T>(params, x.shape(),
                   [&](std::ptrdiff_t out, std::ptrdiff_t in, T weight) { y.data()[out] += weight * x.data()[in]; });
}

template <class T>
void upsample2d_backward_ref(const Upsample2dParams& params, BasicView<const T> dy, BasicView<T> dx) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == upsample2d_output_shape(params, dx.shape()));
  for_each_pair<T>(params, dx.shape(),
                   [&](std::ptrdiff_t out, std::ptrdiff_t in, T weight) { dx.data()[in] += weight * dy.data()[out]; });
}

template void upsample2d_forward_ref<float>(const Upsample2dParams&, ConstView, View);
template void upsample2d_backward_ref<float>(const Upsample2dParams&, ConstView, View);
template void upsample2d_forward_ref<double>(const Upsample2dParams&, BasicView<const double>, BasicView<double>);
template void upsample2d_backward_ref<double>(const Upsample2dParams&, BasicView<const double>, BasicView<double>);

}  // namespace cvlab
