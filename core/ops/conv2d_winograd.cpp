#include "core/ops/conv2d_winograd.hpp"

#include <algorithm>
#include <vector>

#include "core/ops/conv2d_winograd_kernel.hpp"
#include "core/ops/gemm.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/tensor/aligned_allocator.hpp"

namespace cvlab::conv2d_winograd {

namespace {

using conv2d_network::Geometry;
using conv2d_winograd_kernel::Gather;
using conv2d_winograd_kernel::max_lanes;
using conv2d_winograd_kernel::Scatter;
using conv2d_winograd_kernel::Table;
using Index = std::ptrdiff_t;
using Memory = std::vector<float, AlignedAllocator<float>>;

constexpr Index numbers = 16;              // of a tile
constexpr Index least_channels = 32;       // on both sides: with fewer the transforms cost more than they save
constexpr Index least_tiles = 40;          // with fewer the transform of the weights does
constexpr Index piece_floats = 224 << 10;  // of transformed tiles, input and output: they stay in the second cache
constexpr Index least_piece_tiles = 48, most_piece_tiles = 224;

// Each thread's own; the calling thread's `weights`, and in backward_weight all of them, are read by every piece.
struct Scratch {
  Memory weights, tiles, sums, work;
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

float* grown(Memory& memory, Index count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

constexpr Index divide_up(Index n, Index by) { return (n + by - 1) / by; }

// The pieces the tiles over `out` are cut into: some rows of tiles of one sample.
struct Tiles {
  Index rows, columns;  // of one sample
  Index piece_rows, pieces;
  Index plane;  // floats of one channel

  Tiles(Index out_height, Index out_width, Index channels)
      : rows(divide_up(out_height, 2)), columns(divide_up(out_width, 2)) {
    const Index wanted = std::clamp(piece_floats / (numbers * channels), least_piece_tiles, most_piece_tiles);
    pieces = divide_up(rows, std::clamp<Index>(wanted / columns, 1, rows));
    piece_rows = divide_up(rows, pieces);
    pieces = divide_up(rows, piece_rows);
    plane = (divide_up(piece_rows * columns, max_lanes) + 1) * max_lanes;
    plane += plane / max_lanes % 2 == 0 ? max_lanes : 0;
  }

  // From one number of a tile to the next. Neither this nor `plane` is a multiple of a large power of two, or all that
  // is worked on at a time would lie in a few lines of the cache.
  Index number(Index channels) const { return channels * plane + 5 * max_lanes; }

  Index first(Index piece) const { return piece * piece_rows; }
  Index count(Index piece) const { return std::min(piece_rows, rows - first(piece)); }
};

// The gradient of G g G^T: G^T u G
void transform_back(const float (&u)[4][4], float (&g)[3][3]) {
  float rows[3][4];
  for (int l = 0; l < 4; ++l) {
    const float sum = 0.5f * (u[1][l] + u[2][l]);
    rows[0][l] = u[0][l] + sum;
    rows[1][l] = 0.5f * (u[1][l] - u[2][l]);
    rows[2][l] = u[3][l] + sum;
  }
  for (int k = 0; k < 3; ++k) {
    const float sum = 0.5f * (rows[k][1] + rows[k][2]);
    g[k][0] = rows[k][0] + sum;
    g[k][1] = 0.5f * (rows[k][1] - rows[k][2]);
    g[k][2] = rows[k][3] + sum;
  }
}

// [group][number][row of the product][its terms]; `backward`: from outputs to channels, back to front.
const float* transformed_weights(const Geometry& g, ConstView weight, bool backward) {
  const Index products = g.outputs * g.channels, groups = g.params.groups;
  const Index rows = backward ? g.channels : g.outputs, terms = backward ? g.outputs : g.channels;
  const Table& kernel = conv2d_winograd_kernel::best();
  float* all = grown(scratch().weights, groups * numbers * products);
  parallel_for(0, groups * rows, std::max<Index>(4096 / terms, 1), [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index group = i / rows, row = i % rows;
      conv2d_winograd_kernel::Kernels work = {
          &weight(group * g.outputs + (backward ? 0 : row), backward ? row : 0, 0, 0),
          weight.stride(backward ? 0 : 1),
          {},
          terms,
          all + group * numbers * products + row * terms,
          products};
      for (Index k = 0; k < 3; ++k)
        for (Index l = 0; l < 3; ++l)
          work.cells[k][l] = g.kernel_row(backward ? 2 - k : k) * weight.stride(2) +
                             g.kernel_column(backward ? 2 - l : l) * weight.stride(3);
      kernel.kernels(work);
    }
  });
  return all;
}

// The tiles of channel c, from the picture that starts `top` and `left` cells before the first of them.
Scatter scatter(ConstView picture, Index sample, Index channel, Index top, Index left, const Tiles& tiles, Index piece,
                float* work, float* to, Index number) {
  return {&picture(sample, channel, 0, 0),
          picture.stride(2),
          picture.size(2),
          picture.size(3),
          2 * tiles.first(piece) - top,
          -left,
          tiles.count(piece),
          tiles.columns,
          work,
          to,
          number};
}

// out (+)= bias + correlation of `in`, `top` and `left` zeros around it, with transformed weights.
void correlate(Index groups, Index channels, Index outputs, Index top, Index left, ConstView in, const float* weights,
               ConstView bias, View out, bool add) {
  const Table& kernel = conv2d_winograd_kernel::best();
  const Tiles tiles(out.size(2), out.size(3), channels + outputs);
  parallel_for(0, in.size(0) * groups * tiles.pieces, 1, [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index piece = i % tiles.pieces, group = i / tiles.pieces % groups, sample = i / tiles.pieces / groups;
      Scratch& mine = scratch();
      float* work = grown(mine.work, conv2d_winograd_kernel::work_size(tiles.piece_rows, tiles.columns));
      const Index v_number = tiles.number(channels), m_number = tiles.number(outputs);
      float* v = grown(mine.tiles, numbers * v_number);  // [number][channel][tile]
      float* m = grown(mine.sums, numbers * m_number);
      for (Index c = 0; c < channels; ++c)
        kernel.input(
            scatter(in, sample, group * channels + c, top, left, tiles, piece, work, v + c * tiles.plane, v_number));
      const Index count = tiles.count(piece) * tiles.columns;
      for (Index n = 0; n < numbers; ++n)
        gemm(false, false, outputs, count, channels, weights + (group * numbers + n) * outputs * channels, channels,
             v + n * v_number, tiles.plane, m + n * m_number, tiles.plane, false);
      const Index first_row = 2 * tiles.first(piece);
      for (Index o = 0; o < outputs; ++o) {
        const Index channel = group * outputs + o;
        kernel.output({m + o * tiles.plane, m_number, tiles.count(piece), tiles.columns,
                       bias.data() ? bias(channel) : 0.0f, &out(sample, channel, first_row, 0), out.stride(2),
                       std::min(2 * tiles.count(piece), out.size(2) - first_row), out.size(3), add});
      }
    }
  });
}

}  // namespace

bool suits(const Geometry& g, ConstView in, ConstView out) {
  const Conv2dParams& p = g.params;
  return g.kernel_rows == 3 && g.kernel_columns == 3 && p.stride_y == 1 && p.stride_x == 1 && p.dilation_y == 1 &&
         p.dilation_x == 1 && (p.padding == Padding::zero || p.padding == Padding::valid) && g.top <= 2 &&
         g.left <= 2 && g.channels >= least_channels && g.outputs >= least_channels && in.stride(3) == 1 &&
         out.stride(3) == 1 && g.samples * divide_up(g.out_height, 2) * divide_up(g.out_width, 2) >= least_tiles;
}

void forward(const Geometry& g, ConstView in, ConstView weight, ConstView bias, View out, bool add) {
  correlate(g.params.groups, g.channels, g.outputs, g.top, g.left, in, transformed_weights(g, weight, false), bias, out,
            add);
}

void backward_input(const Geometry& g, ConstView weight, ConstView dout, ConstView bias, View din, bool add) {
  correlate(g.params.groups, g.outputs, g.channels, 2 - g.top, 2 - g.left, dout, transformed_weights(g, weight, true),
            bias, din, add);
}

void backward_weight(const Geometry& g, ConstView in, ConstView dout, View dweight) {
  const Table& kernel = conv2d_winograd_kernel::best();
  const Index groups = g.params.groups, products = g.outputs * g.channels;
  const Tiles tiles(g.out_height, g.out_width, g.channels + g.outputs);
  float* sums = grown(scratch().weights, groups * numbers * products);
  const Index v_number = tiles.number(g.channels), d_number = tiles.number(g.outputs);
  float* v = grown(scratch().tiles, numbers * v_number);
  float* d = grown(scratch().sums, numbers * d_number);
  std::fill_n(sums, groups * numbers * products, 0.0f);
  for (Index i = 0; i < g.samples * groups * tiles.pieces; ++i) {
    const Index piece = i % tiles.pieces, group = i / tiles.pieces % groups, sample = i / tiles.pieces / groups;
    parallel_for(0, g.channels + g.outputs, 16, [&](Index from, Index to) {
      float* work = grown(scratch().work, conv2d_winograd_kernel::work_size(tiles.piece_rows, tiles.columns));
      for (Index c = from; c < to; ++c) {
        const bool is_input = c < g.channels;
        const Index channel = is_input ? c : c - g.channels, channels = is_input ? g.channels : g.outputs;
        (is_input ? kernel.input : kernel.gradient)(scatter(
            is_input ? in : dout, sample, group * channels + channel, is_input ? g.top : 0, is_input ? g.left : 0,
            tiles, piece, work, (is_input ? v : d) + channel * tiles.plane, is_input ? v_number : d_number));
      }
    });
    const Index count = tiles.count(piece) * tiles.columns;
    parallel_for(0, numbers, 1, [&](Index from, Index to) {
      for (Index n = from; n < to; ++n)
        gemm(false, true, g.outputs, g.channels, count, d + n * d_number, tiles.plane, v + n * v_number, tiles.plane,
             sums + (group * numbers + n) * products, g.channels, true);
    });
  }
  parallel_for(0, groups * g.outputs, std::max<Index>(4096 / g.channels, 1), [&](Index from, Index to) {
    for (Index o = from; o < to; ++o)
      for (Index c = 0; c < g.channels; ++c) {
        float tile[4][4];
        float gradient[3][3];
        const float* sum = sums + o / g.outputs * numbers * products + o % g.outputs * g.channels + c;
        for (Index n = 0; n < numbers; ++n) tile[n / 4][n % 4] = sum[n * products];
        transform_back(tile, gradient);
        for (Index k = 0; k < 3; ++k)
          for (Index l = 0; l < 3; ++l) dweight(o, c, g.kernel_row(k), g.kernel_column(l)) += gradient[k][l];
      }
  });
}

}  // namespace cvlab::conv2d_winograd
