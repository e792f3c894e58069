#include "core/formats/onnx_proto.hpp"

namespace cvlab::onnx {

namespace {

namespace model_field {
constexpr int ir_version = 1, producer_name = 2, graph = 7, opset_import = 8;
}
namespace opset_field {
constexpr int version = 2;
}
namespace graph_field {
constexpr int node = 1, name = 2, initializer = 5, input = 11, output = 12;
}
namespace node_field {
constexpr int input = 1, output = 2, name = 3, op_type = 4, attribute = 5;
}
namespace attribute_field {
constexpr int name = 1, f = 2, i = 3, s = 4, ints = 8, type = 20;
}
namespace attribute_type {
constexpr int real = 1, integer = 2, text = 3, integers = 7;
}
namespace tensor_field {
constexpr int dims = 1, data_type = 2, name = 8, raw_data = 9;
}
namespace value_field {
constexpr int name = 1, type = 2;
}
namespace type_field {
constexpr int tensor_type = 1, elem_type = 1, shape = 2;
}
namespace shape_field {
constexpr int dim = 1, dim_value = 1, dim_param = 2;
}

ProtoMessage attribute(const char* name, int type) {
  ProtoMessage message;
  message.text(attribute_field::name, name);
  message.integer(attribute_field::type, type);
  return message;
}

ProtoMessage value_info(const std::string& name, const Shape& shape) {
  ProtoMessage axes;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    ProtoMessage extent;
    if (axis == 0)
      extent.text(shape_field::dim_param, "N");
    else
      extent.integer(shape_field::dim_value, shape[axis]);
    axes.message(shape_field::dim, extent);
  }
  ProtoMessage tensor;
  tensor.integer(type_field::elem_type, type_float);
  tensor.message(type_field::shape, axes);
  ProtoMessage type;
  type.message(type_field::tensor_type, tensor);
  ProtoMessage value;
  value.text(value_field::name, name);
  value.message(value_field::type, type);
  return value;
}

// A TensorProto into `graph`; its numbers are appended once, where they stay.
void initializer(ProtoMessage& graph, const std::string& name, std::span<const std::int64_t> extents, int type,
                 const void* data, std::size_t size) {
  ProtoMessage head;
  for (const std::int64_t extent : extents) head.integer(tensor_field::dims, extent);
  head.integer(tensor_field::data_type, type);
  head.text(tensor_field::name, name);
  head.begin_bytes(tensor_field::raw_data, size);
  graph.begin_bytes(graph_field::initializer, head.bytes().size() + size);
  graph.raw(head.bytes().data(), head.bytes().size());
  if (size > 0) graph.raw(data, size);
}

}  // namespace

Attributes& Attributes::integer(const char* name, std::int64_t value) {
  all_.push_back(attribute(name, attribute_type::integer));
  all_.back().integer(attribute_field::i, value);
  return *this;
}

Attributes& Attributes::integers(const char* name, const Ints& values) {
  all_.push_back(attribute(name, attribute_type::integers));
  for (const std::int64_t value : values) all_.back().integer(attribute_field::ints, value);
  return *this;
}

Attributes& Attributes::real(const char* name, float value) {
  all_.push_back(attribute(name, attribute_type::real));
  all_.back().real(attribute_field::f, value);
  return *this;
}

Attributes& Attributes::text(const char* name, std::string_view value) {
  all_.push_back(attribute(name, attribute_type::text));
  all_.back().text(attribute_field::s, value);
  return *this;
}

GraphMessage::GraphMessage(std::string_view name) { graph_.text(graph_field::name, name); }

void GraphMessage::node(const char* op, const std::vector<std::string>& inputs, const std::string& output,
                        const Attributes& attributes) {
  ProtoMessage node;
  for (const std::string& input : inputs) node.text(node_field::input, input);
  node.text(node_field::output, output);
  node.text(node_field::name, output);
  node.text(node_field::op_type, op);
  for (const ProtoMessage& one : attributes.all()) node.message(node_field::attribute, one);
  graph_.message(graph_field::node, node);
}

void GraphMessage::weight(const std::string& name, const Shape& shape, const float* values) {
  Ints extents;
  for (int axis = 0; axis < shape.rank(); ++axis) extents.push_back(shape[axis]);
  initializer(graph_, name, extents, type_float, values, static_cast<std::size_t>(shape.count()) * sizeof(float));
}

void GraphMessage::integers(const std::string& name, const Ints& values) {
  const std::int64_t count[] = {static_cast<std::int64_t>(values.size())};
  initializer(graph_, name, count, type_int64, values.data(), values.size() * sizeof(std::int64_t));
}

void GraphMessage::input(const std::string& name, const Shape& shape) {
  graph_.message(graph_field::input, value_info(name, shape));
}

void GraphMessage::output(const std::string& name, const Shape& shape) {
  graph_.message(graph_field::output, value_info(name, shape));
}

std::vector<std::uint8_t> GraphMessage::model() const {
  ProtoMessage opset;
  opset.integer(opset_field::version, opset_version);
  ProtoMessage head;
  head.integer(model_field::ir_version, ir_version);
  head.text(model_field::producer_name, "cvlab");
  head.message(model_field::opset_import, opset);
  head.begin_bytes(model_field::graph, graph_.bytes().size());
  std::vector<std::uint8_t> file(head.bytes().size() + graph_.bytes().size());
  std::memcpy(file.data(), head.bytes().data(), head.bytes().size());
  std::memcpy(file.data() + head.bytes().size(), graph_.bytes().data(), graph_.bytes().size());
  return file;
}

}  // namespace cvlab::onnx
