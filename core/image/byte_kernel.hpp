// Point operations on bytes, several at a time; see core/simd/dispatch.hpp for how this is compiled and chosen. The
// loops over interleaved colours and over two rows are plain: compilers vectorise them for each instruction set.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <xsimd/xsimd.hpp>

namespace cvlab::byte_kernel {

struct Table {
  // out = 255 where in > level, else 0
  void (*threshold)(const std::uint8_t* in, std::ptrdiff_t n, std::uint8_t level, std::uint8_t* out);
  // n pixels R G B -> grey, core/image/colour.hpp
  void (*grey)(const std::uint8_t* rgb, std::ptrdiff_t n, std::uint8_t* out);
  void (*grey_of_rgba)(const std::uint8_t* rgba, std::ptrdiff_t n, std::uint8_t* out);
  // Half the size: out = the mean of 2 x 2, rounded, halves upwards; 2n bytes of two rows
  void (*halve)(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, std::uint8_t* out);
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

template <class Arch>
void grey_of_rgba(const std::uint8_t* rgba, std::ptrdiff_t n, std::uint8_t* out) {
  static_assert(std::endian::native == std::endian::little);
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    std::uint32_t pixel;
    std::memcpy(&pixel, rgba + 4 * i, sizeof pixel);
    const std::uint32_t red = pixel & 255U, green = (pixel >> 8) & 255U, blue = (pixel >> 16) & 255U;
    out[i] = static_cast<std::uint8_t>((red * 9798U + green * 19235U + blue * 3735U + 16384U) >> 15);
  }
}

template <class Arch>
void halve(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, std::uint8_t* out) {
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    std::uint16_t a, b;  // two pixels each
    std::memcpy(&a, upper + 2 * i, sizeof a);
    std::memcpy(&b, lower + 2 * i, sizeof b);
    const auto sum = static_cast<std::uint16_t>((a & 255) + (a >> 8) + (b & 255) + (b >> 8) + 2);
    out[i] = static_cast<std::uint8_t>(sum >> 2);
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
  return {threshold<Arch>, grey<Arch>, grey_of_rgba<Arch>, halve<Arch>, extreme<Arch, true>, extreme<Arch, false>};
}

}  // namespace cvlab::byte_kernel
