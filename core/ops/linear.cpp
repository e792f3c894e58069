#include "core/ops/linear.hpp"

#include "core/ops/gemm.hpp"
#include "core/ops/reduce.hpp"

namespace cvlab {

namespace {

// Rows, inputs, outputs.
struct Sizes {
  std::ptrdiff_t rows = 1, in, out;
  Sizes(const Shape& x, const Shape& weight) : in(weight[1]), out(weight[0]) {
    for (int axis = 0; axis < x.rank() - 1; ++axis) rows *= x[axis];
  }
};

}  // namespace

Shape linear_output_shape(const Shape& in, const Shape& weight) {
  assert(in.rank() >= 1 && weight.rank() == 2 && "linear: x is (…, In), weight is (Out, In)");
  assert(in[in.rank() - 1] == weight[1] && "linear: x's last axis is as long as weight's");
  return in.with(in.rank() - 1, weight[0]);
}

template <class T>
void linear_forward_ref(BasicView<const T> x, BasicView<const T> weight, BasicView<const T> bias, BasicView<T> y) {
  assert(x.contiguous() && weight.contiguous() && y.shape() == linear_output_shape(x.shape(), weight.shape()));
  const Sizes s(y.shape(), weight.shape());
  for (std::ptrdiff_t r = 0; r < s.rows; ++r)
    for (std::ptrdiff_t o = 0; o < s.out; ++o) {
      T sum = bias.data() ? bias.data()[o] : T(0);
      for (std::ptrdiff_t i = 0; i < s.in; ++i) sum += x.data()[r * s.in + i] * weight.data()[o * s.in + i];
      y.data()[r * s.out + o] = sum;
    }
}

template <class T>
void linear_backward_ref(BasicView<const T> x, BasicView<const T> weight, BasicView<const T> dy, BasicView<T> dx,
                         BasicView<T> dweight, BasicView<T> dbias) {
  const Sizes s(dy.shape(), weight.shape());
  for (std::ptrdiff_t r = 0; r < s.rows; ++r)
    for (std::ptrdiff_t o = 0; o < s.out; ++o) {
      const T gradient = dy.data()[r * s.out + o];
      if (dbias.data()) dbias.data()[o] += gradient;
      for (std::ptrdiff_t i = 0; i < s.in; ++i) {
        if (dx.data()) dx.data()[r * s.in + i] += gradient * weight.data()[o * s.in + i];
        if (dweight.data()) dweight.data()[o * s.in + i] += gradient * x.data()[r * s.in + i];
      }
    }
}

template void linear_forward_ref<float>(ConstView, ConstView, ConstView, View);
template void linear_backward_ref<float>(ConstView, ConstView, ConstView, View, View, View);
template void linear_forward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                         BasicView<double>);
template void linear_backward_ref<double>(BasicView<const double>, BasicView<const double>, BasicView<const double>,
                                          BasicView<double>, BasicView<double>, BasicView<double>);

void linear_forward(ConstView x, ConstView weight, ConstView bias, View y) {
  assert(x.contiguous() && weight.contiguous() && y.shape() == linear_output_shape(x.shape(), weight.shape()));
  const Sizes s(y.shape(), weight.shape());
  if (bias.data())
    for (std::ptrdiff_t r = 0; r < s.rows; ++r) std::copy_n(bias.data(), s.out, y.data() + r * s.out);
  gemm(false, true, s.rows, s.out, s.in, x.data(), s.in, weight.data(), s.in, y.data(), s.out, bias.data() != nullptr);
}

void linear_backward(ConstView x, ConstView weight, ConstView dy, View dx, View dweight, View dbias, bool accumulate) {
  const Sizes s(dy.shape(), weight.shape());
  if (dx.data())
    gemm(false, false, s.rows, s.in, s.out, dy.data(), s.out, weight.data(), s.in, dx.data(), s.in, accumulate);
  if (dweight.data())
    gemm(true, false, s.out, s.in, s.rows, dy.data(), s.out, x.data(), s.in, dweight.data(), s.in, true);
  if (dbias.data()) add_rows(s.rows, s.out, dy.data(), dbias.data());
}

}  // namespace cvlab
