// NumPy's .npy files. Read: versions 1 to 3, C order, float32 or uint8, up to 6 axes. Written: version 1, float32.
// Source: numpy.lib.format, "NEP 1".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

Result<Tensor> read_npy(std::span<const std::uint8_t> file);  // uint8 becomes float, 0..255
std::vector<std::uint8_t> write_npy(ConstView tensor);

}  // namespace cvlab
