// Source coordinates of a row of a warp on xsimd's batch of doubles; see core/simd/dispatch.hpp for how it is compiled
// and chosen.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/pairs.hpp"

namespace cvlab::warp_kernel {

// Adding it to |x| < 2^31 leaves round-to-even(x) in the low 32 bits of the sum.
inline constexpr double rounding = 6755399441055744.0;  // 1.5 * 2^52
// Farther than any picture, in 1/32 px; sums of such stay within 32 bits.
inline constexpr double far_away = 536870912.0;

inline constexpr std::ptrdiff_t block = 64;  // columns at a time: coordinates stay in the first-level cache

// coordinates: for x in first + [0, n), 32 (h0 x + h2) / (h6 x + h8) and likewise for h3, h5, each kept within
// +-far_away, no number at -far_away, plus `rounding`. h1 y, h4 y, h7 y are in h2, h5, h8 already. cells: the same
// places as whole numbers, none of them outside the picture, n <= block:
//   cells[i] = row * width + column
//   parts[i] = 32 * (32nds below the row) + 32nds beyond the column
// blend: grey pixels between four: upper[i] and lower[i] are two neighbours each, the left one in the low byte. Reads
// and writes whole blocks.
struct Table {
  void (*coordinates)(const double* h, double first, std::ptrdiff_t n, double* x, double* y);
  void (*cells)(const double* h, double first, std::ptrdiff_t n, std::int32_t width, std::int32_t* cells,
                std::uint16_t* parts);
  void (*blend)(const std::uint16_t* upper, const std::uint16_t* lower, const std::uint16_t* parts, std::uint8_t* to);
};

const Table& best();

template <class Arch>
struct Line {  // the places of one row
  using Batch = xsimd::batch<double, Arch>;
  explicit Line(const double* numbers) : h(numbers) {
    double steps[Batch::size];
    for (std::size_t i = 0; i < Batch::size; ++i) steps[i] = static_cast<double>(i);
    ramp = Batch::load_unaligned(steps);
  }
  // Rounded by the sum with `rounding`, which is still in it.
  template <bool Near>
  void place(double first, Batch& x, Batch& y) const {
    const Batch at = Batch(first) + ramp;
    const Batch w = Batch(h[6]) * at + Batch(h[8]);
    const Batch scale = Batch(32.0) / w;
    const auto rounded = [&](double a, double c) {
      const Batch p = (Batch(a) * at + Batch(c)) * scale;
      if constexpr (Near) return p + Batch(rounding);
      const Batch kept = xsimd::max(Batch(-far_away), xsimd::min(Batch(far_away), p));
      return xsimd::select(xsimd::isnan(p), Batch(-far_away), kept) + Batch(rounding);
    };
    x = rounded(h[0], h[2]);
    y = rounded(h[3], h[5]);
  }
  const double* h;
  Batch ramp;
};

template <class Batch>
inline void store(Batch values, double* to, std::ptrdiff_t n) {
  if (n >= static_cast<std::ptrdiff_t>(Batch::size)) {
    values.store_unaligned(to);
    return;
  }
  double tail[Batch::size];
  values.store_unaligned(tail);
  for (std::ptrdiff_t j = 0; j < n; ++j) to[j] = tail[j];
}

template <class Arch>
void coordinates(const double* h, double first, std::ptrdiff_t n, double* out_x, double* out_y) {
  using Batch = xsimd::batch<double, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const Line<Arch> line(h);
  for (std::ptrdiff_t i = 0; i < n; i += lanes) {
    Batch x, y;
    line.template place<false>(first + static_cast<double>(i), x, y);
    store(x, out_x + i, n - i);
    store(y, out_y + i, n - i);
  }
}

template <class Arch>
void cells(const double* h, double first, std::ptrdiff_t n, std::int32_t width, std::int32_t* __restrict out,
           std::uint16_t* __restrict parts) {
  using Batch = xsimd::batch<double, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  std::int64_t xs[block], ys[block];
  const Line<Arch> line(h);
  for (std::ptrdiff_t i = 0; i < n; i += lanes) {
    Batch x, y;
    line.template place<true>(first + static_cast<double>(i), x, y);
    xsimd::bitwise_cast<std::int64_t>(x).store_unaligned(xs + i);
    xsimd::bitwise_cast<std::int64_t>(y).store_unaligned(ys + i);
  }
  for (std::ptrdiff_t i = 0; i < n; ++i) {  // plain: compilers turn it into vectors
    const auto x = static_cast<std::int32_t>(xs[i]), y = static_cast<std::int32_t>(ys[i]);
    out[i] = (y >> 5) * width + (x >> 5);
    parts[i] = static_cast<std::uint16_t>(((y & 31) << 5) | (x & 31));
  }
}

template <class Arch>
void blend(const std::uint16_t* upper, const std::uint16_t* lower, const std::uint16_t* parts, std::uint8_t* to) {
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  using Word = xsimd::batch<std::uint16_t, Arch>;
  using Long = typename P::Long;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const auto number = [](Word v) { return xsimd::bitwise_cast<std::int16_t>(v); };
  const Word byte(std::uint16_t{255}), part(std::uint16_t{31}), whole(std::uint16_t{32});
  const Long half(512);
  for (std::ptrdiff_t i = 0; i < block; i += lanes) {
    const Word fraction = Word::load_unaligned(parts + i);
    const Word ax = fraction & part, ay = fraction >> 5;
    const auto across = [&](const std::uint16_t* pairs) {  // 32 left + ax (right - left)
      const Word pair = Word::load_unaligned(pairs + i);
      const Word left = pair & byte;
      return number((left << 5) + ax * ((pair >> 8) - left));
    };
    const Short above = across(upper), below = across(lower);
    const Short wa = number(whole - ay), wb = number(ay);
    const Long low = P::dot(P::low(above, below), P::low(wa, wb)) + half;
    const Long high = P::dot(P::high(above, below), P::high(wa, wb)) + half;
    P::store_bytes(to + i, P::narrow(low >> 10, high >> 10));
  }
}

template <class Arch>
constexpr Table table() {
  return {&coordinates<Arch>, &cells<Arch>, &blend<Arch>};
}

}  // namespace cvlab::warp_kernel
