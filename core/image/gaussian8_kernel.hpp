// Row and column of the 8-bit Gaussian; see core/simd/dispatch.hpp for how kernels are compiled and chosen.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/pairs.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::gaussian8_kernel {

// Arrays that are written or read in whole steps are this much longer than their n.
inline constexpr std::ptrdiff_t slack = 128;

struct Table {
  void (*widen)(const std::uint8_t* in, std::ptrdiff_t n, std::uint16_t* out);
  // out[x] = sum of weights[k] * in[x + k * step], k = 0 .. 2 * radius; in 16 bits: the weights add up to 256.
  void (*row)(const std::uint16_t* in, std::ptrdiff_t n, std::ptrdiff_t step, const std::uint16_t* weights, int radius,
              std::uint16_t* out);
  // out[x] = (sum of weights[k] * rows[k][x] + 2^15) >> 16.
  void (*column)(const std::uint16_t* const* rows, std::ptrdiff_t n, const std::uint16_t* weights, int radius,
                 std::uint8_t* out);
};

const Table& best();

template <class Arch>
void widen(const std::uint8_t* __restrict in, std::ptrdiff_t n, std::uint16_t* __restrict out) {
  for (std::ptrdiff_t i = 0; i < n; ++i) out[i] = in[i];
}

template <class Arch>
void row(const std::uint16_t* in, std::ptrdiff_t n, std::ptrdiff_t step, const std::uint16_t* weights, int radius,
         std::uint16_t* out) {
  using Batch = xsimd::batch<std::uint16_t, Arch>;
  constexpr int tile = 4;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Batch::size);
  const Batch middle(weights[radius]);
  for (std::ptrdiff_t x = 0; x < n; x += tile * lanes) {
    Batch sum[tile];
    const std::uint16_t* centre = in + x + radius * step;
    simd::unrolled<Arch, tile>([&](auto t) { sum[t] = middle * Batch::load_unaligned(centre + t * lanes); });
    for (int k = 1; k <= radius; ++k) {
      const Batch weight(weights[radius - k]);
      const std::uint16_t* left = centre - k * step;
      const std::uint16_t* right = centre + k * step;
      simd::unrolled<Arch, tile>([&](auto t) {
        sum[t] += weight * (Batch::load_unaligned(left + t * lanes) + Batch::load_unaligned(right + t * lanes));
      });
    }
    simd::unrolled<Arch, tile>([&](auto t) { sum[t].store_unaligned(out + x + t * lanes); });
  }
}

// Rows are unsigned: 2^15 less makes them signed, and 2^15 * 256 more in the sum puts that right.
template <class Arch>
void column(const std::uint16_t* const* rows, std::ptrdiff_t n, const std::uint16_t* weights, int radius,
            std::uint8_t* out) {
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  using Long = typename P::Long;
  constexpr int tile = 2;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const Short sign(static_cast<std::int16_t>(-32768));
  const auto load = [&](int k, std::ptrdiff_t x) {
    return Short::load_unaligned(reinterpret_cast<const std::int16_t*>(rows[k] + x)) ^ sign;
  };
  for (std::ptrdiff_t x = 0; x < n; x += tile * lanes) {
    Long low[tile], high[tile];
    const Short zero(static_cast<std::int16_t>(0));
    const Short middle(static_cast<std::int16_t>(weights[radius]));
    simd::unrolled<Arch, tile>([&](auto t) {
      const Short v = load(radius, x + t * lanes);
      low[t] = P::dot(P::low(v, zero), middle) + Long(32768 * 256 + 32768);
      high[t] = P::dot(P::high(v, zero), middle) + Long(32768 * 256 + 32768);
    });
    for (int k = 0; k < radius; ++k) {
      const Short weight(static_cast<std::int16_t>(weights[k]));
      simd::unrolled<Arch, tile>([&](auto t) {
        const Short a = load(k, x + t * lanes);
        const Short b = load(2 * radius - k, x + t * lanes);
        low[t] += P::dot(P::low(a, b), weight);
        high[t] += P::dot(P::high(a, b), weight);
      });
    }
    simd::unrolled<Arch, tile>(
        [&](auto t) { P::store_bytes(out + x + t * lanes, P::narrow(low[t] >> 16, high[t] >> 16)); });
  }
}

template <class Arch>
constexpr Table table() {
  return {&widen<Arch>, &row<Arch>, &column<Arch>};
}

}  // namespace cvlab::gaussian8_kernel
