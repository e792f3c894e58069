#include "core/image/border.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "core/parallel/parallel_for.hpp"

namespace cvlab {

void padded_row(const Image& image, int row, int radius, Padding border, std::uint8_t* out) {
  assert(border != Padding::valid && "a filter that keeps the size needs a border: zero, replicate or reflect");
  const auto channels = static_cast<std::ptrdiff_t>(image.channels);
  const std::ptrdiff_t width = image.width * channels;
  const std::ptrdiff_t side = radius * channels;
  const int source = row >= 0 && row < image.height ? row : border_source(border, row, image.height);
  if (source < 0) {
    std::memset(out, 0, static_cast<std::size_t>(width + 2 * side));
    return;
  }
  const std::uint8_t* pixels = image.data.data() + source * width;
  std::memcpy(out + side, pixels, static_cast<std::size_t>(width));
  const auto fill = [&](int column) {
    const int from = border_source(border, column, image.width);
    std::uint8_t* to = out + side + column * channels;
    for (std::ptrdiff_t c = 0; c < channels; ++c) to[c] = from < 0 ? std::uint8_t{0} : pixels[from * channels + c];
  };
  for (int column = -radius; column < 0; ++column) fill(column);
  for (int column = image.width; column < image.width + radius; ++column) fill(column);
}

void border_values(int width, int channels, int left, int right, Padding border, std::vector<int>& from) {
  from.clear();
  const auto add = [&](int column) {
    const int source = border_source(border, column, width);
    for (int c = 0; c < channels; ++c) from.push_back(source < 0 ? -1 : source * channels + c);
  };
  for (int column = -left; column < 0; ++column) add(column);
  for (int column = width; column < width + right; ++column) add(column);
}

std::ptrdiff_t band_rows(int height, int halo) {
  const int threads = std::max(1, thread_count());
  return std::max({(height + threads - 1) / threads, 4 * halo, 16});
}

void match_size(const Image& in, Image& out) {
  out.width = in.width;
  out.height = in.height;
  out.channels = in.channels;
  out.data.resize(in.data.size());
}

}  // namespace cvlab
