// The inner loops of conv2d, written once on xsimd's batch; see core/simd/dispatch.hpp for how they are compiled and chosen.
// They see rows, not images: borders, strides and dilation are already turned into row pointers and column offsets.
#pragma once

#include <cstddef>

#include "core/simd/multiply_add.hpp"

namespace cvlab::conv2d_kernel {

inline constexpr std::ptrdiff_t max_lanes = 16;  // of any instruction set

// out[o][j] = bias[o] + sum_r sum_t weights[r][t][o] * rows[r][offsets[t] + j]     j in [0, n), n >= lanes
struct Correlate {
  const float* const* rows;  // one for each channel and kernel row
  std::ptrdiff_t row_count;
  const std::ptrdiff_t* offsets;  // one for each kernel column
  std::ptrdiff_t tap_count;
  const float* weights;
  const float* bias;
  float* const* out;
  std::ptrdiff_t n;
};

// sums[t] = sum_i sum_j a[i * a_stride + j] * b[i * b_stride + offsets[t] + j]     n a multiple of lanes
struct Dot {
  const float* a;
  std::ptrdiff_t a_stride;
  const float* b;
  std::ptrdiff_t b_stride;
  std::ptrdiff_t row_count;
  const std::ptrdiff_t* offsets;
  std::ptrdiff_t tap_count;
  float* sums;
  std::ptrdiff_t n;
};

// target[j] += sum_s weights[s] * sources[s * source_stride + j]     n a multiple of lanes
struct Scatter {
  float* target;
  const float* sources;
  std::ptrdiff_t source_stride;
  std::ptrdiff_t source_count;
  const float* weights;
  std::ptrdiff_t n;
};

struct Table {
  std::ptrdiff_t lanes;
  void (*correlate1)(const Correlate&);  // 1 output row at a time: one channel, a photograph
  void (*correlate4)(const Correlate&);  // 4 output channels that share every loaded input
  void (*dot)(const Dot&);
  void (*scatter)(const Scatter&);
};

const Table& best();

// One tile of Outputs x Batches accumulators at column j. Every product goes through registers only; the accumulators
// are independent, which hides the latency of the multiply-add.
template <class Arch, int Outputs, int Batches>
void correlate_tile(const Correlate& work, std::ptrdiff_t j) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums[Outputs][Batches];
  for (int o = 0; o < Outputs; ++o)
    for (int b = 0; b < Batches; ++b) sums[o][b] = Batch(work.bias[o]);
  const float* weight = work.weights;
  for (std::ptrdiff_t r = 0; r < work.row_count; ++r) {
    const float* row = work.rows[r] + j;
    for (std::ptrdiff_t t = 0; t < work.tap_count; ++t, weight += Outputs) {
      const float* cell = row + work.offsets[t];
      Batch in[Batches];
      for (int b = 0; b < Batches; ++b) in[b] = Batch::load_unaligned(cell + b * lanes);
      for (int o = 0; o < Outputs; ++o) {
        const Batch factor(weight[o]);
        for (int b = 0; b < Batches; ++b) sums[o][b] = simd::multiply_add(factor, in[b], sums[o][b]);
      }
    }
  }
  for (int o = 0; o < Outputs; ++o)
    for (int b = 0; b < Batches; ++b) sums[o][b].store_unaligned(work.out[o] + j + b * lanes);
}

// The last batch overlaps the one before instead of leaving a scalar remainder; hence n >= lanes.
template <class Arch, int Outputs, int Batches>
void correlate(const Correlate& work) {
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  std::ptrdiff_t j = 0;
  for (; j + Batches * lanes <= work.n; j += Batches * lanes) correlate_tile<Arch, Outputs, Batches>(work, j);
  if constexpr (Batches > 2)
    for (; j + 2 * lanes <= work.n; j += 2 * lanes) correlate_tile<Arch, Outputs, 2>(work, j);
  for (; j + lanes <= work.n; j += lanes) correlate_tile<Arch, Outputs, 1>(work, j);
  if (j < work.n) correlate_tile<Arch, Outputs, 1>(work, work.n - lanes);
}

template <class Arch, int Taps>
void dot_taps(const Dot& work, std::ptrdiff_t first) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums[Taps];
  for (int t = 0; t < Taps; ++t) sums[t] = Batch(0.0f);
  for (std::ptrdiff_t i = 0; i < work.row_count; ++i) {
    const float* a = work.a + i * work.a_stride;
    const float* b = work.b + i * work.b_stride;
    for (std::ptrdiff_t j = 0; j < work.n; j += lanes) {
      const Batch factor = Batch::load_unaligned(a + j);
      for (int t = 0; t < Taps; ++t)
        sums[t] = simd::multiply_add(factor, Batch::load_unaligned(b + work.offsets[first + t] + j), sums[t]);
    }
  }
  for (int t = 0; t < Taps; ++t) work.sums[first + t] = xsimd::reduce_add(sums[t]);
}

template <class Arch>
void dot(const Dot& work) {
  std::ptrdiff_t t = 0;
  for (; t + 5 <= work.tap_count; t += 5) dot_taps<Arch, 5>(work, t);
  for (; t + 3 <= work.tap_count; t += 3) dot_taps<Arch, 3>(work, t);
  for (; t < work.tap_count; ++t) dot_taps<Arch, 1>(work, t);
}

template <class Arch>
void scatter(const Scatter& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  for (std::ptrdiff_t j = 0; j < work.n; j += lanes) {
    Batch sum = Batch::load_unaligned(work.target + j);
    for (std::ptrdiff_t s = 0; s < work.source_count; ++s)
      sum = simd::multiply_add(Batch(work.weights[s]), Batch::load_unaligned(work.sources + s * work.source_stride + j), sum);
    sum.store_unaligned(work.target + j);
  }
}

template <class Arch>
constexpr Table table() {
  return {static_cast<std::ptrdiff_t>(xsimd::batch<float, Arch>::size), &correlate<Arch, 1, 8>, &correlate<Arch, 4, 2>,
          &dot<Arch>, &scatter<Arch>};
}

}  // namespace cvlab::conv2d_kernel
