// The update rules of update.hpp on xsimd's batch; see core/simd/dispatch.hpp for how they are compiled and chosen.
// Each parameter is read and written once.
#pragma once

#include <cstddef>

#include "core/simd/multiply_add.hpp"
#include "core/train/update.hpp"

namespace cvlab::update_kernel {

struct Work {
  const UpdateConstants<float>* constants;
  std::ptrdiff_t n;
  const float* gradient;
  float* value;
  float* first;
  float* second;
};

struct Table {
  void (*update)(const Work&);
  float (*sum_of_squares)(const float* values, std::ptrdiff_t n);
};

const Table& best();

template <class Arch>
struct Constants {  // once in registers
  using Batch = xsimd::batch<float, Arch>;
  explicit Constants(const UpdateConstants<float>& c)
      : rate(c.rate),
        decay(c.decay),
        keep(c.keep),
        factor(c.factor),
        momentum(c.momentum),
        rest1(1.0f - c.momentum),
        smoothing(c.smoothing),
        rest2(1.0f - c.smoothing),
        epsilon(c.epsilon),
        root_correction(c.root_correction) {}
  Batch rate, decay, keep, factor, momentum, rest1, smoothing, rest2, epsilon, root_correction;
};

// New value of p; m and v in place.
template <class Arch, OptimizerKind Kind>
inline xsimd::batch<float, Arch> rule(const Constants<Arch>& c, xsimd::batch<float, Arch> g,
                                      xsimd::batch<float, Arch> p, xsimd::batch<float, Arch>& m,
                                      xsimd::batch<float, Arch>& v) {
  using simd::multiply_add;
  g = multiply_add(c.decay, p, c.factor * g);
  if constexpr (Kind == OptimizerKind::sgd) {
    return p - c.rate * g;
  } else if constexpr (Kind == OptimizerKind::momentum || Kind == OptimizerKind::nesterov) {
    m = multiply_add(c.momentum, m, g);
    return Kind == OptimizerKind::nesterov ? p - c.rate * multiply_add(c.momentum, m, g) : p - c.rate * m;
  } else if constexpr (Kind == OptimizerKind::adagrad) {
    v = multiply_add(g, g, v);
    return p - c.rate * g / (xsimd::sqrt(v) + c.epsilon);
  } else if constexpr (Kind == OptimizerKind::rmsprop) {
    v = multiply_add(c.rest2 * g, g, c.smoothing * v);
    return p - c.rate * g / (xsimd::sqrt(v) + c.epsilon);
  } else {
    m = multiply_add(c.rest1, g, c.momentum * m);
    v = multiply_add(c.rest2 * g, g, c.smoothing * v);
    return c.keep * p - c.rate * m / multiply_add(xsimd::sqrt(v), c.root_correction, c.epsilon);
  }
}

template <class Arch, OptimizerKind Kind>
void update_kind(const Work& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  constexpr bool has_first = Kind == OptimizerKind::momentum || Kind == OptimizerKind::nesterov ||
                             Kind == OptimizerKind::adam || Kind == OptimizerKind::adamw;
  constexpr bool has_second = Kind == OptimizerKind::adagrad || Kind == OptimizerKind::rmsprop ||
                              Kind == OptimizerKind::adam || Kind == OptimizerKind::adamw;
  const Constants<Arch> c(*work.constants);
  const auto at = [&](const float* gradient, float* value, float* first, float* second) {
    Batch m(0.0f), v(0.0f);
    if constexpr (has_first) m = Batch::load_unaligned(first);
    if constexpr (has_second) v = Batch::load_unaligned(second);
    rule<Arch, Kind>(c, Batch::load_unaligned(gradient), Batch::load_unaligned(value), m, v).store_unaligned(value);
    if constexpr (has_first) m.store_unaligned(first);
    if constexpr (has_second) v.store_unaligned(second);
  };
  std::ptrdiff_t i = 0;
  for (; i + lanes <= work.n; i += lanes)
    at(work.gradient + i, work.value + i, has_first ? work.first + i : nullptr, has_second ? work.second + i : nullptr);
  if (i == work.n) return;
  float tail[4][lanes] = {};  // what is left, among zeros
  for (std::ptrdiff_t j = 0; i + j < work.n; ++j) {
    tail[0][j] = work.gradient[i + j];
    tail[1][j] = work.value[i + j];
    if constexpr (has_first) tail[2][j] = work.first[i + j];
    if constexpr (has_second) tail[3][j] = work.second[i + j];
  }
  at(tail[0], tail[1], tail[2], tail[3]);
  for (std::ptrdiff_t j = 0; i + j < work.n; ++j) {
    work.value[i + j] = tail[1][j];
    if constexpr (has_first) work.first[i + j] = tail[2][j];
    if constexpr (has_second) work.second[i + j] = tail[3][j];
  }
}

template <class Arch>
void update(const Work& work) {
  switch (work.constants->kind) {
    case OptimizerKind::sgd:
      return update_kind<Arch, OptimizerKind::sgd>(work);
    case OptimizerKind::momentum:
      return update_kind<Arch, OptimizerKind::momentum>(work);
    case OptimizerKind::nesterov:
      return update_kind<Arch, OptimizerKind::nesterov>(work);
    case OptimizerKind::adagrad:
      return update_kind<Arch, OptimizerKind::adagrad>(work);
    case OptimizerKind::rmsprop:
      return update_kind<Arch, OptimizerKind::rmsprop>(work);
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
      return update_kind<Arch, OptimizerKind::adam>(work);
  }
}

template <class Arch>
float sum_of_squares(const float* values, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums[4] = {Batch(0.0f), Batch(0.0f), Batch(0.0f), Batch(0.0f)};
  std::ptrdiff_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes)
    for (int k = 0; k < 4; ++k) {
      const Batch v = Batch::load_unaligned(values + i + k * lanes);
      sums[k] = simd::multiply_add(v, v, sums[k]);
    }
  for (; i + lanes <= n; i += lanes) {
    const Batch v = Batch::load_unaligned(values + i);
    sums[0] = simd::multiply_add(v, v, sums[0]);
  }
  float sum = xsimd::reduce_add((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < n; ++i) sum += values[i] * values[i];
  return sum;
}

template <class Arch>
constexpr Table table() {
  return {&update<Arch>, &sum_of_squares<Arch>};
}

}  // namespace cvlab::update_kernel
