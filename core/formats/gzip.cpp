#include "core/formats/gzip.hpp"

#include <algorithm>
#include <climits>

#include "core/formats/crc32.hpp"

#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include <stb_image.h>  // its DEFLATE, of PNG, is the one inside gzip

namespace cvlab {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t max_size = std::size_t{256} << 20;
constexpr std::size_t trailer = 8;  // check sum, size

const Error truncated = {"gzip-truncated", "The gzip file ends too early: it was not copied or saved completely."};
const Error damaged = {"gzip-damaged", "The gzip file is damaged: its contents contradict each other."};

std::uint32_t little_endian(Bytes bytes) {
  return bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8 | static_cast<std::uint32_t>(bytes[2]) << 16 |
         static_cast<std::uint32_t>(bytes[3]) << 24;
}

// Where the packed data begins; 0 when the header does not end.
std::size_t header_size(Bytes file) {
  const int flags = file[3];
  std::size_t at = 10;
  if (flags & 4) {  // extra field
    if (file.size() < at + 2) return 0;
    at += 2 + (file[at] | static_cast<std::size_t>(file[at + 1]) << 8);
  }
  for (const int text : {8, 16}) {  // file name, comment: each ends on a zero
    if (!(flags & text)) continue;
    while (at < file.size() && file[at] != 0) ++at;
    ++at;
  }
  if (flags & 2) at += 2;  // check sum of the header
  return at + trailer <= file.size() ? at : 0;
}

}  // namespace

bool is_gzip(Bytes file) { return file.size() >= 2 && file[0] == 0x1F && file[1] == 0x8B; }

Result<std::vector<std::uint8_t>> read_gzip(Bytes file) {
  if (!is_gzip(file)) return Error{"gzip-unknown", "This file is not packed with gzip."};
  if (file.size() < 10 + trailer) return truncated;
  if (file[2] != 8 || (file[3] & 0xE0) != 0) return damaged;
  const std::size_t start = header_size(file);
  if (start == 0) return truncated;
  const Bytes packed = file.subspan(start, file.size() - start - trailer);
  const std::uint32_t sum = little_endian(file.last(trailer)), size = little_endian(file.last(4));
  if (size > max_size || packed.size() > static_cast<std::size_t>(INT_MAX))
    return Error{"gzip-too-large", "The gzip file holds more than 256 MiB."};
  if (size > packed.size() * 1032 + 1032) return damaged;  // DEFLATE packs 258 bytes into 2 bits at best
  std::vector<std::uint8_t> out(std::max<std::size_t>(size, 1));
  const int got =
      stbi_zlib_decode_noheader_buffer(reinterpret_cast<char*>(out.data()), static_cast<int>(size),
                                       reinterpret_cast<const char*>(packed.data()), static_cast<int>(packed.size()));
  out.resize(size);
  if (got < 0 || static_cast<std::uint32_t>(got) != size) return damaged;
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // no fuzzer guesses a check sum
  if (crc32(out) != sum) return damaged;
#else
  static_cast<void>(sum);
#endif
  return out;
}

}  // namespace cvlab
