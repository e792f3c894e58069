#include "core/ops/layer_norm.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/ops/reduce_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

struct Rows {
  std::ptrdiff_t count = 0, width;
  explicit Rows(const Shape& x) : width(x[x.rank() - 1]) {
    if (width > 0) count = x.count() / width;
  }
  std::ptrdiff_t grain() const { return std::max<std::ptrdiff_t>(1, (std::ptrdiff_t{1} << 15) / width); }
};

template <class T>
[[maybe_unused]] bool fits(const Rows& rows, BasicView<const T> x, BasicView<const T> y, std::ptrdiff_t gammas,
                           std::ptrdiff_t means) {
  return x.contiguous() && y.contiguous() && x.shape() == y.shape() && gammas == rows.width && means == rows.count;
}

}  // namespace

template <class T>
void layer_norm_forward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> beta, T epsilon,
                            BasicView<T> y, BasicView<T> mean, BasicView<T> inverse_deviation) {
  const Rows rows(x.shape());
  assert(fits<T>(rows, x, y, gamma.count(), mean.count()) && inverse_deviation.count() == rows.count);
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const T* in = x.data() + r * rows.width;
    T sum = 0, squares = 0;
    for (std::ptrdiff_t i = 0; i < rows.width; ++i) sum += in[i];
    const T centre = sum / static_cast<T>(rows.width);
    for (std::ptrdiff_t i = 0; i < rows.width; ++i) squares += (in[i] - centre) * (in[i] - centre);
    const T inverse = T(1) / std::sqrt(squares / static_cast<T>(rows.width) + epsilon);
    for (std::ptrdiff_t i = 0; i < rows.width; ++i)
      y.data()[r * rows.width + i] = gamma.data()[i] * (in[i] - centre) * inverse + beta.data()[i];
    mean.data()[r] = centre;
    inverse_deviation.data()[r] = inverse;
  }
}

template <class T>
void layer_norm_backward_ref(BasicView<const T> x, BasicView<const T> gamma, BasicView<const T> mean,
                             BasicView<const T> inverse_deviation, BasicView<const T> dy, BasicView<T> dx,
                             BasicView<T> dgamma, BasicView<T> dbeta) {
  const Rows rows(x.shape());
  assert(fits<T>(rows, x, dy, gamma.count(), mean.count()) && inverse_deviation.count() == rows.count);
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const T inverse = inverse_deviation.data()[r];
    const auto xhat = [&](std::ptrdiff_t i) { return (x.data()[r * rows.width + i] - mean.data()[r]) * inverse; };
    T mean_g = 0, mean_g_xhat = 0;
    for (std::ptrdiff_t i = 0; i < rows.width; ++i) {
      const T gradient = dy.data()[r * rows.width + i];
      if (dgamma.data()) dgamma.data()[i] += gradient * xhat(i);
      if (dbeta.data()) dbeta.data()[i] += gradient;
      mean_g += gradient * gamma.data()[i] / static_cast<T>(rows.width);
      mean_g_xhat += gradient * gamma.data()[i] * xhat(i) / static_cast<T>(rows.width);
    }
    if (!dx.data()) continue;
    for (std::ptrdiff_t i = 0; i < rows.width; ++i)
      dx.data()[r * rows.width + i] +=
          inverse * (dy.data()[r * rows.width + i] * gamma.data()[i] - mean_g - xhat(i) * mean_g_xhat);
  }
}

template void layer_norm_forward_ref<float>(ConstView, ConstView, ConstView, float, View, View, View);
template void layer_norm_backward_ref<float>(ConstView, ConstView, ConstView, ConstView, ConstView, View, View, View);
template void layer_norm_forward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                             double, BasicView<double>, BasicView<double>, BasicView<double>);
template void layer_norm_backward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                              BasicView<const double>, BasicView<const double>, BasicView<double>,
                                              BasicView<double>, BasicView<double>);

void layer_norm_forward(ConstView x, ConstView gamma, ConstView beta, float epsilon, View y, View mean,
                        View inverse_deviation) {
  const Rows rows(x.shape());
  assert(fits<float>(rows, x, y, gamma.count(), mean.count()) && inverse_deviation.count() == rows.count);
  if (rows.count == 0) return;
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  parallel_for(0, rows.count, rows.grain(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t r = first; r < last; ++r) {
      const float* in = x.data() + r * rows.width;
      float* out = y.data() + r * rows.width;
      const float width = static_cast<float>(rows.width), centre = kernel.sum(in, rows.width) / width;
      const float inverse = 1.0f / std::sqrt(kernel.squares(in, centre, rows.width) / width + epsilon);
      for (std::ptrdiff_t i = 0; i < rows.width; ++i)
        out[i] = gamma.data()[i] * ((in[i] - centre) * inverse) + beta.data()[i];
      mean.data()[r] = centre;
      inverse_deviation.data()[r] = inverse;
    }
  });
}

void layer_norm_backward(ConstView x, ConstView gamma, ConstView mean, ConstView inverse_deviation, ConstView dy,
                         View dx, View dgamma, View dbeta, bool accumulate) {
  const Rows rows(x.shape());
  assert(fits<float>(rows, x, dy, gamma.count(), mean.count()) && inverse_deviation.count() == rows.count);
  if (rows.count == 0) return;
  const reduce_kernel::Table& kernel = reduce_kernel::best();
  for (std::ptrdiff_t r = 0; r < rows.count; ++r) {
    const float* in = x.data() + r * rows.width;
    const float* gradient = dy.data() + r * rows.width;
    const float inverse = inverse_deviation.data()[r], centre = mean.data()[r];
    if (dgamma.data())
      for (std::ptrdiff_t i = 0; i < rows.width; ++i) dgamma.data()[i] += gradient[i] * ((in[i] - centre) * inverse);
    if (dbeta.data()) kernel.add(gradient, dbeta.data(), rows.width);
  }
  if (!dx.data()) return;
  parallel_for(0, rows.count, rows.grain(), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    thread_local std::vector<float> memory;
    if (memory.size() < static_cast<std::size_t>(rows.width)) memory.resize(static_cast<std::size_t>(rows.width));
    float* g = memory.data();  // gamma * dy of one row
    for (std::ptrdiff_t r = first; r < last; ++r) {
      const float* in = x.data() + r * rows.width;
      const float* gradient = dy.data() + r * rows.width;
      const float width = static_cast<float>(rows.width), inverse = inverse_deviation.data()[r];
      for (std::ptrdiff_t i = 0; i < rows.width; ++i) g[i] = gradient[i] * gamma.data()[i];
      const float mean_g = kernel.sum(g, rows.width) / width;
      const float mean_g_xhat = kernel.dot(in, mean.data()[r], g, rows.width) * inverse / width;
      const float x_factor = -inverse * inverse * mean_g_xhat;
      kernel.mix(g, inverse, in, x_factor, -inverse * mean_g - x_factor * mean.data()[r], dx.data() + r * rows.width,
                 rows.width, accumulate);
    }
  });
}

}  // namespace cvlab
