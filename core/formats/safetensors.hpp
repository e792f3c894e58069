// safetensors: 8 bytes length, a JSON header {"name": {"dtype": "F32", "shape": […], "data_offsets": [begin, end]}, …,
// "__metadata__": {text: text}}, then the numbers, little-endian. Cannot hold code, unlike a pickle.
// Read: F32, F16, BF16, F64, I64, I32, U8, all as float. Written: F32 or F16, numbers 8 bytes aligned.
// Source: the format section of huggingface/safetensors.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

struct Safetensors {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

// Refused with a sentence: a header that is not what the format says, tensors that overlap, leave gaps or lie outside,
// more than 6 axes, other types of numbers. NaN and infinities are numbers of a file like others.
Result<Safetensors> read_safetensors(std::span<const std::uint8_t> file);

enum class WeightType { f32, f16 };  // f16: rounded to nearest; beyond 65504 becomes infinity

struct NamedView {
  std::string name;
  ConstView value;  // contiguous
};
// Names differ from each other and from "__metadata__".
std::vector<std::uint8_t> write_safetensors(std::span<const NamedView> tensors,
                                            const std::map<std::string, std::string>& metadata, WeightType type);

}  // namespace cvlab
