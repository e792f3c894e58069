#include "core/image/features.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr int patch = 15;  // radius of what the descriptor sees
constexpr int smooth = 2;  // radius of the mean

struct Plane {
  int width, height;
  const std::uint8_t* data;
  int operator()(int row, int column) const {
    const int r = std::clamp(row, 0, height - 1);
    const int c = std::clamp(column, 0, width - 1);
    return data[static_cast<std::size_t>(r) * static_cast<std::size_t>(width) + static_cast<std::size_t>(c)];
  }
};

std::size_t area_of(const Image& image) {
  return static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
}

// Sums of `values` over (2 radius + 1)^2 neighbours, edges repeated: along the rows, then along the columns.
void box_sums(std::vector<std::int64_t>& values, int width, int height, int radius) {
  std::vector<std::int64_t> along(static_cast<std::size_t>(std::max(width, height)));
  const auto run = [&](std::size_t start, std::size_t step, int n) {
    for (int i = 0; i < n; ++i) {
      std::int64_t sum = 0;
      for (int d = -radius; d <= radius; ++d) {
        sum += values[start + step * static_cast<std::size_t>(std::clamp(i + d, 0, n - 1))];
      }
      along[static_cast<std::size_t>(i)] = sum;
    }
    for (int i = 0; i < n; ++i) values[start + step * static_cast<std::size_t>(i)] = along[static_cast<std::size_t>(i)];
  };
  for (int row = 0; row < height; ++row) run(static_cast<std::size_t>(row) * static_cast<std::size_t>(width), 1, width);
  for (int column = 0; column < width; ++column) {
    run(static_cast<std::size_t>(column), static_cast<std::size_t>(width), height);
  }
}

// The top of the parabola through three values, as a step from the middle one.
double top(std::int64_t before, std::int64_t middle, std::int64_t after) {
  const double bend = static_cast<double>(before) - 2.0 * static_cast<double>(middle) + static_cast<double>(after);
  if (!(bend < 0.0)) return 0.0;
  return std::clamp(0.5 * (static_cast<double>(before) - static_cast<double>(after)) / bend, -0.5, 0.5);
}

struct PixelPair {
  int ax, ay, bx, by;
};

// Sums of four draws lie around 0 as a bell does, within the patch in every direction.
const std::array<PixelPair, descriptor_bits>& pattern() {
  static const std::array<PixelPair, descriptor_bits> pairs = [] {
    Rng rng(2011, 256);
    const auto draw = [&] {
      int sum = -12;
      for (int i = 0; i < 4; ++i) sum += static_cast<int>(rng.below(7));
      return sum;
    };
    std::array<PixelPair, descriptor_bits> list{};
    for (PixelPair& p : list) {
      const auto inside = [](int x, int y) { return x * x + y * y <= (patch - 2) * (patch - 2); };
      do {
        p = {draw(), draw(), draw(), draw()};
      } while (!inside(p.ax, p.ay) || !inside(p.bx, p.by) || (p.ax == p.bx && p.ay == p.by));
    }
    return list;
  }();
  return pairs;
}

Descriptor describe_one(const Plane& grey, const std::vector<std::int64_t>& means, const Corner& corner) {
  std::int64_t mx = 0;
  std::int64_t my = 0;
  for (int y = -patch; y <= patch; ++y) {
    for (int x = -patch; x <= patch; ++x) {
      if (x * x + y * y > patch * patch) continue;
      const int value = grey(corner.row + y, corner.column + x);
      mx += x * value;
      my += y * value;
    }
  }
  const double length = std::sqrt(static_cast<double>(mx * mx + my * my));  // exact to the last bit everywhere
  const double c = length > 0.0 ? static_cast<double>(mx) / length : 1.0;
  const double s = length > 0.0 ? static_cast<double>(my) / length : 0.0;
  const auto at = [&](int x, int y) {
    const int column = corner.column + static_cast<int>(std::floor(c * x - s * y + 0.5));
    const int row = corner.row + static_cast<int>(std::floor(s * x + c * y + 0.5));
    const int r = std::clamp(row, 0, grey.height - 1);
    const int k = std::clamp(column, 0, grey.width - 1);
    return means[static_cast<std::size_t>(r) * static_cast<std::size_t>(grey.width) + static_cast<std::size_t>(k)];
  };
  Descriptor bits{};
  for (std::size_t i = 0; i < descriptor_bits; ++i) {
    const PixelPair& p = pattern()[i];
    if (at(p.ax, p.ay) < at(p.bx, p.by)) bits[i / 32] |= std::uint32_t{1} << (i % 32);
  }
  return bits;
}

struct Nearest {
  int index = -1;
  int distance = descriptor_bits + 1;
  int second = descriptor_bits + 1;
};

Nearest nearest(const Descriptor& d, std::span<const Descriptor> among) {
  Nearest n;
  for (std::size_t i = 0; i < among.size(); ++i) {
    const int distance = hamming_distance(d, among[i]);
    if (distance < n.distance) {
      n.second = n.distance;
      n.distance = distance;
      n.index = static_cast<int>(i);
    } else if (distance < n.second) {
      n.second = distance;
    }
  }
  return n;
}

}  // namespace

