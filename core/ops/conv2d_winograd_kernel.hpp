// The transforms of conv2d_winograd, written once on xsimd's batch: lanes are neighbouring tiles of a row of tiles.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/simd/tiles.hpp"

namespace cvlab::conv2d_winograd_kernel {

using Index = std::ptrdiff_t;

constexpr Index max_lanes = 16;

// One channel of some rows of tiles, picture to tiles: tile (r, t) covers the cells from row first_row + 2r and column
// first_column + 2t on, zero outside the picture. Number i (0..15) of it goes to to[i*plane + r*tile_columns + t], and
// up to max_lanes floats behind the last one are written too.
struct Scatter {
  const float* from;  // cell (0, 0) of the picture
  Index row_stride, height, width;
  Index first_row, first_column;
  Index tile_rows, tile_columns;
  float* work;  // work_size() floats
  float* to;
  Index plane;
};

constexpr Index work_size(Index tile_rows, Index tile_columns) {
  const Index pitch = tile_columns + 2 * max_lanes;
  return (2 * tile_rows + 2) * 4 * pitch + 2 * pitch;
}

// The way back: sums over channels, tiles (4x4) to the 2x2 cells of each, `rows` x `columns` of them wanted.
struct Gather {
  const float* from;  // number i of tile (r, t) at from[i*plane + r*tile_columns + t]; whole vectors are read
  Index plane, tile_rows, tile_columns;
  float bias;
  float* to;
  Index row_stride, rows, columns;
  bool add;
};

// 3x3 kernels to tiles: the one of term t has its cells at from[t*step + cells[k][l]]; number i of its tile goes to
// to[i*number + t].
struct Kernels {
  const float* from;
  Index step;
  Index cells[3][3];
  Index terms;
  float* to;
  Index number;
};

struct Table {
  void (*kernels)(const Kernels&);   // U = G g G^T
  void (*input)(const Scatter&);     // V = B^T d B, of 4x4 cells
  void (*gradient)(const Scatter&);  // A y A^T, of 2x2 cells
  void (*output)(const Gather&);     // y = A^T m A
};

const Table& best();

// to[k] = row[first + 2k], 0 outside the row
inline void every_other(const float* row, Index first, Index width, float* __restrict to, Index count) {
  const Index begin = std::min(first < 0 ? (1 - first) / 2 : 0, count);
  const Index end = std::clamp((width - first + 1) / 2, begin, count);
  std::fill(to, to + begin, 0.0f);
  for (Index k = begin; k < end; ++k) to[k] = row[first + 2 * k];
  std::fill(to + end, to + count, 0.0f);
}

// Calls combine(e, o, f, p) for each vector of tiles of each row, with e, o the cells of its even and odd columns and
// f, p those of the next tile; the four results become rows of `rows`, which it returns [row][4][pitch].
template <class Arch, class Combine>
[[gnu::always_inline]] inline float* combine_columns(const Scatter& w, Index row_count, Index pitch,
                                                     const Combine& combine) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr Index lanes = Batch::size;
  const Index half = pitch + lanes;
  float* even = w.work;
  float* odd = even + half;
  float* const rows = odd + half;
  for (Index y = 0; y < row_count; ++y) {
    float* to = rows + y * 4 * pitch;
    const Index from_row = w.first_row + y;
    if (from_row < 0 || from_row >= w.height) {
      std::fill_n(to, 4 * pitch, 0.0f);
      continue;
    }
    const float* from = w.from + from_row * w.row_stride;
    every_other(from, w.first_column, w.width, even, half);
    every_other(from, w.first_column + 1, w.width, odd, half);
    for (Index t = 0; t < pitch; t += lanes) {
      Batch out[4];
      combine(Batch::load_unaligned(even + t), Batch::load_unaligned(odd + t), Batch::load_unaligned(even + t + 1),
              Batch::load_unaligned(odd + t + 1), out);
      for (int j = 0; j < 4; ++j) out[j].store_unaligned(to + j * pitch + t);
    }
  }
  return rows;
}

template <class Arch>
void input(const Scatter& w) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr Index lanes = Batch::size;
  const Index pitch = (w.tile_columns + lanes - 1) / lanes * lanes;
  const float* rows = combine_columns<Arch>(
      w, 2 * w.tile_rows + 2, pitch, [](const Batch& e, const Batch& o, const Batch& f, const Batch& p, Batch* out) {
        out[0] = e - f;
        out[1] = o + f;
        out[2] = f - o;
        out[3] = o - p;
      });
  for (Index r = 0; r < w.tile_rows; ++r)
    for (Index j = 0; j < 4; ++j) {
      const float* from = rows + (2 * r * 4 + j) * pitch;
      float* to = w.to + j * w.plane + r * w.tile_columns;
      for (Index t = 0; t < pitch; t += lanes) {
        const Batch a = Batch::load_unaligned(from + t), b = Batch::load_unaligned(from + 4 * pitch + t);
        const Batch c = Batch::load_unaligned(from + 8 * pitch + t), d = Batch::load_unaligned(from + 12 * pitch + t);
        (a - c).store_unaligned(to + t);
        (b + c).store_unaligned(to + 4 * w.plane + t);
        (c - b).store_unaligned(to + 8 * w.plane + t);
        (b - d).store_unaligned(to + 12 * w.plane + t);
      }
    }
}

