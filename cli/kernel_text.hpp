// A kernel as it is typed: "0 -1 0; -1 5 -1; 0 -1 0", rows separated by ';', numbers by spaces or commas.
#pragma once

#include <string_view>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::cli {

inline constexpr int max_kernel_extent = 255;  // rows, columns

// (rows, columns), finite numbers, or a sentence that names the row or the word that is wrong.
Result<Tensor> parse_kernel(std::string_view text);

}  // namespace cvlab::cli
