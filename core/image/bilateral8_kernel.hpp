// A row of the bilateral filter; see core/simd/dispatch.hpp for how kernels are compiled and chosen.
//
// Both weights are one power of two, 2^(range * difference^2 + space), by a polynomial: no table to look up. Products
// and sums are not fused, so every machine and the web build make the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/tiles.hpp"

namespace cvlab::bilateral8_kernel {

inline constexpr std::ptrdiff_t slack = 32;  // values beyond n that are read and written

struct Neighbour {
  std::ptrdiff_t offset;  // from a pixel to this neighbour
  float space;            // logarithm to base 2 of its weight by distance
};

struct Window {
  const Neighbour* neighbours;
  int count;
  float range;  // logarithm to base 2 of the weight by difference, for a difference of 1; not positive
};

struct Table {
  // in: a row in float, channel c `plane` values after channel c - 1; out: as many rows of `stride` values, the means.
  void (*grey)(const Window& window, const float* in, std::ptrdiff_t plane, std::ptrdiff_t n, float* out,
               std::ptrdiff_t stride);
  void (*grey_alpha)(const Window& window, const float* in, std::ptrdiff_t plane, std::ptrdiff_t n, float* out,
                     std::ptrdiff_t stride);
  void (*rgb)(const Window& window, const float* in, std::ptrdiff_t plane, std::ptrdiff_t n, float* out,
              std::ptrdiff_t stride);
  void (*rgba)(const Window& window, const float* in, std::ptrdiff_t plane, std::ptrdiff_t n, float* out,
               std::ptrdiff_t stride);
};

const Table& best();

// 2^x for x <= 0, to 4e-6 of it; 2^0 is 1. The whole part goes to the exponent, a polynomial does the rest.
template <class Arch>
[[gnu::always_inline]] inline xsimd::batch<float, Arch> power_of_two(xsimd::batch<float, Arch> x) {
  using Float = xsimd::batch<float, Arch>;
  using Int = xsimd::batch<std::int32_t, Arch>;
  const Float magic(12582912.0F);  // 1.5 * 2^23: adding it rounds to a whole number, held in the low bits
  x = xsimd::max(x, Float(-120.0F));
  const Float shifted = x + magic;
  const Float rest = x - (shifted - magic);
  Float p = Float(0.0096003953F) * rest + Float(0.0559168942F);
  p = p * rest + Float(0.2402371913F);
  p = p * rest + Float(0.6931219697F);
  p = p * rest + Float(1.0F);
  const Int whole = xsimd::bitwise_cast<std::int32_t>(shifted) << 23;
  return xsimd::bitwise_cast<float>(xsimd::bitwise_cast<std::int32_t>(p) + whole);
}

template <class Arch, int Channels>
void row(const Window& window, const float* in, std::ptrdiff_t plane, std::ptrdiff_t n, float* out,
         std::ptrdiff_t stride) {
  using Float = xsimd::batch<float, Arch>;
  constexpr int tile = Channels == 1 ? 2 : 1;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Float::size);
  const Float range(window.range);
  for (std::ptrdiff_t x = 0; x < n; x += tile * lanes) {
    Float here[tile * Channels], sum[tile * Channels], weights[tile];
    simd::unrolled<Arch, tile>([&](auto t) __attribute__((always_inline)) {
      weights[t] = Float(0.0F);
      simd::unrolled<Arch, Channels>([&](auto c) __attribute__((always_inline)) {
        here[t * Channels + c] = Float::load_unaligned(in + c * plane + x + t * lanes);
        sum[t * Channels + c] = Float(0.0F);
      });
    });
    for (int k = 0; k < window.count; ++k) {
      const float* there = in + x + window.neighbours[k].offset;
      const Float space(window.neighbours[k].space);
      simd::unrolled<Arch, tile>([&](auto t) __attribute__((always_inline)) {
        Float value[Channels], difference(0.0F);
        simd::unrolled<Arch, Channels>([&](auto c) __attribute__((always_inline)) {
          value[c] = Float::load_unaligned(there + c * plane + t * lanes);
          difference += xsimd::abs(value[c] - here[t * Channels + c]);
        });
        const Float w = power_of_two<Arch>(difference * difference * range + space);
        weights[t] += w;
        simd::unrolled<Arch, Channels>([&](auto c)
                                           __attribute__((always_inline)) { sum[t * Channels + c] += w * value[c]; });
      });
    }
    simd::unrolled<Arch, tile>([&](auto t) __attribute__((always_inline)) {
      simd::unrolled<Arch, Channels>([&](auto c) __attribute__((always_inline)) {
        (sum[t * Channels + c] / weights[t]).store_unaligned(out + c * stride + x + t * lanes);
      });
    });
  }
}

template <class Arch>
constexpr Table table() {
  return {&row<Arch, 1>, &row<Arch, 2>, &row<Arch, 3>, &row<Arch, 4>};
}

}  // namespace cvlab::bilateral8_kernel
