// The inner loops of conv2d for networks, written once on xsimd's batch; see core/simd/dispatch.hpp for how they are
// compiled and chosen. They see flat pictures, one long row a plane (conv2d_network.hpp): what a kernel cell meets is
// the same row, some offset further.
#pragma once

#include <cstddef>
#include <utility>

#include "core/simd/multiply_add.hpp"
#include "core/simd/tiles.hpp"

namespace cvlab::conv2d_network_kernel {

// Accumulators in registers, rows x vectors, of the three sums: correlate, gather, multiply; and how many steps of a
// sum are written out, because counting costs the multiply-adds their turn.
template <class Arch>
struct TileSize {  // no fused multiply-add: a product needs a register too
  static constexpr int rows = 4, vectors = 2, gather_rows = 4, gather_vectors = 2, dot_rows = 3, dot_taps = 3,
                       unroll = 1;
};
template <>
struct TileSize<xsimd::fma3<xsimd::avx2>> {
  static constexpr int rows = 4, vectors = 3, gather_rows = 6, gather_vectors = 2, dot_rows = 4, dot_taps = 3,
                       unroll = 4;
};
template <>
struct TileSize<xsimd::avx512bw> {
  static constexpr int rows = 8, vectors = 3, gather_rows = 8, gather_vectors = 3, dot_rows = 6, dot_taps = 4,
                       unroll = 4;
};

// out[m][q] = start[m] + sum_p weights[m*weights_row + p] * cells[offsets[p] + q]      m < rows, p < taps, q < n
// rows: at most Table::rows. Whole vectors are read and written: up to Table::width - 1 cells more.
struct Correlation {
  std::ptrdiff_t rows, taps, n;
  const float* weights;
  std::ptrdiff_t weights_row;
  const float* cells;
  const std::ptrdiff_t* offsets;
  const float* start;
  float* out;
  std::ptrdiff_t out_row;
};

// Vectors of channels instead of cells: sums[r*width + v] = start[v] + sum_s cells[bases[r] + steps[s]] * panel[s*width
// + v] r < rows, s < count, v < width, a multiple of the lanes and at most Table::gather_width. Without `start`: sums
// += …
struct Gather {
  std::ptrdiff_t rows, count, width;
  const float* cells;
  const std::ptrdiff_t* bases;
  const std::ptrdiff_t* steps;
  const float* panel;
  const float* start;
  float* sums;
};

// sums[m*sums_row + p] += sum_s sum_q gradient[s*gradient_sample + m*gradient_row + q]
//                                     * cells[s*cells_sample + offsets[p] + q]     m < rows, p < taps, q < n
// n is a multiple of the lanes: `gradient` has zeros at its end.
struct Products {
  std::ptrdiff_t rows, taps, n, samples;
  const float* gradient;
  std::ptrdiff_t gradient_row, gradient_sample;
  const float* cells;
  std::ptrdiff_t cells_sample;
  const std::ptrdiff_t* offsets;
  float* sums;
  std::ptrdiff_t sums_row;
};

// to[i*to_row + j] = from[i*from_row + j], or += with `add`     i < rows, j < columns
struct Rows {
  const float* from;
  std::ptrdiff_t from_row;
  float* to;
  std::ptrdiff_t to_row;
  std::ptrdiff_t rows, columns;
  bool add;
};

// to[j*to_row + i] = from[i*from_row + j], or += with `add`     i < rows, j < columns
struct Transpose {
  const float* from;
  std::ptrdiff_t from_row;
  float* to;
  std::ptrdiff_t to_row;
  std::ptrdiff_t rows, columns;
  bool add;
};

struct Table {
  std::ptrdiff_t lanes;
  std::ptrdiff_t rows, width;  // of a tile of the forward product, in elements
  std::ptrdiff_t gather_width;
  void (*correlate)(const Correlation&);
  void (*gather)(const Gather&);
  void (*multiply)(const Products&);
  void (*copy)(const Rows&);
  void (*transpose)(const Transpose&);
  float (*sum)(const float* from, std::ptrdiff_t count);
};

const Table& best();

// Calls f(0), f(1), … f(count-1).
template <class Arch, class Function>
[[gnu::always_inline]] inline void repeat(std::ptrdiff_t count, Function&& f) {
  constexpr int unroll = TileSize<Arch>::unroll;
  std::ptrdiff_t s = 0;
  if constexpr (unroll > 1)
    for (; s + unroll <= count; s += unroll)
      simd::unrolled<Arch, unroll>([&](auto u) __attribute__((always_inline)) { f(s + u); });
  for (; s < count; ++s) f(s);
}

template <class Arch, int M, int Vectors>
[[gnu::always_inline]] inline void correlate_tile(const Correlation& work, std::ptrdiff_t q) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr int lanes = static_cast<int>(Batch::size);
  Batch sums[M][Vectors];
  simd::unrolled<Arch, M>([&](auto m) __attribute__((always_inline)) {
    const Batch start(work.start[m]);
    simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) { sums[m][v] = start; });
  });
  const float* cells = work.cells + q;
  const float* weights = work.weights;
  const std::ptrdiff_t* offsets = work.offsets;
  const std::ptrdiff_t weights_row = work.weights_row;
  repeat<Arch>(
      work.taps, [&](std::ptrdiff_t p) __attribute__((always_inline)) {
        const float* under = cells + offsets[p];
        Batch in[Vectors];
        simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
          in[v] = Batch::load_unaligned(under + v * lanes);
        });
        simd::unrolled<Arch, M>([&](auto m) __attribute__((always_inline)) {
          const Batch factor(weights[m * weights_row + p]);
          simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
            sums[m][v] = simd::multiply_add(factor, in[v], sums[m][v]);
          });
        });
      });
  float* out = work.out + q;
  const std::ptrdiff_t out_row = work.out_row;
  simd::unrolled<Arch, M>([&](auto m) __attribute__((always_inline)) {
    simd::unrolled<Arch, Vectors>([&](auto v)
                                      __attribute__((always_inline)) { sums[m][v].store_unaligned(out + v * lanes); });
    out += out_row;
  });
}

