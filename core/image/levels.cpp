#include "core/image/levels.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/image/reshape.hpp"
#include "core/ops/conv2d.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

namespace {

struct Tiles {
  int across = 1;
  int down = 1;
  int width = 1;  // of a tile, in pixels; the last ones may reach beyond the picture
  int height = 1;
};

// Clipped, the surplus shared out: so much to every level, the rest to levels at even distances.
void clip_levels(std::array<int, 256>& count, int limit) {
  int surplus = 0;
  for (int& n : count) {
    if (n <= limit) continue;
    surplus += n - limit;
    n = limit;
  }
  const int share = surplus / 256;
  int rest = surplus - share * 256;
  for (int& n : count) n += share;
  if (rest == 0) return;
  const std::size_t stride = static_cast<std::size_t>(std::max(256 / rest, 1));
  for (std::size_t i = 0; i < 256 && rest > 0; i += stride, --rest) ++count[i];
}

ByteCurve tile_curve(const Image& in, const Tiles& tiles, int tile_row, int tile_column, double clip) {
  std::array<std::array<int, 256>, 2> part{};  // neighbours of the same level do not wait for each other's count
  const int first = tile_column * tiles.width, end = first + tiles.width;
  for (int y = tile_row * tiles.height; y < (tile_row + 1) * tiles.height; ++y) {
    const std::ptrdiff_t row = border_source(Padding::reflect, y, in.height);
    const std::uint8_t* const from = in.data.data() + row * in.width;
    int x = first;
    for (; x + 2 <= std::min(end, in.width); x += 2) {
      ++part[0][from[x]];
      ++part[1][from[x + 1]];
    }
    for (; x < end; ++x) ++part[0][from[border_source(Padding::reflect, x, in.width)]];
  }
  std::array<int, 256> count{};
  for (std::size_t v = 0; v < 256; ++v) count[v] = part[0][v] + part[1][v];
  const int area = tiles.width * tiles.height;
  clip_levels(count, std::max(1, static_cast<int>(clip * area / 256.0)));
  ByteCurve curve{};
  const float scale = 255.0F / static_cast<float>(area);
  int sum = 0;
  for (std::size_t v = 0; v < 256; ++v) {
    sum += count[v];
    curve[v] = static_cast<std::uint8_t>(std::min(255.0F, std::nearbyint(static_cast<float>(sum) * scale)));
  }
  return curve;
}

// Halves to even: the addition of 2^23 leaves no place for the fraction.
std::uint8_t nearest_even(float value) {
  constexpr float shift = 8388608.0F;
  return static_cast<std::uint8_t>((value + shift) - shift);
}

// Between which two tiles a pixel lies, and how far from the first: 0 .. 1.
struct Between {
  int first;
  int second;
  float part;
};
Between between(int pixel, int tile, int tiles) {
  const float at = static_cast<float>(pixel) * (1.0F / static_cast<float>(tile)) - 0.5F;
  const float low = std::floor(at);
  const int first = static_cast<int>(low);
  return {std::max(first, 0), std::min(first + 1, tiles - 1), at - low};
}

}  // namespace

std::int64_t Levels::total() const { return std::accumulate(count.begin(), count.end(), std::int64_t{0}); }

std::int64_t Levels::fullest() const { return *std::max_element(count.begin(), count.end()); }

double Levels::mean() const {
  std::int64_t sum = 0;
  for (std::size_t v = 0; v < 256; ++v) sum += static_cast<std::int64_t>(v) * count[v];
  const std::int64_t n = total();
  return n == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(n);
}

double Levels::deviation() const {
  const std::int64_t n = total();
  if (n == 0) return 0.0;
  const double middle = mean();
  double sum = 0.0;
  for (std::size_t v = 0; v < 256; ++v) {
    const double d = static_cast<double>(v) - middle;
    sum += static_cast<double>(count[v]) * d * d;
  }
  return std::sqrt(sum / static_cast<double>(n));
}

int Levels::least() const {
  for (int v = 0; v < 256; ++v)
    if (count[static_cast<std::size_t>(v)] > 0) return v;
  return 0;
}

int Levels::greatest() const {
  for (int v = 255; v > 0; --v)
    if (count[static_cast<std::size_t>(v)] > 0) return v;
  return 0;
}