template <class Arch>
void gradient(const Scatter& w) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr Index lanes = Batch::size;
  const Index pitch = (w.tile_columns + lanes - 1) / lanes * lanes;
  const float* rows = combine_columns<Arch>(w, 2 * w.tile_rows, pitch,
                                            [](const Batch& e, const Batch& o, const Batch&, const Batch&, Batch* out) {
                                              out[0] = e;
                                              out[1] = e + o;
                                              out[2] = e - o;
                                              out[3] = -o;
                                            });
  for (Index r = 0; r < w.tile_rows; ++r)
    for (Index j = 0; j < 4; ++j) {
      const float* from = rows + (2 * r * 4 + j) * pitch;
      float* to = w.to + j * w.plane + r * w.tile_columns;
      for (Index t = 0; t < pitch; t += lanes) {
        const Batch a = Batch::load_unaligned(from + t), b = Batch::load_unaligned(from + 4 * pitch + t);
        a.store_unaligned(to + t);
        (a + b).store_unaligned(to + 4 * w.plane + t);
        (a - b).store_unaligned(to + 8 * w.plane + t);
        (-b).store_unaligned(to + 12 * w.plane + t);
      }
    }
}

template <class Arch>
void output(const Gather& w) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr Index lanes = Batch::size;
  const Batch bias(w.bias);
  const auto store = [&](Index y, Index x, const Batch& even, const Batch& odd) __attribute__((always_inline)) {
    Batch cells[2] = {xsimd::zip_lo(even, odd), xsimd::zip_hi(even, odd)};
    float* to = w.to + y * w.row_stride + x;
    if (x + 2 * lanes <= w.columns) {
      for (int h = 0; h < 2; ++h) {
        if (w.add) cells[h] += Batch::load_unaligned(to + h * lanes);
        cells[h].store_unaligned(to + h * lanes);
      }
      return;
    }
    float last[2 * lanes];
    cells[0].store_unaligned(last);
    cells[1].store_unaligned(last + lanes);
    for (Index k = 0; x + k < w.columns; ++k) to[k] = w.add ? to[k] + last[k] : last[k];
  };
  for (Index r = 0; r < w.tile_rows; ++r)
    for (Index t = 0; t < w.tile_columns; t += lanes) {
      const float* from = w.from + r * w.tile_columns + t;
      Batch even[4], odd[4];
      simd::unrolled<Arch, 4>([&](auto i) __attribute__((always_inline)) {
        Batch m[4];
        simd::unrolled<Arch, 4>([&](auto j) __attribute__((always_inline)) {
          m[j] = Batch::load_unaligned(from + (4 * i + j) * w.plane);
        });
        even[i] = m[0] + m[1] + m[2];
        odd[i] = m[1] - m[2] - m[3];
      });
      store(2 * r, 2 * t, bias + even[0] + even[1] + even[2], bias + odd[0] + odd[1] + odd[2]);
      if (2 * r + 1 < w.rows)
        store(2 * r + 1, 2 * t, bias + even[1] - even[2] - even[3], bias + odd[1] - odd[2] - odd[3]);
    }
}

template <class Number>
[[gnu::always_inline]] inline void transform_kernel(const Number (&g)[3][3], Number (&u)[4][4]) {
  const Number half(0.5f);
  Number rows[4][3];
  for (int l = 0; l < 3; ++l) {
    const Number ends = g[0][l] + g[2][l];
    rows[0][l] = g[0][l];
    rows[1][l] = half * (ends + g[1][l]);
    rows[2][l] = half * (ends - g[1][l]);
    rows[3][l] = g[2][l];
  }
  for (int k = 0; k < 4; ++k) {
    const Number ends = rows[k][0] + rows[k][2];
    u[k][0] = rows[k][0];
    u[k][1] = half * (ends + rows[k][1]);
    u[k][2] = half * (ends - rows[k][1]);
    u[k][3] = rows[k][2];
  }
}

template <class Arch>
void kernels(const Kernels& w) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr Index lanes = Batch::size;
  Index t = 0;
  for (; t + lanes <= w.terms; t += lanes) {
    Batch g[3][3];
    Batch u[4][4];
    float cells[9][lanes];
    for (Index i = 0; i < lanes; ++i)
      for (int k = 0; k < 9; ++k) cells[k][i] = w.from[(t + i) * w.step + w.cells[k / 3][k % 3]];
    for (int k = 0; k < 9; ++k) g[k / 3][k % 3] = Batch::load_unaligned(cells[k]);
    transform_kernel(g, u);
    for (int n = 0; n < 16; ++n) u[n / 4][n % 4].store_unaligned(w.to + n * w.number + t);
  }
  for (; t < w.terms; ++t) {
    float g[3][3];
    float u[4][4];
    for (int k = 0; k < 9; ++k) g[k / 3][k % 3] = w.from[t * w.step + w.cells[k / 3][k % 3]];
    transform_kernel(g, u);
    for (int n = 0; n < 16; ++n) w.to[n * w.number + t] = u[n / 4][n % 4];
  }
}

template <class Arch>
constexpr Table table() {
  return {&kernels<Arch>, &input<Arch>, &gradient<Arch>, &output<Arch>};
}

}  // namespace cvlab::conv2d_winograd_kernel