template <class Arch, int M>
void correlate_rows(Correlation work) {  // by value: it stays in registers
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  constexpr int vectors = TileSize<Arch>::vectors;
  std::ptrdiff_t q = 0;
  for (; q + (vectors - 1) * lanes < work.n; q += vectors * lanes) correlate_tile<Arch, M, vectors>(work, q);
  if constexpr (vectors > 2)
    if (q + lanes < work.n) return correlate_tile<Arch, M, 2>(work, q);
  if (q < work.n) correlate_tile<Arch, M, 1>(work, q);
}

template <class Arch>
void correlate(const Correlation& work) {
  simd::unrolled<Arch, TileSize<Arch>::rows>([&](auto m) __attribute__((always_inline)) {
    if (work.rows == m + 1) correlate_rows<Arch, m + 1>(work);
  });
}

template <class Arch, int R, int Vectors>
[[gnu::always_inline]] inline void gather_tile(const Gather& work, std::ptrdiff_t first) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr int lanes = static_cast<int>(Batch::size);
  Batch sums[R][Vectors];
  const float* bases[R];
  float* const target = work.sums + first * Vectors * lanes;
  simd::unrolled<Arch, R>([&](auto r) __attribute__((always_inline)) {
    bases[r] = work.cells + work.bases[first + r];
    simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
      sums[r][v] = Batch::load_unaligned(work.start ? work.start + v * lanes : target + (r * Vectors + v) * lanes);
    });
  });
  const float* panel = work.panel;
  const std::ptrdiff_t* steps = work.steps;
  repeat<Arch>(
      work.count, [&](std::ptrdiff_t step) __attribute__((always_inline)) {
        const std::ptrdiff_t offset = steps[step];
        Batch in[Vectors];
        simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
          in[v] = Batch::load_unaligned(panel + (step * Vectors + v) * lanes);
        });
        simd::unrolled<Arch, R>([&](auto r) __attribute__((always_inline)) {
          const Batch factor(bases[r][offset]);
          simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
            sums[r][v] = simd::multiply_add(factor, in[v], sums[r][v]);
          });
        });
      });
  simd::unrolled<Arch, R>([&](auto r) __attribute__((always_inline)) {
    simd::unrolled<Arch, Vectors>([&](auto v) __attribute__((always_inline)) {
      sums[r][v].store_unaligned(target + (r * Vectors + v) * lanes);
    });
  });
}

