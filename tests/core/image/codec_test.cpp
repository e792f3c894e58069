// Pictures as files: PNGs of every kind made by hand, JPEGs that OpenCV wrote and read, and broken ones.
#include "core/image/codec.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>

#include "tests/core/reference_data.hpp"

using namespace cvlab;
using Bytes = std::vector<std::uint8_t>;

namespace {

void append(Bytes& out, const Bytes& more) {
  for (std::uint8_t byte : more) out.push_back(byte);
}
Bytes big_endian(std::uint32_t v) {
  return {static_cast<std::uint8_t>(v >> 24), static_cast<std::uint8_t>(v >> 16), static_cast<std::uint8_t>(v >> 8),
          static_cast<std::uint8_t>(v)};
}

Bytes chunk(const std::string& type, const Bytes& data) {
  Bytes body(type.begin(), type.end());
  append(body, data);
  std::uint32_t crc = 0xFFFFFFFFu;  // bit by bit, another way than codec.cpp does it
  for (std::uint8_t byte : body)
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = ((crc ^ (static_cast<std::uint32_t>(byte) >> bit)) & 1) != 0;
      crc = (crc >> 1) ^ (carry ? 0xEDB88320u : 0);
    }
  Bytes out = big_endian(static_cast<std::uint32_t>(data.size()));
  append(out, body);
  append(out, big_endian(~crc));
  return out;
}

// zlib with one stored block.
Bytes stored(const Bytes& data) {
  const auto n = static_cast<std::uint32_t>(data.size());
  Bytes out = {0x78,
               0x01,
               0x01,
               static_cast<std::uint8_t>(n),
               static_cast<std::uint8_t>(n >> 8),
               static_cast<std::uint8_t>(~n),
               static_cast<std::uint8_t>(~n >> 8)};
  append(out, data);
  std::uint32_t a = 1, b = 0;
  for (std::uint8_t byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  append(out, big_endian(b << 16 | a));
  return out;
}

// `lines`: scan lines, each with its filter byte.
Bytes png(std::uint32_t width, std::uint32_t height, int depth, int colour_type, const Bytes& lines,
          const Bytes& palette = {}, const Bytes& alpha = {}) {
  Bytes out = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A}, header = big_endian(width);
  append(header, big_endian(height));
  append(header, {static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(colour_type), 0, 0, 0});
  append(out, chunk("IHDR", header));
  if (!palette.empty()) append(out, chunk("PLTE", palette));
  if (!alpha.empty()) append(out, chunk("tRNS", alpha));
  append(out, chunk("IDAT", stored(lines)));
  append(out, chunk("IEND", {}));
  return out;
}

Image decoded(const Bytes& file) {
  const auto image = decode_image(file);
  INFO((image ? "" : image.error().sentence));
  REQUIRE(image);
  return image.value();
}

std::string refusal(const Bytes& file) {
  const auto image = decode_image(file);
  if (image) return "read";
  CHECK(image.error().sentence.ends_with('.'));
  return image.error().id;
}

int largest_difference(const Image& image, const Tensor& expected) {
  REQUIRE(static_cast<std::size_t>(expected.count()) == image.data.size());
  int worst = 0;
  for (std::size_t i = 0; i < image.data.size(); ++i)
    worst = std::max(worst, std::abs(image.data[i] - static_cast<int>(expected.data()[i])));
  return worst;
}

}  // namespace

