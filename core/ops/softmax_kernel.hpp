// One row of softmax at a time; see core/simd/dispatch.hpp.
#pragma once

#include <cstddef>

#include "core/simd/multiply_add.hpp"

namespace cvlab::softmax_kernel {

struct Sums {
  float largest;
  float sum;  // of exp(scale * (x - largest))
};

struct Table {
  std::ptrdiff_t lanes;
  // y = softmax(scale * x); y may be x.
  Sums (*softmax)(const float* x, float scale, float* y, std::ptrdiff_t n);
  // dx += factor * y * (dy - sum dy*y); dx may be dy with accumulate = false.
  void (*backward)(const float* y, const float* dy, float factor, float* dx, std::ptrdiff_t n, bool accumulate);
  // Largest and sum of exponentials alone; scale = 1.
  Sums (*sums)(const float* x, std::ptrdiff_t n);
  // dx += dy - exp(y) * total
  void (*log_backward)(const float* y, const float* dy, float total, float* dx, std::ptrdiff_t n);
};

const Table& best();

// The last batch of a row, filled up.
template <class Arch>
xsimd::batch<float, Arch> load_tail(const float* x, std::ptrdiff_t count, float fill) {
  using Batch = xsimd::batch<float, Arch>;
  float buffer[Batch::size];
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(Batch::size); ++i) buffer[i] = i < count ? x[i] : fill;
  return Batch::load_unaligned(buffer);
}

template <class Arch>
void store_tail(const xsimd::batch<float, Arch>& batch, float* y, std::ptrdiff_t count) {
  float buffer[xsimd::batch<float, Arch>::size];
  batch.store_unaligned(buffer);
  for (std::ptrdiff_t i = 0; i < count; ++i) y[i] = buffer[i];
}

// A NaN anywhere makes it a NaN or is passed over; exp then brings the NaN back either way.
template <class Arch>
float largest(const float* x, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch most = load_tail<Arch>(x, n < lanes ? n : lanes, x[0]);
  std::ptrdiff_t i = lanes;
  for (; i + lanes <= n; i += lanes) most = xsimd::max(most, Batch::load_unaligned(x + i));
  if (i < n) most = xsimd::max(most, load_tail<Arch>(x + i, n - i, x[0]));
  return xsimd::reduce_max(most);
}

template <class Arch, bool store>
Sums exponentials(const float* x, float scale, float* y, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const float most = largest<Arch>(x, n);
  const Batch offset(most), factor(scale);
  Batch sums(0.0f);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Batch e = xsimd::exp((Batch::load_unaligned(x + i) - offset) * factor);
    sums += e;
    if constexpr (store) e.store_unaligned(y + i);
  }
  float total = xsimd::reduce_add(sums);
  if (i < n) {
    const Batch e = xsimd::exp((load_tail<Arch>(x + i, n - i, most) - offset) * factor);
    float buffer[lanes];
    e.store_unaligned(buffer);
    for (std::ptrdiff_t j = i; j < n; ++j) {
      total += buffer[j - i];
      if constexpr (store) y[j] = buffer[j - i];
    }
  }
  return {most, total};
}

template <class Arch>
Sums softmax(const float* x, float scale, float* y, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const Sums sums = exponentials<Arch, true>(x, scale, y, n);
  const float share = 1.0f / sums.sum;
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) (Batch::load_unaligned(y + i) * Batch(share)).store_unaligned(y + i);
  for (; i < n; ++i) y[i] *= share;
  return sums;
}

template <class Arch>
Sums sums(const float* x, std::ptrdiff_t n) {
  return exponentials<Arch, false>(x, 1.0f, nullptr, n);
}

template <class Arch>
void backward(const float* y, const float* dy, float factor, float* dx, std::ptrdiff_t n, bool accumulate) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums(0.0f);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes)
    sums = simd::multiply_add(Batch::load_unaligned(y + i), Batch::load_unaligned(dy + i), sums);
  float total = xsimd::reduce_add(sums);
  for (; i < n; ++i) total += y[i] * dy[i];
  for (i = 0; i + lanes <= n; i += lanes) {
    Batch gradient = Batch(factor) * Batch::load_unaligned(y + i) * (Batch::load_unaligned(dy + i) - Batch(total));
    if (accumulate) gradient += Batch::load_unaligned(dx + i);
    gradient.store_unaligned(dx + i);
  }
  for (; i < n; ++i) dx[i] = (accumulate ? dx[i] : 0.0f) + factor * y[i] * (dy[i] - total);
}

template <class Arch>
void log_backward(const float* y, const float* dy, float total, float* dx, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes)
    (Batch::load_unaligned(dx + i) + Batch::load_unaligned(dy + i) -
     xsimd::exp(Batch::load_unaligned(y + i)) * Batch(total))
        .store_unaligned(dx + i);
  if (i == n) return;
  const Batch change = load_tail<Arch>(dx + i, n - i, 0.0f) + load_tail<Arch>(dy + i, n - i, 0.0f) -
                       xsimd::exp(load_tail<Arch>(y + i, n - i, 0.0f)) * Batch(total);
  store_tail<Arch>(change, dx + i, n - i);
}

template <class Arch>
constexpr Table table() {
  return {static_cast<std::ptrdiff_t>(xsimd::batch<float, Arch>::size), &softmax<Arch>, &backward<Arch>, &sums<Arch>,
          &log_backward<Arch>};
}

}  // namespace cvlab::softmax_kernel
