// Row and column of the 8-bit Gaussian; see core/simd/dispatch.hpp for how kernels are compiled and chosen.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/pairs.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::gaussian8_kernel {

// Arrays that are written or read in whole steps are this much longer than their n; every step divides it.
inline constexpr std::ptrdiff_t slack = 128;

struct Table {
  // out[x] = (sum of weights[k] * in[x + k * step], k = 0 .. 2 * radius) - 2^15: the weights add up to 256, so the sum
  // has 16 bits, and signed numbers are what `column` multiplies.
  void (*row)(const std::uint8_t* in, std::ptrdiff_t n, std::ptrdiff_t step, const std::uint16_t* weights, int radius,
              std::int16_t* out);
  // out[x] = (sum of weights[k] * (rows[k][x] + 2^15) + 2^15) >> 16, for n a multiple of `slack`.
  void (*column)(const std::int16_t* const* rows, std::ptrdiff_t n, const std::uint16_t* weights, int radius,
                 std::uint8_t* out);
};

const Table& best();

template <class Arch>
void row(const std::uint8_t* in, std::ptrdiff_t n, std::ptrdiff_t step, const std::uint16_t* weights, int radius,
         std::int16_t* out) {
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  constexpr int tile = 4;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const Short middle(static_cast<std::int16_t>(weights[radius]));
  const Short sign(static_cast<std::int16_t>(-32768));
  for (std::ptrdiff_t x = 0; x < n; x += tile * lanes) {
    Short sum[tile];
    const std::uint8_t* centre = in + x + radius * step;
    simd::unrolled<Arch, tile>([&](auto t) { sum[t] = middle * P::load_bytes(centre + t * lanes) + sign; });
    for (int k = 1; k <= radius; ++k) {
      const Short weight(static_cast<std::int16_t>(weights[radius - k]));
      const std::uint8_t* left = centre - k * step;
      const std::uint8_t* right = centre + k * step;
      simd::unrolled<Arch, tile>(
          [&](auto t) { sum[t] += weight * (P::load_bytes(left + t * lanes) + P::load_bytes(right + t * lanes)); });
    }
    simd::unrolled<Arch, tile>([&](auto t) { sum[t].store_unaligned(out + x + t * lanes); });
  }
}

template <class Arch>
void column(const std::int16_t* const* rows, std::ptrdiff_t n, const std::uint16_t* weights, int radius,
            std::uint8_t* out) {
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  using Long = typename P::Long;
  constexpr int tile = 2;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const Short zero(static_cast<std::int16_t>(0));
  const Short middle(static_cast<std::int16_t>(weights[radius]));
  const Long start(32768 * 256 + 32768);
  for (std::ptrdiff_t x = 0; x < n; x += tile * lanes) {
    Long low[tile], high[tile];
    simd::unrolled<Arch, tile>([&](auto t) {
      const Short v = Short::load_unaligned(rows[radius] + x + t * lanes);
      low[t] = P::dot(P::low(v, zero), middle) + start;
      high[t] = P::dot(P::high(v, zero), middle) + start;
    });
    for (int k = 0; k < radius; ++k) {
      const Short weight(static_cast<std::int16_t>(weights[k]));
      const std::int16_t* above = rows[k] + x;
      const std::int16_t* below = rows[2 * radius - k] + x;
      simd::unrolled<Arch, tile>([&](auto t) {
        const Short a = Short::load_unaligned(above + t * lanes);
        const Short b = Short::load_unaligned(below + t * lanes);
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
  return {&row<Arch>, &column<Arch>};
}

}  // namespace cvlab::gaussian8_kernel
