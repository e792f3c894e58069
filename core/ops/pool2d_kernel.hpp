// The loops of pooling, most of them for 2x2 windows two apart without padding, written once on xsimd's batch; see
// core/simd/dispatch.hpp. Nothing branches on a value: which cell is the largest is a coin toss, and each wrong guess
// would cost as much as twenty cells.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/simd/multiply_add.hpp"

namespace cvlab::pool2d_kernel {

struct HalveMax {
  const float* x;  // planes of height * width
  float* y;        // planes of (height / 2) * (width / 2)
  int* from;       // index in the plane, or none
  std::ptrdiff_t planes, height, width;
};

struct SpreadMax {  // the way back: dx is written whole
  const float* dy;
  const int* from;
  float* dx;
  std::ptrdiff_t planes, height, width;
};

struct HalveMean {
  const float* x;
  float* y;
  std::ptrdiff_t planes, height, width;
};

struct SpreadMean {
  const float* dy;
  float* dx;
  std::ptrdiff_t planes, height, width;
  bool accumulate;
};

// The largest of each column of `rows` rows, and which row it is in: of equals, or NaNs, the first.
struct ColumnMax {
  const float* x;
  std::ptrdiff_t rows, width;
  float* largest;  // width numbers
  int* row;
};

// The largest of `count` runs of n numbers, number by number, and its place: of equals, or NaNs, the lowest.
struct RunMax {
  const float* const* values;  // each may be read for a batch beyond its end
  const int* const* places;
  std::ptrdiff_t count;
  float* y;
  int* from;  // or none
  std::ptrdiff_t n;
};

struct Table {
  void (*halve_max)(const HalveMax&);
  void (*spread_max)(const SpreadMax&);
  void (*halve_mean)(const HalveMean&);
  void (*spread_mean)(const SpreadMean&);
  void (*column_max)(const ColumnMax&);
  void (*run_max)(const RunMax&);
  float (*sum)(const float* x, std::ptrdiff_t n);
};

const Table& best();

// Which numbers of two batches x, y (numbered on through both) make a third.
struct EvenOnes {
  static constexpr unsigned get(unsigned i, unsigned) { return 2 * i; }
};
struct OddOnes {
  static constexpr unsigned get(unsigned i, unsigned) { return 2 * i + 1; }
};
struct ZipLow {  // x0 y0 x1 y1 …
  static constexpr unsigned get(unsigned i, unsigned lanes) { return i / 2 + i % 2 * lanes; }
};
struct ZipHigh {  // the rest of it
  static constexpr unsigned get(unsigned i, unsigned lanes) { return lanes / 2 + i / 2 + i % 2 * lanes; }
};

template <class Pattern, class Arch>
xsimd::batch<float, Arch> pick(const xsimd::batch<float, Arch>& x, const xsimd::batch<float, Arch>& y) {
  return xsimd::shuffle(x, y, xsimd::make_batch_constant<std::uint32_t, Arch, Pattern>());
}

// The largest so far, and where it is: offsets from the window's first cell.
template <class Arch, bool remember>
struct Largest {
  using Batch = xsimd::batch<float, Arch>;
  using Places = xsimd::batch<std::int32_t, Arch>;
  Batch value;
  Places place;

  // Not (candidate <= value) takes a NaN too; of two NaNs the first stays.
  void consider(const Batch& candidate, std::int32_t offset) {
    const auto takes = !(candidate <= value) && !xsimd::isnan(value);
    value = xsimd::select(takes, candidate, value);
    if constexpr (remember) place = xsimd::select(xsimd::batch_bool_cast<std::int32_t>(takes), Places(offset), place);
  }
};

// One window, for the last ones of a piece, where a batch would reach beyond it.
template <class Arch, bool remember>
void halve_max_one(const float* upper, const float* lower, std::int32_t width, std::int32_t first, float* y,
                   int* from) {
  const float cells[4] = {upper[0], upper[1], lower[0], lower[1]};
  const std::int32_t offsets[4] = {0, 1, width, width + 1};
  int best = 0;
  for (int i = 1; i < 4; ++i)
    if (!(cells[i] <= cells[best]) && cells[best] == cells[best]) best = i;
  *y = cells[best];
  if constexpr (remember) *from = first + offsets[best];
}

// A batch may read and write beyond its row, into rows that come later and are then written again; hence rows go in
// order, and what would reach beyond the last row of all goes one by one.
template <class Arch, bool remember>
void halve_max_rows(const HalveMax& work) {
  using Batch = xsimd::batch<float, Arch>;
  using Places = xsimd::batch<std::int32_t, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const std::ptrdiff_t rows = work.height / 2, columns = work.width / 2;
  const std::ptrdiff_t outputs = work.planes * rows * columns, inputs = work.planes * work.height * work.width;
  const std::int32_t width = static_cast<std::int32_t>(work.width);
  std::int32_t counted[lanes];
  for (std::ptrdiff_t i = 0; i < lanes; ++i) counted[i] = static_cast<std::int32_t>(2 * i);
  const Places steps = Places::load_unaligned(counted);
  for (std::ptrdiff_t plane = 0; plane < work.planes; ++plane)
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
      const std::ptrdiff_t in = (plane * work.height + 2 * i) * work.width, out = (plane * rows + i) * columns;
      const float* upper = work.x + in;
      const float* lower = upper + work.width;
      const std::int32_t first = static_cast<std::int32_t>(2 * i) * width;
      std::ptrdiff_t j = 0;
      for (; j < columns && out + j + lanes <= outputs && in + work.width + 2 * (j + lanes) <= inputs; j += lanes) {
        const Batch a = Batch::load_unaligned(upper + 2 * j), b = Batch::load_unaligned(upper + 2 * j + lanes);
        const Batch c = Batch::load_unaligned(lower + 2 * j), d = Batch::load_unaligned(lower + 2 * j + lanes);
        Largest<Arch, remember> largest = {pick<EvenOnes>(a, b), Places(0)};
        largest.consider(pick<OddOnes>(a, b), 1);
        largest.consider(pick<EvenOnes>(c, d), width);
        largest.consider(pick<OddOnes>(c, d), width + 1);
        largest.value.store_unaligned(work.y + out + j);
        if constexpr (remember)
          (largest.place + steps + Places(first + static_cast<std::int32_t>(2 * j)))
              .store_unaligned(work.from + out + j);
      }
      for (; j < columns; ++j)
        halve_max_one<Arch, remember>(upper + 2 * j, lower + 2 * j, width, first + static_cast<std::int32_t>(2 * j),
                                      work.y + out + j, remember ? work.from + out + j : nullptr);
    }
}

