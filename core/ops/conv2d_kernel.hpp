// The inner loops of conv2d, written once on xsimd's batch; see core/simd/dispatch.hpp for how they are compiled and
// chosen. They see rows, not images: borders, strides and dilation are already turned into row pointers and column
// offsets.
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

// Four output rows below each other, vertical stride and dilation 1: each input row serves up to four of them.
// out[q][j] = bias + sum_c sum_k sum_t weights[c][k][t] * rows[c][q + k][offsets[t] + j]     q = 0..3, n >= lanes,
// kernel_rows >= 2
struct CorrelateRows {
  const float* const* rows;  // [channel][kernel_rows + 3]
  std::ptrdiff_t channels;
  std::ptrdiff_t kernel_rows;
  const std::ptrdiff_t* offsets;
  std::ptrdiff_t tap_count;
  const float* weights;
  float bias;
  float* const* out;
  std::ptrdiff_t n;
};

struct Table {
  std::ptrdiff_t lanes;
  void (*correlate1)(const Correlate&);
  void (*correlate4)(const Correlate&);          // 4 output channels that share every loaded input
  void (*correlate_rows)(const CorrelateRows&);  // 4 output rows that share them: one channel, a photograph
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

// One input row under the outputs First..Last. `weight` is the kernel row that output 0 meets it with; each further
// output is one row lower, so meets it one kernel row earlier. Taps: tap_count where it is known, else 0.
template <class Arch, int First, int Last, int Taps, int Batches>
inline void add_row(xsimd::batch<float, Arch> (&sums)[4][Batches], const float* row, const CorrelateRows& work,
                    const float* weight) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const std::ptrdiff_t taps = Taps > 0 ? Taps : work.tap_count;
  for (std::ptrdiff_t t = 0; t < taps; ++t) {
    const float* cell = row + work.offsets[t];
    Batch in[Batches];
    for (int b = 0; b < Batches; ++b) in[b] = Batch::load_unaligned(cell + b * lanes);
    for (int q = First; q <= Last; ++q) {
      const Batch factor(weight[t - q * taps]);
      for (int b = 0; b < Batches; ++b) sums[q][b] = simd::multiply_add(factor, in[b], sums[q][b]);
    }
  }
}

// Which of the four outputs a row serves changes only in the first and last three rows: written out, because a branch
// for each row costs more than a small kernel's arithmetic. Rows, Taps: the kernel's size where known, else 0.
template <class Arch, int Rows, int Taps, int Batches>
void correlate_rows_tile(const CorrelateRows& work, std::ptrdiff_t j) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  static_assert(Rows == 0 || Rows == 2 || Rows == 3);
  const std::ptrdiff_t taps = Taps > 0 ? Taps : work.tap_count;
  const std::ptrdiff_t kernel_rows = Rows > 0 ? Rows : work.kernel_rows;
  Batch sums[4][Batches];
  for (int q = 0; q < 4; ++q)
    for (int b = 0; b < Batches; ++b) sums[q][b] = Batch(work.bias);
  for (std::ptrdiff_t c = 0; c < work.channels; ++c) {
    const float* weight = work.weights + c * kernel_rows * taps;
    const float* const* row = work.rows + c * (kernel_rows + 3);
    add_row<Arch, 0, 0, Taps>(sums, row[0] + j, work, weight);
    add_row<Arch, 0, 1, Taps>(sums, row[1] + j, work, weight + taps);
    if constexpr (Rows == 2) {
      add_row<Arch, 1, 2, Taps>(sums, row[2] + j, work, weight + 2 * taps);
      add_row<Arch, 2, 3, Taps>(sums, row[3] + j, work, weight + 3 * taps);
      add_row<Arch, 3, 3, Taps>(sums, row[4] + j, work, weight + 4 * taps);
    } else {
      add_row<Arch, 0, 2, Taps>(sums, row[2] + j, work, weight + 2 * taps);
      std::ptrdiff_t r = 3;
      if constexpr (Rows == 0)
        for (; r < kernel_rows; ++r) add_row<Arch, 0, 3, Taps>(sums, row[r] + j, work, weight + r * taps);
      add_row<Arch, 1, 3, Taps>(sums, row[r] + j, work, weight + r * taps);
      add_row<Arch, 2, 3, Taps>(sums, row[r + 1] + j, work, weight + (r + 1) * taps);
      add_row<Arch, 3, 3, Taps>(sums, row[r + 2] + j, work, weight + (r + 2) * taps);
    }
  }
  for (int q = 0; q < 4; ++q)
    for (int b = 0; b < Batches; ++b) sums[q][b].store_unaligned(work.out[q] + j + b * lanes);
}

template <class Arch, int Rows, int Taps, int Batches>
void correlate_rows_sized(const CorrelateRows& work) {
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  std::ptrdiff_t j = 0;
  for (; j + Batches * lanes <= work.n; j += Batches * lanes) correlate_rows_tile<Arch, Rows, Taps, Batches>(work, j);
  for (; j + lanes <= work.n; j += lanes) correlate_rows_tile<Arch, Rows, Taps, 1>(work, j);
  if (j < work.n) correlate_rows_tile<Arch, Rows, Taps, 1>(work, work.n - lanes);
}

template <class Arch, int Batches>
void correlate_rows(const CorrelateRows& work) {
  if (work.kernel_rows == 3 && work.tap_count == 3) return correlate_rows_sized<Arch, 3, 3, Batches>(work);
  if (work.kernel_rows == 3) return correlate_rows_sized<Arch, 3, 0, Batches>(work);
  if (work.kernel_rows == 2) return correlate_rows_sized<Arch, 2, 0, Batches>(work);
  correlate_rows_sized<Arch, 0, 0, Batches>(work);
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

template <class Arch>
constexpr Table table() {
  return {static_cast<std::ptrdiff_t>(xsimd::batch<float, Arch>::size), &correlate<Arch, 1, 8>, &correlate<Arch, 4, 2>,
          &correlate_rows<Arch, 2>};
}

}  // namespace cvlab::conv2d_kernel
