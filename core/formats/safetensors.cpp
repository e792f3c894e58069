#include "core/formats/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/formats/half.hpp"

static_assert(std::endian::native == std::endian::little, "safetensors.cpp copies little-endian numbers as they are");

namespace cvlab {

namespace {

using Json = nlohmann::json;

constexpr std::size_t length_bytes = 8;
constexpr std::size_t max_header = 100'000'000;                // as the reference implementation has it
constexpr std::uint64_t max_product = std::uint64_t{1} << 40;  // numbers of a tensor
constexpr const char* metadata_key = "__metadata__";

const Error truncated = {"weights-truncated",
                         "The weights file ends too early: it was not copied or saved completely."};
const Error not_weights = {"weights-unknown", "This file is not a safetensors file."};
const Error bad_header = {"weights-header", "The header of the weights file cannot be understood."};

Error about(const char* id, const std::string& name, const std::string& what) {
  const std::string shown = name.substr(0, 80);
  return {id, "The tensor \"" + shown + "\" of the weights file " + what, {shown}};
}

// Bytes of one number; 0 = a type we do not read.
std::size_t size_of(const std::string& dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16" || dtype == "BF16") return 2;
  return dtype == "U8" ? 1 : 0;
}

template <class T>
void convert(const std::uint8_t* from, Tensor& to, auto as_float) {
  for (std::ptrdiff_t i = 0; i < to.count(); ++i) {
    T value;
    std::memcpy(&value, from + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
    to.data()[i] = as_float(value);
  }
}

void read_numbers(const std::string& dtype, const std::uint8_t* from, Tensor& to) {
  const auto cast = [](auto value) { return static_cast<float>(value); };
  if (dtype == "F32") return convert<float>(from, to, cast);
  if (dtype == "F64") return convert<double>(from, to, cast);
  if (dtype == "I64") return convert<std::int64_t>(from, to, cast);
  if (dtype == "I32") return convert<std::int32_t>(from, to, cast);
  if (dtype == "F16") return convert<std::uint16_t>(from, to, float_from_half);
  if (dtype == "BF16") return convert<std::uint16_t>(from, to, float_from_bfloat16);
  return convert<std::uint8_t>(from, to, cast);
}

struct Entry {
  std::string name, dtype;
  Shape shape;
  std::size_t begin, end;
};

bool is_count(const Json& value) { return value.is_number_unsigned(); }

// `bytes`: how many follow the header.
Result<Entry> read_entry(const std::string& name, const Json& json, std::size_t bytes) {
  if (!json.is_object() || json.size() != 3) return bad_header;
  const auto dtype = json.find("dtype"), shape = json.find("shape"), offsets = json.find("data_offsets");
  if (dtype == json.end() || shape == json.end() || offsets == json.end()) return bad_header;
  if (!dtype->is_string() || !shape->is_array() || !offsets->is_array() || offsets->size() != 2) return bad_header;
  if (!std::all_of(shape->begin(), shape->end(), is_count) || !is_count((*offsets)[0]) || !is_count((*offsets)[1]))
    return bad_header;
  Entry entry{name, dtype->get<std::string>(), {}, (*offsets)[0].get<std::size_t>(), (*offsets)[1].get<std::size_t>()};
  const std::size_t size = size_of(entry.dtype);
  if (size == 0) return about("weights-type", name, "holds numbers of a type that cannot be read; F32 and F16 can.");
  if (shape->size() > static_cast<std::size_t>(max_rank)) return about("weights-rank", name, "has more than 6 axes.");
  if (entry.begin > entry.end || entry.end > bytes) return about("weights-outside", name, "lies outside of the file.");
  std::vector<std::ptrdiff_t> extents;
  std::uint64_t product = 1;  // of all but zeros: strides are products, too, and must not overflow
  bool empty = false, fits = true;
  for (const Json& extent : *shape) {
    const auto e = extent.get<std::uint64_t>();
    fits = fits && e <= max_product / product;
    product *= fits && e > 0 ? e : 1;
    empty = empty || e == 0;
    extents.push_back(fits ? static_cast<std::ptrdiff_t>(e) : 0);
  }
  const std::uint64_t count = empty ? 0 : product;
  if (!fits || count != (entry.end - entry.begin) / size || (entry.end - entry.begin) % size != 0)
    return about("weights-size", name, "has another number of bytes than its shape says.");
  entry.shape = Shape(std::span<const std::ptrdiff_t>(extents));
  return entry;
}

Result<std::map<std::string, std::string>> read_metadata(const Json& json) {
  if (!json.is_object()) return bad_header;
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) return bad_header;
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

// The JSON text, or null when it is none. A name that comes twice would hide one of its tensors: refused.
Json parse_header(const char* begin, const char* end) {
  std::vector<std::map<std::string, bool>> keys;
  bool twice = false;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().emplace(value.get<std::string>(), true).second) twice = true;
    return true;
  };
  Json json = Json::parse(begin, end, watch, false);
  return twice || !json.is_object() ? Json() : json;
}

}  // namespace

