// What 8-bit filters need beyond xsimd: products of neighbouring 16-bit numbers added in 32 bits, and the way back to
// bytes. Interleaving and narrowing work within each 128-bit lane, so one undoes the other's order.
//
//   low(a, b), high(a, b)  a0 b0 a1 b1 … of the lower (upper) half of every lane
//   dot(a, b)              a0*b0 + a1*b1, a2*b2 + a3*b3, …  (32 bits)
//   narrow(low, high)      32 -> 16 bits, saturated; the order before interleaving
//   store_bytes(to, v)     16 -> 8 bits of values 0 .. 255, in order; store_bytes(to, v, w): twice as many
//   high_product(a, b)     upper half of the products of numbers without sign
//   load_bytes(from)       8 -> 16 bits, in order
//
// Where has_byte_dot, registers may hold bytes, too, twice as many:
//   byte_dot(a, b)         a0*b0 + a1*b1, … (16 bits, saturated) of bytes a without and b with sign
//   low_bytes, high_bytes  as low, high; pack_bytes undoes them for values 0 .. 255
#pragma once

#include <cstdint>
#include <xsimd/xsimd.hpp>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

namespace cvlab::simd {

template <class Arch>
struct Pairs {  // any machine: through memory, one lane of all elements
  using Short = xsimd::batch<std::int16_t, Arch>;
  using Long = xsimd::batch<std::int32_t, Arch>;
  static constexpr int n = static_cast<int>(Short::size);
  static constexpr bool has_byte_dot = false;
  static Short low(Short a, Short b) { return xsimd::zip_lo(a, b); }
  static Short high(Short a, Short b) { return xsimd::zip_hi(a, b); }
  static Long dot(Short a, Short b) {
    std::int16_t x[n], y[n];
    std::int32_t sum[n / 2];
    a.store_unaligned(x);
    b.store_unaligned(y);
    for (int i = 0; i < n / 2; ++i) sum[i] = x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
    return Long::load_unaligned(sum);
  }
  static Short narrow(Long a, Long b) {
    std::int32_t wide[n];
    std::int16_t out[n];
    a.store_unaligned(wide);
    b.store_unaligned(wide + n / 2);
    for (int i = 0; i < n; ++i)
      out[i] = static_cast<std::int16_t>(wide[i] > 32767 ? 32767 : wide[i] < -32768 ? -32768 : wide[i]);
    return Short::load_unaligned(out);
  }
  static void store_bytes(std::uint8_t* to, Short v) {
    std::int16_t x[n];
    v.store_unaligned(x);
    for (int i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(x[i]);
  }
  static void store_bytes(std::uint8_t* to, Short v, Short w) {
    store_bytes(to, v);
    store_bytes(to + n, w);
  }
  static Short high_product(Short a, Short b) {
    std::uint16_t x[n], y[n];
    xsimd::bitwise_cast<std::uint16_t>(a).store_unaligned(x);
    xsimd::bitwise_cast<std::uint16_t>(b).store_unaligned(y);
    for (int i = 0; i < n; ++i)
      x[i] = static_cast<std::uint16_t>((static_cast<std::uint32_t>(x[i]) * static_cast<std::uint32_t>(y[i])) >> 16);
    return xsimd::bitwise_cast<std::int16_t>(xsimd::batch<std::uint16_t, Arch>::load_unaligned(x));
  }
  static Short load_bytes(const std::uint8_t* from) {
    std::int16_t x[n];
    for (int i = 0; i < n; ++i) x[i] = from[i];
    return Short::load_unaligned(x);
  }
};

#if defined(__SSE2__)
template <>
struct Pairs<xsimd::sse2> {
  using Short = xsimd::batch<std::int16_t, xsimd::sse2>;
  using Long = xsimd::batch<std::int32_t, xsimd::sse2>;
  static constexpr bool has_byte_dot = false;
  static Short low(Short a, Short b) { return _mm_unpacklo_epi16(a, b); }
  static Short high(Short a, Short b) { return _mm_unpackhi_epi16(a, b); }
  static Long dot(Short a, Short b) { return _mm_madd_epi16(a, b); }
  static Short narrow(Long a, Long b) { return _mm_packs_epi32(a, b); }
  static void store_bytes(std::uint8_t* to, Short v) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(v, v));
  }
  static void store_bytes(std::uint8_t* to, Short v, Short w) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(v, w));
  }
  static Short high_product(Short a, Short b) { return _mm_mulhi_epu16(a, b); }
  static Short load_bytes(const std::uint8_t* from) {
    return _mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)), _mm_setzero_si128());
  }
};
#endif

