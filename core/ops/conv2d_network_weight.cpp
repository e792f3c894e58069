#include <algorithm>

#include "core/ops/conv2d_flat.hpp"
#include "core/ops/conv2d_winograd.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab::conv2d_network {

namespace {

constexpr Index gradient_cells = 3 << 9;  // so much of one channel, of several samples, stays in the first cache
constexpr Index most_sums = 1 << 20;      // partial sums of all pieces of one weight gradient
constexpr Index most_lanes = 16;

// Sums over samples and rows are made in parts, each by one thread, whose sums are then added in order. The lanes of a
// vector are output channels, sums [block][tap][output], or, when these are few, cells, sums [output][tap].
struct BackwardWeight {
  const Geometry& g;
  const Table& kernel;
  Flat flat;
  ConstView in, dout;
  const Index* offsets;  // of the taps
  const Index* pixels;   // of the cells of dout
  bool channels_in_lanes;
  Index rows, chunks;     // a unit of work: some rows of one sample
  Index gradient_plane;   // dout as flat as the input, zeros between its rows; cells in lanes
  Index samples_at_once;  // whole small pictures, so that a tile of sums is used for longer

  Index taps() const { return g.channels * g.taps(); }
  Index sums_count() const { return taps() * (channels_in_lanes ? round_up(g.outputs, kernel.lanes) : g.outputs); }
  Index shares() const { return channels_in_lanes ? block_count(kernel, g.outputs) : divide_up(g.outputs, Index{16}); }

  // sums += units [first_unit, last_unit) for the shares [first, last) of a group's outputs
  void part(Index group, Index first, Index last, Index first_unit, Index last_unit, float* sums) const {
    float* cells = grown(scratch().cells, samples_at_once * g.channels * flat.plane + slack);
    const Index from = g.outputs * first / shares(), to = g.outputs * last / shares();
    if (channels_in_lanes) {
      const Index begin = channel_block(kernel, g.outputs, first).first;
      const Block end = channel_block(kernel, g.outputs, last - 1);
      std::fill_n(sums + begin * taps(), (end.first + end.width - begin) * taps(), 0.0f);
    } else {
      std::fill_n(sums + from * taps(), (to - from) * taps(), 0.0f);
    }
    for (Index unit = first_unit; unit < last_unit; unit += samples_at_once) {
      const Index samples = std::min(samples_at_once, last_unit - unit), sample = unit / chunks;
      const Index first_row = unit % chunks * rows, used = std::min(rows, g.out_height - first_row);
      for (Index s = 0; s < samples; ++s)
        flat.fill(kernel, g.params.padding, in, sample + s, group * g.channels, g.channels,
                  first_row * g.params.stride_y - g.top, cells + s * g.channels * flat.plane);
      if (channels_in_lanes) {
        for (Index block = first; block < last; ++block) add_block(group, block, sample, first_row, used, cells, sums);
      } else {
        add_rows(group, from, to - from, sample, samples, first_row, used, cells, sums + from * taps());
      }
    }
  }

  void add_block(Index group, Index index, Index sample, Index first_row, Index used, const float* cells,
                 float* sums) const {
    const Block b = channel_block(kernel, g.outputs, index);
    const Index count = used * g.out_width, depth = panel_floats / b.width, o = group * g.outputs + b.first;
    float* panel = grown(scratch().panel, count * b.width);
    if (b.count < b.width) std::fill_n(panel, count * b.width, 0.0f);
    const bool dense = dout.stride(3) == 1 && dout.stride(2) == g.out_width;
    if (dense)
      kernel.transpose({&dout(sample, o, first_row, 0), dout.stride(1), panel, b.width, b.count, count, false});
    else
      for (Index m = 0; m < b.count; ++m)
        for (Index q = 0; q < count; ++q)
          panel[q * b.width + m] = dout(sample, o + m, first_row + q / g.out_width, q % g.out_width);
    for (Index q = 0; q < count; q += depth)
      kernel.gather({taps(), std::min(depth, count - q), b.width, cells, offsets, pixels + q, panel + q * b.width,
                     nullptr, sums + b.first * taps()});
  }

  void add_rows(Index group, Index first, Index count, Index sample, Index samples, Index first_row, Index used,
                const float* cells, float* sums) const {
    float* gradient = grown(scratch().gradient, samples_at_once * count * gradient_plane);
    float* to = gradient;
    for (Index s = sample; s < sample + samples; ++s)
      for (Index o = group * g.outputs + first; o < group * g.outputs + first + count; ++o, to += gradient_plane) {
        std::fill_n(to, gradient_plane, 0.0f);
        if (dout.stride(3) == 1) {
          kernel.copy({&dout(s, o, first_row, 0), dout.stride(2), to, flat.pitch, used, g.out_width, false});
          continue;
        }
        for (Index i = 0; i < used; ++i)
          for (Index j = 0; j < g.out_width; ++j) to[i * flat.pitch + j] = dout(s, o, first_row + i, j);
      }
    const Index n = round_up((used - 1) * flat.pitch + g.out_width, kernel.lanes);
    kernel.multiply({count, taps(), n, samples, gradient, gradient_plane, count * gradient_plane, cells,
                     g.channels * flat.plane, offsets, sums, taps()});
  }

