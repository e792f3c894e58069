// Row and column of the 8-bit Gaussian, two rows at a time; see core/simd/dispatch.hpp for how kernels are compiled and
// chosen.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/pairs.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::gaussian8_kernel {

// Rows are worked on in whole steps of so many values; their arrays are as much longer than their n.
inline constexpr std::ptrdiff_t slack = 128;

// The weights w[0] .. w[2 * radius], none above 255, as the steps want them; 0 beyond both ends.
struct Weights {
  const std::uint16_t* plain;
  const std::int16_t* bytes;  // w[2j], w[2j + 1] as bytes, j <= radius
  const std::int32_t* upper;  // w[2j], w[2j + 1] as halves
  const std::int32_t* lower;  // w[2j - 1], w[2j]
  int radius;
};

struct Table {
  // `row` reads bytes with this bit flipped: 128, which makes them numbers with sign, 128 less; or 0.
  std::uint8_t flip;
  void (*copy)(const std::uint8_t* in, std::ptrdiff_t n, std::uint8_t* out);  // and flip
  // v[x] = (sum of w[k] * in[x + k * step], k = 0 .. 2 * radius) - 2^15, in 16 bits, of two rows, pair by pair, in an
  // order of its own for each block of values.
  void (*row)(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, std::ptrdiff_t step,
              const Weights& weights, std::int16_t* pairs);
  // (sum of w[k] * (v[k][x] + 2^15) + 2^15) >> 16 of the rows k = 0 .. 2 * radius, and of those one further down:
  // pairs[j] are rows 2j and 2j + 1, j <= radius. `step` is that of `row`.
  void (*column)(const std::int16_t* const* pairs, std::ptrdiff_t n, std::ptrdiff_t step, const Weights& weights,
                 std::uint8_t* upper, std::uint8_t* lower);
};

const Table& best();

template <class Arch>
struct Block {  // so many values at a time, two registers of each row
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  using Long = typename P::Long;
  static constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  static constexpr std::ptrdiff_t size = 2 * lanes;
  static Short bytes(const std::uint8_t* at) {
    return Short::load_unaligned(reinterpret_cast<const std::int16_t*>(at));
  }
  static void put_pairs(Short upper, Short lower, std::int16_t* to) {
    P::low(upper, lower).store_unaligned(to);
    P::high(upper, lower).store_unaligned(to + lanes);
  }
};

template <class Arch>
constexpr std::uint8_t flip() {
  return simd::Pairs<Arch>::has_byte_dot ? 128 : 0;
}

template <class Arch>
void copy(const std::uint8_t* in, std::ptrdiff_t n, std::uint8_t* out) {
  using B = Block<Arch>;
  const typename B::Short bits(static_cast<std::int16_t>(flip<Arch>() == 0 ? 0 : -32640));  // 0x8080
  std::ptrdiff_t x = 0;
  for (; x + B::size <= n; x += B::size)
    (B::bytes(in + x) ^ bits).store_unaligned(reinterpret_cast<std::int16_t*>(out + x));
  for (; x < n; ++x) out[x] = static_cast<std::uint8_t>(in[x] ^ flip<Arch>());
}

// Neighbours in memory are neighbours in the picture: values at even and at odd places are summed apart.
// Radius: that of the weights, or 0: then it is asked.
template <class Arch, int Radius>
void row_of_grey(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, const Weights& weights,
                 std::int16_t* pairs) {
  using B = Block<Arch>;
  using P = typename B::P;
  using Short = typename B::Short;
  const int radius = Radius > 0 ? Radius : weights.radius;
  for (std::ptrdiff_t x = 0; x < n; x += B::size) {
    const Short first(weights.bytes[0]);
    Short a = P::byte_dot(first, B::bytes(upper + x)), b = P::byte_dot(first, B::bytes(upper + x + 1));
    Short c = P::byte_dot(first, B::bytes(lower + x)), d = P::byte_dot(first, B::bytes(lower + x + 1));
    for (int j = 1; j <= radius; ++j) {
      const Short w(weights.bytes[j]);
      const std::uint8_t* const up = upper + x + 2 * j;
      const std::uint8_t* const down = lower + x + 2 * j;
      a += P::byte_dot(w, B::bytes(up));
      b += P::byte_dot(w, B::bytes(up + 1));
      c += P::byte_dot(w, B::bytes(down));
      d += P::byte_dot(w, B::bytes(down + 1));
    }
    B::put_pairs(a, c, pairs + 2 * x);
    B::put_pairs(b, d, pairs + 2 * x + B::size);
  }
}

template <class Arch>
void row_of_colours(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, std::ptrdiff_t step,
                    const Weights& weights, std::int16_t* pairs) {
  using B = Block<Arch>;
  using P = typename B::P;
  using Short = typename B::Short;
  const Short zero(static_cast<std::int16_t>(0));
  for (std::ptrdiff_t x = 0; x < n; x += B::size) {
    Short a = zero, b = zero, c = zero, d = zero;
    for (int j = 0; j <= weights.radius; ++j) {
      const Short w(weights.bytes[j]);
      const std::ptrdiff_t at = x + 2 * j * step;
      const std::ptrdiff_t next = j < weights.radius ? at + step : at;  // the last weight is 0
      const Short up = B::bytes(upper + at), up_next = B::bytes(upper + next);
      const Short down = B::bytes(lower + at), down_next = B::bytes(lower + next);
      a += P::byte_dot(w, P::low_bytes(up, up_next));
      b += P::byte_dot(w, P::high_bytes(up, up_next));
      c += P::byte_dot(w, P::low_bytes(down, down_next));
      d += P::byte_dot(w, P::high_bytes(down, down_next));
    }
    B::put_pairs(a, c, pairs + 2 * x);
    B::put_pairs(b, d, pairs + 2 * x + B::size);
  }
}

