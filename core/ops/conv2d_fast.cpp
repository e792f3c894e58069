// The fast conv2d. Everything becomes rows: for each output row, one pointer for each channel and kernel row, and one
// offset for each kernel column; the kernels of conv2d_kernel.hpp do the rest.
//   * Where the stride is 1 and the window lies inside the picture, the rows are the input's own: nothing is copied.
//   * Elsewhere (left and right edge, strides, narrow pictures) they lie in a `Patch`: a copy of the few input cells
//     needed, with the border rule applied and the columns of one stride phase next to each other.
// Above and below the picture the border rule is only a choice of row pointer.
#include <algorithm>

#include "core/ops/conv2d.hpp"
#include "core/ops/conv2d_kernel.hpp"
#include "core/ops/conv2d_network.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

using conv2d_kernel::Correlate;
using conv2d_kernel::Table;
using conv2d_network::Geometry;
using Index = std::ptrdiff_t;

// Pictures to look at go by here; with more channels, as in networks, conv2d_network.hpp is faster.
constexpr Index most_channels = 3, most_outputs = 3;

constexpr Index round_up(Index n, Index multiple) { return (n + multiple - 1) / multiple * multiple; }

// Grows, never shrinks: after the first call of a size nothing is allocated.
template <class T>
T* grown(std::vector<T>& memory, Index count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

// A column of a patch that comes from a column of the input.
struct Column {
  Index in, patch;
};

// Each thread's own. The calling thread's `weights` and `bias` are read by all pieces of one call.
struct Scratch {
  std::vector<float> weights, bias;
  std::vector<float> patch, out, zeros;
  std::vector<const float*> rows;
  std::vector<Index> offsets;
  std::vector<Column> columns;
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

int source_row(const Geometry& g, Index y) {
  return border_source(g.params.padding, static_cast<int>(y - g.top), static_cast<int>(g.height));
}
int source_column(const Geometry& g, Index x) {
  return border_source(g.params.padding, static_cast<int>(x - g.left), static_cast<int>(g.width));
}

// Where a patch keeps the padded input cells that `columns` output columns from `first_column` on, and `rows` output
// rows from `first_row` on, look at: [row][phase of stride_x][column]. Past its end a row may be read for one batch.
struct PatchLayout {
  Index first_row, rows, first_column, columns;
  Index padded_rows, padded_columns, phase_width, row_stride, plane;

  PatchLayout(const Geometry& g, Index first_row_, Index rows_, Index first_column_, Index columns_)
      : first_row(first_row_),
        rows(rows_),
        first_column(first_column_),
        columns(columns_),
        padded_rows((rows - 1) * g.params.stride_y + g.reach_y + 1),
        padded_columns((columns - 1) * g.params.stride_x + g.reach_x + 1),
        phase_width(g.reach_x / g.params.stride_x + round_up(columns, conv2d_kernel::max_lanes)),
        row_stride(phase_width * g.params.stride_x),
        plane(padded_rows * row_stride) {}

  Index at(const Geometry& g, Index x) const { return x % g.params.stride_x * phase_width + x / g.params.stride_x; }
};

const Index* patch_offsets(const Geometry& g, const PatchLayout& layout, std::vector<Index>& memory) {
  Index* offsets = grown(memory, g.kernel_columns);
  for (Index l = 0; l < g.kernel_columns; ++l) offsets[l] = layout.at(g, l * g.params.dilation_x);
  return offsets;
}

// All columns but those that are zero padding.
const std::vector<Column>& patch_columns(const Geometry& g, const PatchLayout& layout, std::vector<Column>& columns) {
  columns.clear();
  for (Index x = 0; x < layout.padded_columns; ++x) {
    const int from = source_column(g, layout.first_column * g.params.stride_x + x);
    if (from >= 0) columns.push_back({from, layout.at(g, x)});
  }
  return columns;
}

// Fills [channel][row][phase][column] from sample n.
const float* fill_patch(const Geometry& g, const PatchLayout& layout, ConstView in, Index n,
                        std::vector<float>& memory) {
  float* patch = grown(memory, g.channels * layout.plane);
  std::fill_n(patch, g.channels * layout.plane, 0.0f);
  const std::vector<Column>& columns = patch_columns(g, layout, scratch().columns);
  for (Index c = 0; c < g.channels; ++c) {
    for (Index y = 0; y < layout.padded_rows; ++y) {
      const int from = source_row(g, layout.first_row * g.params.stride_y + y);
      if (from < 0) continue;
      const float* source = &in(n, c, from, 0);
      float* row = patch + c * layout.plane + y * layout.row_stride;
      for (const Column& column : columns) row[column.patch] = source[column.in * in.stride(3)];
    }
  }
  return patch;
}

// Weights in the order the kernel eats them: tiles of 4 outputs, then single ones; [channel and row][column][output].
constexpr Index tile_size(Index outputs_left) { return outputs_left >= 4 ? 4 : 1; }

const float* pack_weights(const Geometry& g, ConstView weight, std::vector<float>& memory) {
  float* packed = grown(memory, g.outputs * g.channels * g.kernel_rows * g.kernel_columns);
  float* next = packed;
  for (Index first = 0; first < g.outputs; first += tile_size(g.outputs - first))
    for (Index c = 0; c < g.channels; ++c)
      for (Index k = 0; k < g.kernel_rows; ++k)
        for (Index l = 0; l < g.kernel_columns; ++l)
          for (Index o = first; o < first + tile_size(g.outputs - first); ++o)
            *next++ = weight(o, c, g.kernel_row(k), g.kernel_column(l));
  return packed;
}

// One forward call, shared by its pieces.
struct Forward {
  Geometry g;
  const Table& kernel;
  ConstView in;
  View out;
  const float* weights;
  const float* bias;

  // Output rows [first_row, first_row + rows), columns [first, first + n). row_at(c, y) is the padded input row y of
  // channel c, at what lies under column `first`.
  template <class RowAt>
  void rows_of(const RowAt& row_at, const Index* offsets, Index sample, Index first_row, Index rows, Index first,
               Index n) const {
    const Targets targets(*this, sample, first, n);
    // With few output channels, input rows are shared by output rows; with many, by output channels.
    const bool share_rows = g.outputs < 4 && g.kernel_rows > 1 && g.params.stride_y == 1 && g.params.dilation_y == 1;
    Index i = first_row;
    for (; share_rows && i + 4 <= first_row + rows; i += 4) four_rows(row_at, offsets, targets, i);
    for (; i < first_row + rows; ++i) one_row(row_at, offsets, targets, i);
  }

  // Where the kernels write: into `out`, or, where they cannot (fewer columns than lanes, strided columns), beside it.
  struct Targets {
    const Forward& call;
    Index sample, first, n, count;
    bool in_place;
    float* buffer;

    Targets(const Forward& f, Index sample_, Index first_, Index n_)
        : call(f),
          sample(sample_),
          first(first_),
          n(n_),
          count(std::max(n_, f.kernel.lanes)),
          in_place(count == n && f.out.stride(3) == 1),
          buffer(in_place ? nullptr : grown(scratch().out, 4 * count)) {}

    float* at(int t, Index o, Index i) const { return in_place ? &call.out(sample, o, i, first) : buffer + t * count; }
    void done(int t, Index o, Index i) const {
      if (in_place) return;
      for (Index j = 0; j < n; ++j) call.out(sample, o, i, first + j) = buffer[t * count + j];
    }
  };

  template <class RowAt>
  void four_rows(const RowAt& row_at, const Index* offsets, const Targets& targets, Index i) const {
    const Index used = g.kernel_rows + 3;
    const float** pointers = grown(scratch().rows, g.channels * used);
    for (Index c = 0; c < g.channels; ++c)
      for (Index r = 0; r < used; ++r) pointers[c * used + r] = row_at(c, i + r);
    for (Index o = 0; o < g.outputs; ++o) {
      float* out_rows[4];
      for (int q = 0; q < 4; ++q) out_rows[q] = targets.at(q, o, i + q);
      kernel.correlate_rows({pointers, g.channels, g.kernel_rows, offsets, g.kernel_columns, weights_of(o), bias[o],
                             out_rows, targets.count});
      for (int q = 0; q < 4; ++q) targets.done(q, o, i + q);
    }
  }

  template <class RowAt>
  void one_row(const RowAt& row_at, const Index* offsets, const Targets& targets, Index i) const {
    const float** pointers = grown(scratch().rows, g.channels * g.kernel_rows);
    for (Index c = 0; c < g.channels; ++c)
      for (Index k = 0; k < g.kernel_rows; ++k)
        pointers[c * g.kernel_rows + k] = row_at(c, i * g.params.stride_y + k * g.params.dilation_y);
    for (Index o = 0; o < g.outputs; o += tile_size(g.outputs - o)) {
      const int tile = static_cast<int>(tile_size(g.outputs - o));
      float* out_rows[4] = {};
      for (int t = 0; t < tile; ++t) out_rows[t] = targets.at(t, o + t, i);
      (tile == 4 ? kernel.correlate4
                 : kernel.correlate1)({pointers, g.channels * g.kernel_rows, offsets, g.kernel_columns, weights_of(o),
                                       bias + o, out_rows, targets.count});
      for (int t = 0; t < tile; ++t) targets.done(t, o + t, i);
    }
  }

  const float* weights_of(Index o) const { return weights + o * g.channels * g.kernel_rows * g.kernel_columns; }

  void patch(Index sample, Index first_row, Index rows, Index first_column, Index columns) const {
    if (columns <= 0) return;
    Scratch& mine = scratch();
    const PatchLayout layout(g, first_row, rows, first_column, columns);
    const float* cells = fill_patch(g, layout, in, sample, mine.patch);
    const auto row_at = [&](Index c, Index y) {
      return cells + c * layout.plane + (y - first_row * g.params.stride_y) * layout.row_stride;
    };
    rows_of(row_at, patch_offsets(g, layout, mine.offsets), sample, first_row, rows, first_column, columns);
  }

  void inside(Index sample, Index first_row, Index rows, Index first_column, Index columns) const {
    Scratch& mine = scratch();
    Index* offsets = grown(mine.offsets, g.kernel_columns);
    for (Index l = 0; l < g.kernel_columns; ++l) offsets[l] = l * g.params.dilation_x;
    const float* zeros = grown(mine.zeros, g.width);  // never written, so still 0
    const auto row_at = [&](Index c, Index y) {
      const int from = source_row(g, y);
      return from < 0 ? zeros : &in(sample, c, from, first_column - g.left);
    };
    rows_of(row_at, offsets, sample, first_row, rows, first_column, columns);
  }

  void band(Index sample, Index first_row, Index rows) const {
    const bool same = g.params.padding != Padding::valid;
    const Index begin = same ? g.left : 0;
    const Index end = same ? g.out_width - (g.reach_x - g.left) : g.out_width;
    if (g.params.stride_x != 1 || in.stride(3) != 1 || end - begin < kernel.lanes)
      return patch(sample, first_row, rows, 0, g.out_width);
    patch(sample, first_row, rows, 0, begin);
    inside(sample, first_row, rows, begin, end - begin);
    patch(sample, first_row, rows, end, g.out_width - end);
  }
};

// About a million products a piece: enough to be worth a thread, few enough to share out evenly.
Index band_rows(const Geometry& g) {
  const Index products = g.out_width * g.outputs * g.channels * g.kernel_rows * g.kernel_columns;
  return std::clamp<Index>((Index{1} << 20) / std::max<Index>(products, 1), 1, g.out_height);
}

}  // namespace

void conv2d_forward(const Conv2dParams& params, ConstView in, ConstView weight, ConstView bias, View out) {
  assert(out.shape() == conv2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv2d: make `out` with conv2d_output_shape()");
  if (out.count() == 0) return;
  const Geometry g(params, in.shape(), weight.shape(), out.shape());
  if (g.outputs > most_outputs || g.channels > most_channels || params.groups > 1 || params.padding_y >= 0 ||
      params.padding_x >= 0)
    return conv2d_network::forward(g, in, weight, bias, out, false);
  Scratch& mine = scratch();
  float* biases = grown(mine.bias, g.outputs);
  for (Index o = 0; o < g.outputs; ++o) biases[o] = bias.data() ? bias(o) : 0.0f;
  const Forward work = {g, conv2d_kernel::best(), in, out, pack_weights(g, weight, mine.weights), biases};
  const Index rows = band_rows(g), bands = (g.out_height + rows - 1) / rows;
  parallel_for(0, in.size(0) * bands, 1, [&](Index first, Index last) {
    for (Index piece = first; piece < last; ++piece) {
      const Index row = piece % bands * rows;
      work.band(piece / bands, row, std::min(rows, g.out_height - row));
    }
  });
}

void conv2d_backward(const Conv2dParams& params, ConstView in, ConstView weight, ConstView dout, View din, View dweight,
                     View dbias, bool accumulate_din) {
  assert(dout.shape() == conv2d_output_shape(params, in.shape(), weight.shape()) &&
         "conv2d: `dout` has the shape of the output");
  assert((!din.data() || din.shape() == in.shape()) && "conv2d: `din` has the shape of the input");
  assert((!dweight.data() || dweight.shape() == weight.shape()) && "conv2d: `dweight` has the shape of the weight");
  const conv2d_network::Geometry g(params, in.shape(), weight.shape(), dout.shape());
  if (dbias.data()) conv2d_network::backward_bias(dout, dbias);
  if (dweight.data()) conv2d_network::backward_weight(g, in, dout, dweight);
  if (din.data()) conv2d_network::backward_input(g, weight, dout, {}, din, accumulate_din);
}

}  // namespace cvlab
