#include "core/image/bilateral.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/image/border.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab {

void bilateral_ref(const Image& in, int radius, double sigma_space, double sigma_range, Padding border, Image& out) {
  Image result(in.width, in.height, in.channels);
  const auto channels = static_cast<std::size_t>(in.channels);
  for (int row = 0; row < in.height; ++row) {
    for (int column = 0; column < in.width; ++column) {
      std::array<double, 4> sum{};
      double weights = 0.0;
      for (int dy = -radius; dy <= radius; ++dy) {
        for (int dx = -radius; dx <= radius; ++dx) {
          if (dy * dy + dx * dx > radius * radius) continue;
          const int y = border_source(border, row + dy, in.height);
          const int x = border_source(border, column + dx, in.width);
          const auto at = [&](int c) { return y < 0 || x < 0 ? 0 : static_cast<int>(in.at(y, x, c)); };
          int difference = 0;
          for (int c = 0; c < in.channels; ++c) difference += std::abs(at(c) - in.at(row, column, c));
          const double w = std::exp(-(dy * dy + dx * dx) / (2.0 * sigma_space * sigma_space) -
                                    difference * difference / (2.0 * sigma_range * sigma_range));
          weights += w;
          for (std::size_t c = 0; c < channels; ++c) sum[c] += w * at(static_cast<int>(c));
        }
      }
      for (std::size_t c = 0; c < channels; ++c)
        result.at(row, column, static_cast<int>(c)) = static_cast<std::uint8_t>(std::floor(sum[c] / weights + 0.5));
    }
  }
  out = std::move(result);
}

namespace {

struct Neighbour {
  std::ptrdiff_t offset;  // in the padded picture
  float weight;
};

template <int Channels>
void bilateral_row(const std::uint8_t* centre, int width, const std::vector<Neighbour>& neighbours, const float* range,
                   std::uint8_t* out) {
  for (int column = 0; column < width; ++column) {
    const std::uint8_t* here = centre + column * Channels;
    float sum[Channels] = {};
    float weights = 0.0F;
    for (const Neighbour& n : neighbours) {
      const std::uint8_t* there = here + n.offset;
      int difference = 0;
      for (int c = 0; c < Channels; ++c) difference += std::abs(there[c] - here[c]);
      const float w = n.weight * range[difference];
      weights += w;
      for (int c = 0; c < Channels; ++c) sum[c] += w * static_cast<float>(there[c]);
    }
    for (int c = 0; c < Channels; ++c)
      out[column * Channels + c] = static_cast<std::uint8_t>(std::lround(sum[c] / weights));
  }
}

}  // namespace

void bilateral(const Image& in, int radius, double sigma_space, double sigma_range, Padding border, Image& out) {
  assert(&in != &out && "the bilateral filter cannot work in place");
  assert(radius >= 0 && sigma_space > 0.0 && sigma_range > 0.0 && in.channels <= 4);
  match_size(in, out);
  if (in.empty()) return;
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(in.width + 2 * radius) * in.channels;
  std::vector<std::uint8_t> padded(static_cast<std::size_t>(stride) * static_cast<std::size_t>(in.height + 2 * radius));
  for (int row = -radius; row < in.height + radius; ++row)
    padded_row(in, row, radius, border, padded.data() + (row + radius) * stride);
  std::vector<float> range(static_cast<std::size_t>(255 * in.channels + 1));
  for (std::size_t i = 0; i < range.size(); ++i) {
    const auto d = static_cast<double>(i);
    range[i] = static_cast<float>(std::exp(-d * d / (2.0 * sigma_range * sigma_range)));
  }
  std::vector<Neighbour> neighbours;
  for (int dy = -radius; dy <= radius; ++dy)
    for (int dx = -radius; dx <= radius; ++dx)
      if (dy * dy + dx * dx <= radius * radius)
        neighbours.push_back({dy * stride + dx * in.channels,
                              static_cast<float>(std::exp(-(dy * dy + dx * dx) / (2.0 * sigma_space * sigma_space)))});
  constexpr std::array rows = {bilateral_row<1>, bilateral_row<2>, bilateral_row<3>, bilateral_row<4>};
  const auto work = rows[static_cast<std::size_t>(in.channels - 1)];
  parallel_for(0, in.height, 8, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t row = first; row < last; ++row)
      work(padded.data() + (row + radius) * stride + radius * in.channels, in.width, neighbours, range.data(),
           out.data.data() + row * in.width * in.channels);
  });
}

}  // namespace cvlab
