// The messages of an ONNX file that we write. Field numbers: onnx.proto of github.com/onnx/onnx.
#pragma once

#include <string>
#include <vector>

#include "core/formats/protobuf.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::onnx {

inline constexpr int type_float = 1, type_int64 = 7;               // TensorProto.DataType
inline constexpr std::int64_t ir_version = 6, opset_version = 11;  // ONNX 1.6

using Ints = std::vector<std::int64_t>;

// NodeProto.attribute, one after another.
class Attributes {
 public:
  Attributes& integer(const char* name, std::int64_t value);
  Attributes& integers(const char* name, const Ints& values);
  Attributes& real(const char* name, float value);
  Attributes& text(const char* name, std::string_view value);
  const std::vector<ProtoMessage>& all() const { return all_; }

 private:
  std::vector<ProtoMessage> all_;
};

// GraphProto.
class GraphMessage {
 public:
  explicit GraphMessage(std::string_view name);
  void node(const char* op, const std::vector<std::string>& inputs, const std::string& output,
            const Attributes& attributes = {});
  void weight(const std::string& name, const Shape& shape, const float* values);
  void integers(const std::string& name, const Ints& values);
  // First axis "N", the others from `shape`, whose first is ignored.
  void input(const std::string& name, const Shape& shape);
  void output(const std::string& name, const Shape& shape);
  std::size_t size() const { return graph_.bytes().size(); }
  std::vector<std::uint8_t> model() const;  // ModelProto around it

 private:
  ProtoMessage graph_;
};

}  // namespace cvlab::onnx