#if defined(__AVX2__)
template <>
struct Pairs<xsimd::fma3<xsimd::avx2>> {
  using Short = xsimd::batch<std::int16_t, xsimd::fma3<xsimd::avx2>>;
  using Long = xsimd::batch<std::int32_t, xsimd::fma3<xsimd::avx2>>;
  static constexpr bool has_byte_dot = true;
  static Short byte_dot(Short a, Short b) { return _mm256_maddubs_epi16(a, b); }
  static Short low_bytes(Short a, Short b) { return _mm256_unpacklo_epi8(a, b); }
  static Short high_bytes(Short a, Short b) { return _mm256_unpackhi_epi8(a, b); }
  static Short pack_bytes(Short a, Short b) { return _mm256_packus_epi16(a, b); }
  static Short low(Short a, Short b) { return _mm256_unpacklo_epi16(a, b); }
  static Short high(Short a, Short b) { return _mm256_unpackhi_epi16(a, b); }
  static Long dot(Short a, Short b) { return _mm256_madd_epi16(a, b); }
  static Short narrow(Long a, Long b) { return _mm256_packs_epi32(a, b); }
  static void store_bytes(std::uint8_t* to, Short v) {
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(v, v), 0x08);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(bytes));
  }
  static void store_bytes(std::uint8_t* to, Short v, Short w) {
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(v, w), 0xD8);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
  }
  static Short high_product(Short a, Short b) { return _mm256_mulhi_epu16(a, b); }
  static Short load_bytes(const std::uint8_t* from) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
};
#endif

#if defined(__AVX512BW__)
template <>
struct Pairs<xsimd::avx512bw> {
  using Short = xsimd::batch<std::int16_t, xsimd::avx512bw>;
  using Long = xsimd::batch<std::int32_t, xsimd::avx512bw>;
  static constexpr bool has_byte_dot = true;
  static Short byte_dot(Short a, Short b) { return _mm512_maddubs_epi16(a, b); }
  static Short low_bytes(Short a, Short b) { return _mm512_unpacklo_epi8(a, b); }
  static Short high_bytes(Short a, Short b) { return _mm512_unpackhi_epi8(a, b); }
  static Short pack_bytes(Short a, Short b) { return _mm512_packus_epi16(a, b); }
  static Short low(Short a, Short b) { return _mm512_unpacklo_epi16(a, b); }
  static Short high(Short a, Short b) { return _mm512_unpackhi_epi16(a, b); }
  static Long dot(Short a, Short b) { return _mm512_madd_epi16(a, b); }
  static Short narrow(Long a, Long b) { return _mm512_packs_epi32(a, b); }
  static void store_bytes(std::uint8_t* to, Short v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtepi16_epi8(v));
  }
  static void store_bytes(std::uint8_t* to, Short v, Short w) {
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    _mm512_storeu_si512(to, _mm512_permutexvar_epi64(order, _mm512_packus_epi16(v, w)));
  }
  static Short high_product(Short a, Short b) { return _mm512_mulhi_epu16(a, b); }
  static Short load_bytes(const std::uint8_t* from) {
    return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }
};
#endif

#if defined(__wasm_simd128__)
template <>
struct Pairs<xsimd::wasm> {
  using Short = xsimd::batch<std::int16_t, xsimd::wasm>;
  using Long = xsimd::batch<std::int32_t, xsimd::wasm>;
  static constexpr bool has_byte_dot = false;
  static Short low(Short a, Short b) {
    const v128_t x = a;  // the macro below casts its arguments
    const v128_t y = b;
    return wasm_i16x8_shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
  }
  static Short high(Short a, Short b) {
    const v128_t x = a;
    const v128_t y = b;
    return wasm_i16x8_shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
  }
  static Long dot(Short a, Short b) { return wasm_i32x4_dot_i16x8(a, b); }
  static Short narrow(Long a, Long b) { return wasm_i16x8_narrow_i32x4(a, b); }
  static void store_bytes(std::uint8_t* to, Short v) {
    const v128_t bytes = wasm_u8x16_narrow_i16x8(v, v);
    wasm_v128_store64_lane(to, bytes, 0);
  }
  static void store_bytes(std::uint8_t* to, Short v, Short w) { wasm_v128_store(to, wasm_u8x16_narrow_i16x8(v, w)); }
  static Short high_product(Short a, Short b) {
    const v128_t low = wasm_u32x4_extmul_low_u16x8(a, b);
    const v128_t high = wasm_u32x4_extmul_high_u16x8(a, b);
    return wasm_i16x8_shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
  }
  static Short load_bytes(const std::uint8_t* from) { return wasm_u16x8_load8x8(from); }
};
#endif

}  // namespace cvlab::simd
