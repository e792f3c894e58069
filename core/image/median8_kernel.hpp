// Medians of 9 and of 25 by networks of minima and maxima; see core/simd/dispatch.hpp for how kernels are compiled and
// chosen. Columns are sorted once and shared by all windows that see them; then each window sorts as much as its middle
// value needs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/image/median_network.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::median8_kernel {

struct Table {
  // rows: Size rows with their border; sorted: Size rows of `stride` bytes to work in. out[x] is the median of the
  // window rows[*][x + k * step]. All arrays have `slack` bytes beyond n + (Size - 1) * step.
  void (*median3)(const std::uint8_t* const* rows, std::ptrdiff_t n, std::ptrdiff_t step, std::uint8_t* sorted,
                  std::ptrdiff_t stride, std::uint8_t* out);
  void (*median5)(const std::uint8_t* const* rows, std::ptrdiff_t n, std::ptrdiff_t step, std::uint8_t* sorted,
                  std::ptrdiff_t stride, std::uint8_t* out);
  // histogram[i] += entering[i] - leaving[i] of 256 counts.
  void (*slide)(const std::uint16_t* entering, const std::uint16_t* leaving, std::uint16_t* histogram);
};
inline constexpr std::ptrdiff_t slack = 64;

const Table& best();

template <class Arch, int Count, class Values>
[[gnu::always_inline]] inline void run(const Exchange (&network)[Count], Values& v) {
  simd::unrolled<Arch, Count>([&](auto i) __attribute__((always_inline)) {
    constexpr int at = decltype(i)::value;
    const int a = network[at].low;
    const int b = network[at].high;
    const auto low = xsimd::min(v[a], v[b]);
    v[b] = xsimd::max(v[a], v[b]);
    v[a] = low;
  });
}

template <class Arch, int Size>
void median(const std::uint8_t* const* rows, std::ptrdiff_t n, std::ptrdiff_t step, std::uint8_t* sorted,
            std::ptrdiff_t stride, std::uint8_t* out) {
  using Batch = xsimd::batch<std::uint8_t, Arch>;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Batch::size);
  for (std::ptrdiff_t x = 0; x < n + (Size - 1) * step; x += lanes) {
    Batch v[Size];
    simd::unrolled<Arch, Size>([&](auto k) { v[k] = Batch::load_unaligned(rows[k] + x); });
    if constexpr (Size == 3) {
      run<Arch>(sort3, v);
    } else {
      run<Arch>(sort5, v);
    }
    simd::unrolled<Arch, Size>([&](auto k) { v[k].store_unaligned(sorted + k * stride + x); });
  }
  for (std::ptrdiff_t x = 0; x < n; x += lanes) {
    Batch v[Size * Size];
    simd::unrolled<Arch, Size * Size>([&](auto i) {
      constexpr int at = decltype(i)::value;
      v[at] = Batch::load_unaligned(sorted + (at / Size) * stride + x + (at % Size) * step);
    });
    if constexpr (Size == 3) {
      run<Arch>(network9, v);
      v[middle9].store_unaligned(out + x);
    } else {
      run<Arch>(network25, v);
      v[middle25].store_unaligned(out + x);
    }
  }
}

template <class Arch>
void slide(const std::uint16_t* __restrict entering, const std::uint16_t* __restrict leaving,
           std::uint16_t* __restrict histogram) {
  for (int i = 0; i < 256; ++i) histogram[i] = static_cast<std::uint16_t>(histogram[i] + entering[i] - leaving[i]);
}

template <class Arch>
constexpr Table table() {
  return {&median<Arch, 3>, &median<Arch, 5>, &slide<Arch>};
}

}  // namespace cvlab::median8_kernel
