// The data sets of `cvlab train` and `cvlab eval`.
#pragma once

#include <string>

#include "core/data/dataset.hpp"
#include "core/result.hpp"

namespace cvlab::cli {

extern const char* const data_help;

struct DataRequest {
  std::string name;  // digits, fashion-mnist, shapes, or a folder
  // What pictures of a folder are brought to, and the size of drawn shapes: (C, H, W). C is 1 or 3.
  Shape example;
  std::uint64_t seed = 1;  // divides a folder that has no train/ and test/
};

// "digits" and "fashion-mnist" come from build/assets/data (or $CVLAB_ASSETS/data), where tools/assets puts them.
Result<Split> load_data(const DataRequest& request);

}  // namespace cvlab::cli
