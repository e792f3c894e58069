// a * b + c on a SIMD batch: one instruction, rounded once, where the machine has it (AVX2, AVX-512, NEON, relaxed
// WASM); a product and a sum elsewhere (SSE2, plain WASM). So results may differ in the last bit between machines.
#pragma once

#include <type_traits>
#include <xsimd/xsimd.hpp>

#ifdef __wasm_relaxed_simd__
#include <wasm_simd128.h>
#endif

namespace cvlab::simd {

template <class Arch>
inline xsimd::batch<float, Arch> multiply_add(const xsimd::batch<float, Arch>& a, const xsimd::batch<float, Arch>& b,
                                              const xsimd::batch<float, Arch>& c) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(a, b, c);  // xsimd 13.2 does not know relaxed SIMD
#else
  return xsimd::fma(a, b, c);
#endif
}

}  // namespace cvlab::simd
