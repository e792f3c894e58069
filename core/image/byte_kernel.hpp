// Point operations on bytes, several at a time; see core/simd/dispatch.hpp for how this is compiled and chosen. The
// loops over interleaved colours and over two rows are plain: compilers vectorise them for each instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <xsimd/xsimd.hpp>

namespace cvlab::byte_kernel {

struct Table {
  // out = 255 where in > level, else 0
  void (*threshold)(const std::uint8_t* in, std::ptrdiff_t n, std::uint8_t level, std::uint8_t* out);
  // n pixels R G B -> grey, core/image/colour.hpp
  void (*grey)(const std::uint8_t* rgb, std::ptrdiff_t n, std::uint8_t* out);
  // out = the greater (the lesser) of a and b; out may be one of them
  void (*greater)(const std::uint8_t* a, const std::uint8_t* b, std::ptrdiff_t n, std::uint8_t* out);
  void (*lesser)(const std::uint8_t* a, const std::uint8_t* b, std::ptrdiff_t n, std::uint8_t* out);
};

const Table& best();

template <class Arch>
void threshold(const std::uint8_t* in, std::ptrdiff_t n, std::uint8_t level, std::uint8_t* out) {
  using Batch = xsimd::batch<std::uint8_t, Arch>;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Batch::size);
  const Batch limit(level), on(std::uint8_t{255}), off(std::uint8_t{0});
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    xsimd::select(Batch::load_unaligned(in + i) > limit, on, off).store_unaligned(out + i);
  }
  for (; i < n; ++i) out[i] = in[i] > level ? 255 : 0;
}

template <class Arch>
void grey(const std::uint8_t* rgb, std::ptrdiff_t n, std::uint8_t* out) {
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const std::uint32_t sum = rgb[3 * i] * 9798U + rgb[3 * i + 1] * 19235U + rgb[3 * i + 2] * 3735U + 16384U;
    out[i] = static_cast<std::uint8_t>(sum >> 15);
  }
}

template <class Arch, bool Greater>
void extreme(const std::uint8_t* a, const std::uint8_t* b, std::ptrdiff_t n, std::uint8_t* out) {
  using Batch = xsimd::batch<std::uint8_t, Arch>;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Batch::size);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Batch x = Batch::load_unaligned(a + i), y = Batch::load_unaligned(b + i);
    (Greater ? xsimd::max(x, y) : xsimd::min(x, y)).store_unaligned(out + i);
  }
  for (; i < n; ++i) out[i] = (a[i] > b[i]) == Greater ? a[i] : b[i];
}

template <class Arch>
constexpr Table table() {
  return {threshold<Arch>, grey<Arch>, extreme<Arch, true>, extreme<Arch, false>};
}

}  // namespace cvlab::byte_kernel
