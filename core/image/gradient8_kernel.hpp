// Rows of 3x3 differences; see core/simd/dispatch.hpp for how kernels are compiled and chosen. The loops are plain: the
// compiler vectorises them for each instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/pairs.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::gradient8_kernel {

// Three rows with one pixel (`step` values) of border at the left: rows[k][x], [x + step], [x + 2 * step] are the
// window of output x.
struct Rows {
  const std::uint8_t* top;
  const std::uint8_t* middle;
  const std::uint8_t* bottom;
  std::ptrdiff_t step;
};

// Where Canny's thinning looks: gradients of this row, magnitudes of three rows with one value of border at the left.
struct Ridge {
  const std::int16_t* gx;
  const std::int16_t* gy;
  const std::int16_t* above;
  const std::int16_t* here;
  const std::int16_t* below;
  int low;
  int high;
};

struct Table {
  void (*gradient)(const Rows& rows, std::ptrdiff_t n, int side, int centre, std::int16_t* gx, std::int16_t* gy);
  void (*magnitude)(const std::int16_t* gx, const std::int16_t* gy, std::ptrdiff_t n, std::uint8_t* out);
  void (*laplacian)(const Rows& rows, std::ptrdiff_t n, std::int16_t* out);
  void (*sharpen)(const Rows& rows, std::ptrdiff_t n, std::uint8_t* out);
  // Nine weights, row by row. whole: sum of their absolute values at most 128. real: three rows of floats, of which the
  // first is used up.
  void (*whole)(const Rows& rows, std::ptrdiff_t n, const std::int16_t* weights, std::uint8_t* out);
  void (*widen)(const std::uint8_t* in, std::ptrdiff_t n, float* out);
  void (*real)(float* const* rows, std::ptrdiff_t n, std::ptrdiff_t step, const float* weights, std::uint8_t* out);
  void (*absolute_sum)(const std::int16_t* gx, const std::int16_t* gy, std::ptrdiff_t n, std::int16_t* out);
  // 0: no ridge or not above low; 1: above low; 2: above high. Reads and writes whole steps: `slack` values beyond n.
  void (*ridge)(const Ridge& ridge, std::ptrdiff_t n, std::uint8_t* out);
  void (*edges)(const std::uint8_t* classes, std::ptrdiff_t n, std::uint8_t* out);  // 2 -> 255, else 0
};
inline constexpr std::ptrdiff_t slack = 64;

const Table& best();

template <class Arch>
void gradient(const Rows& rows, std::ptrdiff_t n, int side, int centre, std::int16_t* __restrict gx,
              std::int16_t* __restrict gy) {
  const std::uint8_t* __restrict t = rows.top;
  const std::uint8_t* __restrict m = rows.middle;
  const std::uint8_t* __restrict b = rows.bottom;
  const std::ptrdiff_t s = rows.step;
  const auto a = static_cast<std::int16_t>(side);
  const auto c = static_cast<std::int16_t>(centre);
  for (std::ptrdiff_t x = 0; x < n; ++x) {
    const auto falling = static_cast<std::int16_t>(b[x + 2 * s] - t[x]);
    const auto rising = static_cast<std::int16_t>(t[x + 2 * s] - b[x]);
    const auto across = static_cast<std::int16_t>(m[x + 2 * s] - m[x]);
    const auto down = static_cast<std::int16_t>(b[x + s] - t[x + s]);
    gx[x] = static_cast<std::int16_t>(static_cast<std::int16_t>(a * static_cast<std::int16_t>(falling + rising)) +
                                      static_cast<std::int16_t>(c * across));
    gy[x] = static_cast<std::int16_t>(static_cast<std::int16_t>(a * static_cast<std::int16_t>(falling - rising)) +
                                      static_cast<std::int16_t>(c * down));
  }
}

