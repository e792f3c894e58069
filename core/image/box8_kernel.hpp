// Sums of windows; see core/simd/dispatch.hpp for how kernels are compiled and chosen. Plain loops: the compiler
// vectorises them for each instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/pairs.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::box8_kernel {

struct Table {
  // sums += entering - leaving; null is a row of zeros.
  void (*slide16)(const std::uint8_t* entering, const std::uint8_t* leaving, std::ptrdiff_t n, std::uint16_t* sums);
  void (*slide32)(const std::uint8_t* entering, const std::uint8_t* leaving, std::ptrdiff_t n, std::uint32_t* sums);
  // out[x] = sums[x] + sums[x + step] + sums[x + 2 * step]: windows of a multiple of three add these.
  void (*threes)(const std::uint16_t* sums, std::ptrdiff_t n, std::ptrdiff_t step, std::uint16_t* out);
  // out[x] = ((sum of sums[x + k * step], k < count) + half) * reciprocal >> 16 >> shift, all in 16 bits; n is a
  // multiple of `slack`.
  void (*mean16)(const std::uint16_t* sums, std::ptrdiff_t n, std::ptrdiff_t step, int count, int half, int reciprocal,
                 int shift, std::uint8_t* out);
  // out[x] = (sums[x] + half) * reciprocal, cut off; exact where 512 * area < 2^23.
  void (*divide)(const std::uint32_t* sums, std::ptrdiff_t n, float half, float reciprocal, std::uint8_t* out);
};
inline constexpr std::ptrdiff_t slack = 128;

const Table& best();

template <class Arch, class Sum>
void slide(const std::uint8_t* __restrict entering, const std::uint8_t* __restrict leaving, std::ptrdiff_t n,
           Sum* __restrict sums) {
  if (entering == nullptr) {
    if (leaving == nullptr) return;
    for (std::ptrdiff_t x = 0; x < n; ++x) sums[x] = static_cast<Sum>(sums[x] - leaving[x]);
  } else if (leaving == nullptr) {
    for (std::ptrdiff_t x = 0; x < n; ++x) sums[x] = static_cast<Sum>(sums[x] + entering[x]);
  } else {
    for (std::ptrdiff_t x = 0; x < n; ++x) sums[x] = static_cast<Sum>(sums[x] + entering[x] - leaving[x]);
  }
}

template <class Arch>
void threes(const std::uint16_t* __restrict sums, std::ptrdiff_t n, std::ptrdiff_t step,
            std::uint16_t* __restrict out) {
  for (std::ptrdiff_t x = 0; x < n; ++x)
    out[x] = static_cast<std::uint16_t>(sums[x] + sums[x + step] + sums[x + 2 * step]);
}

template <class Arch>
void mean16(const std::uint16_t* sums, std::ptrdiff_t n, std::ptrdiff_t step, int count, int half, int reciprocal,
            int shift, std::uint8_t* out) {
  using P = simd::Pairs<Arch>;
  using Batch = xsimd::batch<std::uint16_t, Arch>;
  constexpr int tile = 4;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Batch::size);
  const auto factor = xsimd::bitwise_cast<std::int16_t>(Batch(static_cast<std::uint16_t>(reciprocal)));
  const Batch rounding(static_cast<std::uint16_t>(half));
  const auto quotient = [&](Batch sum) {
    const auto high = P::high_product(xsimd::bitwise_cast<std::int16_t>(sum), factor);
    return xsimd::bitwise_cast<std::int16_t>(xsimd::bitwise_cast<std::uint16_t>(high) >> shift);
  };
  for (std::ptrdiff_t x = 0; x < n; x += tile * lanes) {
    Batch sum[tile];
    simd::unrolled<Arch, tile>([&](auto t) { sum[t] = Batch::load_unaligned(sums + x + t * lanes) + rounding; });
    for (int k = 1; k < count; ++k) {
      const std::uint16_t* from = sums + x + k * step;
      simd::unrolled<Arch, tile>([&](auto t) { sum[t] += Batch::load_unaligned(from + t * lanes); });
    }
    P::store_bytes(out + x, quotient(sum[0]), quotient(sum[1]));
    P::store_bytes(out + x + 2 * lanes, quotient(sum[2]), quotient(sum[3]));
  }
}

template <class Arch>
void divide(const std::uint32_t* __restrict sums, std::ptrdiff_t n, float half, float reciprocal,
            std::uint8_t* __restrict out) {
  for (std::ptrdiff_t x = 0; x < n; ++x) {
    const float sum = static_cast<float>(static_cast<std::int32_t>(sums[x]));
    out[x] = static_cast<std::uint8_t>(static_cast<std::int32_t>((sum + half) * reciprocal));
  }
}

template <class Arch>
constexpr Table table() {
  return {&slide<Arch, std::uint16_t>, &slide<Arch, std::uint32_t>, &threes<Arch>, &mean16<Arch>, &divide<Arch>};
}

}  // namespace cvlab::box8_kernel
