// Sums along rows, for reductions, normalisations and losses; see core/simd/dispatch.hpp.
#pragma once

#include <cstddef>

#include "core/simd/multiply_add.hpp"

namespace cvlab::reduce_kernel {

struct Table {
  std::ptrdiff_t lanes;
  float (*sum)(const float* x, std::ptrdiff_t n);
  float (*squares)(const float* x, float centre, std::ptrdiff_t n);                        // sum (x - centre)^2
  float (*dot)(const float* x, float centre, const float* y, std::ptrdiff_t n);            // sum (x - centre) * y
  void (*add)(const float* x, float* y, std::ptrdiff_t n);                                 // y += x
  void (*affine)(const float* x, float factor, float offset, float* y, std::ptrdiff_t n);  // y = factor * x + offset
  // y = (or +=) a * dy + b * x + c
  void (*mix)(const float* dy, float a, const float* x, float b, float c, float* y, std::ptrdiff_t n, bool accumulate);
};

const Table& best();

// Four sums at a time hide the latency of an addition.
template <class Arch, class Term>
float reduce(std::ptrdiff_t n, const Term& term) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums[4] = {Batch(0.0f), Batch(0.0f), Batch(0.0f), Batch(0.0f)};
  std::ptrdiff_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes)
    for (int k = 0; k < 4; ++k) sums[k] = term.batch(i + k * lanes, sums[k]);
  for (; i + lanes <= n; i += lanes) sums[0] = term.batch(i, sums[0]);
  float total = xsimd::reduce_add((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < n; ++i) total += term.one(i);
  return total;
}

template <class Arch>
struct Sum {
  using Batch = xsimd::batch<float, Arch>;
  const float* x;
  Batch batch(std::ptrdiff_t i, const Batch& sum) const { return sum + Batch::load_unaligned(x + i); }
  float one(std::ptrdiff_t i) const { return x[i]; }
};

template <class Arch>
struct Squares {
  using Batch = xsimd::batch<float, Arch>;
  const float* x;
  float centre;
  Batch batch(std::ptrdiff_t i, const Batch& sum) const {
    const Batch away = Batch::load_unaligned(x + i) - Batch(centre);
    return simd::multiply_add(away, away, sum);
  }
  float one(std::ptrdiff_t i) const { return (x[i] - centre) * (x[i] - centre); }
};

template <class Arch>
struct Dot {
  using Batch = xsimd::batch<float, Arch>;
  const float* x;
  float centre;
  const float* y;
  Batch batch(std::ptrdiff_t i, const Batch& sum) const {
    return simd::multiply_add(Batch::load_unaligned(x + i) - Batch(centre), Batch::load_unaligned(y + i), sum);
  }
  float one(std::ptrdiff_t i) const { return (x[i] - centre) * y[i]; }
};

template <class Arch>
float sum(const float* x, std::ptrdiff_t n) {
  return reduce<Arch>(n, Sum<Arch>{x});
}

template <class Arch>
float squares(const float* x, float centre, std::ptrdiff_t n) {
  return reduce<Arch>(n, Squares<Arch>{x, centre});
}

template <class Arch>
float dot(const float* x, float centre, const float* y, std::ptrdiff_t n) {
  return reduce<Arch>(n, Dot<Arch>{x, centre, y});
}

template <class Arch>
void add(const float* x, float* y, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes)
    (Batch::load_unaligned(y + i) + Batch::load_unaligned(x + i)).store_unaligned(y + i);
  for (; i < n; ++i) y[i] += x[i];
}

template <class Arch>
void affine(const float* x, float factor, float offset, float* y, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes)
    simd::multiply_add(Batch::load_unaligned(x + i), Batch(factor), Batch(offset)).store_unaligned(y + i);
  for (; i < n; ++i) y[i] = x[i] * factor + offset;
}

template <class Arch, bool accumulate>
void mix_loop(const float* dy, float a, const float* x, float b, float c, float* y, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    Batch sum = simd::multiply_add(Batch::load_unaligned(x + i), Batch(b), Batch(c));
    sum = simd::multiply_add(Batch::load_unaligned(dy + i), Batch(a), sum);
    if constexpr (accumulate) sum += Batch::load_unaligned(y + i);
    sum.store_unaligned(y + i);
  }
  for (; i < n; ++i) y[i] = (accumulate ? y[i] : 0.0f) + (dy[i] * a + (x[i] * b + c));
}

template <class Arch>
void mix(const float* dy, float a, const float* x, float b, float c, float* y, std::ptrdiff_t n, bool accumulate) {
  accumulate ? mix_loop<Arch, true>(dy, a, x, b, c, y, n) : mix_loop<Arch, false>(dy, a, x, b, c, y, n);
}

template <class Arch>
constexpr Table table() {
  return {static_cast<std::ptrdiff_t>(xsimd::batch<float, Arch>::size),
          &sum<Arch>,
          &squares<Arch>,
          &dot<Arch>,
          &add<Arch>,
          &affine<Arch>,
          &mix<Arch>};
}

}  // namespace cvlab::reduce_kernel
