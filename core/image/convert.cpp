#include "core/image/convert.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

float grey(double red, double green, double blue) {
  return static_cast<float>(0.299 * red + 0.587 * green + 0.114 * blue);
}

std::uint8_t to_byte(float value) {
  if (std::isnan(value)) return 0;
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5f), 0.0f, 255.0f));
}

}  // namespace

Tensor image_to_tensor(const Image& image) {
  Tensor tensor({1, image.channels, image.height, image.width});
  float* out = tensor.data();
  for (int c = 0; c < image.channels; ++c)
    for (int y = 0; y < image.height; ++y)
      for (int x = 0; x < image.width; ++x) *out++ = static_cast<float>(image.at(y, x, c));
  return tensor;
}

Image tensor_to_image(ConstView tensor) {
  assert(tensor.shape().rank() == 4 && tensor.size(0) == 1 && "tensor_to_image: one picture, (1, C, H, W)");
  assert(tensor.size(1) >= 1 && tensor.size(1) <= 4 && "tensor_to_image: 1 to 4 channels");
  Image image(static_cast<int>(tensor.size(3)), static_cast<int>(tensor.size(2)), static_cast<int>(tensor.size(1)));
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < image.channels; ++c) image.at(y, x, c) = to_byte(tensor(0, c, y, x));
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
  Image out(image.width, image.height, 4);
  const bool colour = image.channels >= 3;
  const bool alpha = image.channels == 2 || image.channels == 4;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < 3; ++c) out.at(y, x, c) = image.at(y, x, colour ? c : 0);
      out.at(y, x, 3) = alpha ? image.at(y, x, image.channels - 1) : 255;
    }
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
