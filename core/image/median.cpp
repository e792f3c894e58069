#include "core/image/median.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <vector>

#include "core/image/border.hpp"
#include "core/image/median8_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

void median_ref(const Image& in, int size, Image& out) {
  Image result(in.width, in.height, in.channels);
  std::vector<std::uint8_t> values(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      for (int c = 0; c < in.channels; ++c) {
        std::size_t n = 0;
        for (int j = -(size / 2); j <= size / 2; ++j)
          for (int i = -(size / 2); i <= size / 2; ++i)
            values[n++] = in.at(border_source(Padding::replicate, row + j, in.height),
                                border_source(Padding::replicate, column + i, in.width), c);
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(n / 2);
        std::nth_element(values.begin(), middle, values.end());
        result.at(row, column, c) = *middle;
      }
    }
  }
  out = std::move(result);
}

namespace {

template <class T>
void grow(std::vector<T>& values, std::ptrdiff_t count) {
  if (values.size() < static_cast<std::size_t>(count)) values.resize(static_cast<std::size_t>(count));
}

void network_band(const Image& in, int size, std::ptrdiff_t first, std::ptrdiff_t last, Image& out) {
  thread_local std::vector<std::uint8_t> scratch;
  const std::ptrdiff_t step = in.channels;
  const std::ptrdiff_t n = in.width * step;
  const std::ptrdiff_t stride = n + (size - 1) * step + median8_kernel::slack;
  grow(scratch, stride * (2 * size + 1));
  const int radius = size / 2;
  const auto slot = [&](std::ptrdiff_t row) { return scratch.data() + ((row + radius) % size) * stride; };
  std::uint8_t* const sorted = scratch.data() + size * stride;
  std::uint8_t* const result = scratch.data() + 2 * size * stride;
  const auto enter = [&](std::ptrdiff_t row) {
    padded_row(in, static_cast<int>(row), radius, Padding::replicate, slot(row));
  };
  const median8_kernel::Table& best = median8_kernel::best();
  const auto work = size == 3 ? best.median3 : best.median5;
  for (std::ptrdiff_t row = first - radius; row < first + radius; ++row) enter(row);
  std::array<const std::uint8_t*, 5> rows{};
  for (std::ptrdiff_t row = first; row < last; ++row) {
    enter(row + radius);
    for (int k = 0; k < size; ++k) rows[static_cast<std::size_t>(k)] = slot(row + k - radius);
    work(rows.data(), n, step, sorted, stride, result);
    std::memcpy(out.data.data() + row * n, result, static_cast<std::size_t>(n));
  }
}

// Histograms of `size` pixels of each padded column, sliding down; their sum over `size` columns, sliding right. The
// median moves along with it: `below` counts the window's values under it.
class Columns {
 public:
  Columns(const Image& in, int size, int channel) : in_(in), size_(size), radius_(size / 2), channel_(channel) {}

  void start(std::ptrdiff_t row) {
    counts_.assign(static_cast<std::size_t>(in_.width + 2 * radius_), {});
    for (int k = -radius_; k <= radius_; ++k) add(row + k, 1);
  }
  void slide_down(std::ptrdiff_t row) {  // to the window of `row` from that of the row above
    add(row - radius_ - 1, -1);
    add(row + radius_, 1);
  }
  void medians(std::ptrdiff_t row, Image& out) const {
    std::array<std::uint16_t, 256> window{};
    const std::array<std::uint16_t, 256> none{};
    const median8_kernel::Table& best = median8_kernel::best();
    for (int k = 0; k < size_; ++k) best.slide(counts_[static_cast<std::size_t>(k)].data(), none.data(), window.data());
    const int half = size_ * size_ / 2;
    int value = 0;
    int below = 0;
    for (int column = 0; column < in_.width; ++column) {
      if (column > 0) {
        const Histogram256& entering = counts_[static_cast<std::size_t>(column + size_ - 1)];
        const Histogram256& leaving = counts_[static_cast<std::size_t>(column - 1)];
        for (int i = 0; i < value; ++i)
          below += entering[static_cast<std::size_t>(i)] - leaving[static_cast<std::size_t>(i)];
        best.slide(entering.data(), leaving.data(), window.data());
      }
      while (below > half) below -= window[static_cast<std::size_t>(--value)];
      while (below + window[static_cast<std::size_t>(value)] <= half)
        below += window[static_cast<std::size_t>(value++)];
      out.at(static_cast<int>(row), column, channel_) = static_cast<std::uint8_t>(value);
    }
  }

 private:
  using Histogram256 = std::array<std::uint16_t, 256>;

  void add(std::ptrdiff_t row, int weight) {
    const int y = border_source(Padding::replicate, static_cast<int>(row), in_.height);
    for (int column = -radius_; column < in_.width + radius_; ++column) {
      const std::uint8_t v = in_.at(y, std::clamp(column, 0, in_.width - 1), channel_);
      std::uint16_t& count = counts_[static_cast<std::size_t>(column + radius_)][v];
      count = static_cast<std::uint16_t>(count + weight);
    }
  }

  const Image& in_;
  int size_, radius_, channel_;
  std::vector<Histogram256> counts_;
};

}  // namespace

void median(const Image& in, int size, Image& out) {
  assert(&in != &out && "the median cannot work in place");
  assert(size % 2 == 1 && size >= 1 && size <= max_median_size && "an odd window of 1 .. 255 pixels");
  match_size(in, out);
  if (in.empty()) return;
  if (size == 1) {
    out.data = in.data;
    return;
  }
  parallel_for(0, in.height, band_rows(in.height, size), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    if (size <= 5) return network_band(in, size, first, last, out);
    for (int channel = 0; channel < in.channels; ++channel) {
      Columns columns(in, size, channel);
      columns.start(first);
      columns.medians(first, out);
      for (std::ptrdiff_t row = first + 1; row < last; ++row) {
        columns.slide_down(row);
        columns.medians(row, out);
      }
    }
  });
}

}  // namespace cvlab