template <class Arch, int Vectors>
void gather_rows(Gather work) {
  // One vector for each row: more rows, or the sums wait for each other.
  constexpr int most = Vectors == 1 ? 8 : TileSize<Arch>::gather_rows;
  const std::ptrdiff_t tiles = (work.rows + most - 1) / most;
  const std::ptrdiff_t height = work.rows / tiles, higher = work.rows % tiles;
  std::ptrdiff_t first = 0;
  for (std::ptrdiff_t t = 0; t < tiles; ++t) {  // of equal height, give or take one row
    const std::ptrdiff_t rows = height + (t < higher ? 1 : 0);
    simd::unrolled<Arch, most>([&](auto r) __attribute__((always_inline)) {
      if (rows == r + 1) gather_tile<Arch, r + 1, Vectors>(work, first);
    });
    first += rows;
  }
}

template <class Arch>
void gather(const Gather& work) {
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  simd::unrolled<Arch, TileSize<Arch>::gather_vectors>([&](auto v) __attribute__((always_inline)) {
    if (work.width == (v + 1) * lanes) gather_rows<Arch, v + 1>(work);
  });
}

template <class Arch, int M, int P>
[[gnu::always_inline]] inline void multiply_tile(const Products& work, std::ptrdiff_t first, std::ptrdiff_t last,
                                                 std::ptrdiff_t m, std::ptrdiff_t p) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums[M][P];
  simd::unrolled<Arch, M>([&](auto i) __attribute__((always_inline)) {
    simd::unrolled<Arch, P>([&](auto t) __attribute__((always_inline)) { sums[i][t] = Batch(0.0f); });
  });
  for (std::ptrdiff_t s = 0; s < work.samples; ++s) {
    const float* gradient = work.gradient + s * work.gradient_sample + m * work.gradient_row;
    const float* cells = work.cells + s * work.cells_sample;
    const float* under[P];
    simd::unrolled<Arch, P>([&](auto t) __attribute__((always_inline)) { under[t] = cells + work.offsets[p + t]; });
    for (std::ptrdiff_t q = first; q < last; q += lanes) {
      Batch factor[M];
      simd::unrolled<Arch, M>([&](auto i) __attribute__((always_inline)) {
        factor[i] = Batch::load_unaligned(gradient + i * work.gradient_row + q);
      });
      simd::unrolled<Arch, P>([&](auto t) __attribute__((always_inline)) {
        const Batch in = Batch::load_unaligned(under[t] + q);
        simd::unrolled<Arch, M>([&](auto i) __attribute__((always_inline)) {
          sums[i][t] = simd::multiply_add(factor[i], in, sums[i][t]);
        });
      });
    }
  }
  simd::unrolled<Arch, M>([&](auto i) __attribute__((always_inline)) {
    simd::unrolled<Arch, P>([&](auto t) __attribute__((always_inline)) {
      work.sums[(m + i) * work.sums_row + p + t] += xsimd::reduce_add(sums[i][t]);
    });
  });
}

template <class Arch, int M>
void multiply_rows(const Products& work, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t m) {
  constexpr int taps = TileSize<Arch>::dot_taps;
  std::ptrdiff_t p = 0;
  for (; p + taps <= work.taps; p += taps) multiply_tile<Arch, M, taps>(work, first, last, m, p);
  simd::unrolled<Arch, taps - 1>([&](auto t) __attribute__((always_inline)) {
    if (work.taps - p == t + 1) multiply_tile<Arch, M, t + 1>(work, first, last, m, p);
  });
}

template <class Arch>
void multiply(const Products& work) {
  constexpr std::ptrdiff_t block = 1024;  // so much of a tile's rows stays in the first cache
  constexpr std::ptrdiff_t most = TileSize<Arch>::dot_rows;
  const std::ptrdiff_t tiles = (work.rows + most - 1) / most;
  const std::ptrdiff_t height = work.rows / tiles, higher = work.rows % tiles;
  for (std::ptrdiff_t q = 0; q < work.n; q += block) {
    const std::ptrdiff_t last = q + block < work.n ? q + block : work.n;
    std::ptrdiff_t m = 0;
    for (std::ptrdiff_t t = 0; t < tiles; ++t) {  // of equal height, give or take one row
      const std::ptrdiff_t rows = height + (t < higher ? 1 : 0);
      simd::unrolled<Arch, static_cast<int>(most)>([&](auto i) __attribute__((always_inline)) {
        if (rows == i + 1) multiply_rows<Arch, i + 1>(work, q, last, m);
      });
      m += rows;
    }
  }
}

