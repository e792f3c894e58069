#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/data/dataset.hpp"
#include "core/data/decimal.hpp"

namespace cvlab {

namespace {

using Index = std::ptrdiff_t;

// Each thread's own; grows, never shrinks.
struct Scratch {
  std::vector<float> plane, line, kernel;
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

float* grown(std::vector<float>& memory, Index count) {
  if (memory.size() < static_cast<std::size_t>(count)) memory.resize(static_cast<std::size_t>(count));
  return memory.data();
}

float symmetric(Rng& rng, float range) { return range > 0.0f ? static_cast<float>(rng.uniform(-range, range)) : 0.0f; }

// Where an output pixel comes from: (x, y) about the centre times a matrix, plus the shift.
struct Warp {
  float xx, xy, yx, yy, shift_x, shift_y;
};

// Drawn whether used or not, so that switching one off leaves the others' numbers alone.
Warp draw_warp(const Augmentation& a, Rng& rng) {
  const bool mirrored = (rng.bits() & 1) != 0 && a.mirror;
  const float angle = symmetric(rng, a.rotate) * static_cast<float>(std::numbers::pi / 180.0);
  const float scale = 1.0f / (1.0f + symmetric(rng, a.scale));
  const float c = std::cos(angle) * scale, s = std::sin(angle) * scale, flip = mirrored ? -1.0f : 1.0f;
  const float shift_x = symmetric(rng, a.shift), shift_y = symmetric(rng, a.shift);
  return {flip * c, flip * s, -s, c, shift_x, shift_y};
}

// Bilinear; coordinates beyond the edge are held at it.
void warp(const Warp& w, View example) {
  const Index channels = example.size(0), height = example.size(1), width = example.size(2);
  float* const source = grown(scratch().plane, height * width);
  const float centre_x = static_cast<float>(width - 1) / 2.0f, centre_y = static_cast<float>(height - 1) / 2.0f;
  const auto last_x = static_cast<float>(width - 1), last_y = static_cast<float>(height - 1);
  for (Index c = 0; c < channels; ++c) {
    float* const plane = example.data() + c * height * width;
    std::copy_n(plane, height * width, source);
    for (Index y = 0; y < height; ++y) {
      const float dy = static_cast<float>(y) - centre_y - w.shift_y;
      for (Index x = 0; x < width; ++x) {
        const float dx = static_cast<float>(x) - centre_x - w.shift_x;
        const float from_x = std::clamp(w.xx * dx + w.xy * dy + centre_x, 0.0f, last_x);
        const float from_y = std::clamp(w.yx * dx + w.yy * dy + centre_y, 0.0f, last_y);
        const auto x0 = static_cast<Index>(from_x), y0 = static_cast<Index>(from_y);
        const float rx = from_x - static_cast<float>(x0), ry = from_y - static_cast<float>(y0);
        const float* const above = source + y0 * width + x0;
        const float* const below = y0 + 1 < height ? above + width : above;
        const Index right = x0 + 1 < width ? 1 : 0;
        const float top = above[0] + rx * (above[right] - above[0]);
        plane[y * width + x] = top + ry * (below[0] + rx * (below[right] - below[0]) - top);
      }
    }
  }
}

// Gaussian, separable, cut at 3 sigma, edges held.
void blur(float sigma, View example) {
  const Index channels = example.size(0), height = example.size(1), width = example.size(2);
  const auto radius = static_cast<Index>(std::ceil(3.0f * sigma));
  float* const kernel = grown(scratch().kernel, 2 * radius + 1);
  float total = 0.0f;
  for (Index k = -radius; k <= radius; ++k)
    total += kernel[k + radius] = std::exp(-static_cast<float>(k * k) / (2.0f * sigma * sigma));
  const auto along = [&](float* first, Index count, Index stride) {
    float* const line = grown(scratch().line, count);
    for (Index i = 0; i < count; ++i) line[i] = first[i * stride];
    for (Index i = 0; i < count; ++i) {
      float sum = 0.0f;
      for (Index k = -radius; k <= radius; ++k)
        sum += kernel[k + radius] * line[std::clamp<Index>(i + k, 0, count - 1)];
      first[i * stride] = sum / total;
    }
  };
  for (Index c = 0; c < channels; ++c) {
    float* const plane = example.data() + c * height * width;
    for (Index y = 0; y < height; ++y) along(plane + y * width, width, 1);
    for (Index x = 0; x < width; ++x) along(plane + x, height, width);
  }
}

// Source: T. DeVries, G. Taylor, "Improved regularization of convolutional neural networks with cutout", 2017: the
// square's centre lies anywhere in the picture, the square may hang over its edge.
void cut_out(int side, Rng& rng, float mean, View example) {
  const Index channels = example.size(0), height = example.size(1), width = example.size(2);
  const auto top = static_cast<Index>(rng.below(static_cast<std::uint32_t>(height))) - side / 2;
  const auto left = static_cast<Index>(rng.below(static_cast<std::uint32_t>(width))) - side / 2;
  for (Index c = 0; c < channels; ++c)
    for (Index y = std::max<Index>(top, 0); y < std::min<Index>(top + side, height); ++y)
      for (Index x = std::max<Index>(left, 0); x < std::min<Index>(left + side, width); ++x) example(c, y, x) = mean;
}

}  // namespace

void augment(const Augmentation& a, Rng& rng, float mean, View example) {
  if (a.mirror || a.rotate > 0.0f || a.scale > 0.0f || a.shift > 0.0f) warp(draw_warp(a, rng), example);
  if (a.blur > 0.0f) {
    const auto sigma = static_cast<float>(rng.uniform(0.0, a.blur));
    if (sigma > 0.05f) blur(sigma, example);  // less is narrower than a pixel
  }
  if (a.noise > 0.0f)
    for (Index i = 0; i < example.count(); ++i) example.data()[i] += static_cast<float>(rng.normal(0.0, a.noise));
  if (a.cutout > 0) cut_out(a.cutout, rng, mean, example);
}

Result<Augmentation> parse_augmentation(std::string_view text) {
  Augmentation a;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    double value = 0.0;
    bool good = equals == std::string_view::npos ? key == "mirror" : read_decimal(word.substr(equals + 1), value);
    const auto set = [&](float& target, double most) {
      good = good && value >= 0.0 && value <= most;
      target = static_cast<float>(value);
    };
    if (key == "mirror") {
      good = equals == std::string_view::npos;
      a.mirror = true;
    } else if (key == "rotate") {
      set(a.rotate, 180.0);
    } else if (key == "shift") {
      set(a.shift, 1000.0);
    } else if (key == "scale") {
      set(a.scale, 0.9);
    } else if (key == "blur") {
      set(a.blur, 10.0);
    } else if (key == "noise") {
      set(a.noise, 1.0);
    } else if (key == "cutout") {
      float side = 0.0f;
      set(side, 1000.0);
      a.cutout = static_cast<int>(side);
    } else {
      good = false;
    }
    if (!good) {
      const std::string asked(word.substr(0, 40));
      return Error{
          "augmentation-unknown",
          "The augmentation cannot be read at \"" + asked +
              "\"; it is a list of mirror, rotate=DEGREES, shift=PIXELS, scale=SHARE, blur=SIGMA, noise=SHARE, "
              "cutout=PIXELS, separated by commas.",
          {asked}};
    }
  }
  return a;
}

}  // namespace cvlab
