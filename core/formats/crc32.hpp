// The check sum of PNG chunks and gzip files. Source: PNG specification (W3C, 2003), annex D; RFC 1952, section 8.
#pragma once

#include <cstdint>
#include <span>

namespace cvlab {

std::uint32_t crc32(std::span<const std::uint8_t> bytes);

}  // namespace cvlab