Image to_grey_image(const Image& image) {
  Image grey(image.width, image.height, 1);
  const auto channels = static_cast<std::size_t>(image.channels);
  for (std::size_t i = 0; i < grey.data.size(); ++i) {
    const std::uint8_t* p = &image.data[i * channels];
    grey.data[i] = channels < 3 ? p[0] : static_cast<std::uint8_t>((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
  }
  return grey;
}

std::vector<std::int64_t> harris_response(const Image& grey, int radius) {
  const std::size_t count = area_of(grey);
  std::vector<std::int64_t> xx(count);
  std::vector<std::int64_t> xy(count);
  std::vector<std::int64_t> yy(count);
  const Plane p{grey.width, grey.height, grey.data.data()};
  std::size_t i = 0;
  for (int r = 0; r < grey.height; ++r) {
    for (int c = 0; c < grey.width; ++c, ++i) {
      const int ul = p(r - 1, c - 1), ur = p(r - 1, c + 1), ll = p(r + 1, c - 1), lr = p(r + 1, c + 1);
      const std::int64_t gx = ur + 2 * p(r, c + 1) + lr - ul - 2 * p(r, c - 1) - ll;
      const std::int64_t gy = ll + 2 * p(r + 1, c) + lr - ul - 2 * p(r - 1, c) - ur;
      xx[i] = gx * gx;
      xy[i] = gx * gy;
      yy[i] = gy * gy;
    }
  }
  for (std::vector<std::int64_t>* sums : {&xx, &xy, &yy}) box_sums(*sums, grey.width, grey.height, radius);
  for (i = 0; i < count; ++i) {
    const std::int64_t trace = xx[i] + yy[i];
    xx[i] = 25 * (xx[i] * yy[i] - xy[i] * xy[i]) - trace * trace;
  }
  return xx;
}

std::vector<Corner> harris_corners(const Image& grey, const CornerParams& params) {
  std::vector<Corner> corners;
  const int edge = std::max(1, params.border);
  if (grey.width <= 2 * edge || grey.height <= 2 * edge) return corners;
  const std::vector<std::int64_t> response = harris_response(grey);
  const auto at = [&](int r, int c) {
    return response[static_cast<std::size_t>(r) * static_cast<std::size_t>(grey.width) + static_cast<std::size_t>(c)];
  };
  const std::int64_t greatest = *std::max_element(response.begin(), response.end());
  const auto least =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(params.quality * static_cast<double>(greatest)));
  const auto strongest = [&](int r, int c) {
    const int d = params.distance;
    for (int y = std::max(0, r - d); y <= std::min(grey.height - 1, r + d); ++y) {
      for (int x = std::max(0, c - d); x <= std::min(grey.width - 1, c + d); ++x) {
        const bool earlier = y < r || (y == r && x < c);
        if (at(y, x) > at(r, c) || (earlier && at(y, x) == at(r, c))) return false;
      }
    }
    return true;
  };
  for (int r = edge; r < grey.height - edge; ++r) {
    for (int c = edge; c < grey.width - edge; ++c) {
      const std::int64_t value = at(r, c);
      if (value < least || value < at(r, c - 1) || value < at(r, c + 1) || !strongest(r, c)) continue;
      const Point2 point{c + top(at(r, c - 1), value, at(r, c + 1)), r + top(at(r - 1, c), value, at(r + 1, c))};
      corners.push_back({point, r, c, value});
    }
  }
  std::stable_sort(corners.begin(), corners.end(),
                   [](const Corner& a, const Corner& b) { return a.response > b.response; });
  if (corners.size() > static_cast<std::size_t>(params.most)) corners.resize(static_cast<std::size_t>(params.most));
  return corners;
}

std::vector<Descriptor> describe(const Image& grey, std::span<const Corner> corners) {
  std::vector<std::int64_t> means(grey.data.begin(), grey.data.end());
  box_sums(means, grey.width, grey.height, smooth);  // 25 times the mean
  const Plane plane{grey.width, grey.height, grey.data.data()};
  std::vector<Descriptor> list;
  list.reserve(corners.size());
  for (const Corner& corner : corners) list.push_back(describe_one(plane, means, corner));
  return list;
}

int hamming_distance(const Descriptor& a, const Descriptor& b) {
  int distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) distance += std::popcount(a[i] ^ b[i]);
  return distance;
}

std::vector<Match> match_descriptors(std::span<const Descriptor> a, std::span<const Descriptor> b,
                                     const MatchParams& params) {
  std::vector<Match> matches;
  std::vector<int> back(b.size(), -2);  // nearest of each b among a; -2: not asked yet
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Nearest n = nearest(a[i], b);
    if (n.index < 0 || static_cast<double>(n.distance) > params.ratio * n.second) continue;
    const auto j = static_cast<std::size_t>(n.index);
    if (params.cross_check) {
      if (back[j] == -2) back[j] = nearest(b[j], a).index;
      if (back[j] != static_cast<int>(i)) continue;
    }
    matches.push_back({static_cast<int>(i), n.index, n.distance});
  }
  return matches;
}

}  // namespace cvlab
