// Whole files of this machine, as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace cvlab {

Result<std::vector<std::uint8_t>> read_file(const std::string& path);
Result<void> write_file(const std::string& path, std::span<const std::uint8_t> bytes);

}  // namespace cvlab
