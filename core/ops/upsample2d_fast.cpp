// The fast upsampling: rows are widened once and serve every output row they belong to; planes are shared out over
// threads. Scratch memory belongs to the threads and is kept.
#include <algorithm>
#include <vector>

#include "core/ops/upsample2d.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

// Which two input cells of an axis make each output cell, and the weight of the second.
struct Axis {
  std::vector<std::ptrdiff_t> first, second;
  std::vector<float> weight;

  void fill(std::ptrdiff_t extent, int factor) {
    const std::size_t count = static_cast<std::size_t>(extent * factor);
    first.resize(count);
    second.resize(count);
    weight.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const float at =
          std::max(0.0f, (static_cast<float>(i) + 0.5f) / static_cast<float>(factor) - 0.5f);  // as the reference
      first[i] = static_cast<std::ptrdiff_t>(at);
      second[i] = std::min(first[i] + 1, extent - 1);
      weight[i] = at - static_cast<float>(first[i]);
    }
  }
};

struct Scratch {
  Axis rows, columns;
  std::vector<float> wide;  // a plane, or a row, widened to the output's columns
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

float* grown(std::vector<float>& memory, std::ptrdiff_t count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

struct Sizes {
  std::ptrdiff_t height, width, wide;  // wide: columns of the output
  int factor;
  Sizes(const Upsample2dParams& params, const Shape& in)
      : height(in[2]), width(in[3]), wide(in[3] * params.factor), factor(params.factor) {}
  // Planes a piece: about 2^16 output cells.
  std::ptrdiff_t grain() const {
    return std::max<std::ptrdiff_t>(1, (std::ptrdiff_t{1} << 16) / std::max<std::ptrdiff_t>(1, height * factor * wide));
  }
};

void repeat_columns(const float* in, std::ptrdiff_t width, int factor, float* out) {
  if (factor == 2) {
    for (std::ptrdiff_t j = 0; j < width; ++j) out[2 * j] = out[2 * j + 1] = in[j];
    return;
  }
  for (std::ptrdiff_t j = 0; j < width; ++j)
    for (int k = 0; k < factor; ++k) out[j * factor + k] = in[j];
}

void nearest_forward(const Sizes& s, const float* x, float* y) {
  for (std::ptrdiff_t i = 0; i < s.height; ++i) {
    float* first = y + i * s.factor * s.wide;
    repeat_columns(x + i * s.width, s.width, s.factor, first);
    for (int k = 1; k < s.factor; ++k) std::copy_n(first, s.wide, first + k * s.wide);
  }
}

void nearest_backward(const Sizes& s, const float* dy, float* dx) {
  float* sums = grown(scratch().wide, s.wide);
  for (std::ptrdiff_t i = 0; i < s.height; ++i) {
    const float* rows = dy + i * s.factor * s.wide;
    std::copy_n(rows, s.wide, sums);
    for (int k = 1; k < s.factor; ++k)
      for (std::ptrdiff_t j = 0; j < s.wide; ++j) sums[j] += rows[k * s.wide + j];
    float* row = dx + i * s.width;
    for (int k = 0; k < s.factor; ++k)
      for (std::ptrdiff_t j = 0; j < s.width; ++j) row[j] += sums[j * s.factor + k];
  }
}

void bilinear_forward(const Sizes& s, const Scratch& axes, float* wide, const float* x, float* y) {
  const Axis& columns = axes.columns;
  for (std::ptrdiff_t i = 0; i < s.height; ++i) {
    const float* in = x + i * s.width;
    for (std::size_t j = 0; j < columns.first.size(); ++j)
      wide[i * s.wide + static_cast<std::ptrdiff_t>(j)] =
          (1.0f - columns.weight[j]) * in[columns.first[j]] + columns.weight[j] * in[columns.second[j]];
  }
  for (std::size_t i = 0; i < axes.rows.first.size(); ++i) {
    const float* upper = wide + axes.rows.first[i] * s.wide;
    const float* lower = wide + axes.rows.second[i] * s.wide;
    const float v = axes.rows.weight[i];
    float* out = y + static_cast<std::ptrdiff_t>(i) * s.wide;
    for (std::ptrdiff_t j = 0; j < s.wide; ++j) out[j] = (1.0f - v) * upper[j] + v * lower[j];
  }
}

void bilinear_backward(const Sizes& s, const Scratch& axes, float* wide, const float* dy, float* dx) {
  std::fill_n(wide, s.height * s.wide, 0.0f);
  for (std::size_t i = 0; i < axes.rows.first.size(); ++i) {
    float* upper = wide + axes.rows.first[i] * s.wide;
    float* lower = wide + axes.rows.second[i] * s.wide;
    const float v = axes.rows.weight[i];
    const float* out = dy + static_cast<std::ptrdiff_t>(i) * s.wide;
    for (std::ptrdiff_t j = 0; j < s.wide; ++j) upper[j] += (1.0f - v) * out[j];
    for (std::ptrdiff_t j = 0; j < s.wide; ++j) lower[j] += v * out[j];
  }
  const Axis& columns = axes.columns;
  for (std::ptrdiff_t i = 0; i < s.height; ++i) {
    float* in = dx + i * s.width;
    for (std::size_t j = 0; j < columns.first.size(); ++j) {
      const float gradient = wide[i * s.wide + static_cast<std::ptrdiff_t>(j)];
      in[columns.first[j]] += (1.0f - columns.weight[j]) * gradient;
      in[columns.second[j]] += columns.weight[j] * gradient;
    }
  }
}

// work(plane of x, plane of y): indices of their first numbers.
template <class Nearest, class Bilinear>
void for_planes(const Upsample2dParams& params, const Shape& in, const Nearest& nearest, const Bilinear& bilinear) {
  const Sizes s(params, in);
  parallel_for(0, in[0] * in[1], s.grain(), [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
    Scratch& mine = scratch();
    float* wide = nullptr;
    if (params.interpolation == Interpolation::bilinear) {
      mine.rows.fill(s.height, s.factor);
      mine.columns.fill(s.width, s.factor);
      wide = grown(mine.wide, s.height * s.wide);
    }
    for (std::ptrdiff_t plane = begin; plane < end; ++plane) {
      const std::ptrdiff_t small = plane * s.height * s.width, large = plane * s.height * s.factor * s.wide;
      if (params.interpolation == Interpolation::bilinear)
        bilinear(s, mine, wide, small, large);
      else
        nearest(s, small, large);
    }
  });
}

}  // namespace

void upsample2d_forward(const Upsample2dParams& params, ConstView x, View y) {
  assert(x.contiguous() && y.contiguous() && y.shape() == upsample2d_output_shape(params, x.shape()));
  for_planes(
      params, x.shape(),
      [&](const Sizes& s, std::ptrdiff_t small, std::ptrdiff_t large) {
        nearest_forward(s, x.data() + small, y.data() + large);
      },
      [&](const Sizes& s, const Scratch& axes, float* wide, std::ptrdiff_t small, std::ptrdiff_t large) {
        bilinear_forward(s, axes, wide, x.data() + small, y.data() + large);
      });
}

void upsample2d_backward(const Upsample2dParams& params, ConstView dy, View dx) {
  assert(dx.contiguous() && dy.contiguous() && dy.shape() == upsample2d_output_shape(params, dx.shape()));
  for_planes(
      params, dx.shape(),
      [&](const Sizes& s, std::ptrdiff_t small, std::ptrdiff_t large) {
        nearest_backward(s, dy.data() + large, dx.data() + small);
      },
      [&](const Sizes& s, const Scratch& axes, float* wide, std::ptrdiff_t small, std::ptrdiff_t large) {
        bilinear_backward(s, axes, wide, dy.data() + large, dx.data() + small);
      });
}

}  // namespace cvlab
