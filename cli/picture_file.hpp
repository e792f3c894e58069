// Pictures of the command line: PNG, JPEG or .npy in, PNG or .npy out, (1, C, H, W) with 0..255 in between.
#pragma once

#include <string>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::cli {

// PNG, JPEG: grey or R G B; transparency is dropped. .npy: float32 or uint8, (H, W) or (H, W, C).
Result<Tensor> load_picture(const std::string& path);

// By the ending: .png is rounded to 8 bits and saturated, grey or R G B, and refuses NaN; .npy is float32, (H, W) or
// (H, W, C), as computed.
Result<void> save_picture(const Tensor& picture, const std::string& path);

// Whether every value rounds to a byte. Operations on bytes ask first, so that nothing is clamped behind one's back.
Result<void> check_bytes(const Tensor& picture);

// Whether every value is a number, and a finite one. `name`: of the file, for the sentence.
Result<void> check_finite(const Tensor& picture, const std::string& name);

// Whether save_picture() knows the ending; asked before the work is done.
Result<void> check_output_name(const std::string& path);

}  // namespace cvlab::cli