TEST_CASE("codec: PNG of every colour type", "[core][codec]") {
  CHECK(decoded(png(2, 2, 8, 0, {0, 10, 20, 0, 30, 40})).data == Bytes{10, 20, 30, 40});
  const Image grey_alpha = decoded(png(1, 2, 8, 4, {0, 10, 200, 0, 30, 0}));
  CHECK(grey_alpha.channels == 2);
  CHECK(grey_alpha.data == Bytes{10, 200, 30, 0});
  const Image rgb = decoded(png(2, 1, 8, 2, {0, 1, 2, 3, 4, 5, 6}));
  CHECK((rgb.width == 2 && rgb.height == 1 && rgb.channels == 3));
  CHECK(rgb.data == Bytes{1, 2, 3, 4, 5, 6});
  CHECK(decoded(png(1, 1, 8, 6, {0, 1, 2, 3, 4})).data == Bytes{1, 2, 3, 4});
  const Image palette = decoded(png(3, 1, 2, 3, {0, 0b00'01'10'00}, {255, 0, 0, 0, 255, 0, 7, 8, 9}));
  CHECK(palette.data == Bytes{255, 0, 0, 0, 255, 0, 7, 8, 9});
  CHECK(decoded(png(2, 1, 8, 3, {0, 0, 1}, {1, 2, 3, 4, 5, 6}, {0})).data == Bytes{1, 2, 3, 0, 4, 5, 6, 255});
  CHECK(decoded(png(8, 1, 1, 0, {0, 0b10110000})).data == Bytes{255, 0, 255, 255, 0, 0, 0, 0});
  CHECK(decoded(png(2, 1, 4, 0, {0, 0x1F})).data == Bytes{17, 255});
  CHECK(decoded(png(3, 1, 8, 0, {1, 5, 5, 5})).data == Bytes{5, 10, 15});  // filter "sub"
}

TEST_CASE("codec: 16 bits are rounded to 8, not cut", "[core][codec]") {
  // 0x00FF = 255/65535 is 0.99 of one step: 1, though its upper byte is 0. 0x0080 is 0.498 of a step, 0x0081 0.502.
  CHECK(decoded(png(4, 1, 16, 0, {0, 0x00, 0xFF, 0x00, 0x80, 0x00, 0x81, 0xFF, 0xFF})).data == Bytes{1, 0, 1, 255});
  CHECK(decoded(png(1, 1, 16, 2, {0, 0x7F, 0xFF, 0x80, 0x80, 0x01, 0x01})).data == Bytes{127, 128, 1});
}

TEST_CASE("codec: JPEG as OpenCV's libjpeg reads it, to two levels", "[core][codec][opencv]") {
  const Image grey = decoded(test::reference_file("opencv/grey.jpg"));
  CHECK(grey.channels == 1);
  CHECK(largest_difference(grey, test::reference("opencv/grey.jpg.npy")) <= 2);
  const Image colour = decoded(test::reference_file("opencv/colour.jpg"));
  CHECK(colour.channels == 3);
  CHECK(largest_difference(colour, test::reference("opencv/colour.jpg.npy")) <= 3);
}

TEST_CASE("codec: PNG written by OpenCV", "[core][codec][opencv]") {
  CHECK(largest_difference(decoded(test::reference_file("opencv/photo.png")), test::reference("opencv/photo.npy")) ==
        0);
}

TEST_CASE("codec: PNG written here comes back unchanged", "[core][codec]") {
  for (int channels = 1; channels <= 4; ++channels) {
    for (int size : {1, 7, 64}) {
      Image image(size, size + 1, channels);
      for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = static_cast<std::uint8_t>(i * i * 31 + i);
      CHECK(decoded(encode_png(image)) == image);
    }
  }
  Image smooth(32, 32, 3);
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x)
      for (int c = 0; c < 3; ++c) smooth.at(y, x, c) = static_cast<std::uint8_t>(4 * x + 3 * y + c);
  const Image back = decoded(encode_jpeg(smooth, 95));
  REQUIRE(back.data.size() == smooth.data.size());
  for (std::size_t i = 0; i < back.data.size(); ++i) REQUIRE(std::abs(back.data[i] - smooth.data[i]) <= 6);
}

TEST_CASE("codec: broken files are refused with a sentence", "[core][codec]") {
  CHECK(refusal({}) == "image-empty");
  CHECK(refusal({'G', 'I', 'F', '8', '9', 'a'}) == "image-unknown");
  CHECK(refusal({0x89}) == "image-unknown");
  const Bytes good = png(2, 2, 8, 0, {0, 10, 20, 0, 30, 40});
  for (std::size_t length = 8; length < good.size(); ++length)
    CHECK(refusal(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length))) == "image-truncated");
  Bytes flipped = good;
  flipped[50] ^= 1;  // in the pixels
  CHECK(refusal(flipped) == "image-damaged");
  CHECK(refusal(png(2, 2, 8, 0, {0, 10, 20})) == "image-damaged");  // fewer pixels than announced
  CHECK(refusal(png(2, 2, 7, 0, {0, 10, 20, 0, 30, 40})) == "image-damaged");
  CHECK(refusal(png(0, 2, 8, 0, {})) == "image-damaged");
  CHECK(refusal(png(8001, 8000, 8, 0, {0})) == "image-too-large");
  CHECK(refusal(png(0x7FFFFFFF, 0x7FFFFFFF, 8, 6, {0})) != "read");
  Bytes jpeg = test::reference_file("opencv/grey.jpg");
  for (std::size_t length : {3ul, 20ul, 200ul, jpeg.size() / 2, jpeg.size() - 1})
    CHECK(refusal(Bytes(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(length))) == "image-truncated");
  CHECK(refusal({0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8, 0, 1, 0, 1, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0}) ==
        "image-cmyk");
}
