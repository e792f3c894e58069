// PNG and JPEG files <-> Image. What is read: PNG of every colour type and depth (16 bits are rounded to 8, a palette
// becomes colours), JPEG in grey or colour. What is refused, each with its sentence: nothing, other formats, files that
// end too early or are damaged (PNG check sums), more than 64 megapixels, CMYK JPEG.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/image/image.hpp"
#include "core/result.hpp"

namespace cvlab {

inline constexpr std::int64_t max_pixels = 64'000'000;

// 1 to 4 channels, as the file has them (Image::channels says which).
Result<Image> decode_image(std::span<const std::uint8_t> file);

// Lossless. The image is not empty and has 1 to 4 channels.
std::vector<std::uint8_t> encode_png(const Image& image);
// quality 1 .. 100. JPEG has no alpha: it is dropped.
std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality = 90);

}  // namespace cvlab
