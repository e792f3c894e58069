#include "core/image/box.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "core/image/border.hpp"
#include "core/image/box8_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

void box_mean_ref(const Image& in, int rows, int columns, Padding border, Image& out) {
  const int area = rows * columns;
  Image result(in.width, in.height, in.channels);
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      for (int c = 0; c < in.channels; ++c) {
        int sum = area / 2;
        for (int j = 0; j < rows; ++j) {
          for (int i = 0; i < columns; ++i) {
            const int y = border_source(border, row + j - (rows - 1) / 2, in.height);
            const int x = border_source(border, column + i - (columns - 1) / 2, in.width);
            if (y >= 0 && x >= 0) sum += in.at(y, x, c);
          }
        }
        result.at(row, column, c) = static_cast<std::uint8_t>(sum / area);
      }
    }
  }
  out = std::move(result);
}

namespace {

struct Window {
  int rows, columns;
  Padding border;
  int above() const { return (rows - 1) / 2; }
  int left() const { return (columns - 1) / 2; }
  int area() const { return rows * columns; }
};

// n / area = n * reciprocal >> 16 >> shift for every sum n < 256 * area in 16 bits. With reciprocal * area = 2^(16 +
// shift)
// + excess that is exact when n * excess < 2^(16 + shift); 0 where it is not for all n.
struct Division {
  int reciprocal = 0;
  int shift = 0;
};
Division division_by(int area) {
  const int shift = static_cast<int>(std::bit_width(static_cast<unsigned>(area))) - 1;
  if (area < 2 || area > 256) return {};
  if ((1 << shift) == area) return {1 << 15, shift - 1};
  const int reciprocal = (1 << (16 + shift)) / area + 1;
  const std::int64_t excess = static_cast<std::int64_t>(reciprocal) * area - (std::int64_t{1} << (16 + shift));
  return 256 * area * excess < (std::int64_t{1} << (16 + shift)) ? Division{reciprocal, shift} : Division{};
}

struct Scratch {
  std::vector<std::uint16_t> narrow;
  std::vector<std::uint16_t> threes;
  std::vector<std::uint32_t> wide;
  std::vector<std::uint32_t> across;
  std::vector<std::uint8_t> tail;
  std::vector<int> border;
};

template <class T>
void grow(std::vector<T>& values, std::ptrdiff_t count) {
  if (values.size() < static_cast<std::size_t>(count)) values.resize(static_cast<std::size_t>(count));
}

// The columns' sums left and right of the picture: they are those of the columns that the border stands for.
template <class Sum>
void pad_sums(const std::vector<int>& from, std::ptrdiff_t left, std::ptrdiff_t n, Sum* sums) {
  const int* source = from.data();
  for (std::ptrdiff_t x = -left; x < 0; ++x, ++source) sums[x] = *source < 0 ? Sum{0} : sums[*source];
  const std::ptrdiff_t right = static_cast<std::ptrdiff_t>(from.size()) - left;
  for (std::ptrdiff_t x = n; x < n + right; ++x, ++source) sums[x] = *source < 0 ? Sum{0} : sums[*source];
}

// out[x] = sum of sums[x + k * step], k < count, by a running sum.
void add_across(const std::uint32_t* sums, std::ptrdiff_t n, std::ptrdiff_t step, int count, std::uint32_t* out) {
  for (std::ptrdiff_t c = 0; c < step; ++c) {
    out[c] = 0;
    for (int k = 0; k < count; ++k) out[c] += sums[c + k * step];
  }
  for (std::ptrdiff_t x = step; x < n; ++x) out[x] = out[x - step] + sums[x + (count - 1) * step] - sums[x - step];
}

// The window's columns slide down the rows first .. last; finish(row, sums) gets those of each row.
template <class Sum, class Slide, class Finish>
void slide_down(const Image& in, const Window& window, std::ptrdiff_t first, std::ptrdiff_t last, Slide slide,
                std::vector<int>& border, Sum* sums, Finish&& finish) {
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(in.width) * in.channels;
  const auto source = [&](std::ptrdiff_t row) -> const std::uint8_t* {
    const int from = border_source(window.border, static_cast<int>(row), in.height);
    return from < 0 ? nullptr : in.data.data() + from * n;
  };
  border_values(in.width, in.channels, window.left(), window.columns - 1 - window.left(), window.border, border);
  const std::ptrdiff_t left = static_cast<std::ptrdiff_t>(window.left()) * in.channels;
  std::fill_n(sums, n, Sum{0});
  const std::ptrdiff_t top = first - window.above();
  for (std::ptrdiff_t row = top; row < top + window.rows - 1; ++row)
    if (const std::uint8_t* entering = source(row)) slide(entering, nullptr, n, sums);
  for (std::ptrdiff_t row = first; row < last; ++row) {
    slide(source(row - window.above() + window.rows - 1), row == first ? nullptr : source(row - window.above() - 1), n,
          sums);
    pad_sums(border, left, n, sums);
    finish(row, sums - left);
  }
}

void mean_band(const Image& in, const Window& window, std::ptrdiff_t first, std::ptrdiff_t last, Image& out) {
  thread_local Scratch scratch;
  const std::ptrdiff_t step = in.channels;
  const std::ptrdiff_t n = in.width * step;
  const std::ptrdiff_t stride = n + window.columns * step + box8_kernel::slack;
  const box8_kernel::Table& best = box8_kernel::best();
  if (const Division by = division_by(window.area()); by.reciprocal != 0) {
    grow(scratch.narrow, stride);
    grow(scratch.tail, box8_kernel::slack);
    const std::ptrdiff_t whole = n - n % box8_kernel::slack;
    // Wide windows of a multiple of three are added in two stages.
    const bool staged = window.columns % 3 == 0 && window.columns > 6;
    const int parts = staged ? window.columns / 3 : window.columns;
    const std::ptrdiff_t part = staged ? 3 * step : step;
    if (staged) grow(scratch.threes, stride);
    const auto mean = [&](const std::uint16_t* sums, std::ptrdiff_t count, std::uint8_t* to) {
      best.mean16(sums, count, part, parts, window.area() / 2, by.reciprocal, by.shift, to);
    };
    slide_down(in, window, first, last, best.slide16, scratch.border, scratch.narrow.data() + window.left() * step,
               [&](std::ptrdiff_t row, const std::uint16_t* sums) {
                 if (staged) {
                   best.threes(sums, n + (window.columns - 3) * step, step, scratch.threes.data());
                   sums = scratch.threes.data();
                 }
                 std::uint8_t* const to = out.data.data() + row * n;
                 mean(sums, whole, to);
                 if (whole == n) return;
                 mean(sums + whole, box8_kernel::slack, scratch.tail.data());
                 std::memcpy(to + whole, scratch.tail.data(), static_cast<std::size_t>(n - whole));
               });
    return;
  }
  grow(scratch.wide, stride);
  grow(scratch.across, n);
  const auto half = static_cast<std::uint32_t>(window.area() / 2);
  const bool in_float = window.area() < (1 << 14);
  slide_down(in, window, first, last, best.slide32, scratch.border, scratch.wide.data() + window.left() * step,
             [&](std::ptrdiff_t row, const std::uint32_t* sums) {
               std::uint8_t* const to = out.data.data() + row * n;
               std::uint32_t* const across = scratch.across.data();
               add_across(sums, n, step, window.columns, across);
               // Half a unit more is the middle between n / area and (n + 1) / area: no rounding reaches over.
               if (in_float)
                 return best.divide(across, n, static_cast<float>(half) + 0.5F,
                                    1.0F / static_cast<float>(window.area()), to);
               for (std::ptrdiff_t x = 0; x < n; ++x)
                 to[x] = static_cast<std::uint8_t>((across[x] + half) / static_cast<std::uint32_t>(window.area()));
             });
}

}  // namespace

void box_mean(const Image& in, int rows, int columns, Padding border, Image& out) {
  assert(&in != &out && "the mean cannot work in place");
  assert(rows >= 1 && columns >= 1 && rows <= 1024 && columns <= 1024 && "a window of 1 .. 1024 rows and columns");
  match_size(in, out);
  if (in.empty()) return;
  const Window window{rows, columns, border};
  parallel_for(0, in.height, band_rows(in.height, rows),
               [&](std::ptrdiff_t first, std::ptrdiff_t last) { mean_band(in, window, first, last, out); });
}

}  // namespace cvlab
