// IDX files, as MNIST and its kin are published: plain or packed with gzip, bytes only, 1 to 4 axes. Source: Y. LeCun,
// C. Cortes, C. Burges, "The MNIST database", file formats.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.hpp"

namespace cvlab {

struct IdxArray {
  Shape shape;
  std::vector<std::uint8_t> values;
};

Result<IdxArray> read_idx(std::span<const std::uint8_t> file);
std::vector<std::uint8_t> write_idx(const IdxArray& array);  // plain

// images: (count, H, W) or (count, C, H, W); labels: (count), each below the number of classes.
Result<Dataset> dataset_from_idx(std::string name, std::span<const std::uint8_t> images,
                                 std::span<const std::uint8_t> labels, std::vector<std::string> class_names);

}  // namespace cvlab
