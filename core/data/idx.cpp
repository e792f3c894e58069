#include "core/data/idx.hpp"

#include <algorithm>

#include "core/formats/gzip.hpp"

namespace cvlab {

namespace {

constexpr std::size_t max_count = std::size_t{1} << 28;

const Error truncated = {"idx-truncated", "The IDX file ends too early: it was not copied or saved completely."};

Result<IdxArray> read_plain(std::span<const std::uint8_t> file) {
  if (file.size() < 4) return file.empty() ? Error{"idx-empty", "The IDX file is empty."} : truncated;
  if (file[0] != 0 || file[1] != 0 || file[3] == 0)
    return Error{"idx-unknown", "This file is not an IDX file (as MNIST is published)."};
  if (file[2] != 8) return Error{"idx-type", "The IDX file holds other numbers than bytes; only bytes can be read."};
  const std::size_t axes = file[3];
  if (axes > 4)
    return Error{
        "idx-rank", "The IDX file has " + std::to_string(axes) + " axes; up to 4 can be read.", {std::to_string(axes)}};
  if (file.size() < 4 + 4 * axes) return truncated;
  std::ptrdiff_t extents[4] = {1, 1, 1, 1};
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::size_t extent = 0;
    for (std::size_t i = 0; i < 4; ++i) extent = extent << 8 | file[4 + 4 * axis + i];
    if (extent > 0 && count > max_count / extent)
      return Error{"idx-too-large", "The IDX file is too large: up to 268 million bytes can be read."};
    count *= extent;
    extents[axis] = static_cast<std::ptrdiff_t>(extent);
  }
  const auto data = file.subspan(4 + 4 * axes);
  if (data.size() < count) return truncated;
  IdxArray array;
  array.shape = axes == 1   ? Shape{extents[0]}
                : axes == 2 ? Shape{extents[0], extents[1]}
                : axes == 3 ? Shape{extents[0], extents[1], extents[2]}
                            : Shape{extents[0], extents[1], extents[2], extents[3]};
  array.values.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(count));
  return array;
}

}  // namespace

Result<IdxArray> read_idx(std::span<const std::uint8_t> file) {
  if (!is_gzip(file)) return read_plain(file);
  const Result<std::vector<std::uint8_t>> unpacked = read_gzip(file);
  if (!unpacked) return unpacked.error();
  return read_plain(unpacked.value());
}

std::vector<std::uint8_t> write_idx(const IdxArray& array) {
  const int axes = array.shape.rank();
  std::vector<std::uint8_t> out = {0, 0, 8, static_cast<std::uint8_t>(axes)};
  for (int axis = 0; axis < axes; ++axis)
    for (int shift = 24; shift >= 0; shift -= 8)
      out.push_back(static_cast<std::uint8_t>(array.shape[axis] >> shift & 0xFF));
  out.insert(out.end(), array.values.begin(), array.values.end());
  return out;
}

Result<Dataset> dataset_from_idx(std::string name, std::span<const std::uint8_t> images,
                                 std::span<const std::uint8_t> labels, std::vector<std::string> class_names) {
  Result<IdxArray> pictures = read_idx(images);
  if (!pictures) return pictures.error();
  const Result<IdxArray> classes = read_idx(labels);
  if (!classes) return classes.error();
  const Shape& shape = pictures.value().shape;
  const Shape& label_shape = classes.value().shape;
  if (shape.rank() < 3 || label_shape.rank() != 1 || shape[0] != label_shape[0] || shape.count() == 0)
    return Error{"data-idx",
                 "The two IDX files of \"" + name +
                     "\" do not belong together: the first holds the pictures, the second one label for each.",
                 {name}};
  const std::vector<std::uint8_t>& values = classes.value().values;
  if (const std::size_t worst = *std::max_element(values.begin(), values.end()); worst >= class_names.size())
    return Error{"data-label",
                 "The data set \"" + name + "\" has a label " + std::to_string(worst) + " and only " +
                     std::to_string(class_names.size()) + " classes.",
                 {name, std::to_string(worst), std::to_string(class_names.size())}};
  const bool grey = shape.rank() == 3;
  return Dataset{std::move(name),
                 {grey ? 1 : shape[1], shape[grey ? 1 : 2], shape[grey ? 2 : 3]},
                 std::move(pictures.value().values),
                 {values.begin(), values.end()},
                 std::move(class_names)};
}

}  // namespace cvlab
