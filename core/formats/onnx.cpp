#include "core/formats/onnx.hpp"

#include <cmath>

#include "core/formats/onnx_proto.hpp"
#include "core/nn/shapes.hpp"

namespace cvlab {

namespace {

using nn::Layer;
using nn::LayerKind;
using onnx::Attributes;
using onnx::Ints;
using Names = std::vector<std::string>;

class Exporter {
 public:
  Exporter(const nn::Graph& graph, const nn::Summary& summary) : graph_(graph), summary_(summary), out_(graph.name()) {}

  Result<std::vector<std::uint8_t>> run();

 private:
  const Shape& shape(int layer) const { return summary_.layers[static_cast<std::size_t>(layer)].output; }
  const Layer& layer(int index) const { return graph_.layers()[static_cast<std::size_t>(index)]; }
  // A constant's layer and parameter have one name; its repetition over the batch gets another.
  std::string value(int index) const {
    return layer(index).name + (layer(index).kind == LayerKind::constant ? "/repeated" : "");
  }
  std::string parameter(const Layer& it, const char* suffix) const {
    return (it.shares.empty() ? it.name : it.shares) + "." + suffix;
  }
  std::string number(const std::string& name, float value);

  Result<void> export_layer(int index);
  void rearrange(int index, const Names& in);
  Result<void> pool(const Layer& it, const std::string& in, const Shape& in_shape, const Shape& out_shape);
  void constant(const Layer& it, int index);
  void convolution(const Layer& it, const std::string& in);
  void linear(const Layer& it, const std::string& in, const Shape& in_shape);
  void batch_norm(const Layer& it, const std::string& in);
  void layer_norm(const Layer& it, const std::string& in);
  void activation(const Layer& it, const std::string& in);
  void reshape(const std::string& in, const std::string& out, const Shape& shape);
  void slice(const Layer& it, const std::string& in);
  void scale(const Layer& it, const std::string& in);
  void upsample(const Layer& it, const std::string& in);
  void attention(const Layer& it);

