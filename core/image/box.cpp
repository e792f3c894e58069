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
  int side() const { return columns / 2; }  // of border on both sides: one more than needed at the left when even
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
  const int shift = std::bit_width(static_cast<unsigned>(area)) - 1;
  if (area < 2 || area > 256) return {};
  if ((1 << shift) == area) return {1 << 15, shift - 1};
  const int reciprocal = (1 << (16 + shift)) / area + 1;
  const std::int64_t excess = static_cast<std::int64_t>(reciprocal) * area - (std::int64_t{1} << (16 + shift));
  return 256 * area * excess < (std::int64_t{1} << (16 + shift)) ? Division{reciprocal, shift} : Division{};
}

struct Scratch {
  std::vector<std::uint8_t> rows;
  std::vector<std::uint16_t> narrow;
  std::vector<std::uint32_t> wide;
  std::vector<std::uint32_t> across;
};

template <class T>
void grow(std::vector<T>& values, std::ptrdiff_t count) {
  if (values.size() < static_cast<std::size_t>(count)) values.resize(static_cast<std::size_t>(count));
}

void mean_band(const Image& in, const Window& window, std::ptrdiff_t first, std::ptrdiff_t last, Image& out) {
  thread_local Scratch scratch;
  const std::ptrdiff_t step = in.channels;
  const std::ptrdiff_t n = in.width * step;
  const std::ptrdiff_t padded = n + 2 * window.side() * step;
  const std::ptrdiff_t stride = padded + box8_kernel::slack;
  const Division by = division_by(window.area());
  const box8_kernel::Table& best = box8_kernel::best();
  grow(scratch.rows, stride * (window.rows + 2));
  std::uint8_t* const result = scratch.rows.data() + stride * (window.rows + 1);
  const auto slot = [&](std::ptrdiff_t row) {
    return scratch.rows.data() + ((row + window.above()) % (window.rows + 1)) * stride;
  };
  const auto enter = [&](std::ptrdiff_t row) {
    padded_row(in, static_cast<int>(row), window.side(), window.border, slot(row));
    return slot(row);
  };
  // The first column of the window in the padded row: an even window starts one pixel further right.
  const std::ptrdiff_t start = (window.side() - (window.columns - 1) / 2) * step;
  const std::ptrdiff_t top = first - window.above();
  const auto rows_of = [&](auto&& slide, auto* sums, auto&& finish) {
    std::fill_n(sums, stride, 0);
    for (std::ptrdiff_t row = top; row < top + window.rows - 1; ++row) slide(enter(row), nullptr, padded, sums);
    for (std::ptrdiff_t row = first; row < last; ++row) {
      const std::ptrdiff_t newest = row - window.above() + window.rows - 1;
      const std::uint8_t* leaving = row == first ? nullptr : slot(row - window.above() - 1);
      slide(enter(newest), leaving, padded, sums);
      finish(sums + start);
      std::memcpy(out.data.data() + row * n, result, static_cast<std::size_t>(n));
    }
  };
  if (by.reciprocal != 0) {
    grow(scratch.narrow, stride);
    rows_of(best.slide16, scratch.narrow.data(), [&](const std::uint16_t* sums) {
      best.mean16(sums, n, step, window.columns, window.area() / 2, by.reciprocal, by.shift, result);
    });
    return;
  }
  grow(scratch.wide, stride);
  grow(scratch.across, stride);
  const auto half = static_cast<std::uint32_t>(window.area() / 2);
  const bool in_float = window.area() < (1 << 14);
  rows_of(best.slide32, scratch.wide.data(), [&](const std::uint32_t* sums) {
    std::uint32_t* across = scratch.across.data();
    for (std::ptrdiff_t c = 0; c < step; ++c) {
      std::uint32_t sum = 0;
      for (int k = 0; k < window.columns; ++k) sum += sums[c + k * step];
      across[c] = sum;
    }
    for (std::ptrdiff_t x = step; x < n; ++x)
      across[x] = across[x - step] + sums[x + (window.columns - 1) * step] - sums[x - step];
    if (in_float) {
      // The middle between two whole numbers n / area and (n + 1) / area: no rounding reaches over.
      best.divide(across, n, static_cast<float>(half) + 0.5F, 1.0F / static_cast<float>(window.area()), result);
      return;
    }
    for (std::ptrdiff_t x = 0; x < n; ++x)
      result[x] = static_cast<std::uint8_t>((across[x] + half) / static_cast<std::uint32_t>(window.area()));
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
