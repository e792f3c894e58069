// The inner loops of gemm, written once on xsimd's batch; see core/simd/dispatch.hpp for how they are compiled and
// chosen.
#pragma once

#include <cstddef>
#include <utility>

#include "core/simd/multiply_add.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::gemm_kernel {

constexpr std::ptrdiff_t max_lanes = 16;

// How C is cut into tiles that stay in registers: Rows x Vectors accumulators, one vector of B for each column of them
// and one value of A must fit into the registers of the instruction set (16; 32 for AVX-512). So many steps of the sum
// are written out, because counting costs the multiply-adds their turn.
template <class Arch>
struct TileSize {  // no fused multiply-add: a product needs a register too
  static constexpr int rows = 4, vectors = 2, unroll = 1;
};
template <>
struct TileSize<xsimd::fma3<xsimd::avx2>> {
  static constexpr int rows = 6, vectors = 2, unroll = 4;
};
template <>
struct TileSize<xsimd::avx512bw> {
  static constexpr int rows = 12, vectors = 2, unroll = 2;
};

// C (m, n) (+)= A (m, k) B (k, n).
//   A: element (i, p) at a[i*a_row + p*a_column], or as pack_rows() leaves it: tile after tile, each [p][row of the
//   tile]. B: the columns [t*width, t*width + width) of row p, width = Table::width, at b[t*b_tile + p*b_row]; whole
//   vectors are read. The last tile, when `b_last` is given, is there instead, with rows as long as its vectors.
struct Block {
  std::ptrdiff_t m, n, k;
  const float* a;
  std::ptrdiff_t a_row, a_column;
  bool a_packed;
  const float* b;
  std::ptrdiff_t b_row, b_tile;
  const float* b_last;
  float* c;
  std::ptrdiff_t ldc;
  bool accumulate;
};

// `to` (rows, width), row-major, = columns of `from`: to[p*width + j] = from[p*from_row + j], or with `transpose`
// from[j*from_row + p], for j < columns; zeros from there to `width`, a multiple of the lanes.
struct Pack {
  const float* from;
  std::ptrdiff_t from_row;
  std::ptrdiff_t rows, columns;
  float* to;
  std::ptrdiff_t width;
};

struct Table {
  std::ptrdiff_t lanes;
  std::ptrdiff_t rows, width;  // of a tile, in elements
  void (*multiply)(const Block&);
  void (*pack_rows)(const Block&, float* to);  // A, m*k floats; up to max_lanes more are written over
  void (*pack)(const Pack&);
  void (*pack_transposed)(const Pack&);
};

const Table& best();

// One tile: `columns` of its Vectors*lanes columns are wanted, more than (Vectors-1)*lanes.
template <class Arch, int Rows, int Vectors>
void multiply_tile(const Block& work, const float* a, const float* b, std::ptrdiff_t b_row, float* c,
                   std::ptrdiff_t columns) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr int lanes = static_cast<int>(Batch::size);
  Batch sums[Rows][Vectors];
  simd::unrolled<Arch, Rows>([&](auto r) __attribute__((always_inline)) {
    simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) { sums[r][v] = Batch(0.0f); });
  });
  const std::ptrdiff_t a_row = work.a_packed ? 1 : work.a_row, a_column = work.a_packed ? Rows : work.a_column;
  const auto step = [&]() __attribute__((always_inline)) {
    Batch in[Vectors];
    simd::unrolled<Arch, Vectors>([&](auto v)
                                      __attribute__((always_inline)) { in[v] = Batch::load_unaligned(b + v * lanes); });
    simd::unrolled<Arch, Rows>([&](auto r) __attribute__((always_inline)) {
      const Batch factor(a[r * a_row]);
      simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
        sums[r][v] = simd::multiply_add(factor, in[v], sums[r][v]);
      });
    });
    a += a_column;
    b += b_row;
  };
  constexpr int unroll = TileSize<Arch>::unroll;
  std::ptrdiff_t p = 0;
  if constexpr (unroll > 1)
    for (; p + unroll <= work.k; p += unroll)
      simd::unrolled<Arch, unroll>([&](auto) __attribute__((always_inline)) { step(); });
  for (; p < work.k; ++p) step();
  const std::ptrdiff_t whole = columns / lanes, left = columns % lanes;
  simd::unrolled<Arch, Rows>([&](auto r) __attribute__((always_inline)) {
    float* row = c + r * work.ldc;
    simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
      float* target = row + v * lanes;
      if (v < whole) {
        if (work.accumulate) sums[r][v] += Batch::load_unaligned(target);
        sums[r][v].store_unaligned(target);
      } else if (left > 0) {
        float cells[lanes];
        sums[r][v].store_unaligned(cells);
        for (std::ptrdiff_t j = 0; j < left; ++j) target[j] = work.accumulate ? target[j] + cells[j] : cells[j];
      }
    });
  });
}

