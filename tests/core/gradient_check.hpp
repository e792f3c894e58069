// Are these gradients right? Central differences in double, cell by cell, against what backward wrote.
//
//   BasicTensor<double> x = …, dx(x.shape());
//   op_backward_ref<double>(…, dout.view(), dx.view());
//   CHECK(gradient_error(x, dx, [&] { return weighted_sum(forward(x), dout); }) < gradient_tolerance);
//
// `loss` runs forward on the present content of x and returns a number; dout must be the loss's gradient in the output.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/rng.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::test {

inline constexpr double gradient_tolerance = 1e-7;

// The largest difference, relative to the gradient where that is above 1.
template <class Loss>
double gradient_error(BasicTensor<double>& x, const BasicTensor<double>& dx, Loss&& loss, double step = 1e-4) {
  double worst = 0.0;
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) {
    const double kept = x.data()[i];
    x.data()[i] = kept + step;
    const double above = loss();
    x.data()[i] = kept - step;
    const double below = loss();
    x.data()[i] = kept;
    const double expected = (above - below) / (2.0 * step);
    worst = std::max(worst, std::abs(expected - dx.data()[i]) / std::max(1.0, std::abs(expected)));
  }
  return worst;
}

// The loss that makes dout the gradient of the output: sum of out * dout.
template <class T>
double weighted_sum(const BasicTensor<T>& out, const BasicTensor<T>& dout) {
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < out.count(); ++i)
    sum += static_cast<double>(out.data()[i]) * static_cast<double>(dout.data()[i]);
  return sum;
}

template <class T = float>
BasicTensor<T> random_tensor(const Shape& shape, Rng& rng) {
  BasicTensor<T> tensor(shape);
  for (std::ptrdiff_t i = 0; i < tensor.count(); ++i) tensor.data()[i] = static_cast<T>(rng.uniform(-1.0, 1.0));
  return tensor;
}

template <class T, class U>
double largest_difference(const BasicTensor<T>& a, const BasicTensor<U>& b) {
  if (!(a.shape() == b.shape())) return INFINITY;
  double worst = 0.0;
  for (std::ptrdiff_t i = 0; i < a.count(); ++i) {
    const double difference = std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]));
    worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
  }
  return worst;
}

}  // namespace cvlab::test