// The root of a whole number is never within 1e-4 of a half, so rounding in float is exact.
template <class Arch>
void magnitude(const std::int16_t* __restrict gx, const std::int16_t* __restrict gy, std::ptrdiff_t n,
               std::uint8_t* __restrict out) {
  using Short = typename simd::Pairs<Arch>::Short;
  using P = simd::Pairs<Arch>;
  using Float = xsimd::batch<float, Arch>;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const auto root = [](typename P::Long squares) {
    const Float r = xsimd::sqrt(xsimd::batch_cast<float>(squares)) + Float(0.5f);
    return xsimd::batch_cast<std::int32_t>(xsimd::min(r, Float(255.0f)));
  };
  const auto at = [&](const std::int16_t* px, const std::int16_t* py, std::uint8_t* to) {
    const Short x = Short::load_unaligned(px);
    const Short y = Short::load_unaligned(py);
    const Short low = P::low(x, y);
    const Short high = P::high(x, y);
    P::store_bytes(to, P::narrow(root(P::dot(low, low)), root(P::dot(high, high))));
  };
  std::ptrdiff_t x = 0;
  for (; x + lanes <= n; x += lanes) at(gx + x, gy + x, out + x);
  if (x == n) return;
  std::int16_t tail_x[lanes] = {}, tail_y[lanes] = {};
  std::uint8_t tail[lanes];
  for (std::ptrdiff_t i = 0; x + i < n; ++i) {
    tail_x[i] = gx[x + i];
    tail_y[i] = gy[x + i];
  }
  at(tail_x, tail_y, tail);
  for (std::ptrdiff_t i = 0; x + i < n; ++i) out[x + i] = tail[i];
}

template <class Arch>
void laplacian(const Rows& rows, std::ptrdiff_t n, std::int16_t* __restrict out) {
  const std::uint8_t* __restrict t = rows.top;
  const std::uint8_t* __restrict m = rows.middle;
  const std::uint8_t* __restrict b = rows.bottom;
  const std::ptrdiff_t s = rows.step;
  for (std::ptrdiff_t x = 0; x < n; ++x)
    out[x] = static_cast<std::int16_t>(t[x + s] + b[x + s] + m[x] + m[x + 2 * s] - 4 * m[x + s]);
}

template <class Arch>
void sharpen(const Rows& rows, std::ptrdiff_t n, std::uint8_t* __restrict out) {
  const std::uint8_t* __restrict t = rows.top;
  const std::uint8_t* __restrict m = rows.middle;
  const std::uint8_t* __restrict b = rows.bottom;
  const std::ptrdiff_t s = rows.step;
  for (std::ptrdiff_t x = 0; x < n; ++x) {
    const auto v = static_cast<std::int16_t>(5 * m[x + s] - t[x + s] - b[x + s] - m[x] - m[x + 2 * s]);
    const auto least = v < 0 ? std::int16_t{0} : v;
    out[x] = static_cast<std::uint8_t>(least > 255 ? std::int16_t{255} : least);
  }
}

template <class Arch>
void whole(const Rows& rows, std::ptrdiff_t n, const std::int16_t* weights, std::uint8_t* out) {
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const std::uint8_t* const at[3] = {rows.top, rows.middle, rows.bottom};
  const Short black(static_cast<std::int16_t>(0)), white(static_cast<std::int16_t>(255));
  std::ptrdiff_t x = 0;
  for (; x + 2 * lanes <= n; x += 2 * lanes) {
    Short a = black, b = black;
    simd::unrolled<Arch, 9>([&](auto k) {
      const Short weight(weights[k]);
      const std::uint8_t* const from = at[k / 3] + k % 3 * rows.step + x;
      a += weight * P::load_bytes(from);
      b += weight * P::load_bytes(from + lanes);
    });
    P::store_bytes(out + x, xsimd::max(black, xsimd::min(white, a)), xsimd::max(black, xsimd::min(white, b)));
  }
  for (; x < n; ++x) {
    int sum = 0;
    for (int k = 0; k < 9; ++k) sum += weights[k] * at[k / 3][x + k % 3 * rows.step];
    out[x] = static_cast<std::uint8_t>(sum < 0 ? 0 : sum > 255 ? 255 : sum);
  }
}

template <class Arch>
void widen(const std::uint8_t* __restrict in, std::ptrdiff_t n, float* __restrict out) {
  for (std::ptrdiff_t x = 0; x < n; ++x) out[x] = static_cast<float>(in[x]);
}