template <class Arch, int Vectors>
void multiply_rows(const Block& work, std::ptrdiff_t rows, const float* a, const float* b, std::ptrdiff_t b_row,
                   float* c, std::ptrdiff_t columns) {
  simd::unrolled<Arch, TileSize<Arch>::rows>([&](auto r) __attribute__((always_inline)) {
    if (rows == r + 1) multiply_tile<Arch, r + 1, Vectors>(work, a, b, b_row, c, columns);
  });
}

// Calls f(first, rows) for tiles of equal height, give or take one row: no thin tile at the end, which would wait for
// its few accumulators.
template <class Arch, class Function>
[[gnu::always_inline]] inline void for_each_tile(std::ptrdiff_t m, Function&& f) {
  constexpr std::ptrdiff_t most = TileSize<Arch>::rows;
  const std::ptrdiff_t tiles = (m + most - 1) / most;
  const std::ptrdiff_t height = m / tiles, higher = m % tiles;
  std::ptrdiff_t i = 0;
  for (std::ptrdiff_t t = 0; t < tiles; ++t) {
    const std::ptrdiff_t rows = height + (t < higher ? 1 : 0);
    f(i, rows);
    i += rows;
  }
}

template <class Arch, int Vectors>
void multiply_column(const Block& work, const float* b, std::ptrdiff_t b_row, float* c, std::ptrdiff_t columns) {
  const std::ptrdiff_t a_step = work.a_packed ? work.k : work.a_row;
  for_each_tile<Arch>(
      work.m, [&](std::ptrdiff_t i, std::ptrdiff_t rows) __attribute__((always_inline)) {
        multiply_rows<Arch, Vectors>(work, rows, work.a + i * a_step, b, b_row, c + i * work.ldc, columns);
      });
}

// Columns [p, p + side) of a tile, by squares: each stores a whole vector, whose surplus the next column's overwrites.
template <class Arch, int Rows>
[[gnu::always_inline]] inline void pack_columns(const Block& work, const float* from, std::ptrdiff_t p, float* to) {
  using Batch = xsimd::batch<float, typename simd::TransposeArch<Arch>::type>;
  constexpr int side = static_cast<int>(Batch::size), squares = (Rows + side - 1) / side;
  Batch cells[squares][side];
  simd::unrolled<Arch, squares * side>([&](auto r) __attribute__((always_inline)) {
    cells[r / side][r % side] = r < Rows ? Batch::load_unaligned(from + r * work.a_row + p) : Batch(0.0f);
  });
  simd::unrolled<Arch, squares>([&](auto q)
                                    __attribute__((always_inline)) { xsimd::transpose(cells[q], cells[q] + side); });
  simd::unrolled<Arch, side>([&](auto i) __attribute__((always_inline)) {
    simd::unrolled<Arch, squares>([&](auto q) __attribute__((always_inline)) {
      cells[q][i].store_unaligned(to + (p + i) * Rows + q * side);
    });
  });
}

