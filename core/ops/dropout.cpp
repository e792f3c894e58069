#include "core/ops/dropout.hpp"

namespace cvlab {

void dropout_mask(DropoutKind kind, double p_drop, Rng& rng, View mask) {
  assert(p_drop >= 0.0 && p_drop <= 1.0 && mask.contiguous());
  const double threshold = p_drop * 4294967296.0;
  // With p = 1 nothing is kept, whatever the value.
  const float kept = kind == DropoutKind::inverted && p_drop < 1.0 ? static_cast<float>(1.0 / (1.0 - p_drop)) : 1.0f;
  for (std::ptrdiff_t i = 0; i < mask.count(); ++i)
    mask.data()[i] = static_cast<double>(rng.bits()) >= threshold ? kept : 0.0f;
}

double dropout_evaluation_factor(DropoutKind kind, double p_drop) {
  return kind == DropoutKind::classic ? 1.0 - p_drop : 1.0;
}

template <class T>
void dropout_forward(BasicView<const T> x, BasicView<const T> mask, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && mask.contiguous() && x.count() == y.count() && x.count() == mask.count());
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) y.data()[i] = x.data()[i] * mask.data()[i];
}

template <class T>
void dropout_backward(BasicView<const T> mask, BasicView<const T> dy, BasicView<T> dx) {
  assert(dy.contiguous() && dx.contiguous() && dx.count() == dy.count() && mask.count() == dy.count());
  for (std::ptrdiff_t i = 0; i < dy.count(); ++i) dx.data()[i] += dy.data()[i] * mask.data()[i];
}

template void dropout_forward<float>(ConstView, ConstView, View);
template void dropout_backward<float>(ConstView, ConstView, View);
template void dropout_forward<double>(BasicView<const double>, BasicView<const double>, BasicView<double>);
template void dropout_backward<double>(BasicView<const double>, BasicView<const double>, BasicView<double>);

}  // namespace cvlab
