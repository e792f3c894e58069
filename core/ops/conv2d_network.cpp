#include "core/ops/conv2d_network.hpp"

#include <algorithm>
#include <vector>

#include "core/ops/conv2d_flat.hpp"
#include "core/ops/conv2d_winograd.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab::conv2d_network {

namespace {

const float* start_values(ConstView bias, Index count) {
  float* start = grown(scratch().start, count + slack);
  std::fill_n(start, count + slack, 0.0f);
  for (Index i = 0; bias.data() && i < count; ++i) start[i] = bias(i);
  return start;
}

// [output][channel][row][column]: where they lie, or copied in the order the kernel meets them; with rows_first
// [output][row][channel][column].
const float* forward_weights(const Geometry& g, ConstView weight, bool rows_first) {
  if (is_contiguous(weight) && !g.params.flip && !rows_first) return weight.data();
  float* to = grown(scratch().weights, weight.count());
  for (Index o = 0; o < weight.size(0); ++o)
    for (Index c = 0; c < g.channels; ++c)
      for (Index k = 0; k < g.kernel_rows; ++k) {
        const Index row = (o * g.kernel_rows + k) * g.channels + c, plain = (o * g.channels + c) * g.kernel_rows + k;
        const float* from = &weight(o, c, g.kernel_row(k), 0);
        for (Index l = 0; l < g.kernel_columns; ++l)
          to[(rows_first ? row : plain) * g.kernel_columns + l] = from[g.kernel_column(l) * weight.stride(3)];
      }
  return to;
}

// For each row of results the kernel rows that lie inside the picture; null when there are no zeros around it.
const Range* forward_row_taps(const Geometry& g) {
  const Index lowest = (g.out_height - 1) * g.params.stride_y - g.top + g.reach_y;
  if (g.params.padding != Padding::zero || (g.top == 0 && lowest < g.height)) return nullptr;
  Range* ranges = grown(scratch().row_taps, g.out_height);
  for (Index i = 0; i < g.out_height; ++i) {
    const auto inside = [&](Index k) {
      const Index y = i * g.params.stride_y - g.top + k * g.params.dilation_y;
      return y >= 0 && y < g.height;
    };
    Index first = 0, last = g.kernel_rows;
    while (first < last && !inside(first)) ++first;
    while (last > first && !inside(last - 1)) --last;
    ranges[i] = {first * g.channels * g.kernel_columns, last * g.channels * g.kernel_columns};
  }
  return ranges;
}

// A piece of results goes home.
void store_rows(const Table& kernel, const float* from, Index pitch, View to, Index sample, Index channel,
                Index first_row, Index rows, Index columns, bool add) {
  if (to.stride(3) == 1) {
    float* first = &to(sample, channel, first_row, 0);
    if (pitch == columns && to.stride(2) == columns) return kernel.copy({from, 0, first, 0, 1, rows * columns, add});
    return kernel.copy({from, pitch, first, to.stride(2), rows, columns, add});
  }
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) {
      float& cell = to(sample, channel, first_row + i, j);
      cell = (add ? cell : 0.0f) + from[i * pitch + j];
    }
}

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
  if (conv2d_winograd::suits(g, in, out)) return conv2d_winograd::forward(g, in, weight, bias, out, add);
  const Table& kernel = conv2d_network_kernel::best();
  const Index groups = g.params.groups, taps = g.channels * g.taps();
  const bool channels_in_lanes = Correlator::prefers_channels(
      kernel, g.outputs, taps, g.out_width, input_planes(g, 1, true).pitch, g.samples * g.out_height * g.out_width);
  const Index rows = input_chunk_rows(g, 0, !channels_in_lanes), chunks = divide_up(g.out_height, rows);
  const Flat flat = input_planes(g, rows, !channels_in_lanes);
  const Index row_step = flat.pitch * (channels_in_lanes ? g.params.stride_y : 1);
  const Range* row_taps = channels_in_lanes ? forward_row_taps(g) : nullptr;
  const float* weights = forward_weights(g, weight, row_taps != nullptr);
  if (channels_in_lanes) {
    float* panels = grown(scratch().panels, Correlator::prepared_count(kernel, true, groups, g.outputs, taps));
    Correlator::prepare(kernel, groups, g.outputs, taps, weights, panels);
    weights = panels;
  }
  const Correlator correlator = {kernel,
                                 channels_in_lanes,
                                 g.outputs,
                                 taps,
                                 g.out_width,
                                 row_step,
                                 weights,
                                 start_values(bias, weight.size(0)),
                                 input_offsets(g, flat, row_taps != nullptr),
                                 pixel_offsets(rows, g.out_width, row_step, channels_in_lanes ? g.params.stride_x : 1),
                                 row_taps};
  const Index products = rows * g.out_width * g.outputs * std::max<Index>(taps, 1), units = correlator.units();
  const Index pieces = g.samples * groups * chunks, splits = split_count(pieces, units, products);
  const Index grain = std::max<Index>(thread_work * splits / products, 1);
  parallel_for(0, pieces * splits, grain, [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index split = i % splits, first_row = i / splits % chunks * rows;
      const Index group = i / splits / chunks % groups, sample = i / splits / chunks / groups;
      float* cells = grown(scratch().cells, g.channels * flat.plane + slack);
      flat.fill(kernel, g.params.padding, in, sample, group * g.channels, g.channels,
                first_row * g.params.stride_y - g.top, cells);
      correlator.run(group, units * split / splits, units * (split + 1) / splits, cells, first_row,
                     std::min(rows, g.out_height - first_row),
                     [&](Index o, Index row, Index count, const float* results, Index pitch) {
                       store_rows(kernel, results, pitch, out, sample, o, row, count, g.out_width, add);
                     });
    }
  });
}