template <class Arch>
void halve_max(const HalveMax& work) {
  work.from ? halve_max_rows<Arch, true>(work) : halve_max_rows<Arch, false>(work);
}

template <class Arch>
void zero(float* first, const float* last) {
  for (; first < last; ++first) *first = 0.0f;
}

// As above: a row's last batch writes into the next rows, which are written later.
template <class Arch>
void spread_max(const SpreadMax& work) {
  using Batch = xsimd::batch<float, Arch>;
  using Places = xsimd::batch<std::int32_t, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const std::ptrdiff_t rows = work.height / 2, columns = work.width / 2, width = work.width;
  const std::ptrdiff_t outputs = work.planes * rows * columns, inputs = work.planes * work.height * width;
  const std::int32_t below = static_cast<std::int32_t>(width);
  std::int32_t counted[lanes];
  for (std::ptrdiff_t i = 0; i < lanes; ++i) counted[i] = static_cast<std::int32_t>(2 * i);
  const Places steps = Places::load_unaligned(counted);
  for (std::ptrdiff_t plane = 0; plane < work.planes; ++plane) {
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
      const std::ptrdiff_t in = (plane * work.height + 2 * i) * width, out = (plane * rows + i) * columns;
      const std::int32_t first = static_cast<std::int32_t>(2 * i * width);
      const std::ptrdiff_t batches_fit =  // columns that batches may begin before
          outputs - out - lanes < (inputs - in - width) / 2 - lanes ? outputs - out - lanes
                                                                    : (inputs - in - width) / 2 - lanes;
      for (int row = 0; row < 2; ++row) {
        float* cells = work.dx + in + row * width;
        const std::int32_t own = row * below;
        std::ptrdiff_t j = 0;
        for (; j < columns && j <= batches_fit; j += lanes) {
          const Places base = steps + Places(first + own + static_cast<std::int32_t>(2 * j));
          const Places place = Places::load_unaligned(work.from + out + j) - base;
          const Batch dy = Batch::load_unaligned(work.dy + out + j), zeros(0.0f);
          const Batch left = xsimd::select(xsimd::batch_bool_cast<float>(place == Places(0)), dy, zeros);
          const Batch right = xsimd::select(xsimd::batch_bool_cast<float>(place == Places(1)), dy, zeros);
          pick<ZipLow>(left, right).store_unaligned(cells + 2 * j);
          pick<ZipHigh>(left, right).store_unaligned(cells + 2 * j + lanes);
        }
        for (; j < columns; ++j) {
          const std::int32_t place = work.from[out + j] - first - own - static_cast<std::int32_t>(2 * j);
          cells[2 * j] = place == 0 ? work.dy[out + j] : 0.0f;
          cells[2 * j + 1] = place == 1 ? work.dy[out + j] : 0.0f;
        }
        zero<Arch>(cells + 2 * columns, cells + width);
      }
    }
    float* plane_end = work.dx + (plane + 1) * work.height * width;
    zero<Arch>(work.dx + (plane * work.height + 2 * rows) * width, plane_end);
  }
}