// Each product and each sum is rounded to float, from the first weight to the last.
template <class Arch>
void real(float* const* rows, std::ptrdiff_t n, std::ptrdiff_t step, const float* weights, std::uint8_t* out) {
  using Float = xsimd::batch<float, Arch>;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Float::size);
  constexpr float shift = 8388608.0F;  // 2^23 leaves no place for a fraction
  float* const result = rows[0];       // takes the place of what no later sum needs
  std::ptrdiff_t x = 0;
  for (; x + 2 * lanes <= n; x += 2 * lanes) {
    Float a(0.0F), b(0.0F);
    simd::unrolled<Arch, 9>([&](auto k) {
      const Float weight(weights[k]);
      const float* const at = rows[k / 3] + k % 3 * step + x;
      a = a + weight * Float::load_unaligned(at);
      b = b + weight * Float::load_unaligned(at + lanes);
    });
    const auto kept = [](Float sum) { return xsimd::max(Float(0.0F), xsimd::min(Float(255.0F), sum)); };
    ((kept(a) + Float(shift)) - Float(shift)).store_unaligned(result + x);
    ((kept(b) + Float(shift)) - Float(shift)).store_unaligned(result + x + lanes);
  }
  for (; x < n; ++x) {
    float sum = 0.0F;
    for (int k = 0; k < 9; ++k) {
      const float product = weights[k] * rows[k / 3][k % 3 * step + x];
      sum += product;
    }
    sum = sum < 0.0F ? 0.0F : sum > 255.0F ? 255.0F : sum;
    result[x] = (sum + shift) - shift;
  }
  for (x = 0; x < n; ++x) out[x] = static_cast<std::uint8_t>(static_cast<std::int32_t>(result[x]));
}

template <class Arch>
void absolute_sum(const std::int16_t* __restrict gx, const std::int16_t* __restrict gy, std::ptrdiff_t n,
                  std::int16_t* __restrict out) {
  for (std::ptrdiff_t x = 0; x < n; ++x) {
    const auto a = static_cast<std::int16_t>(gx[x] < 0 ? -gx[x] : gx[x]);
    const auto b = static_cast<std::int16_t>(gy[x] < 0 ? -gy[x] : gy[x]);
    out[x] = static_cast<std::int16_t>(a + b);
  }
}

// tan(22.5 degrees) in 2^-15: t = |gx| tan 22.5 is a fraction, never whole, so |gy| <= floor(t) is |gy| < t.
template <class Arch>
void ridge(const Ridge& work, std::ptrdiff_t n, std::uint8_t* out) {
  using P = simd::Pairs<Arch>;
  using Short = typename P::Short;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(Short::size);
  const Short zero(static_cast<std::int16_t>(0)), one(static_cast<std::int16_t>(1)), two(static_cast<std::int16_t>(2));
  const Short tangent(static_cast<std::int16_t>(13573));
  const Short low(static_cast<std::int16_t>(work.low)), high(static_cast<std::int16_t>(work.high));
  const auto load = [](const std::int16_t* at) { return Short::load_unaligned(at); };
  for (std::ptrdiff_t j = 0; j < n; j += lanes) {
    const Short m = load(work.here + j + 1);
    const auto candidate = m > low;
    if (!xsimd::any(candidate)) {
      P::store_bytes(out + j, zero);
      continue;
    }
    const Short gx = load(work.gx + j), gy = load(work.gy + j);
    const Short x = xsimd::abs(gx), y = xsimd::abs(gy);
    const Short t = P::narrow(P::dot(P::low(x, zero), tangent) >> 15, P::dot(P::high(x, zero), tangent) >> 15);
    const auto flat = (y <= t) & (x > zero);
    const auto steep = y > t + x + x;
    const auto opposite = (gx ^ gy) < zero;
    const Short before =
        xsimd::select(flat, load(work.here + j),
                      xsimd::select(steep, load(work.above + j + 1),
                                    xsimd::select(opposite, load(work.above + j + 2), load(work.above + j))));
    const Short after =
        xsimd::select(flat, load(work.here + j + 2),
                      xsimd::select(steep, load(work.below + j + 1),
                                    xsimd::select(opposite, load(work.below + j), load(work.below + j + 2))));
    const auto peak = candidate & (m > before) & ((m > after) | ((flat | steep) & (m == after)));
    P::store_bytes(out + j, xsimd::select(peak, xsimd::select(m > high, two, one), zero));
  }
}

template <class Arch>
void edges(const std::uint8_t* __restrict classes, std::ptrdiff_t n, std::uint8_t* __restrict out) {
  for (std::ptrdiff_t x = 0; x < n; ++x) out[x] = classes[x] == 2 ? std::uint8_t{255} : std::uint8_t{0};
}

template <class Arch>
constexpr Table table() {
  return {&gradient<Arch>, &magnitude<Arch>, &laplacian<Arch>,    &sharpen<Arch>, &whole<Arch>,
          &widen<Arch>,    &real<Arch>,      &absolute_sum<Arch>, &ridge<Arch>,   &edges<Arch>};
}

}  // namespace cvlab::gradient8_kernel
