#include "core/ops/conv2d_flat.hpp"

#include <algorithm>

#include "core/parallel/parallel_for.hpp"

namespace cvlab::conv2d_network {

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

bool is_contiguous(ConstView v) {
  return v.stride(3) == 1 && v.stride(2) == v.size(3) && v.stride(1) == v.size(2) * v.size(3) &&
         v.stride(0) == v.size(1) * v.size(2) * v.size(3);
}

Flat::Flat(Index rows_, Index first_column_, Index columns_, Index step_y_, Index step_x_, bool zeros, Index width,
           Index used)
    : rows(rows_), first_column(first_column_), columns(columns_), step_y(step_y_), step_x(step_x_) {
  const Index before = std::clamp<Index>(-first_column, 0, columns);
  const Index after = std::clamp<Index>(first_column + columns - width, 0, columns - before);
  const bool shared = zeros && step_x == 1;  // zeros behind a row and before the next
  pitch = shared ? std::max(columns - std::min(before, after), used) : divide_up(columns, step_x);
  phase = divide_up(rows, step_y) * pitch;
  plane = spread(phase * step_y * step_x + (shared ? columns - pitch : 0));
}

void Flat::fill(const Table& kernel, Padding padding, ConstView from, Index sample, Index channel, Index channels,
                Index first_row, float* cells) const {
  if (from.size(2) == 0 || from.size(3) == 0) {  // nothing but padding
    std::fill_n(cells, channels * plane + slack, 0.0f);
    return;
  }
  for (Index c = 0; c < channels; ++c, cells += plane) {
    const ConstView picture(&from(sample, channel + c, 0, 0), {from.size(2), from.size(3)},
                            {from.stride(2), from.stride(3)});
    if (zeros_outside(padding) && step_y == 1 && step_x == 1 && from.stride(3) == 1)
      copy_plane(kernel, picture, first_row, cells);
    else
      gather_plane(padding, picture, first_row, cells);
  }
  std::fill_n(cells, slack, 0.0f);
}

void Flat::copy_plane(const Table& kernel, ConstView picture, Index first_row, float* cells) const {
  const Index top = std::clamp<Index>(-first_row, 0, rows), left = std::clamp<Index>(-first_column, 0, columns);
  const Index height = std::min(rows, picture.size(0) - first_row) - top;
  const Index width = std::min(columns, picture.size(1) - first_column) - left;
  if (height <= 0 || width <= 0) {
    std::fill_n(cells, plane, 0.0f);
    return;
  }
  const float* from = &picture(first_row + top, first_column + left);
  if (width == pitch && picture.stride(0) == pitch) {  // rows without a gap: one
    std::fill_n(cells, top * pitch, 0.0f);
    kernel.copy({from, 0, cells + top * pitch, 0, 1, height * pitch, false});
    std::fill_n(cells + (top + height) * pitch, plane - (top + height) * pitch, 0.0f);
    return;
  }
  std::fill_n(cells, plane, 0.0f);
  kernel.copy({from, picture.stride(0), cells + top * pitch + left, pitch, height, width, false});
}

void Flat::gather_plane(Padding padding, ConstView picture, Index first_row, float* cells) const {
  std::fill_n(cells, plane, 0.0f);
  for (Index y = 0; y < rows; ++y) {
    const int source = border_source(padding, static_cast<int>(first_row + y), static_cast<int>(picture.size(0)));
    if (source < 0) continue;
    const float* from = &picture(source, 0);
    for (Index x0 = 0; x0 < std::min(step_x, columns); ++x0) {
      float* to = cells + at(y, x0);
      if (zeros_outside(padding)) {
        const Index first = divide_up(std::max<Index>(-first_column - x0, 0), step_x);
        const Index last = std::min(columns, picture.size(1) - first_column);
        for (Index i = first; x0 + i * step_x < last; ++i)
          to[i] = from[(first_column + x0 + i * step_x) * picture.stride(1)];
      } else {
        for (Index i = 0; x0 + i * step_x < columns; ++i)
          to[i] = from[border_source(padding, static_cast<int>(first_column + x0 + i * step_x),
                                     static_cast<int>(picture.size(1))) *
                       picture.stride(1)];
      }
    }
  }
}

Index chunk_rows(Index count, Index row_cells, Index more, Index pitch) {
  const Index by_cells = piece_cells / std::max<Index>(row_cells, 1) - more, by_columns = piece_columns / pitch;
  const Index most = std::clamp<Index>(std::min(by_cells, by_columns), 1, count);
  return divide_up(count, divide_up(count, most));
}

Index split_count(Index pieces, Index units, Index piece_work) {
  return pieces >= 8 ? 1 : std::clamp<Index>(std::min(units, piece_work >> 20), 1, 8);
}

const Index* pixel_offsets(Index rows, Index columns, Index row_step, Index column_step) {
  Index* next = grown(scratch().pixels, rows * columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) *next++ = i * row_step + j * column_step;
  return scratch().pixels.data();
}

Flat input_planes(const Geometry& g, Index out_rows, bool by_phase) {
  const Conv2dParams& p = g.params;
  return {(out_rows - 1) * p.stride_y + g.reach_y + 1,
          -g.left,
          (g.out_width - 1) * p.stride_x + g.reach_x + 1,
          by_phase ? p.stride_y : 1,
          by_phase ? p.stride_x : 1,
          zeros_outside(p.padding),
          g.width,
          g.out_width};
}

const Index* input_offsets(const Geometry& g, const Flat& flat, bool rows_first) {
  Index* offsets = grown(scratch().offsets, g.channels * g.taps());
  for (Index c = 0; c < g.channels; ++c)
    for (Index k = 0; k < g.kernel_rows; ++k)
      for (Index l = 0; l < g.kernel_columns; ++l)
        offsets[(rows_first ? k * g.channels + c : c * g.kernel_rows + k) * g.kernel_columns + l] =
            c * flat.plane + flat.at(k * g.params.dilation_y, l * g.params.dilation_x);
  return offsets;
}

Index input_chunk_rows(const Geometry& g, Index cells_beside, bool by_phase) {
  const Flat one = input_planes(g, 1, by_phase);
  const Index phases = g.params.stride_y * (by_phase ? g.params.stride_x : 1);
  return chunk_rows(g.out_height, (g.channels * phases + cells_beside) * one.pitch,
                    divide_up(g.reach_y, g.params.stride_y), by_phase ? one.pitch : g.out_width);
}

bool Correlator::prefers_channels(const Table& kernel, Index outputs, Index taps, Index columns, Index pitch,
                                  Index cells) {
  // Time for each useful product, and what there is besides: cells between rows, loads across cache lines, copying out;
  // lanes without a channel, transposing results, and weights, which pays when they are used often.
  const auto ratio = [](Index a, Index b) { return static_cast<double>(a) / static_cast<double>(b); };
  const Index products = std::max<Index>(taps, 1);
  const double by_cells = ratio(pitch, columns) * (1.08 + ratio(6, products));
  const double by_channels =
      ratio(round_up(outputs, kernel.lanes), outputs) * (1.0 + ratio(14, products)) + ratio(20, cells);
  return by_channels < by_cells;
}

Index Correlator::prepared_count(const Table& kernel, bool channels_in_lanes, Index groups, Index outputs, Index taps) {
  return groups * taps * (channels_in_lanes ? round_up(outputs, kernel.lanes) : outputs);
}

Block channel_block(const Table& kernel, Index outputs, Index index) {
  const Index vectors = divide_up(outputs, kernel.lanes), blocks = block_count(kernel, outputs);
  const Index first = vectors * index / blocks, last = vectors * (index + 1) / blocks;
  return {first * kernel.lanes, std::min(outputs, last * kernel.lanes) - first * kernel.lanes,
          (last - first) * kernel.lanes};
}

void Correlator::prepare(const Table& kernel, Index groups, Index outputs, Index taps, const float* weights,
                         float* to) {
  const Index blocks = block_count(kernel, outputs), lanes_used = round_up(outputs, kernel.lanes);
  parallel_for(0, groups * blocks, divide_up(1 << 16, taps * kernel.gather_width + 1), [&](Index from, Index last) {
    for (Index i = from; i < last; ++i) {
      const Index group = i / blocks;
      const Block b = channel_block(kernel, outputs, i % blocks);
      float* panel = to + group * taps * lanes_used + b.first * taps;
      if (b.count < b.width) std::fill_n(panel, taps * b.width, 0.0f);
      kernel.transpose({weights + (group * outputs + b.first) * taps, taps, panel, b.width, b.count, taps, false});
    }
  });
}

Index Correlator::units() const {
  return channels_in_lanes ? block_count(kernel, outputs) : divide_up(outputs, kernel.rows);
}

}  // namespace cvlab::conv2d_network
