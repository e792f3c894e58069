#include "core/image/convert.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

float grey(double red, double green, double blue) {
  return static_cast<float>(0.299 * red + 0.587 * green + 0.114 * blue);
}

// Without a branch, so that compilers use vectors. What is below 0, or no number, becomes 0.
std::uint8_t to_byte(float value) {
  const float above = value > 0.0f ? value : 0.0f;
  const float raised = (above < 255.0f ? above : 255.0f) + 0.5f;
  return static_cast<std::uint8_t>(raised);
}

std::size_t pixels_of(const Image& image) {
  return static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
}

// One channel of `count` pixels, each `step` bytes from the last.
template <std::size_t step>
void plane_from(const std::uint8_t* from, std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<float>(from[i * step]);
}

// A row of one channel into every `channels`-th byte.
void row_from(const float* from, std::ptrdiff_t stride, int width, std::uint8_t* to, std::ptrdiff_t channels) {
  if (stride == 1 && channels == 1) {
    for (int x = 0; x < width; ++x) to[x] = to_byte(from[x]);
    return;
  }
  for (std::ptrdiff_t x = 0; x < width; ++x) to[x * channels] = to_byte(from[x * stride]);
}

}  // namespace

Tensor image_to_tensor(const Image& image) {
  Tensor tensor({1, image.channels, image.height, image.width});
  const std::size_t count = pixels_of(image);
  for (int c = 0; c < image.channels && count > 0; ++c) {
    const std::uint8_t* from = image.data.data() + c;
    float* to = tensor.data() + static_cast<std::ptrdiff_t>(count) * c;
    switch (image.channels) {
      case 1:
        plane_from<1>(from, count, to);
        break;
      case 2:
        plane_from<2>(from, count, to);
        break;
      case 3:
        plane_from<3>(from, count, to);
        break;
      default:
        plane_from<4>(from, count, to);
    }
  }
  return tensor;
}

Image tensor_to_image(ConstView tensor) {
  assert(tensor.shape().rank() == 4 && tensor.size(0) == 1 && "tensor_to_image: one picture, (1, C, H, W)");
  assert(tensor.size(1) >= 1 && tensor.size(1) <= 4 && "tensor_to_image: 1 to 4 channels");
  Image image(static_cast<int>(tensor.size(3)), static_cast<int>(tensor.size(2)), static_cast<int>(tensor.size(1)));
  if (image.data.empty()) return image;
  const std::ptrdiff_t line = static_cast<std::ptrdiff_t>(image.width) * image.channels;
  for (std::ptrdiff_t y = 0; y < image.height; ++y)
    for (std::ptrdiff_t c = 0; c < image.channels; ++c)
      row_from(tensor.data() + c * tensor.stride(1) + y * tensor.stride(2), tensor.stride(3), image.width,
               image.data.data() + y * line + c, image.channels);
  return image;
}

Tensor image_to_grey(const Image& image) {
  Tensor tensor({1, 1, image.height, image.width});
  float* out = tensor.data();
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      *out++ = image.channels < 3 ? static_cast<float>(image.at(y, x))
                                  : grey(image.at(y, x, 0), image.at(y, x, 1), image.at(y, x, 2));
    }
  }
  return tensor;
}

Tensor tensor_to_grey(ConstView in) {
  assert(in.shape().rank() == 4 && in.size(0) == 1 && (in.size(1) == 1 || in.size(1) == 3) &&
         "tensor_to_grey: one picture, (1, 1 or 3, H, W)");
  Tensor out({1, 1, in.size(2), in.size(3)});
  const auto channel = [&](std::ptrdiff_t c, std::ptrdiff_t y, std::ptrdiff_t x) {
    return static_cast<double>(in(0, c, y, x));
  };
  for (std::ptrdiff_t y = 0; y < in.size(2); ++y)
    for (std::ptrdiff_t x = 0; x < in.size(3); ++x)
      out(0, 0, y, x) = in.size(1) == 1 ? in(0, 0, y, x) : grey(channel(0, y, x), channel(1, y, x), channel(2, y, x));
  return out;
}

Image to_rgba(const Image& image) {
  if (image.channels == 4) return image;
  Image out(image.width, image.height, 4);
  const bool colour = image.channels == 3;
  const bool alpha = image.channels == 2;
  const std::size_t count = pixels_of(image);
  const auto step = static_cast<std::size_t>(image.channels);
  const std::size_t green = colour ? 1 : 0;
  const std::uint8_t* from = image.data.data();
  std::uint8_t* to = out.data.data();
  for (std::size_t i = 0; i < count; ++i, from += step, to += 4) {
    to[0] = from[0];
    to[1] = from[green];
    to[2] = from[2 * green];
    to[3] = alpha ? from[1] : std::uint8_t{255};
  }
  return out;
}

int quantise_level(int value, int bits) {
  assert(value >= 0 && value <= 255 && bits >= 1 && bits <= 8 && "quantise_level: value 0..255, bits 1..8");
  return (value << bits) / 256;
}

double quantised_value(int level, int bits) {
  assert(bits >= 1 && bits <= 8 && level >= 0 && level < (1 << bits) && "quantised_value: level below 2^bits");
  return level * 255.0 / ((1 << bits) - 1);
}

}  // namespace cvlab