// Without products of bytes; the sum has 16 bits, and signed numbers are what `column` multiplies.
template <class Arch>
void row_of_halves(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, std::ptrdiff_t step,
                   const Weights& weights, std::int16_t* pairs) {
  using B = Block<Arch>;
  using P = typename B::P;
  using Short = typename B::Short;
  const int radius = weights.radius;
  const Short middle(static_cast<std::int16_t>(weights.plain[radius]));
  const Short sign(static_cast<std::int16_t>(-32768));
  for (std::ptrdiff_t x = 0; x < n; x += B::size) {
    const std::uint8_t* const rows[2] = {upper + x + radius * step, lower + x + radius * step};
    Short sum[4];
    simd::unrolled<Arch, 4>([&](auto t) { sum[t] = middle * P::load_bytes(rows[t / 2] + t % 2 * B::lanes) + sign; });
    for (int k = 1; k <= radius; ++k) {
      const Short w(static_cast<std::int16_t>(weights.plain[radius - k]));
      simd::unrolled<Arch, 4>([&](auto t) {
        const std::uint8_t* const at = rows[t / 2] + t % 2 * B::lanes;
        sum[t] += w * (P::load_bytes(at - k * step) + P::load_bytes(at + k * step));
      });
    }
    B::put_pairs(sum[0], sum[2], pairs + 2 * x);
    B::put_pairs(sum[1], sum[3], pairs + 2 * x + B::size);
  }
}

template <class Arch>
void row(const std::uint8_t* upper, const std::uint8_t* lower, std::ptrdiff_t n, std::ptrdiff_t step,
         const Weights& weights, std::int16_t* pairs) {
  if constexpr (simd::Pairs<Arch>::has_byte_dot) {
    if (step == 1 && weights.radius == 1) return row_of_grey<Arch, 1>(upper, lower, n, weights, pairs);
    if (step == 1 && weights.radius == 2) return row_of_grey<Arch, 2>(upper, lower, n, weights, pairs);
    if (step == 1) return row_of_grey<Arch, 0>(upper, lower, n, weights, pairs);
    return row_of_colours<Arch>(upper, lower, n, step, weights, pairs);
  } else {
    row_of_halves<Arch>(upper, lower, n, step, weights, pairs);
  }
}

// The order in which `row` left the values, undone.
template <class Arch>
void put_block(typename Block<Arch>::Short first, typename Block<Arch>::Short second, bool grey, std::uint8_t* to) {
  using P = simd::Pairs<Arch>;
  if constexpr (P::has_byte_dot) {
    const auto bytes = grey ? first | (second << 8) : P::pack_bytes(first, second);
    bytes.store_unaligned(reinterpret_cast<std::int16_t*>(to));
  } else {
    P::store_bytes(to, first, second);
  }
}

template <class Arch, int Radius>
void column_of(const std::int16_t* const* pairs, std::ptrdiff_t n, std::ptrdiff_t step, const Weights& weights,
               std::uint8_t* upper, std::uint8_t* lower) {
  using B = Block<Arch>;
  using P = typename B::P;
  using Short = typename B::Short;
  using Long = typename B::Long;
  const int radius = Radius > 0 ? Radius : weights.radius;
  const Long start(32768 * 256 + 32768);
  const auto byte = [](Long even, Long odd) { return P::narrow(even >> 16, odd >> 16); };
  for (std::ptrdiff_t x = 0; x < n; x += B::size) {
    // An array instead of these names stays in memory with some compilers.
    Long a0 = start, a1 = start, a2 = start, a3 = start, b0 = start, b1 = start, b2 = start, b3 = start;
    for (int j = 0; j <= radius; ++j) {
      const auto w = xsimd::bitwise_cast<std::int16_t>(Long(weights.upper[j]));
      const auto u = xsimd::bitwise_cast<std::int16_t>(Long(weights.lower[j]));
      const std::int16_t* const from = pairs[j] + 2 * x;
      const Short v0 = Short::load_unaligned(from), v1 = Short::load_unaligned(from + B::lanes);
      a0 += P::dot(v0, w);
      b0 += P::dot(v0, u);
      a1 += P::dot(v1, w);
      b1 += P::dot(v1, u);
      const Short v2 = Short::load_unaligned(from + 2 * B::lanes), v3 = Short::load_unaligned(from + 3 * B::lanes);
      a2 += P::dot(v2, w);
      b2 += P::dot(v2, u);
      a3 += P::dot(v3, w);
      b3 += P::dot(v3, u);
    }
    put_block<Arch>(byte(a0, a1), byte(a2, a3), step == 1, upper + x);
    put_block<Arch>(byte(b0, b1), byte(b2, b3), step == 1, lower + x);
  }
}

template <class Arch>
void column(const std::int16_t* const* pairs, std::ptrdiff_t n, std::ptrdiff_t step, const Weights& weights,
            std::uint8_t* upper, std::uint8_t* lower) {
  if (weights.radius == 1) return column_of<Arch, 1>(pairs, n, step, weights, upper, lower);
  if (weights.radius == 2) return column_of<Arch, 2>(pairs, n, step, weights, upper, lower);
  column_of<Arch, 0>(pairs, n, step, weights, upper, lower);
}

template <class Arch>
constexpr Table table() {
  return {flip<Arch>(), &copy<Arch>, &row<Arch>, &column<Arch>};
}

}  // namespace cvlab::gaussian8_kernel
