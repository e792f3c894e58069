// What kernels with tiles of registers share.
#pragma once

#include <type_traits>
#include <utility>
#include <xsimd/xsimd.hpp>

namespace cvlab::simd {

// Calls f with 0, 1, … Count-1 as constants: arrays indexed by them become registers.
template <class Arch, int Count, class Function>
[[gnu::always_inline]] inline void unrolled(Function&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, Count>{});
}

// xsimd transposes 8x8 floats in registers, but 16x16 through memory.
template <class Arch>
struct TransposeArch {
  using type = Arch;
};
template <>
struct TransposeArch<xsimd::avx512bw> {
  using type = xsimd::avx2;
};

}  // namespace cvlab::simd
