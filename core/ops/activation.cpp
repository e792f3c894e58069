#include "core/ops/activation.hpp"

#include <cmath>

#include "core/ops/activation_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

template <class T>
T sigmoid(T x) {
  return T(1) / (T(1) + std::exp(-x));
}

// A NaN stays a NaN in each of them, so that divergence is seen where it begins.
template <class T>
T value(Activation kind, T alpha, T x) {
  switch (kind) {
    case Activation::identity:
      return x;
    case Activation::relu:
      return x < 0 ? T(0) : x;
    case Activation::leaky_relu:
      return x > 0 ? x : alpha * x;
    case Activation::elu:
      return x > 0 ? x : alpha * std::expm1(x);
    case Activation::gelu:
      return T(0.5) * x * (T(1) + std::erf(x * T(0.70710678118654752440)));
    case Activation::silu:
      return x * sigmoid(x);
    case Activation::sigmoid:
      return sigmoid(x);
    case Activation::tanh:
      return std::tanh(x);
    case Activation::softplus:  // log(1 + exp(x)) without overflow
      return (x < 0 ? T(0) : x) + std::log1p(std::exp(-std::abs(x)));
    case Activation::step:
      return x >= 0 ? T(1) : x < 0 ? T(0) : x;
  }
  return x;
}

// f'(x), told from y = f(x), or from x where activation_needs_input() says so.
template <class T>
T slope(Activation kind, T alpha, T from) {
  switch (kind) {
    case Activation::identity:
      return T(1);
    case Activation::relu:
      return from > 0 ? T(1) : T(0);
    case Activation::leaky_relu:
      return from > 0 ? T(1) : alpha;
    case Activation::elu:
      return from > 0 ? T(1) : from + alpha;
    case Activation::gelu: {
      const T density = T(0.39894228040143267794) * std::exp(T(-0.5) * from * from);
      return T(0.5) * (T(1) + std::erf(from * T(0.70710678118654752440))) + from * density;
    }
    case Activation::silu: {
      const T s = sigmoid(from);
      return s * (T(1) + from * (T(1) - s));
    }
    case Activation::sigmoid:
      return from * (T(1) - from);
    case Activation::tanh:
      return T(1) - from * from;
    case Activation::softplus:  // sigmoid(x) = 1 - exp(-y)
      return -std::expm1(-from);
    case Activation::step:
      return T(0);
  }
  return T(1);
}

// Below this many elements a piece, a second thread costs more than it saves.
std::ptrdiff_t grain(Activation kind) {
  const bool cheap = kind == Activation::identity || kind == Activation::relu || kind == Activation::leaky_relu ||
                     kind == Activation::step;
  return std::ptrdiff_t{1} << (cheap ? 15 : 12);
}

}  // namespace

const char* name(Activation kind) {
  switch (kind) {
    case Activation::identity:
      return "identity";
    case Activation::relu:
      return "relu";
    case Activation::leaky_relu:
      return "leaky_relu";
    case Activation::elu:
      return "elu";
    case Activation::gelu:
      return "gelu";
    case Activation::silu:
      return "silu";
    case Activation::sigmoid:
      return "sigmoid";
    case Activation::tanh:
      return "tanh";
    case Activation::softplus:
      return "softplus";
    case Activation::step:
      return "step";
  }
  return "";
}

float default_alpha(Activation kind) {
  return kind == Activation::leaky_relu ? 0.01f : kind == Activation::elu ? 1.0f : 0.0f;
}

bool activation_needs_input(Activation kind) { return kind == Activation::gelu || kind == Activation::silu; }

template <class T>
void activation_forward_ref(Activation kind, T alpha, BasicView<const T> x, BasicView<T> y) {
  assert(x.contiguous() && y.contiguous() && x.count() == y.count());
  for (std::ptrdiff_t i = 0; i < x.count(); ++i) y.data()[i] = value(kind, alpha, x.data()[i]);
}

template <class T>
void activation_backward_ref(Activation kind, T alpha, BasicView<const T> x, BasicView<const T> y,
                             BasicView<const T> dy, BasicView<T> dx) {
  const BasicView<const T> from = activation_needs_input(kind) ? x : y;
  assert(from.count() == dy.count() && dx.count() == dy.count() && dy.contiguous() && dx.contiguous());
  for (std::ptrdiff_t i = 0; i < dy.count(); ++i) dx.data()[i] += dy.data()[i] * slope(kind, alpha, from.data()[i]);
}

template void activation_forward_ref<float>(Activation, float, ConstView, View);
template void activation_backward_ref<float>(Activation, float, ConstView, ConstView, ConstView, View);
template void activation_forward_ref<double>(Activation, double, BasicView<const double>, BasicView<double>);
template void activation_backward_ref<double>(Activation, double, BasicView<const double>, BasicView<const double>,
                                              BasicView<const double>, BasicView<double>);

void activation_forward(Activation kind, float alpha, ConstView x, View y) {
  assert(x.contiguous() && y.contiguous() && x.count() == y.count());
  const auto function = activation_kernel::best().forward[static_cast<int>(kind)];
  parallel_for(0, x.count(), grain(kind), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    function({x.data() + first, y.data() + first, last - first, alpha});
  });
}

void activation_backward(Activation kind, float alpha, ConstView x, ConstView y, ConstView dy, View dx,
                         bool accumulate) {
  const ConstView from = activation_needs_input(kind) ? x : y;
  assert(from.count() == dy.count() && dx.count() == dy.count() && dy.contiguous() && dx.contiguous());
  const auto function = activation_kernel::best().backward[static_cast<int>(kind)];
  parallel_for(0, dy.count(), grain(kind), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    function({from.data() + first, dy.data() + first, dx.data() + first, last - first, alpha, accumulate});
  });
}

}  // namespace cvlab