template <class Arch, int Rows>
void pack_tile(const Block& work, const float* from, float* to) {
  constexpr std::ptrdiff_t side = xsimd::batch<float, typename simd::TransposeArch<Arch>::type>::size;
  std::ptrdiff_t p = 0;
  if (work.a_column == 1)
    for (; p + side <= work.k; p += side) pack_columns<Arch, Rows>(work, from, p, to);
  for (; p < work.k; ++p)
    for (std::ptrdiff_t r = 0; r < Rows; ++r) to[p * Rows + r] = from[r * work.a_row + p * work.a_column];
}

template <class Arch>
void pack_rows(const Block& work, float* to) {
  for_each_tile<Arch>(
      work.m, [&](std::ptrdiff_t i, std::ptrdiff_t rows) __attribute__((always_inline)) {
        simd::unrolled<Arch, TileSize<Arch>::rows>([&](auto r) __attribute__((always_inline)) {
          if (rows == r + 1) pack_tile<Arch, r + 1>(work, work.a + i * work.a_row, to + i * work.k);
        });
      });
}

template <class Arch>
void multiply(const Block& work) {
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  constexpr int vectors = TileSize<Arch>::vectors;
  constexpr std::ptrdiff_t width = vectors * lanes;
  for (std::ptrdiff_t j = 0; j < work.n; j += width) {
    const std::ptrdiff_t columns = work.n - j < width ? work.n - j : width;
    const std::ptrdiff_t used = (columns + lanes - 1) / lanes;
    const bool last = work.b_last && j + width >= work.n;
    const float* b = last ? work.b_last : work.b + j / width * work.b_tile;
    const std::ptrdiff_t b_row = last ? used * lanes : work.b_row;
    simd::unrolled<Arch, vectors>([&](auto v) __attribute__((always_inline)) {
      if (used == v + 1) multiply_column<Arch, v + 1>(work, b, b_row, work.c + j, columns);
    });
  }
}

template <class Arch>
void pack(const Pack& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const std::ptrdiff_t whole = work.columns / lanes * lanes;
  const float* from = work.from;
  float* to = work.to;
  for (std::ptrdiff_t p = 0; p < work.rows; ++p, from += work.from_row, to += work.width) {
    for (std::ptrdiff_t j = 0; j < whole; j += lanes) Batch::load_unaligned(from + j).store_unaligned(to + j);
    for (std::ptrdiff_t j = whole; j < work.width; ++j) to[j] = j < work.columns ? from[j] : 0.0f;
  }
}

template <class Arch>
void pack_transposed(const Pack& work) {
  using Batch = xsimd::batch<float, typename simd::TransposeArch<Arch>::type>;
  constexpr int side = static_cast<int>(Batch::size);
  const std::ptrdiff_t whole_rows = work.rows / side * side, whole_columns = work.columns / side * side;
  for (std::ptrdiff_t j = 0; j < whole_columns; j += side) {
    const float* from = work.from + j * work.from_row;
    for (std::ptrdiff_t p = 0; p < whole_rows; p += side) {
      Batch square[side];
      for (int q = 0; q < side; ++q) square[q] = Batch::load_unaligned(from + q * work.from_row + p);
      xsimd::transpose(square, square + side);
      for (int q = 0; q < side; ++q) square[q].store_unaligned(work.to + (p + q) * work.width + j);
    }
    for (std::ptrdiff_t p = whole_rows; p < work.rows; ++p)
      for (int q = 0; q < side; ++q) work.to[p * work.width + j + q] = from[q * work.from_row + p];
  }
  for (std::ptrdiff_t j = whole_columns; j < work.width; ++j) {
    for (std::ptrdiff_t p = 0; p < work.rows; ++p)
      work.to[p * work.width + j] = j < work.columns ? work.from[j * work.from_row + p] : 0.0f;
  }
}

template <class Arch>
constexpr Table table() {
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  return {lanes,       TileSize<Arch>::rows,  TileSize<Arch>::vectors * lanes, &multiply<Arch>, &pack_rows<Arch>,
          &pack<Arch>, &pack_transposed<Arch>};
}

}  // namespace cvlab::gemm_kernel
