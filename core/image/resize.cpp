#include "core/image/resize.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/image/byte_kernel.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

void prepare(const Image& in, Image& out) {
  out.channels = std::max(1, in.channels);
  out.data.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) *
                  static_cast<std::size_t>(out.channels));
}

int nearest_index(int i, int from, int to) {
  const double scale = 1.0 / (static_cast<double>(to) / from);
  return std::min(static_cast<int>(std::floor(i * scale)), from - 1);
}

// The two source pixels of result pixel i and the weight of the second, in 1/2048.
struct Pair {
  int first = 0, second = 0, weight = 0;
};
Pair linear_pair(int i, int from, int to) {
  const double scale = 1.0 / (static_cast<double>(to) / from);
  const double at = (i + 0.5) * scale - 0.5;
  const double low = std::floor(at);
  const int weight = static_cast<int>(std::nearbyint((at - low) * 2048.0));
  const int first = static_cast<int>(low);
  return {std::clamp(first, 0, from - 1), std::clamp(first + 1, 0, from - 1), weight};
}

// In units where a source pixel is `to` long and a result pixel `from`: what result pixel i covers of source pixel s.
struct Cover {
  int first, last;  // source pixels, last one excluded
};
Cover cover(int i, int from, int to) {
  const auto low = static_cast<std::int64_t>(i) * from;
  const std::int64_t high = low + from;
  return {static_cast<int>(low / to), static_cast<int>((high + to - 1) / to)};
}
std::int64_t overlap(int i, int s, int from, int to) {
  const auto low = static_cast<std::int64_t>(i) * from;
  const auto start = static_cast<std::int64_t>(s) * to;
  return std::min(low + from, start + to) - std::max(low, start);
}

std::uint8_t area_pixel(const Image& in, const Image& out, int row, int column, int channel) {
  const Cover rows = cover(row, in.height, out.height);
  const Cover columns = cover(column, in.width, out.width);
  std::int64_t sum = 0;
  for (int r = rows.first; r < rows.last; ++r) {
    for (int c = columns.first; c < columns.last; ++c) {
      sum += overlap(row, r, in.height, out.height) * overlap(column, c, in.width, out.width) * in.at(r, c, channel);
    }
  }
  const std::int64_t whole = static_cast<std::int64_t>(in.width) * in.height;
  return static_cast<std::uint8_t>((2 * sum + whole) / (2 * whole));
}

std::uint8_t linear_pixel(const Image& in, const Pair& rows, const Pair& columns, int channel) {
  const int upper = (2048 - columns.weight) * in.at(rows.first, columns.first, channel) +
                    columns.weight * in.at(rows.first, columns.second, channel);
  const int lower = (2048 - columns.weight) * in.at(rows.second, columns.first, channel) +
                    columns.weight * in.at(rows.second, columns.second, channel);
  const std::int64_t sum = static_cast<std::int64_t>(2048 - rows.weight) * upper +
                           static_cast<std::int64_t>(rows.weight) * lower + (1 << 21);
  return static_cast<std::uint8_t>(sum >> 22);
}

const std::uint8_t* line(const Image& in, int row) {
  return in.data.data() +
         static_cast<std::size_t>(row) * static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
}

struct AxisTerm {
  int source, weight;
};

// The sources of every result pixel of an axis, one after the other; `starts` has one more entry than the axis.
void area_terms(int from, int to, std::vector<AxisTerm>& terms, std::vector<int>& starts) {
  terms.clear();
  starts.assign(1, 0);
  for (int i = 0; i < to; ++i) {
    const Cover c = cover(i, from, to);
    for (int s = c.first; s < c.last; ++s) terms.push_back({s, static_cast<int>(overlap(i, s, from, to))});
    starts.push_back(static_cast<int>(terms.size()));
  }
}

void area_rows(const Image& in, Image& out, const std::vector<AxisTerm>& terms, const std::vector<int>& starts,
               int first, int last) {
  const int channels = in.channels;
  const std::int64_t whole = static_cast<std::int64_t>(in.width) * in.height;
  thread_local std::vector<std::int64_t> sums;
  const std::size_t row_values = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(channels);
  for (int row = first; row < last; ++row) {
    sums.assign(row_values, 0);
    const Cover rows = cover(row, in.height, out.height);
    for (int r = rows.first; r < rows.last; ++r) {
      const std::int64_t weight = overlap(row, r, in.height, out.height);
      const std::uint8_t* from = line(in, r);
      for (std::size_t i = 0; i < row_values; ++i) sums[i] += weight * from[i];
    }
    std::uint8_t* to = &out.data[static_cast<std::size_t>(row) * static_cast<std::size_t>(out.width) *
                                 static_cast<std::size_t>(channels)];
    for (std::size_t column = 0; column < static_cast<std::size_t>(out.width); ++column) {
      for (int c = 0; c < channels; ++c) {
        std::int64_t sum = 0;
        for (int t = starts[column]; t < starts[column + 1]; ++t) {
          const AxisTerm& term = terms[static_cast<std::size_t>(t)];
          sum += term.weight * sums[static_cast<std::size_t>(term.source * channels + c)];
        }
        *to++ = static_cast<std::uint8_t>((2 * sum + whole) / (2 * whole));
      }
    }
  }
}