Levels levels_ref(const Image& image, int channel) {
  Levels levels;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) ++levels.count[image.at(y, x, channel)];
  return levels;
}

// Four tables, so that neighbours of the same level do not wait for each other's count.
Levels levels_of(const Image& image, int channel) {
  assert(channel >= 0 && (channel < image.channels || image.empty()) && "levels_of: a channel of the picture");
  if (image.empty()) return {};
  std::array<std::array<std::uint32_t, 256>, 4> part{};
  const auto step = static_cast<std::size_t>(std::max(1, image.channels));
  const std::size_t n = image.data.size() / step;
  const std::uint8_t* from = image.data.data() + channel;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) ++part[k][from[(i + k) * step]];
  }
  for (; i < n; ++i) ++part[0][from[i * step]];
  Levels levels;
  for (std::size_t v = 0; v < 256; ++v) {
    levels.count[v] = std::int64_t{part[0][v]} + part[1][v] + part[2][v] + part[3][v];
  }
  return levels;
}

Transfer equalise_transfer(const Levels& levels) {
  const auto least = static_cast<std::size_t>(levels.least());
  const std::int64_t rest = levels.total() - levels.count[least];
  if (rest <= 0) return identity_transfer();
  Transfer transfer;
  std::int64_t sum = 0;
  for (std::size_t v = least + 1; v < 256; ++v) {
    sum += levels.count[v];
    transfer.exact[v] = 255.0 * static_cast<double>(sum) / static_cast<double>(rest);
    transfer.value[v] = saturated_byte(transfer.exact[v]);
  }
  return transfer;
}

void clahe(const Image& in, double clip, int tiles_x, int tiles_y, Image& out) {
  assert(in.channels == 1 && clip > 0.0 && tiles_x >= 1 && tiles_y >= 1 && "clahe: one channel, clip and tiles > 0");
  if (&out != &in) reshape(out, in.width, in.height, 1);
  if (in.empty()) return;
  Tiles tiles;
  tiles.across = std::min(tiles_x, in.width);
  tiles.down = std::min(tiles_y, in.height);
  // When one side does not divide, both grow to the next multiple (as OpenCV does).
  const int grow = in.width % tiles.across == 0 && in.height % tiles.down == 0 ? 0 : 1;
  tiles.width = in.width / tiles.across + grow;
  tiles.height = in.height / tiles.down + grow;
  std::vector<ByteCurve> curves(static_cast<std::size_t>(tiles.across) * static_cast<std::size_t>(tiles.down));
  const auto curve = [&](int row, int column) -> ByteCurve& {
    return curves[static_cast<std::size_t>(row) * static_cast<std::size_t>(tiles.across) +
                  static_cast<std::size_t>(column)];
  };
  parallel_for(0, tiles.down, 1, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (auto r = static_cast<int>(first); r < static_cast<int>(last); ++r)
      for (int c = 0; c < tiles.across; ++c) curve(r, c) = tile_curve(in, tiles, r, c, clip);
  });
  std::vector<Between> across;
  across.reserve(static_cast<std::size_t>(in.width));
  for (int x = 0; x < in.width; ++x) across.push_back(between(x, tiles.width, tiles.across));
  parallel_for(0, in.height, 16, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (auto y = static_cast<int>(first); y < static_cast<int>(last); ++y) {
      const Between v = between(y, tiles.height, tiles.down);
      const ByteCurve* upper = &curve(v.first, 0);
      const ByteCurve* lower = &curve(v.second, 0);
      const std::uint8_t* from = in.data.data() + static_cast<std::ptrdiff_t>(y) * in.width;
      std::uint8_t* to = out.data.data() + static_cast<std::ptrdiff_t>(y) * in.width;
      for (int x = 0; x < in.width; ++x) {
        const Between& h = across[static_cast<std::size_t>(x)];
        const std::size_t level = from[x];
        const auto at = [&](const ByteCurve* row, int column) { return static_cast<float>(row[column][level]); };
        const float top = at(upper, h.first) * (1.0F - h.part) + at(upper, h.second) * h.part;
        const float low = at(lower, h.first) * (1.0F - h.part) + at(lower, h.second) * h.part;
        to[x] = nearest_even(top * (1.0F - v.part) + low * v.part);
      }
    }
  });
}

}  // namespace cvlab
