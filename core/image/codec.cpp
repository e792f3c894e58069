#include "core/image/codec.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "core/formats/crc32.hpp"

#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include <stb_image.h>
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

namespace cvlab {

namespace {

using Bytes = std::span<const std::uint8_t>;

const Error truncated = {"image-truncated", "The picture file ends too early: it was not copied or saved completely."};
const Error damaged = {"image-damaged", "The picture file is damaged: its contents contradict each other."};

std::uint32_t big_endian(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

bool starts_with(Bytes bytes, std::initializer_list<int> magic) {
  return bytes.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin(), [](int a, std::uint8_t b) { return a == b; });
}

// stb neither compares check sums nor tells a cut file from a wrong one: walk the chunks first.
std::optional<Error> check_png(Bytes file) {
  std::size_t at = 8;
  for (;;) {
    if (file.size() - at < 12) return truncated;
    const std::size_t length = big_endian(file, at, 4);
    if (length > file.size() - at - 12) return length > 0x7FFFFFFF ? damaged : truncated;
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // no fuzzer guesses a check sum
    if (crc32(file.subspan(at + 4, length + 4)) != big_endian(file, at + 8 + length, 4)) return damaged;
#endif
    if (starts_with(file.subspan(at + 4), {'I', 'E', 'N', 'D'})) return std::nullopt;
    at += length + 12;
  }
}

// A JPEG that ends early decodes without complaint, its rest grey: look for the end marker after the first scan.
std::optional<Error> check_jpeg(Bytes file) {
  for (std::size_t at = 2;;) {
    while (at < file.size() && file[at] == 0xFF && at + 1 < file.size() && file[at + 1] == 0xFF) ++at;  // fill bytes
    if (at + 4 > file.size()) return truncated;
    if (file[at] != 0xFF) return damaged;
    const int marker = file[at + 1];
    const std::size_t length = big_endian(file, at + 2, 2);
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && at + 10 <= file.size() && file[at + 9] == 4)
      return Error{"image-cmyk", "This JPEG holds printing colours (CMYK): save it as RGB first."};
    at += 2 + length;
    if (marker == 0xDA) break;
  }
  for (std::size_t i = file.size(); i >= 2; --i)
    if (file[i - 2] == 0xFF && file[i - 1] == 0xD9) return std::nullopt;
  return truncated;
}

struct Free {
  void operator()(void* memory) const { stbi_image_free(memory); }
};

void write_bytes(void* context, void* data, int size) {
  auto& out = *static_cast<std::vector<std::uint8_t>*>(context);
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  out.insert(out.end(), bytes, bytes + size);
}

}  // namespace

Result<Image> decode_image(Bytes file) {
  if (file.empty()) return Error{"image-empty", "The picture file is empty."};
  const bool png = starts_with(file, {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A});
  const bool jpeg = starts_with(file, {0xFF, 0xD8, 0xFF});
  if (!png && !jpeg) return Error{"image-unknown", "This file is not a PNG or JPEG picture."};
  if (std::optional<Error> error = png ? check_png(file) : check_jpeg(file)) return *error;
  const auto size = static_cast<int>(std::min<std::size_t>(file.size(), 0x7FFFFFFF));
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(file.data(), size, &width, &height, &channels)) return damaged;
  if (static_cast<std::int64_t>(width) * height > max_pixels)
    return Error{"image-too-large",
                 "The picture has " + std::to_string(width) + " x " + std::to_string(height) +
                     " pixels; up to 64 million can be opened.",
                 {std::to_string(width), std::to_string(height)}};
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Image image;
  if (stbi_is_16_bit_from_memory(file.data(), size)) {
    // stb would keep the upper byte; the nearest 8-bit value is v * 255 / 65535, rounded.
    const std::unique_ptr<stbi_us, Free> wide(
        stbi_load_16_from_memory(file.data(), size, &width, &height, &channels, 0));
    if (!wide) return damaged;
    image = Image(width, height, channels);
    for (std::size_t i = 0; i < count * static_cast<std::size_t>(channels); ++i)
      image.data[i] = static_cast<std::uint8_t>((wide.get()[i] * 255u + 32767u) / 65535u);
  } else {
    const std::unique_ptr<stbi_uc, Free> pixels(
        stbi_load_from_memory(file.data(), size, &width, &height, &channels, 0));
    if (!pixels) return damaged;
    image = Image(width, height, channels);
    std::copy_n(pixels.get(), image.data.size(), image.data.begin());
  }
  return image;
}

std::vector<std::uint8_t> encode_png(const Image& image) {
  assert(!image.empty() && image.channels <= 4 && "encode_png: a picture of 1 to 4 channels");
  std::vector<std::uint8_t> out;
  stbi_write_png_to_func(write_bytes, &out, image.width, image.height, image.channels, image.data.data(),
                         image.width * image.channels);
  return out;
}

std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality) {
  assert(!image.empty() && image.channels <= 4 && "encode_jpeg: a picture of 1 to 4 channels");
  assert(quality >= 1 && quality <= 100 && "encode_jpeg: quality 1 to 100");
  std::vector<std::uint8_t> out;
  stbi_write_jpg_to_func(write_bytes, &out, image.width, image.height, image.channels, image.data.data(), quality);
  return out;
}

}  // namespace cvlab