namespace {

// The kernel rows (or columns, of that many cells, dilation and stride) that reach a phase of the padded input.
Index phase_count(Index kernel, Index dilation, Index stride, Index phase) {
  Index count = 0;
  for (Index k = 0; k < kernel; ++k) count += k * dilation % stride == phase;
  return count;
}

// The gradient in the padded input, cell (y, x) of it being stride * (u, v) + phase: for each phase a correlation of
// dout with the taps that reach it, back to front.
struct BackwardInput {
  const Geometry& g;
  Flat flat;
  View din;
  Index first_v;  // of each phase's columns
  bool add;

  // Results for channel c, rows [first_u, first_u + rows) of phase (ry, rx).
  void store(const Correlator& phase, Index ry, Index rx, Index sample, Index c, Index first_u, Index rows,
             const float* from, Index pitch) const {
    const Index step = g.params.stride_x;
    if (!zeros_outside(g.params.padding)) return fold(phase, ry, rx, sample, c, first_u, rows, from, pitch);
    if (g.params.stride_y == 1 && step == 1)
      return store_rows(phase.kernel, from, pitch, din, sample, c, first_u - g.top, rows, phase.columns, add);
    const Index x0 = first_v * step + rx - g.left;  // of column 0: may be outside
    const Index first = x0 < 0 ? divide_up(-x0, step) : 0;
    const Index last = std::min(phase.columns, divide_up(std::max<Index>(g.width - x0, 0), step));
    for (Index i = 0; i < rows; ++i, from += pitch) {
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
  void fold(const Correlator& phase, Index ry, Index rx, Index sample, Index c, Index first_u, Index rows,
            const float* from, Index pitch) const {
    for (Index i = 0; i < rows; ++i, from += pitch) {
      const Index y = (first_u + i) * g.params.stride_y + ry;
      const int row = border_source(g.params.padding, static_cast<int>(y - g.top), static_cast<int>(g.height));
      for (Index j = 0; j < phase.columns; ++j) {
        const Index x = (first_v + j) * g.params.stride_x + rx;
        din(sample, c, row, border_source(g.params.padding, static_cast<int>(x - g.left), static_cast<int>(g.width))) +=
            from[j];
      }
    }
  }
};

// For each phase: offsets [kernel row][output][kernel column], and weights [channel over all groups] of the same, or
// their panels.
void prepare_phases(const Geometry& g, const Table& kernel, const Flat& flat, ConstView weight,
                    bool channels_in_lanes) {
  const Conv2dParams& p = g.params;
  Index* offset = grown(scratch().offsets, g.outputs * g.taps());
  float* next = grown(scratch().weights, weight.count());
  float* panels = nullptr;
  if (channels_in_lanes)
    panels =
        grown(scratch().panels, Correlator::prepared_count(kernel, true, p.groups, g.channels, g.outputs * g.taps()));
  const Index lowest = g.reach_y / p.stride_y, rightmost = g.reach_x / p.stride_x;
  std::vector<Tap>& taps = scratch().taps;
  for (Index ry = 0; ry < p.stride_y; ++ry)
    for (Index rx = 0; rx < p.stride_x; ++rx) {
      taps.clear();  // of one kernel row
      for (Index l = 0; l < g.kernel_columns; ++l)
        if (l * p.dilation_x % p.stride_x == rx)
          taps.push_back({g.kernel_column(l) * weight.stride(3), rightmost - l * p.dilation_x / p.stride_x});
      const float* first = next;
      const Index* first_offset = offset;
      for (Index k = 0; k < g.kernel_rows; ++k)
        for (Index o = 0; k * p.dilation_y % p.stride_y == ry && o < g.outputs; ++o)
          for (const Tap& tap : taps)
            *offset++ = o * flat.plane + flat.at(lowest - k * p.dilation_y / p.stride_y, tap.column);
      for (Index c = 0; c < g.channels * p.groups; ++c)
        for (Index k = 0; k < g.kernel_rows; ++k)
          for (Index o = 0; k * p.dilation_y % p.stride_y == ry && o < g.outputs; ++o) {
            const float* from = &weight(c / g.channels * g.outputs + o, c % g.channels, g.kernel_row(k), 0);
            for (const Tap& tap : taps) *next++ = from[tap.weight];
          }
      if (!channels_in_lanes) continue;
      const Index count = offset - first_offset;
      Correlator::prepare(kernel, p.groups, g.channels, count, first, panels);
      panels += Correlator::prepared_count(kernel, true, p.groups, g.channels, count);
    }
}

// For each phase of rows and row u of it (first_u and the following): which of the phase's kernel rows see a row of
// dout.
const Range* backward_row_taps(const Geometry& g, Index first_u, Index count_u) {
  Range* ranges = grown(scratch().row_taps, g.params.stride_y * count_u);
  for (Index ry = 0; ry < g.params.stride_y; ++ry)
    for (Index u = 0; u < count_u; ++u) {
      Range& range = ranges[ry * count_u + u] = {0, 0};
      for (Index k = 0, index = 0; k < g.kernel_rows; ++k) {
        if (k * g.params.dilation_y % g.params.stride_y != ry) continue;
        const Index i = first_u + u - k * g.params.dilation_y / g.params.stride_y;
        if (i >= 0 && i < g.out_height) {
          if (range.last == 0) range.first = index;
          range.last = index + 1;
        }
        ++index;
      }
    }
  return ranges;
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
  if (conv2d_winograd::suits(g, dout, din)) return conv2d_winograd::backward_input(g, weight, dout, bias, din, add);
  const Conv2dParams& p = g.params;
  const Table& kernel = conv2d_network_kernel::best();
  const float* start = start_values(bias, din.size(1));
  const bool zeros = zeros_outside(p.padding);
  if (!add && (!zeros || dout.count() == 0)) set_all(din, start);
  if (dout.count() == 0) return;
  if (!zeros) start = start_values({}, din.size(1));  // it is there already
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
  const bool channels_in_lanes =
      Correlator::prefers_channels(kernel, g.channels, g.outputs * g.taps() / (p.stride_y * p.stride_x), count_v,
                                   flat.pitch, g.samples * count_u * count_v);
  prepare_phases(g, kernel, flat, weight, channels_in_lanes);
  const BackwardInput work = {g, flat, din, first_v, add};
  const float* all_weights = (channels_in_lanes ? scratch().panels : scratch().weights).data();
  const Index* all_offsets = scratch().offsets.data();
  const Index* pixels = pixel_offsets(rows, count_v, flat.pitch, 1);
  const Range* row_taps = backward_row_taps(g, first_u, count_u);
  const Index products = rows * flat.pitch * g.channels * std::max<Index>(g.outputs * g.taps(), 1);
  parallel_for(0, g.samples * p.groups * chunks, std::max<Index>(thread_work / products, 1), [&](Index from, Index to) {
    std::vector<Range>& ranges = scratch().phase_row_taps;
    grown(ranges, count_u);
    for (Index i = from; i < to; ++i) {
      const Index first = i % chunks * rows, group = i / chunks % p.groups, sample = i / chunks / p.groups;
      float* cells = grown(scratch().cells, g.outputs * flat.plane + slack);
      flat.fill(kernel, Padding::zero, dout, sample, group * g.outputs, g.outputs, first_u + first - lowest, cells);
      Correlator phase = {kernel,       channels_in_lanes, g.channels, 0,           count_v,
                          flat.pitch,   all_weights,       start,      all_offsets, pixels,
                          ranges.data()};
      for (Index ry = 0; ry < p.stride_y; ++ry)
        for (Index rx = 0; rx < p.stride_x; ++rx) {
          const Index row_length = g.outputs * phase_count(g.kernel_columns, p.dilation_x, p.stride_x, rx);
          phase.taps = row_length * phase_count(g.kernel_rows, p.dilation_y, p.stride_y, ry);
          for (Index u = 0; u < count_u; ++u)
            ranges[static_cast<std::size_t>(u)] = {row_taps[ry * count_u + u].first * row_length,
                                                   row_taps[ry * count_u + u].last * row_length};
          phase.run(group, 0, phase.units(), cells, first, std::min(rows, count_u - first),
                    [&](Index c, Index row, Index count, const float* results, Index pitch) {
                      work.store(phase, ry, rx, sample, c, first_u + row, count, results, pitch);
                    });
          phase.weights += Correlator::prepared_count(kernel, channels_in_lanes, p.groups, g.channels, phase.taps);
          phase.offsets += phase.taps;
        }
    }
  });
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
