// Protocol buffers' wire format, writing only: a message is fields one after another; each field is a number with a
// wire type, then a varint, 4 bytes, or a length and that many bytes. No schema, no library. Source: Protocol Buffers
// documentation, "Encoding".
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace cvlab {

class ProtoMessage {
 public:
  void integer(int field, std::int64_t value) {
    key(field, 0);
    varint(static_cast<std::uint64_t>(value));
  }
  void real(int field, float value) {
    key(field, 5);
    raw(&value, sizeof value);
  }
  void text(int field, std::string_view value) {
    begin_bytes(field, value.size());
    raw(value.data(), value.size());
  }
  void message(int field, const ProtoMessage& value) { text(field, value.bytes_); }

  // A length-delimited field whose `size` bytes are given by raw() afterwards: spares a copy of large ones.
  void begin_bytes(int field, std::size_t size) {
    key(field, 2);
    varint(size);
  }
  void raw(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }

  const std::string& bytes() const { return bytes_; }

 private:
  void key(int field, std::uint32_t wire_type) { varint(static_cast<std::uint32_t>(field) << 3 | wire_type); }
  void varint(std::uint64_t value) {  // 7 bits a byte, the lowest first; the high bit says that more follow
    for (; value >= 128; value >>= 7) bytes_.push_back(static_cast<char>(value | 128));
    bytes_.push_back(static_cast<char>(value));
  }

  static_assert(std::endian::native == std::endian::little, "raw() copies little-endian numbers as they are");
  std::string bytes_;
};

}  // namespace cvlab
