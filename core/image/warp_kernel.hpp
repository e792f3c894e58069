// Source coordinates of a row of a warp on xsimd's batch of doubles; see core/simd/dispatch.hpp for how it is compiled
// and chosen.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/multiply_add.hpp"

namespace cvlab::warp_kernel {

// Adding it to |x| < 2^31 leaves round-to-even(x) in the low 32 bits of the sum.
inline constexpr double rounding = 6755399441055744.0;  // 1.5 * 2^52
// Farther than any picture, in 1/32 px; sums of such stay within 32 bits.
inline constexpr double far_away = 536870912.0;

// coordinates: for x in first + [0, n), 32 (h0 x + h2) / (h6 x + h8) and likewise for h3, h5, each kept within
// +-far_away, plus `rounding`. h1 y, h4 y, h7 y are in h2, h5, h8 already. keys: the same places as whole numbers, none
// of them outside, in the low bits of doubles of about 2^52:
//   1024 (row * width + column) + 32 * (32nds below the row) + 32nds beyond the column
// blend: grey pixels between four: upper[i] and lower[i] are two neighbours each, the left one in the low byte, and
// parts[i] are the last ten bits of the key.
struct Table {
  void (*coordinates)(const double* h, double first, std::ptrdiff_t n, double* x, double* y);
  void (*keys)(const double* h, double first, std::ptrdiff_t n, double width, double* keys);
  void (*blend)(const std::uint16_t* upper, const std::uint16_t* lower, const std::uint16_t* parts, std::ptrdiff_t n,
                std::uint8_t* to);
};

const Table& best();

inline constexpr double whole_bits = 4503599627370496.0;  // 2^52: a sum with it has no place for fractions

template <class Arch>
struct Line {  // the places of one row
  using Batch = xsimd::batch<double, Arch>;
  explicit Line(const double* numbers) : h(numbers) {
    double steps[Batch::size];
    for (std::size_t i = 0; i < Batch::size; ++i) steps[i] = static_cast<double>(i);
    ramp = Batch::load_unaligned(steps);
  }
  // Rounded by the sum with `rounding`, which is still in it.
  void place(double first, Batch& x, Batch& y) const {
    const Batch at = Batch(first) + ramp;
    const Batch w = Batch(h[6]) * at + Batch(h[8]);
    const Batch scale = Batch(32.0) / w;
    const auto rounded = [&](double a, double c) {
      const Batch p = xsimd::max(Batch(-far_away), xsimd::min(Batch(far_away), (Batch(a) * at + Batch(c)) * scale));
      return xsimd::select(w == Batch(0.0), Batch(-far_away), p) + Batch(rounding);
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
    line.place(first + static_cast<double>(i), x, y);
    store(x, out_x + i, n - i);
    store(y, out_y + i, n - i);
  }
}

// Whole numbers k and parts r / 32 of k + r / 32: r - 15.5 lies within half a whole number, so that rounding finds k.
template <class Arch>
void keys(const double* h, double first, std::ptrdiff_t n, double width, double* out) {
  using Batch = xsimd::batch<double, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const Line<Arch> line(h);
  const Batch magic(rounding), half(15.5), part(1.0 / 32.0), base(whole_bits);
  for (std::ptrdiff_t i = 0; i < n; i += lanes) {
    Batch x, y;
    line.place(first + static_cast<double>(i), x, y);
    x = x - magic;
    y = y - magic;
    const Batch column = ((x - half) * part + magic) - magic;
    const Batch row = ((y - half) * part + magic) - magic;
    const Batch place = row * Batch(width) + column;
    const Batch parts = (y - row * Batch(32.0)) * Batch(32.0) + (x - column * Batch(32.0));
    store(place * Batch(1024.0) + parts + base, out + i, n - i);
  }
}

// A plain loop: compilers turn it into vectors.
template <class Arch>
void blend(const std::uint16_t* upper, const std::uint16_t* lower, const std::uint16_t* parts, std::ptrdiff_t n,
           std::uint8_t* to) {
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const int ax = parts[i] & 31, ay = parts[i] >> 5;
    const int a = upper[i] & 255, b = lower[i] & 255;
    const int above = 32 * a + ax * ((upper[i] >> 8) - a), below = 32 * b + ax * ((lower[i] >> 8) - b);
    to[i] = static_cast<std::uint8_t>((32 * above + ay * (below - above) + 512) >> 10);
  }
}

template <class Arch>
constexpr Table table() {
  return {&coordinates<Arch>, &keys<Arch>, &blend<Arch>};
}

}  // namespace cvlab::warp_kernel