Result<Safetensors> read_safetensors(std::span<const std::uint8_t> file) {
  if (file.size() < length_bytes + 2) return file.empty() ? truncated : not_weights;
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), length_bytes);
  if (length > max_header || file[length_bytes] != '{') return not_weights;
  if (length > file.size() - length_bytes) return truncated;
  const char* text = reinterpret_cast<const char*>(file.data()) + length_bytes;
  const Json header = parse_header(text, text + length);
  if (header.is_null()) return bad_header;
  const std::span<const std::uint8_t> numbers = file.subspan(length_bytes + static_cast<std::size_t>(length));
  Safetensors result;
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    if (name == metadata_key) {
      Result<std::map<std::string, std::string>> metadata = read_metadata(json);
      if (!metadata) return metadata.error();
      result.metadata = std::move(metadata).value();
      continue;
    }
    Result<Entry> entry = read_entry(name, json, numbers.size());
    if (!entry) return entry.error();
    entries.push_back(std::move(entry).value());
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  std::size_t at = 0;
  for (const Entry& entry : entries) {  // one after another, as the format demands: no tensor can be inside another
    if (entry.begin != at) return about("weights-overlap", entry.name, "overlaps another or leaves a gap.");
    at = entry.end;
    Tensor tensor(entry.shape);
    read_numbers(entry.dtype, numbers.data() + entry.begin, tensor);
    result.tensors.emplace(entry.name, std::move(tensor));
  }
  if (at != numbers.size())
    return Error{"weights-rest", "The weights file has bytes at its end that belong to no tensor."};
  return result;
}

std::vector<std::uint8_t> write_safetensors(std::span<const NamedView> tensors,
                                            const std::map<std::string, std::string>& metadata, WeightType type) {
  const std::size_t size = type == WeightType::f32 ? 4 : 2;
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[metadata_key] = metadata;
  std::size_t at = 0;
  for (const NamedView& tensor : tensors) {
    nlohmann::ordered_json shape = nlohmann::ordered_json::array();
    for (int axis = 0; axis < tensor.value.shape().rank(); ++axis) shape.push_back(tensor.value.size(axis));
    const std::size_t end = at + static_cast<std::size_t>(tensor.value.count()) * size;
    assert(!header.contains(tensor.name) && "every tensor has a name of its own");
    header[tensor.name] = {
        {"dtype", type == WeightType::f32 ? "F32" : "F16"}, {"shape", shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the numbers begin aligned
  const std::uint64_t length = text.size();
  std::vector<std::uint8_t> file(length_bytes + text.size() + at);
  std::memcpy(file.data(), &length, length_bytes);
  std::memcpy(file.data() + length_bytes, text.data(), text.size());
  std::uint8_t* to = file.data() + length_bytes + text.size();
  for (const NamedView& tensor : tensors) {
    const auto count = static_cast<std::size_t>(tensor.value.count());
    if (count == 0) continue;
    if (type == WeightType::f32) {
      std::memcpy(to, tensor.value.data(), count * size);
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint16_t half = half_from_float(tensor.value.data()[i]);
        std::memcpy(to + i * size, &half, size);
      }
    }
    to += count * size;
  }
  return file;
}

}  // namespace cvlab