  const nn::Graph& graph_;
  const nn::Summary& summary_;
  onnx::GraphMessage out_;
};

std::string Exporter::number(const std::string& name, float value) {
  out_.weight(name, {}, &value);
  return name;
}

void Exporter::constant(const Layer& it, int index) {  // to (N, …): the batch is asked of the first input
  const std::string name = it.name;
  out_.node("Shape", {value(0)}, name + "/shape");
  out_.integers(name + "/zero", {0});
  out_.integers(name + "/one", {1});
  out_.node("Slice", {name + "/shape", name + "/zero", name + "/one"}, name + "/batch");
  out_.integers(name + "/ones", Ints(static_cast<std::size_t>(it.shape.rank()), 1));
  out_.node("Concat", {name + "/batch", name + "/ones"}, name + "/extents", Attributes().integer("axis", 0));
  out_.node("Expand", {name, name + "/extents"}, value(index));
}

void Exporter::convolution(const Layer& it, const std::string& in) {
  const Ints kernel = {it.kernel_y, it.kernel_x}, strides(2, it.stride), dilations(2, it.dilation);
  Names inputs = {in, parameter(it, "weight")};
  if (it.bias) inputs.push_back(parameter(it, "bias"));
  Attributes attributes;
  attributes.integers("kernel_shape", kernel).integers("strides", strides).integers("dilations", dilations);
  attributes.integers("pads", Ints(4, it.padding)).integer("group", it.groups);
  const bool transposed = it.kind == LayerKind::conv_transpose2d;
  if (transposed) attributes.integers("output_padding", Ints(2, it.output_padding));
  out_.node(transposed ? "ConvTranspose" : "Conv", inputs, it.name, attributes);
}

void Exporter::linear(const Layer& it, const std::string& in, const Shape& in_shape) {
  const std::string weight = parameter(it, "weight");
  if (in_shape.rank() == 2) {
    Names inputs = {in, weight};
    if (it.bias) inputs.push_back(parameter(it, "bias"));
    out_.node("Gemm", inputs, it.name, Attributes().integer("transB", 1));
    return;
  }
  const std::string turned = it.name + "/weight", product = it.bias ? it.name + "/product" : it.name;
  out_.node("Transpose", {weight}, turned, Attributes().integers("perm", {1, 0}));
  out_.node("MatMul", {in, turned}, product);
  if (it.bias) out_.node("Add", {product, parameter(it, "bias")}, it.name);
}

Result<void> Exporter::pool(const Layer& it, const std::string& in, const Shape& in_shape, const Shape& out_shape) {
  if (it.ceil_mode) {
    Layer floored = it;
    floored.ceil_mode = false;
    if (!(nn::output_shape(floored, {&in_shape, 1}).value() == out_shape))
      return Error{
          "onnx-ceil",
          "Layer \"" + it.name + "\" (" + name(it.kind) +
              ") cannot be exported to ONNX: its last window hangs over the edge, which tools count differently.",
          {it.name, name(it.kind)}};
  }
  Attributes attributes;
  attributes.integers("kernel_shape", {it.kernel_y, it.kernel_x}).integers("strides", Ints(2, it.stride));
  attributes.integers("pads", Ints(4, it.padding));
  const bool mean = it.kind == LayerKind::avg_pool2d;
  if (mean) attributes.integer("count_include_pad", 1);
  out_.node(mean ? "AveragePool" : "MaxPool", {in}, it.name, attributes);
  return {};
}

void Exporter::batch_norm(const Layer& it, const std::string& in) {
  const std::string owner = it.shares.empty() ? it.name : it.shares;
  out_.node("BatchNormalization",
            {in, owner + ".weight", owner + ".bias", owner + ".running_mean", owner + ".running_var"}, it.name,
            Attributes().real("epsilon", it.epsilon));
}

void Exporter::layer_norm(const Layer& it, const std::string& in) {  // LayerNormalization came with opset 17
  const std::string n = it.name;
  const Attributes last_axis = Attributes().integers("axes", {-1});
  out_.node("ReduceMean", {in}, n + "/mean", last_axis);
  out_.node("Sub", {in, n + "/mean"}, n + "/centred");
  out_.node("Mul", {n + "/centred", n + "/centred"}, n + "/squares");
  out_.node("ReduceMean", {n + "/squares"}, n + "/variance", last_axis);
  out_.node("Add", {n + "/variance", number(n + "/epsilon", it.epsilon)}, n + "/positive");
  out_.node("Sqrt", {n + "/positive"}, n + "/deviation");
  out_.node("Div", {n + "/centred", n + "/deviation"}, n + "/normal");
  out_.node("Mul", {n + "/normal", parameter(it, "weight")}, n + "/scaled");
  out_.node("Add", {n + "/scaled", parameter(it, "bias")}, n);
}

void Exporter::activation(const Layer& it, const std::string& in) {
  const float alpha = it.alpha != 0.0f ? it.alpha : default_alpha(it.activation);
  const std::string n = it.name;
  switch (it.activation) {
    case Activation::identity:
      return out_.node("Identity", {in}, n);
    case Activation::relu:
      return out_.node("Relu", {in}, n);
    case Activation::leaky_relu:
      return out_.node("LeakyRelu", {in}, n, Attributes().real("alpha", alpha));
    case Activation::elu:
      return out_.node("Elu", {in}, n, Attributes().real("alpha", alpha));
    case Activation::sigmoid:
      return out_.node("Sigmoid", {in}, n);
    case Activation::tanh:
      return out_.node("Tanh", {in}, n);
    case Activation::softplus:
      return out_.node("Softplus", {in}, n);
    case Activation::silu:
      out_.node("Sigmoid", {in}, n + "/sigmoid");
      return out_.node("Mul", {in, n + "/sigmoid"}, n);
    case Activation::gelu:  // x (erf(x / sqrt(2)) + 1) / 2
      out_.node("Mul", {in, number(n + "/sqrt_half", std::sqrt(0.5f))}, n + "/scaled");
      out_.node("Erf", {n + "/scaled"}, n + "/erf");
      out_.node("Add", {n + "/erf", number(n + "/one", 1.0f)}, n + "/shifted");
      out_.node("Mul", {in, n + "/shifted"}, n + "/double");
      return out_.node("Mul", {n + "/double", number(n + "/half", 0.5f)}, n);
    case Activation::step:  // not (x < 0), so that 0 gives 1
      out_.node("Less", {in, number(n + "/zero", 0.0f)}, n + "/negative");
      out_.node("Not", {n + "/negative"}, n + "/positive");
      return out_.node("Cast", {n + "/positive"}, n, Attributes().integer("to", onnx::type_float));
  }
}

void Exporter::reshape(const std::string& in, const std::string& out, const Shape& shape) {
  Ints extents = {0};  // the batch, as it comes
  for (int axis = 1; axis < shape.rank(); ++axis) extents.push_back(shape[axis]);
  out_.integers(out + "/shape", extents);
  out_.node("Reshape", {in, out + "/shape"}, out);
}

void Exporter::slice(const Layer& it, const std::string& in) {
  const std::string n = it.name;
  out_.integers(n + "/first", {it.first});
  out_.integers(n + "/end", {std::int64_t{it.first} + it.count});
  out_.integers(n + "/axis", {it.axis});
  out_.node("Slice", {in, n + "/first", n + "/end", n + "/axis"}, n);
}

void Exporter::scale(const Layer& it, const std::string& in) {
  out_.node("Mul", {in, number(it.name + "/factor", it.alpha)}, it.name + "/product");
  out_.node("Add", {it.name + "/product", number(it.name + "/offset", it.offset)}, it.name);
}

void Exporter::upsample(const Layer& it, const std::string& in) {
  const bool linear = it.interpolation == Interpolation::bilinear;
  const auto factor = static_cast<float>(it.factor);
  const float scales[] = {1.0f, 1.0f, factor, factor};
  out_.weight(it.name + "/roi", {0}, nullptr);  // only crop_and_resize looks at it
  out_.weight(it.name + "/scales", {4}, scales);
  Attributes attributes;
  attributes.text("mode", linear ? "linear" : "nearest").text("nearest_mode", "floor");
  attributes.text("coordinate_transformation_mode", linear ? "half_pixel" : "asymmetric");
  out_.node("Resize", {in, it.name + "/roi", it.name + "/scales"}, it.name, attributes);
}

void Exporter::attention(const Layer& it) {  // softmax(Q K^T / sqrt(d)) V in each head of d = D / heads numbers
  const std::string n = it.name;
  const std::ptrdiff_t width = shape(it.inputs[0])[2], each = width / it.heads;
  const char* const roles[] = {"/query", "/key", "/value"};
  for (int i = 0; i < 3; ++i) {
    const int from = it.inputs[static_cast<std::size_t>(i)];
    const std::string split = n + roles[i] + "_heads";
    reshape(value(from), split, {1, shape(from)[1], it.heads, each});
    const Ints order = i == 1 ? Ints{0, 2, 3, 1} : Ints{0, 2, 1, 3};  // the keys as columns
    out_.node("Transpose", {split}, n + roles[i], Attributes().integers("perm", order));
  }
  out_.node("MatMul", {n + "/query", n + "/key"}, n + "/products");
  out_.node("Mul", {n + "/products", number(n + "/factor", 1.0f / std::sqrt(static_cast<float>(each)))}, n + "/scores");
  out_.node("Softmax", {n + "/scores"}, n + "/weights", Attributes().integer("axis", 3));
  out_.node("MatMul", {n + "/weights", n + "/value"}, n + "/seen");
  out_.node("Transpose", {n + "/seen"}, n + "/joined", Attributes().integers("perm", {0, 2, 1, 3}));
  reshape(n + "/joined", n, shape(it.inputs[0]));
}

// Layers without weights that move numbers or change each alone.
void Exporter::rearrange(int index, const Names& in) {
  const Layer& it = layer(index);
  switch (it.kind) {
    case LayerKind::dropout:
      out_.node("Dropout", in, it.name, Attributes().real("ratio", it.alpha));
      break;
    case LayerKind::softmax:
      out_.node("Softmax", in, it.name, Attributes().integer("axis", shape(index).rank() - 1));
      break;
    case LayerKind::flatten:
      out_.node("Flatten", in, it.name);
      break;
    case LayerKind::reshape:
      reshape(in[0], it.name, shape(index));
      break;
    case LayerKind::permute:
      out_.node("Transpose", in, it.name, Attributes().integers("perm", Ints(it.axes.begin(), it.axes.end())));
      break;
    case LayerKind::concat:
      out_.node("Concat", in, it.name, Attributes().integer("axis", it.axis));
      break;
    case LayerKind::slice:
      slice(it, in[0]);
      break;
    case LayerKind::add:
      out_.node("Add", in, it.name);
      break;
    case LayerKind::multiply:
      out_.node("Mul", in, it.name);
      break;
    case LayerKind::scale:
      scale(it, in[0]);
      break;
    case LayerKind::upsample2d:
      upsample(it, in[0]);
      break;
    case LayerKind::pad2d:
      out_.integers(it.name + "/pads", {0, 0, it.padding, it.padding, 0, 0, it.padding, it.padding});
      out_.node("Pad", {in[0], it.name + "/pads"}, it.name);
      break;
    case LayerKind::sample:
      out_.node("Identity", {in[0]}, it.name);
      break;
    default:
      assert(false && "export_layer() has the others");
  }
}

Result<void> Exporter::export_layer(int index) {
  const Layer& it = layer(index);
  Names in;
  for (const int input : it.inputs) in.push_back(value(input));
  const Shape in_shape = it.inputs.empty() ? Shape{} : shape(it.inputs[0]);
  switch (it.kind) {
    case LayerKind::input:
      out_.input(it.name, shape(index));
      break;
    case LayerKind::constant:
      constant(it, index);
      break;
    case LayerKind::conv2d:
    case LayerKind::conv_transpose2d:
      convolution(it, in[0]);
      break;
    case LayerKind::linear:
      linear(it, in[0], in_shape);
      break;
    case LayerKind::max_pool2d:
    case LayerKind::avg_pool2d:
      return pool(it, in[0], in_shape, shape(index));
    case LayerKind::global_avg_pool2d:
      out_.node("GlobalAveragePool", in, it.name + "/mean");
      out_.node("Flatten", {it.name + "/mean"}, it.name);
      break;
    case LayerKind::batch_norm:
      batch_norm(it, in[0]);
      break;
    case LayerKind::layer_norm:
      layer_norm(it, in[0]);
      break;
    case LayerKind::activation:
      activation(it, in[0]);
      break;
    case LayerKind::attention:
      attention(it);
      break;
    default:
      rearrange(index, in);
  }
  return {};
}

Result<std::vector<std::uint8_t>> Exporter::run() {
  constexpr std::int64_t most_bytes = std::int64_t{1} << 31;  // of a protocol buffer
  if (summary_.parameters * std::int64_t{sizeof(float)} > most_bytes - (1 << 24))
    return Error{"onnx-too-large", "The weights take more than 2 GiB, which an ONNX file cannot hold."};
  for (int i = 0; i <= graph_.output(); ++i)
    if (Result<void> good = export_layer(i); !good) return good.error();
  out_.output(value(graph_.output()), shape(graph_.output()));
  for (const int extra : graph_.extra_outputs) out_.output(value(extra), shape(extra));
  for (const Parameter& p : graph_.parameters()) out_.weight(p.name, p.value.shape(), p.value.data());
  for (const auto& [name, statistics] : graph_.statistics()) {
    out_.weight(name + ".running_mean", statistics.mean.shape(), statistics.mean.data());
    out_.weight(name + ".running_var", statistics.variance.shape(), statistics.variance.data());
  }
  return out_.model();
}

}  // namespace

Result<std::vector<std::uint8_t>> export_onnx(const nn::Graph& graph) {
  const Result<nn::Summary> summary = graph.summarise();
  if (!summary) return summary.error();
  return Exporter(graph, summary.value()).run();
}

}  // namespace cvlab
