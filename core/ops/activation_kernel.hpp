// The loops of activation, written once on xsimd's batch; see core/simd/dispatch.hpp.
#pragma once

#include <cstddef>

#include "core/ops/activation.hpp"
#include "core/simd/multiply_add.hpp"

namespace cvlab::activation_kernel {

struct Forward {
  const float* x;
  float* y;
  std::ptrdiff_t n;
  float alpha;
};

struct Backward {
  const float* from;  // y, or x where the derivative needs it
  const float* dy;
  float* dx;
  std::ptrdiff_t n;
  float alpha;
  bool accumulate;
};

inline constexpr int kinds = 10;

struct Table {
  std::ptrdiff_t lanes;
  void (*forward[kinds])(const Forward&);  // by Activation
  void (*backward[kinds])(const Backward&);
};

const Table& best();

template <class Batch>
Batch sigmoid(const Batch& x) {
  return Batch(1.0f) / (Batch(1.0f) + xsimd::exp(-x));
}

template <Activation kind, class Batch>
Batch value(const Batch& x, const Batch& alpha) {
  const Batch zero(0.0f), one(1.0f);
  if constexpr (kind == Activation::relu) return xsimd::select(x < zero, zero, x);
  if constexpr (kind == Activation::leaky_relu) return xsimd::select(x > zero, x, alpha * x);
  if constexpr (kind == Activation::elu) return xsimd::select(x > zero, x, alpha * xsimd::expm1(x));
  if constexpr (kind == Activation::gelu) return Batch(0.5f) * x * (one + xsimd::erf(x * Batch(0.70710678f)));
  if constexpr (kind == Activation::silu) return x * sigmoid(x);
  if constexpr (kind == Activation::sigmoid) return sigmoid(x);
  if constexpr (kind == Activation::tanh) return xsimd::tanh(x);
  if constexpr (kind == Activation::softplus)
    return xsimd::select(x < zero, zero, x) + xsimd::log1p(xsimd::exp(-xsimd::abs(x)));
  if constexpr (kind == Activation::step) return xsimd::select(x >= zero, one, xsimd::select(x < zero, zero, x));
  return x;
}

template <Activation kind, class Batch>
Batch slope(const Batch& from, const Batch& alpha) {
  const Batch zero(0.0f), one(1.0f);
  if constexpr (kind == Activation::relu) return xsimd::select(from > zero, one, zero);
  if constexpr (kind == Activation::leaky_relu) return xsimd::select(from > zero, one, alpha);
  if constexpr (kind == Activation::elu) return xsimd::select(from > zero, one, from + alpha);
  if constexpr (kind == Activation::gelu) {
    const Batch density = Batch(0.39894228f) * xsimd::exp(Batch(-0.5f) * from * from);
    return Batch(0.5f) * (one + xsimd::erf(from * Batch(0.70710678f))) + from * density;
  }
  if constexpr (kind == Activation::silu) {
    const Batch s = sigmoid(from);
    return s * (one + from * (one - s));
  }
  if constexpr (kind == Activation::sigmoid) return from * (one - from);
  if constexpr (kind == Activation::tanh) return one - from * from;
  if constexpr (kind == Activation::softplus) return -xsimd::expm1(-from);
  if constexpr (kind == Activation::step) return zero;
  return one;
}

template <class Arch, Activation kind>
void forward(const Forward& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const Batch alpha(work.alpha);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= work.n; i += lanes)
    value<kind>(Batch::load_unaligned(work.x + i), alpha).store_unaligned(work.y + i);
  if (i == work.n) return;
  float buffer[lanes] = {};
  for (std::ptrdiff_t j = i; j < work.n; ++j) buffer[j - i] = work.x[j];
  value<kind>(Batch::load_unaligned(buffer), alpha).store_unaligned(buffer);
  for (std::ptrdiff_t j = i; j < work.n; ++j) work.y[j] = buffer[j - i];
}

template <class Arch, Activation kind, bool accumulate>
void backward_loop(const Backward& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const Batch alpha(work.alpha);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= work.n; i += lanes) {
    Batch gradient = Batch::load_unaligned(work.dy + i) * slope<kind>(Batch::load_unaligned(work.from + i), alpha);
    if constexpr (accumulate) gradient += Batch::load_unaligned(work.dx + i);
    gradient.store_unaligned(work.dx + i);
  }
  if (i == work.n) return;
  float buffer[lanes] = {};
  for (std::ptrdiff_t j = i; j < work.n; ++j) buffer[j - i] = work.from[j];
  slope<kind>(Batch::load_unaligned(buffer), alpha).store_unaligned(buffer);
  for (std::ptrdiff_t j = i; j < work.n; ++j)
    work.dx[j] = (accumulate ? work.dx[j] : 0.0f) + work.dy[j] * buffer[j - i];
}

template <class Arch, Activation kind>
void backward(const Backward& work) {
  work.accumulate ? backward_loop<Arch, kind, true>(work) : backward_loop<Arch, kind, false>(work);
}

template <class Arch>
constexpr Table table() {
  using enum Activation;
  return {static_cast<std::ptrdiff_t>(xsimd::batch<float, Arch>::size),
          {&forward<Arch, identity>, &forward<Arch, relu>, &forward<Arch, leaky_relu>, &forward<Arch, elu>,
           &forward<Arch, gelu>, &forward<Arch, silu>, &forward<Arch, sigmoid>, &forward<Arch, Activation::tanh>,
           &forward<Arch, softplus>, &forward<Arch, step>},
          {&backward<Arch, identity>, &backward<Arch, relu>, &backward<Arch, leaky_relu>, &backward<Arch, elu>,
           &backward<Arch, gelu>, &backward<Arch, silu>, &backward<Arch, sigmoid>, &backward<Arch, Activation::tanh>,
           &backward<Arch, softplus>, &backward<Arch, step>}};
}

}  // namespace cvlab::activation_kernel
