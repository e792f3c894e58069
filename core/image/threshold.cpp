#include "core/image/threshold.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "core/image/byte_kernel.hpp"
#include "core/image/reshape.hpp"
#include "core/ops/conv2d.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

// One weight a window cell, sum 1. Computed in double, used in float, as the definition's pictures were.
std::vector<float> gaussian_weights(int size) {
  if (size == 3) return {0.25F, 0.5F, 0.25F};
  if (size == 5) return {0.0625F, 0.25F, 0.375F, 0.25F, 0.0625F};
  if (size == 7) return {0.03125F, 0.109375F, 0.21875F, 0.28125F, 0.21875F, 0.109375F, 0.03125F};
  const double sigma = 0.3 * ((size - 1) * 0.5 - 1.0) + 0.8;
  std::vector<double> exact(static_cast<std::size_t>(size));
  double sum = 0.0;
  for (int i = 0; i < size; ++i) {
    const double x = i - 0.5 * (size - 1);
    sum += exact[static_cast<std::size_t>(i)] = std::exp(-x * x / (2.0 * sigma * sigma));
  }
  std::vector<float> weights;
  weights.reserve(exact.size());
  for (const double w : exact) weights.push_back(static_cast<float>(w / sum));
  return weights;
}

// Halves to even, as the definition has it: adding 2^23 (2^52) leaves no place for the fraction.
std::uint8_t nearest_even(float value) {
  constexpr float shift = 8388608.0F;
  return static_cast<std::uint8_t>(std::min(255.0F, (value + shift) - shift));
}
std::uint8_t nearest_even(double value) {
  constexpr double shift = 4503599627370496.0;
  return static_cast<std::uint8_t>((value + shift) - shift);
}

// Row `y` of the picture, with `radius` pixels of replicated border on each side.
void pad_row(const std::uint8_t* row, int width, int radius, std::vector<float>& out) {
  out.resize(static_cast<std::size_t>(width + 2 * radius));
  std::fill_n(out.begin(), radius, static_cast<float>(row[0]));
  std::copy_n(row, width, out.begin() + radius);
  std::fill_n(out.begin() + radius + width, radius, static_cast<float>(row[width - 1]));
}

const std::uint8_t* row_of(const Image& image, int y) {
  return image.data.data() + static_cast<std::ptrdiff_t>(y) * image.width;
}

// Sums of a sliding window: columns first (they slide down), then along the row.
void plain_band(const Image& in, int size, int first, int last, Image& out) {
  const int radius = size / 2;
  const int w = in.width;
  const double share = 1.0 / (static_cast<double>(size) * size);
  static thread_local std::vector<std::int32_t> column;
  column.assign(static_cast<std::size_t>(w + 2 * radius), 0);
  std::int32_t* sums = column.data() + radius;
  const auto edge = [&](int y) { return row_of(in, std::clamp(y, 0, in.height - 1)); };
  for (int y = first - radius; y <= first + radius; ++y) {
    const std::uint8_t* row = edge(y);
    for (int x = 0; x < w; ++x) sums[x] += row[x];
  }
  for (int y = first; y < last; ++y) {
    std::fill_n(column.begin(), radius, sums[0]);
    std::fill_n(column.end() - radius, radius, sums[w - 1]);
    std::int32_t sum = 0;  // up to 255 size^2: sizes to 2900
    for (int x = -radius; x < radius; ++x) sum += sums[x];
    std::uint8_t* to = out.data.data() + static_cast<std::ptrdiff_t>(y) * w;
    for (int x = 0; x < w; ++x) {
      sum += sums[x + radius];
      to[x] = nearest_even(static_cast<double>(sum) * share);  // odd area: never near a half
      sum -= sums[x - radius];
    }
    const std::uint8_t* leaves = edge(y - radius);
    const std::uint8_t* enters = edge(y + radius + 1);
    for (int x = 0; x < w; ++x) sums[x] += enters[x] - leaves[x];
  }
}

void gaussian_rows(const Image& in, const std::vector<float>& weights, std::vector<float>& rows) {
  const int w = in.width;
  const int radius = static_cast<int>(weights.size()) / 2;
  rows.resize(static_cast<std::size_t>(w) * static_cast<std::size_t>(in.height));
  parallel_for(0, in.height, 32, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    static thread_local std::vector<float> padded;
    for (auto y = static_cast<int>(first); y < static_cast<int>(last); ++y) {
      pad_row(row_of(in, y), w, radius, padded);
      float* to = rows.data() + static_cast<std::ptrdiff_t>(y) * w;
      std::fill_n(to, w, 0.0F);
      for (std::size_t k = 0; k < weights.size(); ++k) {
        const float weight = weights[k];
        const float* from = padded.data() + k;
        for (int x = 0; x < w; ++x) to[x] += weight * from[x];
      }
    }
  });
}

void gaussian_mean(const Image& in, int size, Image& out) {
  const std::vector<float> weights = gaussian_weights(size);
  static thread_local std::vector<float> kept;
  std::vector<float>& rows = kept;
  gaussian_rows(in, weights, rows);
  const int w = in.width;
  parallel_for(0, in.height, 32, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    static thread_local std::vector<float> sum;
    for (auto y = static_cast<int>(first); y < static_cast<int>(last); ++y) {
      sum.assign(static_cast<std::size_t>(w), 0.0F);
      for (int k = 0; k < size; ++k) {
        const float* from =
            rows.data() + static_cast<std::ptrdiff_t>(std::clamp(y + k - size / 2, 0, in.height - 1)) * w;
        const float weight = weights[static_cast<std::size_t>(k)];
        float* to = sum.data();
        for (int x = 0; x < w; ++x) to[x] += weight * from[x];
      }
      std::uint8_t* to = out.data.data() + static_cast<std::ptrdiff_t>(y) * w;
      for (int x = 0; x < w; ++x) to[x] = nearest_even(sum[static_cast<std::size_t>(x)]);
    }
  });
}

}  // namespace

