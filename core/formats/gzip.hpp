// One gzip file (one member), unpacked. What is refused, each with its sentence: other files, files that end too early,
// contents that contradict each other or the check sum, more than 256 MiB. Source: RFC 1952.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.hpp"

namespace cvlab {

bool is_gzip(std::span<const std::uint8_t> file);
Result<std::vector<std::uint8_t>> read_gzip(std::span<const std::uint8_t> file);

}  // namespace cvlab