  // dweight += the sums of one group, added up in `sums`, for its outputs [first, first + count).
  void store(Index group, Index first, Index count, Index index, const float* sums, View dweight) const {
    const Index o = group * g.outputs + first;
    const Block b = channels_in_lanes ? channel_block(kernel, g.outputs, index) : Block{};
    const float* from = sums + first * taps();
    if (is_contiguous(dweight) && !g.params.flip) {
      float* to = dweight.data() + o * taps();
      if (channels_in_lanes) return kernel.transpose({from, b.width, to, taps(), taps(), count, true});
      return kernel.copy({from, 0, to, 0, 1, count * taps(), true});
    }
    for (Index m = 0; m < count; ++m) {
      Index tap = 0;
      for (Index c = 0; c < g.channels; ++c)
        for (Index k = 0; k < g.kernel_rows; ++k)
          for (Index l = 0; l < g.kernel_columns; ++l, ++tap)
            dweight(o + m, c, g.kernel_row(k), g.kernel_column(l)) +=
                channels_in_lanes ? from[tap * b.width + m] : from[m * taps() + tap];
    }
  }

  // Adds up the parts, which are `step` floats apart, and stores a share.
  void finish(Index group, Index index, Index parts, Index step, float* sums, View dweight) const {
    Index first = g.outputs * index / shares(), count = g.outputs * (index + 1) / shares() - first, width = count;
    if (channels_in_lanes) {
      const Block b = channel_block(kernel, g.outputs, index);
      first = b.first;
      count = b.count;
      width = b.width;
    }
    float* own = sums + first * taps();
    for (Index part = 1; part < parts; ++part) kernel.copy({own + part * step, 0, own, 0, 1, width * taps(), true});
    store(group, first, count, index, sums, dweight);
  }
};

bool prefers_channels(const Geometry& g, const Table& kernel) {
  return g.outputs > kernel.lanes && round_up(g.outputs, kernel.lanes) * 3 <= g.outputs * 4;
}

}  // namespace

void backward_weight(const Geometry& g, ConstView in, ConstView dout, View dweight) {
  if (dout.count() == 0 || dweight.count() == 0 || in.count() == 0) return;
  if (conv2d_winograd::suits(g, in, dout)) return conv2d_winograd::backward_weight(g, in, dout, dweight);
  const Table& kernel = conv2d_network_kernel::best();
  const bool channels_in_lanes = prefers_channels(g, kernel);
  const Index rows = input_chunk_rows(g, g.outputs, !channels_in_lanes), chunks = divide_up(g.out_height, rows);
  const Flat flat = input_planes(g, rows, !channels_in_lanes);
  const Index gradient_plane = spread(round_up((rows - 1) * flat.pitch + g.out_width, most_lanes));
  const Index unit_cells = g.channels * flat.plane + g.outputs * gradient_plane;
  const Index at_once = std::min(2 * piece_cells / unit_cells, gradient_cells / gradient_plane);
  const BackwardWeight work = {
      g,
      kernel,
      flat,
      in,
      dout,
      input_offsets(g, flat, false),
      pixel_offsets(rows, g.out_width, flat.pitch * (channels_in_lanes ? g.params.stride_y : 1),
                    channels_in_lanes ? g.params.stride_x : 1),
      channels_in_lanes,
      rows,
      chunks,
      gradient_plane,
      chunks > 1 || channels_in_lanes ? 1 : std::clamp<Index>(at_once, 1, 16)};
  const Index units = g.samples * chunks, groups = g.params.groups, shares = work.shares();
  const Index unit_work = rows * g.out_width * g.outputs * work.taps(), step = groups * work.sums_count();
  const Index by_memory = std::max<Index>(most_sums / step, 1);
  const Index by_work = std::max<Index>(units * unit_work / (2 * thread_work), 1);
  const Index parts = std::min({units, by_memory, by_work, Index{16}});
  const Index splits = split_count(groups * parts, shares, units / parts * unit_work);
  float* sums = grown(scratch().parts, parts * step);
  const Index grain = std::max<Index>(thread_work * parts * splits / (units * unit_work), 1);
  parallel_for(0, groups * parts * splits, grain, [&](Index from, Index to) {
    for (Index i = from; i < to; ++i) {
      const Index split = i % splits, part = i / splits % parts, group = i / splits / parts;
      work.part(group, shares * split / splits, shares * (split + 1) / splits, units * part / parts,
                units * (part + 1) / parts, sums + part * step + group * work.sums_count());
    }
  });
  const Index share_work = parts * divide_up(work.sums_count(), shares);
  parallel_for(0, groups * shares, divide_up(thread_work / 4, share_work), [&](Index from, Index to) {
    for (Index i = from; i < to; ++i)
      work.finish(i / shares, i % shares, parts, step, sums + i / shares * work.sums_count(), dweight);
  });
}

}  // namespace cvlab::conv2d_network
