#include "core/image/convert.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using namespace cvlab;

TEST_CASE("convert: planes R, G, B, 0..255, and back unchanged", "[core][convert]") {
  for (int channels = 1; channels <= 4; ++channels) {
    Image image(5, 3, channels);
    for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(i * 37);
    const Tensor tensor = image_to_tensor(image);
    CHECK(tensor.shape() == Shape{1, channels, 3, 5});
    CHECK(tensor(0, channels - 1, 2, 4) == static_cast<float>(image.at(2, 4, channels - 1)));
    CHECK(tensor_to_image(tensor.view()) == image);
  }
}

TEST_CASE("convert: rounded to nearest, saturated, NaN is 0", "[core][convert]") {
  const float inf = std::numeric_limits<float>::infinity();
  Tensor tensor({1, 1, 1, 10});
  const float in[10] = {-3, -0.4f, 0.49f, 0.5f, 127.5f, 254.49f, 300, inf, -inf, NAN};
  const std::uint8_t out[10] = {0, 0, 0, 1, 128, 254, 255, 255, 0, 0};
  std::copy_n(in, 10, tensor.data());
  const Image image = tensor_to_image(tensor.view());
  for (int i = 0; i < 10; ++i) CHECK(image.at(0, i) == out[i]);
}

TEST_CASE("convert: grey is ITU-R BT.601, alpha ignored", "[core][convert]") {
  Image rgba(4, 1, 4);
  const std::uint8_t in[16] = {255, 0, 0, 0, 0, 255, 0, 9, 0, 0, 255, 255, 10, 20, 30, 40};
  std::copy_n(in, 16, rgba.data.begin());
  const Tensor grey = image_to_grey(rgba);
  CHECK(grey.shape() == Shape{1, 1, 1, 4});
  CHECK(std::abs(grey(0, 0, 0, 0) - 76.245f) < 1e-4f);
  CHECK(std::abs(grey(0, 0, 0, 1) - 149.685f) < 1e-4f);
  CHECK(std::abs(grey(0, 0, 0, 2) - 29.07f) < 1e-4f);
  CHECK(std::abs(grey(0, 0, 0, 3) - 18.15f) < 1e-4f);
  Image grey_alpha(1, 1, 2);
  grey_alpha.data = {70, 200};
  CHECK(image_to_grey(grey_alpha)(0, 0, 0, 0) == 70);
}

TEST_CASE("convert: to RGBA from any channel count", "[core][convert]") {
  const auto rgba = [](std::vector<std::uint8_t> pixel) {
    Image image(1, 1, static_cast<int>(pixel.size()));
    image.data = std::move(pixel);
    return to_rgba(image).data;
  };
  using V = std::vector<std::uint8_t>;
  CHECK(rgba({7}) == V{7, 7, 7, 255});
  CHECK(rgba({7, 8}) == V{7, 7, 7, 8});
  CHECK(rgba({7, 8, 9}) == V{7, 8, 9, 255});
  CHECK(rgba({7, 8, 9, 10}) == V{7, 8, 9, 10});
}

TEST_CASE("convert: bit depth", "[core][convert]") {
  for (int v = 0; v < 256; ++v) {
    CHECK(quantise_level(v, 8) == v);
    CHECK(quantise_level(v, 1) == (v >= 128));
    for (int bits = 1; bits <= 8; ++bits) CHECK(quantise_level(v, bits) == v >> (8 - bits));
  }
  CHECK(quantised_value(0, 3) == 0.0);
  CHECK(quantised_value(7, 3) == 255.0);
  CHECK(quantised_value(1, 2) == 85.0);
}