void resize_area(const Image& in, Image& out) {
  if (in.channels == 1 && in.width == 2 * out.width && in.height == 2 * out.height) {
    const auto halve = byte_kernel::best().halve;
    parallel_for(0, out.height, 32, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      for (std::ptrdiff_t r = first; r < last; ++r) {
        halve(line(in, static_cast<int>(2 * r)), line(in, static_cast<int>(2 * r + 1)), out.width,
              out.data.data() + r * out.width);
      }
    });
    return;
  }
  static thread_local std::vector<AxisTerm> terms;
  static thread_local std::vector<int> starts;
  area_terms(in.width, out.width, terms, starts);
  const std::vector<AxisTerm>& shared_terms = terms;  // of this thread, read by the others
  const std::vector<int>& shared_starts = starts;
  parallel_for(0, out.height, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    area_rows(in, out, shared_terms, shared_starts, static_cast<int>(first), static_cast<int>(last));
  });
}

void linear_row(const Image& in, const std::vector<Pair>& columns, const Pair& rows, std::uint8_t* to) {
  const int channels = in.channels;
  const std::uint8_t* upper = line(in, rows.first);
  const std::uint8_t* lower = line(in, rows.second);
  for (const Pair& p : columns) {
    for (int c = 0; c < channels; ++c) {
      const int a = p.first * channels + c;
      const int b = p.second * channels + c;
      const int above = 2048 * upper[a] + p.weight * (upper[b] - upper[a]);
      const int below = 2048 * lower[a] + p.weight * (lower[b] - lower[a]);
      *to++ = static_cast<std::uint8_t>(
          (2048LL * above + static_cast<std::int64_t>(rows.weight) * (below - above) + (1 << 21)) >> 22);
    }
  }
}

void resize_linear(const Image& in, Image& out) {
  static thread_local std::vector<Pair> columns;
  columns.clear();
  for (int column = 0; column < out.width; ++column) columns.push_back(linear_pair(column, in.width, out.width));
  const std::vector<Pair>& shared = columns;
  parallel_for(0, out.height, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t r = first; r < last; ++r) {
      linear_row(in, shared, linear_pair(static_cast<int>(r), in.height, out.height),
                 out.data.data() + r * out.width * out.channels);
    }
  });
}

void resize_nearest(const Image& in, Image& out) {
  parallel_for(0, out.height, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t r = first; r < last; ++r) {
      const std::uint8_t* from = line(in, nearest_index(static_cast<int>(r), in.height, out.height));
      std::uint8_t* to = out.data.data() + r * out.width * out.channels;
      for (int column = 0; column < out.width; ++column) {
        const int at = nearest_index(column, in.width, out.width) * in.channels;
        for (int c = 0; c < in.channels; ++c) *to++ = from[at + c];
      }
    }
  });
}

}  // namespace

void resize_ref(const Image& in, Resampling how, Image& out) {
  prepare(in, out);
  std::fill(out.data.begin(), out.data.end(), std::uint8_t{0});
  if (in.empty()) return;
  for (int row = 0; row < out.height; ++row) {
    for (int column = 0; column < out.width; ++column) {
      for (int c = 0; c < in.channels; ++c) {
        std::uint8_t& value = out.at(row, column, c);
        if (how == Resampling::nearest) {
          value = in.at(nearest_index(row, in.height, out.height), nearest_index(column, in.width, out.width), c);
        } else if (how == Resampling::bilinear) {
          value =
              linear_pixel(in, linear_pair(row, in.height, out.height), linear_pair(column, in.width, out.width), c);
        } else {
          value = area_pixel(in, out, row, column, c);
        }
      }
    }
  }
}

void resize(const Image& in, Resampling how, Image& out) {
  prepare(in, out);
  if (out.empty()) return;
  if (in.empty()) {
    std::fill(out.data.begin(), out.data.end(), std::uint8_t{0});
  } else if (how == Resampling::nearest) {
    resize_nearest(in, out);
  } else if (how == Resampling::bilinear) {
    resize_linear(in, out);
  } else {
    resize_area(in, out);
  }
}

}  // namespace cvlab
