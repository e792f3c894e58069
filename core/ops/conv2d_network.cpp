#include "core/ops/conv2d_network.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "core/ops/conv2d_network_kernel.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/tensor/aligned_allocator.hpp"

namespace cvlab::conv2d_network {

namespace {

using conv2d_network_kernel::Table;
using Index = std::ptrdiff_t;

constexpr Index piece_cells = 80 << 10;   // a piece's flat planes (320 KB) stay in the second cache
constexpr Index piece_columns = 1 << 10;  // a tile's rows of results stay in the first one
constexpr Index thread_work = 1 << 19;    // products worth a turn of a thread
constexpr Index gradient_cells = 3 << 9;  // so much of one channel, of several samples, stays in the first cache
constexpr Index slack = 64;               // whole vectors are read beyond the last plane
constexpr Index most_sums = 1 << 20;      // partial sums of all pieces of one weight gradient
constexpr Index most_lanes = 16;

constexpr Index divide_up(Index n, Index d) { return (n + d - 1) / d; }
constexpr Index round_up(Index n, Index multiple) { return divide_up(n, multiple) * multiple; }
// The next odd number of cache lines: planes one behind the other then fall into different sets of the cache.
constexpr Index spread(Index floats) { return (divide_up(floats, 16) | 1) * 16; }

template <class Memory>
auto* grown(Memory& memory, Index count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

// Each thread's own. The calling thread's `weights`, `start`, `offsets` and `sums` are read by all pieces of one call.
struct Tap {
  Index k, l;
};

struct Scratch {
  using Memory = std::vector<float, AlignedAllocator<float>>;
  Memory weights, start, sums;
  std::vector<Index> offsets;
  std::vector<Tap> taps;
  Memory cells, gradient, results;
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

bool zeros_outside(Padding padding) { return padding == Padding::zero || padding == Padding::valid; }

// Where flat planes keep `rows` x `columns` cells of pictures `width` wide, from column `first_column` on (negative:
// border). Phases of step_y, step_x lie behind each other. `used`: the results have so many columns.
struct Flat {
  Index rows, first_column, columns, step_y, step_x;
  Index pitch, phase, plane;

  Flat(Index rows_, Index first_column_, Index columns_, Index step_y_, Index step_x_, bool zeros, Index width,
       Index used)
      : rows(rows_), first_column(first_column_), columns(columns_), step_y(step_y_), step_x(step_x_) {
    const Index before = std::clamp<Index>(-first_column, 0, columns);
    const Index after = std::clamp<Index>(first_column + columns - width, 0, columns - before);
    const bool shared = zeros && step_x == 1;  // zeros behind a row and before the next
    pitch = shared ? std::max(columns - std::min(before, after), used) : divide_up(columns, step_x);
    phase = divide_up(rows, step_y) * pitch;
    plane = spread(phase * step_y * step_x + (shared ? columns - pitch : 0));
  }

  Index at(Index y, Index x) const {
    return ((y % step_y) * step_x + x % step_x) * phase + y / step_y * pitch + x / step_x;
  }

  // Planes of `channels` channels, their first row being row first_row of the picture, and zeros behind them.
  void fill(const Table& kernel, Padding padding, ConstView from, Index sample, Index channel, Index channels,
            Index first_row, float* cells) const {
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

 private:
  void copy_plane(const Table& kernel, ConstView picture, Index first_row, float* cells) const {
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

  void gather_plane(Padding padding, ConstView picture, Index first_row, float* cells) const {
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
};

// `count` rows in chunks of equal size, whose flat planes of about `row_cells` a row (and `more` rows for all) fit.
Index chunk_rows(Index count, Index row_cells, Index more, Index pitch) {
  const Index by_cells = piece_cells / std::max<Index>(row_cells, 1) - more, by_columns = piece_columns / pitch;
  const Index most = std::clamp<Index>(std::min(by_cells, by_columns), 1, count);
  return divide_up(count, divide_up(count, most));
}

// Parts of the outputs when there are too few pieces otherwise: at least 32 outputs and 2^20 products each.
Index split_count(Index pieces, Index outputs, Index piece_work) {
  return pieces >= 8 ? 1 : std::clamp<Index>(std::min(outputs / 32, piece_work >> 20), 1, 8);
}

bool is_contiguous(ConstView v) {
  return v.stride(3) == 1 && v.stride(2) == v.size(3) && v.stride(1) == v.size(2) * v.size(3) &&
         v.stride(0) == v.size(1) * v.size(2) * v.size(3);
}

const float* start_values(ConstView bias, Index count) {
  float* start = grown(scratch().start, count);
  for (Index i = 0; i < count; ++i) start[i] = bias.data() ? bias(i) : 0.0f;
  return start;
}

// [output][channel][row][column]: where they lie, or copied in the order the kernel meets them.
const float* forward_weights(const Geometry& g, ConstView weight) {
  if (is_contiguous(weight) && !g.params.flip) return weight.data();
  float* next = grown(scratch().weights, weight.count());
  for (Index o = 0; o < weight.size(0); ++o)
    for (Index c = 0; c < weight.size(1); ++c)
      for (Index k = 0; k < g.kernel_rows; ++k)
        for (Index l = 0; l < g.kernel_columns; ++l) *next++ = weight(o, c, g.kernel_row(k), g.kernel_column(l));
  return scratch().weights.data();
}

Flat input_planes(const Geometry& g, Index out_rows) {
  const Conv2dParams& p = g.params;
  return {(out_rows - 1) * p.stride_y + g.reach_y + 1,
          -g.left,
          (g.out_width - 1) * p.stride_x + g.reach_x + 1,
          p.stride_y,
          p.stride_x,
          zeros_outside(p.padding),
          g.width,
          g.out_width};
}

const Index* input_offsets(const Geometry& g, const Flat& flat) {
  Index* next = grown(scratch().offsets, g.channels * g.taps());
  for (Index c = 0; c < g.channels; ++c)
    for (Index k = 0; k < g.kernel_rows; ++k)
      for (Index l = 0; l < g.kernel_columns; ++l)
        *next++ = c * flat.plane + flat.at(k * g.params.dilation_y, l * g.params.dilation_x);
  return scratch().offsets.data();
}

Index input_chunk_rows(const Geometry& g, Index cells_beside) {
  const Flat one = input_planes(g, 1);
  return chunk_rows(g.out_height, (g.channels * g.params.stride_y * g.params.stride_x + cells_beside) * one.pitch,
                    divide_up(g.reach_y, g.params.stride_y), one.pitch);
}

// Calls f(first, rows) for the tiles of `count` output channels, of equal height give or take one.
template <class Function>
void for_each_tile(Index count, Index most, Function&& f) {
  const Index tiles = divide_up(count, most);
  for (Index t = 0; t < tiles; ++t) f(count * t / tiles, count * (t + 1) / tiles - count * t / tiles);
}

struct Forward {
  const Geometry& g;
  const Table& kernel;
  Flat flat;
  ConstView in;
  View out;
  const float* weights;
  const float* start;
  const Index* offsets;
  bool add;

  // Output rows [first_row, first_row + rows) of output channels [first, first + count), counted over all groups.
  void piece(Index sample, Index group, Index first_row, Index rows, Index first, Index count) const {
    Scratch& mine = scratch();
    float* cells = grown(mine.cells, g.channels * flat.plane + slack);
    flat.fill(kernel, g.params.padding, in, sample, group * g.channels, g.channels,
              first_row * g.params.stride_y - g.top, cells);
    const Index taps = g.channels * g.taps(), n = (rows - 1) * flat.pitch + g.out_width;
    const Index row = round_up(n, kernel.width);
    float* results = grown(mine.results, kernel.rows * row);
    for_each_tile(count, kernel.rows, [&](Index tile, Index height) {
      const Index o = first + tile;
      kernel.correlate({height, taps, n, weights + o * taps, taps, cells, offsets, start + o, results, row});
      for (Index m = 0; m < height; ++m) store(results + m * row, sample, o + m, first_row, rows);
    });
  }

  void store(const float* from, Index sample, Index o, Index first_row, Index rows) const {
    if (out.stride(3) == 1)
      return kernel.copy({from, flat.pitch, &out(sample, o, first_row, 0), out.stride(2), rows, g.out_width, add});
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < g.out_width; ++j) {
        float& to = out(sample, o, first_row + i, j);
        to = (add ? to : 0.0f) + from[i * flat.pitch + j];
      }
  }
};

}  // namespace

Geometry::Geometry(const Conv2dParams& p, const Shape& in, const Shape& weight, const Shape& out)
    : params(p),
      samples(in[0]),
      height(in[2]),
      width(in[3]),
      out_height(out[2]),
      out_width(out[3]),
      kernel_rows(weight[2]),
      kernel_columns(weight[3]),
      channels(weight[1]),
      outputs(weight[0] / p.groups),
      reach_y(p.dilation_y * (kernel_rows - 1)),
      reach_x(p.dilation_x * (kernel_columns - 1)),
      top(conv2d_top_padding(p, kernel_rows)),
      left(conv2d_left_padding(p, kernel_columns)) {}

void forward(const Geometry& g, ConstView in, ConstView weight, ConstView bias, View out, bool add) {
  if (out.count() == 0) return;
  const Index rows = input_chunk_rows(g, 0), chunks = divide_up(g.out_height, rows);
  const Flat flat = input_planes(g, rows);
  const Forward work = {g,
                        conv2d_network_kernel::best(),
                        flat,
                        in,
                        out,
                        forward_weights(g, weight),
                        start_values(bias, weight.size(0)),
                        input_offsets(g, flat),
                        add};
  const Index products = rows * flat.pitch * g.outputs * std::max<Index>(g.channels * g.taps(), 1);
  const Index pieces = g.samples * g.params.groups * chunks, splits = split_count(pieces, g.outputs, products);
  const Index grain = std::max<Index>(thread_work * splits / products, 1);
  parallel_for(0, pieces * splits, grain, [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index split = i % splits, chunk = i / splits % chunks;
      const Index group = i / splits / chunks % g.params.groups, sample = i / splits / chunks / g.params.groups;
      const Index first = g.outputs * split / splits, last = g.outputs * (split + 1) / splits;
      work.piece(sample, group, chunk * rows, std::min(rows, g.out_height - chunk * rows), group * g.outputs + first,
                 last - first);
    }
  });
}

namespace {

// The taps that reach a phase of the padded input.
std::span<const Tap> phase_taps(const Geometry& g, Index ry, Index rx) {
  std::vector<Tap>& taps = scratch().taps;
  taps.clear();
  for (Index k = 0; k < g.kernel_rows; ++k)
    for (Index l = 0; l < g.kernel_columns; ++l)
      if (k * g.params.dilation_y % g.params.stride_y == ry && l * g.params.dilation_x % g.params.stride_x == rx)
        taps.push_back({k, l});
  return taps;
}

// The gradient in the padded input, cell (y, x) of it being stride * (u, v) + phase: for each phase a correlation of
// dout with the taps that reach it, back to front.
struct BackwardInput {
  const Geometry& g;
  const Table& kernel;
  Flat flat;
  ConstView dout;
  View din;
  Index first_v, columns;  // columns v of each phase
  const float* weights;    // [phase][channel over all groups][output][tap of the phase]
  const float* start;
  const Index* offsets;  // [phase][output][tap]
  bool add;

  void piece(Index sample, Index group, Index first_u, Index rows) const {
    Scratch& mine = scratch();
    float* cells = grown(mine.cells, g.outputs * flat.plane + slack);
    flat.fill(kernel, Padding::zero, dout, sample, group * g.outputs, g.outputs,
              first_u - g.reach_y / g.params.stride_y, cells);
    const Index n = (rows - 1) * flat.pitch + columns, row = round_up(n, kernel.width);
    float* results = grown(mine.results, kernel.rows * row);
    const float* phase_weights = weights;
    const Index* phase_offsets = offsets;
    for (Index ry = 0; ry < g.params.stride_y; ++ry)
      for (Index rx = 0; rx < g.params.stride_x; ++rx) {
        const Index taps = g.outputs * static_cast<Index>(phase_taps(g, ry, rx).size());
        for_each_tile(g.channels, kernel.rows, [&](Index tile, Index height) {
          const Index c = group * g.channels + tile;
          kernel.correlate(
              {height, taps, n, phase_weights + c * taps, taps, cells, phase_offsets, start + c, results, row});
          for (Index m = 0; m < height; ++m) store(results + m * row, sample, c + m, ry, rx, first_u, rows);
        });
        phase_weights += taps * g.channels * g.params.groups;
        phase_offsets += taps;
      }
  }

  void store(const float* from, Index sample, Index c, Index ry, Index rx, Index first_u, Index rows) const {
    const Index step = g.params.stride_x;
    if (!zeros_outside(g.params.padding)) return fold(from, sample, c, ry, rx, first_u, rows);
    if (g.params.stride_y == 1 && step == 1 && din.stride(3) == 1)
      return kernel.copy({from, flat.pitch, &din(sample, c, first_u - g.top, 0), din.stride(2), rows, columns, add});
    const Index x0 = first_v * step + rx - g.left;  // of column 0: may be outside
    const Index first = x0 < 0 ? divide_up(-x0, step) : 0;
    const Index last = std::min(columns, divide_up(std::max<Index>(g.width - x0, 0), step));
    for (Index i = 0; i < rows; ++i, from += flat.pitch) {
      const Index y = (first_u + i) * g.params.stride_y + ry - g.top;
      if (y < 0 || y >= g.height) continue;
      float* to = &din(sample, c, y, 0);
      for (Index j = first; j < last; ++j) {
        float& cell = to[(x0 + j * step) * din.stride(3)];
        cell = (add ? cell : 0.0f) + from[j];
      }
    }
  }

  // Each padded cell is added to the one that it stood for.
  void fold(const float* from, Index sample, Index c, Index ry, Index rx, Index first_u, Index rows) const {
    for (Index i = 0; i < rows; ++i, from += flat.pitch) {
      const Index y = (first_u + i) * g.params.stride_y + ry;
      const int row = border_source(g.params.padding, static_cast<int>(y - g.top), static_cast<int>(g.height));
      for (Index j = 0; j < columns; ++j) {
        const Index x = (first_v + j) * g.params.stride_x + rx;
        din(sample, c, row, border_source(g.params.padding, static_cast<int>(x - g.left), static_cast<int>(g.width))) +=
            from[j];
      }
    }
  }
};

void prepare_phases(const Geometry& g, const Flat& flat, ConstView weight) {
  const Conv2dParams& p = g.params;
  Index* offset = grown(scratch().offsets, g.outputs * g.taps());
  float* next = grown(scratch().weights, weight.count());
  const Index lowest = g.reach_y / p.stride_y, rightmost = g.reach_x / p.stride_x;
  for (Index ry = 0; ry < p.stride_y; ++ry)
    for (Index rx = 0; rx < p.stride_x; ++rx) {
      const std::span<const Tap> taps = phase_taps(g, ry, rx);
      for (Index o = 0; o < g.outputs; ++o)
        for (const Tap& tap : taps)
          *offset++ = o * flat.plane + flat.at(lowest - tap.k * p.dilation_y / p.stride_y,
                                               rightmost - tap.l * p.dilation_x / p.stride_x);
      for (Index group = 0; group < p.groups; ++group)
        for (Index c = 0; c < g.channels; ++c)
          for (Index o = 0; o < g.outputs; ++o) {
            const float* from = &weight(group * g.outputs + o, c, 0, 0);
            for (const Tap& tap : taps)
              *next++ = from[g.kernel_row(tap.k) * weight.stride(2) + g.kernel_column(tap.l) * weight.stride(3)];
          }
    }
}

void set_all(View din, const float* start) {
  for (Index n = 0; n < din.size(0); ++n)
    for (Index c = 0; c < din.size(1); ++c)
      for (Index y = 0; y < din.size(2); ++y)
        for (Index x = 0; x < din.size(3); ++x) din(n, c, y, x) = start[c];
}

}  // namespace

void backward_input(const Geometry& g, ConstView weight, ConstView dout, ConstView bias, View din, bool add) {
  if (din.count() == 0) return;
  const Conv2dParams& p = g.params;
  const float* start = start_values(bias, din.size(1));
  const bool zeros = zeros_outside(p.padding);
  if (!add && (!zeros || dout.count() == 0)) set_all(din, start);
  if (dout.count() == 0) return;
  // Rows and columns of the padded input that are wanted, in steps of the stride.
  const Index first_y = zeros ? g.top : 0, first_x = zeros ? g.left : 0;
  const Index last_y = zeros ? g.top + g.height : (g.out_height - 1) * p.stride_y + g.reach_y + 1;
  const Index last_x = zeros ? g.left + g.width : (g.out_width - 1) * p.stride_x + g.reach_x + 1;
  const Index first_u = first_y / p.stride_y, count_u = (last_y - 1) / p.stride_y + 1 - first_u;
  const Index first_v = first_x / p.stride_x, count_v = (last_x - 1) / p.stride_x + 1 - first_v;
  const Index lowest = g.reach_y / p.stride_y, rightmost = g.reach_x / p.stride_x;
  const auto planes = [&](Index rows) {
    return Flat(rows + lowest, first_v - rightmost, count_v + rightmost, 1, 1, true, g.out_width, count_v);
  };
  // Where several padded cells are one input cell, a channel's rows must not be shared out.
  const Index rows = zeros ? chunk_rows(count_u, g.outputs * planes(1).pitch, lowest, planes(1).pitch) : count_u;
  const Index chunks = divide_up(count_u, rows);
  const Flat flat = planes(rows);
  prepare_phases(g, flat, weight);
  if (!zeros && !add && bias.data()) start = start_values({}, din.size(1));  // it is there already
  const BackwardInput work = {
      g,     conv2d_network_kernel::best(), flat, dout, din, first_v, count_v, scratch().weights.data(),
      start, scratch().offsets.data(),      add};
  const Index products = rows * flat.pitch * g.channels * std::max<Index>(g.outputs * g.taps(), 1);
  parallel_for(0, g.samples * p.groups * chunks, std::max<Index>(thread_work / products, 1), [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index first = i % chunks * rows;
      work.piece(i / chunks / p.groups, i / chunks % p.groups, first_u + first, std::min(rows, count_u - first));
    }
  });
}

namespace {

// Sums over samples and rows are made in parts, each by one thread, whose sums are then added in order.
struct BackwardWeight {
  const Geometry& g;
  const Table& kernel;
  Flat flat;
  ConstView in, dout;
  const Index* offsets;
  Index rows, chunks;     // a unit of work: some rows of one sample
  Index gradient_plane;   // dout as flat as the input, zeros between its rows
  Index samples_at_once;  // whole small pictures, so that a tile of sums is used for longer

  // sums (count, taps) += units [first_unit, last_unit) for the outputs [first, first + count) of a group
  void part(Index group, Index first, Index count, Index first_unit, Index last_unit, float* sums) const {
    Scratch& mine = scratch();
    const Index taps = g.channels * g.taps();
    float* cells = grown(mine.cells, samples_at_once * g.channels * flat.plane + slack);
    float* gradient = grown(mine.gradient, samples_at_once * count * gradient_plane);
    std::fill_n(sums, count * taps, 0.0f);
    for (Index unit = first_unit; unit < last_unit; unit += samples_at_once) {
      const Index samples = std::min(samples_at_once, last_unit - unit);
      const Index first_row = unit % chunks * rows, used = std::min(rows, g.out_height - first_row);
      for (Index s = 0; s < samples; ++s) {
        const Index sample = unit / chunks + s;
        flat.fill(kernel, g.params.padding, in, sample, group * g.channels, g.channels,
                  first_row * g.params.stride_y - g.top, cells + s * g.channels * flat.plane);
        fill_gradient(sample, group * g.outputs + first, count, first_row, used, gradient + s * count * gradient_plane);
      }
      const Index n = round_up((used - 1) * flat.pitch + g.out_width, kernel.lanes);
      kernel.multiply({count, taps, n, samples, gradient, gradient_plane, count * gradient_plane, cells,
                       g.channels * flat.plane, offsets, sums, taps});
    }
  }

  void fill_gradient(Index sample, Index first, Index count, Index first_row, Index used, float* to) const {
    for (Index o = first; o < first + count; ++o, to += gradient_plane) {
      std::fill_n(to, gradient_plane, 0.0f);
      if (dout.stride(3) == 1) {
        kernel.copy({&dout(sample, o, first_row, 0), dout.stride(2), to, flat.pitch, used, g.out_width, false});
        continue;
      }
      for (Index i = 0; i < used; ++i)
        for (Index j = 0; j < g.out_width; ++j) to[i * flat.pitch + j] = dout(sample, o, first_row + i, j);
    }
  }
};

void add_sums(const Geometry& g, const float* sums, Index parts, View dweight) {
  const Index count = dweight.count();
  const bool plain = is_contiguous(dweight) && !g.params.flip;
  parallel_for(0, dweight.size(0), divide_up(thread_work, count * parts) * 4, [&](Index first, Index last) {
    const Index row = count / dweight.size(0);
    for (Index o = first; o < last; ++o) {
      if (plain) {
        float* to = dweight.data() + o * row;
        for (Index part = 0; part < parts; ++part)
          for (Index i = 0; i < row; ++i) to[i] += sums[part * count + o * row + i];
        continue;
      }
      const float* from = sums + o * row;
      for (Index c = 0; c < g.channels; ++c)
        for (Index k = 0; k < g.kernel_rows; ++k)
          for (Index l = 0; l < g.kernel_columns; ++l, ++from)
            for (Index part = 0; part < parts; ++part)
              dweight(o, c, g.kernel_row(k), g.kernel_column(l)) += from[part * count];
    }
  });
}

}  // namespace

void backward_weight(const Geometry& g, ConstView in, ConstView dout, View dweight) {
  if (dout.count() == 0 || dweight.count() == 0 || in.count() == 0) return;
  const Index rows = input_chunk_rows(g, g.outputs), chunks = divide_up(g.out_height, rows);
  const Flat flat = input_planes(g, rows);
  const Index gradient_plane = spread(round_up((rows - 1) * flat.pitch + g.out_width, most_lanes));
  const Index unit_cells = g.channels * flat.plane + g.outputs * gradient_plane;
  const BackwardWeight work = {
      g,
      conv2d_network_kernel::best(),
      flat,
      in,
      dout,
      input_offsets(g, flat),
      rows,
      chunks,
      gradient_plane,
      chunks > 1 ? 1
                 : std::clamp<Index>(std::min(2 * piece_cells / unit_cells, gradient_cells / gradient_plane), 1, 16)};
  const Index units = g.samples * chunks, groups = g.params.groups, taps = g.channels * g.taps();
  const Index unit_work = std::max<Index>(rows * flat.pitch * g.outputs * taps, 1);
  const Index by_memory = std::max<Index>(most_sums / dweight.count(), 1);
  const Index by_work = std::max<Index>(units * unit_work / (2 * thread_work), 1);
  const Index parts = std::min({units, by_memory, by_work, Index{16}});
  const Index splits = split_count(groups * parts, g.outputs, units / parts * unit_work);
  float* sums = grown(scratch().sums, parts * dweight.count());
  const Index grain = std::max<Index>(thread_work * parts * splits / (units * unit_work), 1);
  parallel_for(0, groups * parts * splits, grain, [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index split = i % splits, part = i / splits % parts, group = i / splits / parts;
      const Index first = g.outputs * split / splits, last = g.outputs * (split + 1) / splits;
      work.part(group, first, last - first, units * part / parts, units * (part + 1) / parts,
                sums + part * dweight.count() + (group * g.outputs + first) * taps);
    }
  });
  add_sums(g, sums, parts, dweight);
}

void backward_bias(ConstView dout, View dbias) {
  const conv2d_network_kernel::Table& kernel = conv2d_network_kernel::best();
  const Index plane = dout.size(2) * dout.size(3);
  const bool contiguous = dout.stride(3) == 1 && dout.stride(2) == dout.size(3);
  parallel_for(0, dout.size(1), divide_up(thread_work / 4, std::max<Index>(dout.size(0) * plane, 1)),
               [&](Index first, Index last) {
                 for (Index o = first; o < last; ++o) {
                   double sum = 0.0;  // of a batch of planes
                   for (Index n = 0; n < dout.size(0) && plane > 0; ++n) {
                     if (contiguous)
                       sum += static_cast<double>(kernel.sum(&dout(n, o, 0, 0), plane));
                     else
                       for (Index i = 0; i < dout.size(2); ++i)
                         for (Index j = 0; j < dout.size(3); ++j) sum += static_cast<double>(dout(n, o, i, j));
                   }
                   dbias(o) += static_cast<float>(sum);
                 }
               });
}

}  // namespace cvlab::conv2d_network