template <class Arch>
void copy(const Rows& work) {
  using Batch = xsimd::batch<float, Arch>;
  using Four = xsimd::batch<float, std::conditional_t<(Batch::size > 4), xsimd::sse2, Arch>>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const float* from = work.from;
  float* to = work.to;
  for (std::ptrdiff_t i = 0; i < work.rows; ++i, from += work.from_row, to += work.to_row) {
    std::ptrdiff_t j = 0;
    if (work.add) {
      for (; j + lanes <= work.columns; j += lanes)
        (Batch::load_unaligned(to + j) + Batch::load_unaligned(from + j)).store_unaligned(to + j);
      for (; j + 4 <= work.columns; j += 4)
        (Four::load_unaligned(to + j) + Four::load_unaligned(from + j)).store_unaligned(to + j);
      for (; j < work.columns; ++j) to[j] += from[j];
    } else {
      for (; j + lanes <= work.columns; j += lanes) Batch::load_unaligned(from + j).store_unaligned(to + j);
      for (; j + 4 <= work.columns; j += 4) Four::load_unaligned(from + j).store_unaligned(to + j);
      for (; j < work.columns; ++j) to[j] = from[j];
    }
  }
}

template <class Arch>
void transpose(const Transpose& work) {
  using Batch = xsimd::batch<float, typename simd::TransposeArch<Arch>::type>;
  constexpr std::ptrdiff_t side = Batch::size;
  const auto cell = [&](std::ptrdiff_t i, std::ptrdiff_t j) __attribute__((always_inline)) {
    float& to = work.to[j * work.to_row + i];
    to = (work.add ? to : 0.0f) + work.from[i * work.from_row + j];
  };
  std::ptrdiff_t i = 0;
  for (; i + side <= work.rows; i += side) {
    std::ptrdiff_t j = 0;
    for (; j + side <= work.columns; j += side) {
      Batch square[static_cast<std::size_t>(side)];
      for (std::ptrdiff_t q = 0; q < side; ++q)
        square[q] = Batch::load_unaligned(work.from + (i + q) * work.from_row + j);
      xsimd::transpose(square, square + side);
      for (std::ptrdiff_t q = 0; q < side; ++q) {
        float* to = work.to + (j + q) * work.to_row + i;
        if (work.add) square[q] += Batch::load_unaligned(to);
        square[q].store_unaligned(to);
      }
    }
    for (; j < work.columns; ++j)
      for (std::ptrdiff_t q = 0; q < side; ++q) cell(i + q, j);
  }
  for (; i < work.rows; ++i)
    for (std::ptrdiff_t j = 0; j < work.columns; ++j) cell(i, j);
}

template <class Arch>
float sum(const float* from, std::ptrdiff_t count) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums[4] = {Batch(0.0f), Batch(0.0f), Batch(0.0f), Batch(0.0f)};
  std::ptrdiff_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes)
    simd::unrolled<Arch, 4>([&](auto s) __attribute__((always_inline)) {
      sums[s] += Batch::load_unaligned(from + i + s * lanes);
    });
  for (; i + lanes <= count; i += lanes) sums[0] += Batch::load_unaligned(from + i);
  float total = xsimd::reduce_add((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < count; ++i) total += from[i];
  return total;
}

template <class Arch>
constexpr Table table() {
  constexpr std::ptrdiff_t lanes = xsimd::batch<float, Arch>::size;
  return {lanes,
          TileSize<Arch>::rows,
          TileSize<Arch>::vectors * lanes,
          TileSize<Arch>::gather_vectors * lanes,
          &correlate<Arch>,
          &gather<Arch>,
          &multiply<Arch>,
          &copy<Arch>,
          &transpose<Arch>,
          &sum<Arch>};
}

}  // namespace cvlab::conv2d_network_kernel