void threshold_ref(const Image& in, int level, Image& out) {
  assert(in.channels <= 1 && level >= -1 && level <= 255 && "threshold: one channel, a level from -1 to 255");
  if (&out != &in) reshape(out, in.width, in.height, 1);
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x) out.at(y, x) = in.at(y, x) > level ? 255 : 0;
}

void threshold(const Image& in, int level, Image& out) {
  assert(in.channels <= 1 && level >= -1 && level <= 255 && "threshold: one channel, a level from -1 to 255");
  if (&out != &in) reshape(out, in.width, in.height, 1);
  if (level < 0) {
    std::fill(out.data.begin(), out.data.end(), std::uint8_t{255});
    return;
  }
  const std::uint8_t* from = in.data.data();
  std::uint8_t* to = out.data.data();
  const auto& kernel = byte_kernel::best();
  parallel_for(0, static_cast<std::ptrdiff_t>(in.data.size()), std::ptrdiff_t{1} << 18,
               [&](std::ptrdiff_t first, std::ptrdiff_t last) {
                 kernel.threshold(from + first, last - first, static_cast<std::uint8_t>(level), to + first);
               });
}

Classes classes_of(const Levels& levels, int level) {
  std::int64_t n = 0, below = 0, sum = 0, sum_below = 0;
  for (int v = 0; v < 256; ++v) {
    const std::int64_t count = levels.count[static_cast<std::size_t>(v)];
    n += count;
    sum += v * count;
    if (v > level) continue;
    below += count;
    sum_below += v * count;
  }
  Classes c;
  if (n == 0) return c;
  c.share_below = static_cast<double>(below) / static_cast<double>(n);
  c.share_above = static_cast<double>(n - below) / static_cast<double>(n);
  if (below > 0) c.mean_below = static_cast<double>(sum_below) / static_cast<double>(below);
  if (below < n) c.mean_above = static_cast<double>(sum - sum_below) / static_cast<double>(n - below);
  const double apart = c.mean_above - c.mean_below;
  if (below > 0 && below < n) c.between = c.share_below * c.share_above * apart * apart;
  return c;
}

Otsu otsu(const Levels& levels) {
  Otsu result;
  result.total = levels.deviation() * levels.deviation();
  double best = 0.0;
  for (int t = 0; t < 256; ++t) {
    const double between = classes_of(levels, t).between;
    result.between[static_cast<std::size_t>(t)] = between;
    if (between > best) {
      best = between;
      result.level = t;
    }
  }
  return result;
}

void local_mean_ref(const Image& in, LocalMean kind, int size, Image& out) {
  assert(in.channels <= 1 && size >= 1 && size % 2 == 1 && "local_mean: one channel, an odd size");
  reshape(out, in.width, in.height, 1);
  const int radius = size / 2;
  const std::vector<float> weights =
      kind == LocalMean::gaussian ? gaussian_weights(size)
                                  : std::vector<float>(static_cast<std::size_t>(size), 1.0F / static_cast<float>(size));
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      double sum = 0.0;
      for (int k = -radius; k <= radius; ++k) {
        for (int l = -radius; l <= radius; ++l) {
          const double weight = static_cast<double>(weights[static_cast<std::size_t>(k + radius)]) *
                                static_cast<double>(weights[static_cast<std::size_t>(l + radius)]);
          sum += weight * in.at(std::clamp(y + k, 0, in.height - 1), std::clamp(x + l, 0, in.width - 1));
        }
      }
      out.at(y, x) = kind == LocalMean::plain ? saturated_byte(sum) : nearest_even(static_cast<float>(sum));
    }
  }
}

void local_mean(const Image& in, LocalMean kind, int size, Image& out) {
  assert(in.channels <= 1 && size >= 1 && size % 2 == 1 && "local_mean: one channel, an odd size");
  assert(&in != &out && "local_mean: out is another picture");
  reshape(out, in.width, in.height, 1);
  if (in.empty()) return;
  if (kind == LocalMean::gaussian) return gaussian_mean(in, size, out);
  parallel_for(0, in.height, std::max(32, size), [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    plain_band(in, size, static_cast<int>(first), static_cast<int>(last), out);
  });
}

void threshold_against(const Image& in, const Image& mean, int offset, Image& out) {
  assert(in.data.size() == mean.data.size() && "threshold_against: pictures of one size");
  if (&out != &in && &out != &mean) reshape(out, in.width, in.height, 1);
  for (std::size_t i = 0; i < in.data.size(); ++i) {
    out.data[i] = static_cast<int>(in.data[i]) > static_cast<int>(mean.data[i]) - offset ? 255 : 0;
  }
}

void adaptive_threshold(const Image& in, LocalMean kind, int size, int offset, Image& out) {
  local_mean(in, kind, size, out);
  threshold_against(in, out, offset, out);
}

}  // namespace cvlab
