// Flat planes (conv2d_network.hpp says why) and the sums over them, for conv2d_network*.cpp.
#pragma once

#include <algorithm>
#include <vector>

#include "core/ops/conv2d_network.hpp"
#include "core/ops/conv2d_network_kernel.hpp"
#include "core/tensor/aligned_allocator.hpp"

namespace cvlab::conv2d_network {

using conv2d_network_kernel::Table;
using Index = std::ptrdiff_t;

inline constexpr Index piece_cells = 80 << 10;   // a piece's flat planes (320 KB) stay in the second cache
inline constexpr Index piece_columns = 1 << 10;  // a tile's rows of results stay in the first one
inline constexpr Index thread_work = 1 << 19;    // products worth a turn of a thread
inline constexpr Index slack = 64;               // whole vectors are read beyond the end

constexpr Index divide_up(Index n, Index d) { return (n + d - 1) / d; }
constexpr Index round_up(Index n, Index multiple) { return divide_up(n, multiple) * multiple; }
// The next odd number of cache lines: planes one behind the other then fall into different sets of the cache.
constexpr Index spread(Index floats) { return (divide_up(floats, 16) | 1) * 16; }

template <class Memory>
auto* grown(Memory& memory, Index count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

struct Range {
  Index first, last;
  bool operator==(const Range&) const = default;
};

struct Tap {  // of a kernel row: where its weight lies, and its column in the flat planes
  Index weight, column;
};

// Each thread's own. All before `taps` is made by the calling thread and read by all pieces of one call.
struct Scratch {
  using Memory = std::vector<float, AlignedAllocator<float>>;
  Memory weights, panels, start, parts;
  std::vector<Index> offsets, pixels;
  std::vector<Range> row_taps;
  std::vector<Tap> taps;
  std::vector<Range> phase_row_taps;
  Memory cells, gradient, panel, sums, results;
};

Scratch& scratch();

inline bool zeros_outside(Padding padding) { return padding == Padding::zero || padding == Padding::valid; }

bool is_contiguous(ConstView v);

// Where flat planes keep `rows` x `columns` cells of pictures `width` wide, from column `first_column` on (negative:
// border). Phases of step_y, step_x lie behind each other. `used`: the results have so many columns.
struct Flat {
  Index rows, first_column, columns, step_y, step_x;
  Index pitch, phase, plane;

  Flat(Index rows, Index first_column, Index columns, Index step_y, Index step_x, bool zeros, Index width, Index used);

  Index at(Index y, Index x) const {
    return ((y % step_y) * step_x + x % step_x) * phase + y / step_y * pitch + x / step_x;
  }

  // Planes of `channels` channels, their first row being row first_row of the picture, and zeros behind them.
  void fill(const Table& kernel, Padding padding, ConstView from, Index sample, Index channel, Index channels,
            Index first_row, float* cells) const;

 private:
  void copy_plane(const Table& kernel, ConstView picture, Index first_row, float* cells) const;
  void gather_plane(Padding padding, ConstView picture, Index first_row, float* cells) const;
};

// `count` rows in chunks of equal size, whose flat planes of about `row_cells` a row (and `more` rows for all) fit.
Index chunk_rows(Index count, Index row_cells, Index more, Index pitch);
// Parts of `units` when there are too few pieces otherwise: at least 2^20 products each.
Index split_count(Index pieces, Index units, Index piece_work);

// The input of a forward sum for out_rows rows: its flat planes, the offset of every tap [channel][row][column] in
// them, and how many rows a piece has when `cells_beside` cells for each output cell are to fit too.
// by_phase: neighbouring results see neighbouring cells, whatever the stride.
Flat input_planes(const Geometry& g, Index out_rows, bool by_phase);
const Index* input_offsets(const Geometry& g, const Flat& flat, bool rows_first);
Index input_chunk_rows(const Geometry& g, Index cells_beside, bool by_phase);

// pixels[row * columns + column] = row * row_step + column * column_step
const Index* pixel_offsets(Index rows, Index columns, Index row_step, Index column_step);

// Output channels that share a panel: whole vectors but for the last.
struct Block {
  Index first, count, width;
};
Block channel_block(const Table& kernel, Index outputs, Index index);
inline Index block_count(const Table& kernel, Index outputs) {
  return divide_up(divide_up(outputs, kernel.lanes), kernel.gather_width / kernel.lanes);
}
inline constexpr Index panel_floats = 1 << 12;  // so much of a panel stays in the first cache

// One sum over taps for every output channel and cell of some rows of a piece. The lanes of a vector are either
// neighbouring cells (each weight meets a row of them; the cells between rows are computed too) or output channels
// (each cell meets a column of weights; no rests of rows, but results come transposed).
struct Correlator {
  const Table& kernel;
  bool channels_in_lanes;
  Index outputs, taps;   // of a group
  Index columns, pitch;  // of the results, and between their rows in the flat planes
  const float* weights;  // prepare()d
  const float* start;    // for each output channel over all groups, `slack` more
  const Index* offsets;  // of the taps
  const Index* pixels;
  // Which taps meet more than zeros in a row of results, first and end, over all rows; null: all of them do. Looked at
  // with channels in lanes only.
  const Range* row_taps;

  // What is faster, by arithmetic that was fitted to measurements; `pitch` as it were for cells in lanes, `cells` the
  // number of results of all samples.
  static bool prefers_channels(const Table& kernel, Index outputs, Index taps, Index columns, Index pitch, Index cells);
  // Weights [output over all groups][tap] in the order wanted, and how many floats that is.
  static Index prepared_count(const Table& kernel, bool channels_in_lanes, Index groups, Index outputs, Index taps);
  static void prepare(const Table& kernel, Index groups, Index outputs, Index taps, const float* weights, float* to);

  Index units() const;  // that a group's outputs may be shared out in
  // Calls sink(o, row, rows, results, results_pitch) for all outputs of the units, o counted over all groups. The piece
  // begins at row first_row of the results.
  template <class Sink>
  void run(Index group, Index first_unit, Index last_unit, const float* cells, Index first_row, Index rows,
           Sink&& sink) const {
    for (Index unit = first_unit; unit < last_unit; ++unit)
      channels_in_lanes ? run_channels(group, unit, cells, first_row, rows, sink)
                        : run_cells(group, unit, cells, first_row, rows, sink);
  }

 private:
  template <class Sink>
  void run_cells(Index group, Index unit, const float* cells, Index first_row, Index rows, Sink&& sink) const {
    const Index tiles = units(), first = outputs * unit / tiles, count = outputs * (unit + 1) / tiles - first;
    const Index n = (rows - 1) * pitch + columns, row = round_up(n, kernel.width), o = group * outputs + first;
    float* results = grown(scratch().results, kernel.rows * row);
    kernel.correlate({count, taps, n, weights + o * taps, taps, cells, offsets, start + o, results, row});
    for (Index m = 0; m < count; ++m) sink(o + m, first_row, rows, results + m * row, pitch);
  }

  template <class Sink>
  void run_channels(Index group, Index unit, const float* cells, Index first_row, Index rows, Sink&& sink) const {
    const Block b = channel_block(kernel, outputs, unit);
    const float* panel = weights + group * taps * round_up(outputs, kernel.lanes) + b.first * taps;
    const Index o = group * outputs + b.first, depth = panel_floats / b.width;
    const Index some_rows = std::max<Index>(panel_floats / (b.width * columns), 1);
    Index used = 0;
    for (Index i = 0; i < rows; i += used) {
      const Range range = row_taps ? row_taps[first_row + i] : Range{0, taps};
      used = 1;
      while (used < some_rows && i + used < rows && (!row_taps || row_taps[first_row + i + used] == range)) ++used;
      const Index count = used * columns, row = round_up(count, 16);
      float* sums = grown(scratch().sums, count * b.width);
      float* results = grown(scratch().results, b.count * row);
      for (Index tap = range.first; tap == range.first || tap < range.last; tap += depth)
        kernel.gather({count, std::min(depth, range.last - tap), b.width, cells + i * pitch, pixels, offsets + tap,
                       panel + tap * b.width, tap == range.first ? start + o : nullptr, sums});
      kernel.transpose({sums, b.width, results, row, count, b.count, false});
      for (Index m = 0; m < b.count; ++m) sink(o + m, first_row + i, used, results + m * row, columns);
    }
  }
};

}  // namespace cvlab::conv2d_network
