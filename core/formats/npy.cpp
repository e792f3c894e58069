#include "core/formats/npy.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

static_assert(std::endian::native == std::endian::little, "npy.cpp copies little-endian numbers as they are");

namespace cvlab {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::ptrdiff_t max_count = std::ptrdiff_t{1} << 28;  // 1 GiB of floats

const Error not_npy = {"npy-unknown", "This file is not a NumPy array (.npy)."};
const Error truncated = {"npy-truncated", "The NumPy file ends too early: it was not copied or saved completely."};
const Error bad_header = {"npy-header", "The NumPy file's header cannot be understood."};

// Reads the header, a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : text_(text) {}

  bool read() {
    if (!take('{')) return false;
    while (!take('}')) {
      std::string_view key;
      if (!quoted(key) || !take(':')) return false;
      if (key == "descr" ? !quoted(type) : key == "fortran_order" ? !boolean() : key == "shape" ? !tuple() : true)
        return false;
      ++keys_;
      if (!take(',')) {
        if (!take('}')) return false;
        break;
      }
    }
    skip();
    return text_.empty() && keys_ == 3 && !type.empty() && has_shape_;
  }

  std::string_view type;
  bool fortran_order = false;
  std::vector<std::ptrdiff_t> extents;

 private:
  void skip() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
  }
  bool take(char c) {
    skip();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool word(std::string_view w) {
    skip();
    if (!text_.starts_with(w)) return false;
    text_.remove_prefix(w.size());
    return true;
  }
  bool quoted(std::string_view& out) {
    if (!take('\'')) return false;
    const std::size_t end = text_.find('\'');
    if (end == std::string_view::npos) return false;
    out = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return true;
  }
  bool boolean() {
    fortran_order = word("True");
    return fortran_order || word("False");
  }
  bool tuple() {
    if (has_shape_ || !take('(')) return false;
    has_shape_ = true;
    while (!take(')')) {
      skip();
      std::ptrdiff_t extent = 0;
      const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (problem != std::errc{} || extent < 0) return false;
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      extents.push_back(extent);
      if (!take(',')) return take(')');
    }
    return true;
  }

  std::string_view text_;
  int keys_ = 0;
  bool has_shape_ = false;
};

Result<Shape> to_shape(const std::vector<std::ptrdiff_t>& e) {
  if (e.size() > static_cast<std::size_t>(max_rank))
    return Error{"npy-rank",
                 "The NumPy array has " + std::to_string(e.size()) + " axes; up to 6 can be read.",
                 {std::to_string(e.size())}};
  std::ptrdiff_t count = 1;
  for (std::ptrdiff_t extent : e) {
    if (extent > 0 && count > max_count / extent)
      return Error{"npy-too-large", "The NumPy array is too large: up to 268 million numbers can be read."};
    count *= extent;
  }
  switch (e.size()) {
    case 0:
      return Shape{};
    case 1:
      return Shape{e[0]};
    case 2:
      return Shape{e[0], e[1]};
    case 3:
      return Shape{e[0], e[1], e[2]};
    case 4:
      return Shape{e[0], e[1], e[2], e[3]};
    case 5:
      return Shape{e[0], e[1], e[2], e[3], e[4]};
    default:
      return Shape{e[0], e[1], e[2], e[3], e[4], e[5]};
  }
}

void copy_flat(ConstView from, int axis, std::ptrdiff_t offset, float*& to) {
  if (axis == from.shape().rank()) {
    *to++ = from.data()[offset];
    return;
  }
  for (std::ptrdiff_t i = 0; i < from.size(axis); ++i) copy_flat(from, axis + 1, offset + i * from.stride(axis), to);
}

}  // namespace

Result<Tensor> read_npy(std::span<const std::uint8_t> file) {
  if (file.empty()) return Error{"npy-empty", "The NumPy file is empty."};
  if (file.size() < magic.size() || std::memcmp(file.data(), magic.data(), magic.size()) != 0) return not_npy;
  if (file.size() < 12) return truncated;
  const int version = file[6];
  if (version < 1 || version > 3) return bad_header;
  std::size_t length = file[8] | static_cast<std::size_t>(file[9]) << 8, start = 10;
  if (version > 1) {
    length |= static_cast<std::size_t>(file[10]) << 16 | static_cast<std::size_t>(file[11]) << 24;
    start = 12;
  }
  if (length > file.size() - start) return truncated;
  HeaderReader header({reinterpret_cast<const char*>(file.data()) + start, length});
  if (!header.read()) return bad_header;
  const bool bytes = header.type == "|u1" || header.type == "u1" || header.type == "<u1";
  if (!bytes && header.type != "<f4") {
    const std::string type(header.type.substr(0, 32));
    return Error{
        "npy-type", "The NumPy array holds numbers of type \"" + type + "\"; float32 and uint8 can be read.", {type}};
  }
  if (header.fortran_order)
    return Error{"npy-order", "The NumPy array is in Fortran order: save np.ascontiguousarray(a) instead."};
  const Result<Shape> shape = to_shape(header.extents);
  if (!shape) return shape.error();
  const auto count = static_cast<std::size_t>(shape.value().count());
  const std::span<const std::uint8_t> data = file.subspan(start + length);
  if (data.size() < count * (bytes ? 1 : 4)) return truncated;
  Tensor tensor(shape.value());
  if (bytes) {
    for (std::size_t i = 0; i < count; ++i) tensor.data()[i] = static_cast<float>(data[i]);
  } else if (count > 0) {
    std::memcpy(tensor.data(), data.data(), count * sizeof(float));
  }
  return tensor;
}

std::vector<std::uint8_t> write_npy(ConstView tensor) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (int axis = 0; axis < tensor.shape().rank(); ++axis)
    header += std::to_string(tensor.size(axis)) + (tensor.shape().rank() == 1         ? ","
                                                   : axis + 1 < tensor.shape().rank() ? ", "
                                                                                      : "");
  header += "), }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';  // NumPy maps the numbers into memory: aligned
  header += '\n';
  const auto count = static_cast<std::size_t>(tensor.count());
  std::vector<std::uint8_t> out(10 + header.size() + count * sizeof(float));
  std::memcpy(out.data(), magic.data(), magic.size());
  out[6] = 1;
  out[8] = static_cast<std::uint8_t>(header.size() & 0xFF);
  out[9] = static_cast<std::uint8_t>(header.size() >> 8);
  std::memcpy(out.data() + 10, header.data(), header.size());
  std::vector<float> flat(count);
  float* next = flat.data();
  copy_flat(tensor, 0, 0, next);
  if (count > 0) std::memcpy(out.data() + 10 + header.size(), flat.data(), count * sizeof(float));
  return out;
}

}  // namespace cvlab