template <class Arch>
void run_max(const RunMax& work) {
  using Batch = xsimd::batch<float, Arch>;
  using Places = xsimd::batch<std::int32_t, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  for (std::ptrdiff_t j = 0; j < work.n; j += lanes) {
    Batch best = Batch::load_unaligned(work.values[0] + j);
    Places place = Places::load_unaligned(work.places[0] + j);
    for (std::ptrdiff_t k = 1; k < work.count; ++k) {
      const Batch value = Batch::load_unaligned(work.values[k] + j);
      const Places other = Places::load_unaligned(work.places[k] + j);
      const auto alike = value == best || (xsimd::isnan(value) && xsimd::isnan(best));
      const auto lower = xsimd::batch_bool_cast<float>(other < place);
      const auto takes = (!(value <= best) && !xsimd::isnan(best)) || (alike && lower);
      best = xsimd::select(takes, value, best);
      place = xsimd::select(xsimd::batch_bool_cast<std::int32_t>(takes), other, place);
    }
    if (j + lanes <= work.n) {
      best.store_unaligned(work.y + j);
      if (work.from) place.store_unaligned(work.from + j);
    } else {
      float values[lanes];
      int places[lanes];
      best.store_unaligned(values);
      place.store_unaligned(places);
      for (std::ptrdiff_t i = j; i < work.n; ++i) {
        work.y[i] = values[i - j];
        if (work.from) work.from[i] = places[i - j];
      }
    }
  }
}

template <class Arch>
void halve_mean(const HalveMean& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const std::ptrdiff_t rows = work.height / 2, columns = work.width / 2;
  for (std::ptrdiff_t plane = 0; plane < work.planes; ++plane)
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
      const float* upper = work.x + (plane * work.height + 2 * i) * work.width;
      const float* lower = upper + work.width;
      float* y = work.y + (plane * rows + i) * columns;
      std::ptrdiff_t j = 0;
      for (; j + lanes <= columns; j += lanes) {
        const Batch left = Batch::load_unaligned(upper + 2 * j) + Batch::load_unaligned(lower + 2 * j);
        const Batch right = Batch::load_unaligned(upper + 2 * j + lanes) + Batch::load_unaligned(lower + 2 * j + lanes);
        ((pick<EvenOnes>(left, right) + pick<OddOnes>(left, right)) * Batch(0.25f)).store_unaligned(y + j);
      }
      for (; j < columns; ++j) y[j] = ((upper[2 * j] + lower[2 * j]) + (upper[2 * j + 1] + lower[2 * j + 1])) * 0.25f;
    }
}

template <class Arch>
void spread_mean(const SpreadMean& work) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  const std::ptrdiff_t rows = work.height / 2, columns = work.width / 2;
  if (!work.accumulate) zero<Arch>(work.dx, work.dx + work.planes * work.height * work.width);
  for (std::ptrdiff_t plane = 0; plane < work.planes; ++plane)
    for (std::ptrdiff_t i = 0; i < 2 * rows; ++i) {
      float* x = work.dx + (plane * work.height + i) * work.width;
      const float* y = work.dy + (plane * rows + i / 2) * columns;
      std::ptrdiff_t j = 0;
      for (; j + lanes <= columns; j += lanes) {
        const Batch share = Batch::load_unaligned(y + j) * Batch(0.25f);
        (Batch::load_unaligned(x + 2 * j) + pick<ZipLow>(share, share)).store_unaligned(x + 2 * j);
        (Batch::load_unaligned(x + 2 * j + lanes) + pick<ZipHigh>(share, share)).store_unaligned(x + 2 * j + lanes);
      }
      for (; j < columns; ++j) {
        x[2 * j] += y[j] * 0.25f;
        x[2 * j + 1] += y[j] * 0.25f;
      }
    }
}

template <class Arch>
void column_max(const ColumnMax& work) {
  using Batch = xsimd::batch<float, Arch>;
  using Places = xsimd::batch<std::int32_t, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  std::ptrdiff_t j = 0;
  for (; j + lanes <= work.width; j += lanes) {
    Largest<Arch, true> largest = {Batch::load_unaligned(work.x + j), Places(0)};
    for (std::ptrdiff_t r = 1; r < work.rows; ++r)
      largest.consider(Batch::load_unaligned(work.x + r * work.width + j), static_cast<std::int32_t>(r));
    largest.value.store_unaligned(work.largest + j);
    largest.place.store_unaligned(work.row + j);
  }
  for (; j < work.width; ++j) {
    std::ptrdiff_t best = 0;
    for (std::ptrdiff_t r = 1; r < work.rows; ++r) {
      const float kept = work.x[best * work.width + j];
      if (!(work.x[r * work.width + j] <= kept) && kept == kept) best = r;
    }
    work.largest[j] = work.x[best * work.width + j];
    work.row[j] = static_cast<int>(best);
  }
}

template <class Arch>
float sum(const float* x, std::ptrdiff_t n) {
  using Batch = xsimd::batch<float, Arch>;
  constexpr std::ptrdiff_t lanes = Batch::size;
  Batch sums(0.0f);
  std::ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) sums += Batch::load_unaligned(x + i);
  float total = xsimd::reduce_add(sums);
  for (; i < n; ++i) total += x[i];
  return total;
}

template <class Arch>
constexpr Table table() {
  return {&halve_max<Arch>,  &spread_max<Arch>, &halve_mean<Arch>, &spread_mean<Arch>,
          &column_max<Arch>, &run_max<Arch>,    &sum<Arch>};
}

}  // namespace cvlab::pool2d_kernel
