// The loops of 2x2 pooling two apart, without padding; see core/simd/dispatch.hpp. Plain loops that compilers vectorise
// with the options of each instruction set: pairs of neighbours need shuffles, which they choose better than a batch
// type that all machines share.
#pragma once

#include <cstddef>

#include "core/simd/multiply_add.hpp"

namespace cvlab::pool2d_kernel {

struct HalveMax {
  const float* x;  // planes of height * width
  float* y;        // planes of (height / 2) * (width / 2)
  int* from;       // index in the plane, or none
  std::ptrdiff_t planes, height, width;
};

struct SpreadMax {  // the way back: dx is written whole
  const float* dy;
  const int* from;
  float* dx;
  std::ptrdiff_t planes, height, width;
};

struct Table {
  void (*halve_max)(const HalveMax&);
  void (*spread_max)(const SpreadMax&);
  float (*sum)(const float* x, std::ptrdiff_t n);
};

const Table& best();

template <class Arch, bool remember>
void halve_max_rows(const HalveMax& work) {
  const std::ptrdiff_t rows = work.height / 2, columns = work.width / 2, width = work.width;
  for (std::ptrdiff_t plane = 0; plane < work.planes; ++plane)
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
      const float* __restrict upper = work.x + (plane * work.height + 2 * i) * width;
      const float* __restrict lower = upper + width;
      float* __restrict y = work.y + (plane * rows + i) * columns;
      int* __restrict from = remember ? work.from + (plane * rows + i) * columns : nullptr;
      const int first = static_cast<int>(2 * i * width), below = static_cast<int>(width);
      for (std::ptrdiff_t j = 0; j < columns; ++j) {
        // Not (best >= v): true also where v is a NaN, and stays so, because a NaN is never the smaller.
        float best = upper[2 * j];
        int at = 0;
        const float b = upper[2 * j + 1], c = lower[2 * j], d = lower[2 * j + 1];
        const bool take_b = (b > best) | ((b != b) & (best == best));
        best = take_b ? b : best;
        at = take_b ? 1 : at;
        const bool take_c = (c > best) | ((c != c) & (best == best));
        best = take_c ? c : best;
        at = take_c ? below : at;
        const bool take_d = (d > best) | ((d != d) & (best == best));
        best = take_d ? d : best;
        at = take_d ? below + 1 : at;
        y[j] = best;
        if constexpr (remember) from[j] = first + static_cast<int>(2 * j) + at;
      }
    }
}

template <class Arch>
void halve_max(const HalveMax& work) {
  work.from ? halve_max_rows<Arch, true>(work) : halve_max_rows<Arch, false>(work);
}

template <class Arch>
void spread_max(const SpreadMax& work) {
  const std::ptrdiff_t rows = work.height / 2, columns = work.width / 2, width = work.width;
  for (std::ptrdiff_t plane = 0; plane < work.planes; ++plane) {
    float* cells = work.dx + plane * work.height * width;
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
      float* __restrict upper = cells + 2 * i * width;
      float* __restrict lower = upper + width;
      const float* __restrict dy = work.dy + (plane * rows + i) * columns;
      const int* __restrict from = work.from + (plane * rows + i) * columns;
      const int first = static_cast<int>(2 * i * width), below = static_cast<int>(width);
      for (std::ptrdiff_t j = 0; j < columns; ++j) {
        const int at = from[j] - first - static_cast<int>(2 * j);
        upper[2 * j] = at == 0 ? dy[j] : 0.0f;
        upper[2 * j + 1] = at == 1 ? dy[j] : 0.0f;
        lower[2 * j] = at == below ? dy[j] : 0.0f;
        lower[2 * j + 1] = at == below + 1 ? dy[j] : 0.0f;
      }
      for (std::ptrdiff_t j = 2 * columns; j < width; ++j) upper[j] = lower[j] = 0.0f;
    }
    for (std::ptrdiff_t k = 2 * rows * width; k < work.height * width; ++k) cells[k] = 0.0f;
  }
}

template <class Arch>
float sum(const float* x, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums(0.0f);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) sums += Batch::load_unaligned(x + i);
  float total = xsimd::reduce_add(sums);
  for (; i < n; ++i) total += x[i];
  return total;
}

template <class Arch>
constexpr Table table() {
  return {&halve_max<Arch>, &spread_max<Arch>, &sum<Arch>};
}

}  // namespace cvlab::pool2d_kernel
