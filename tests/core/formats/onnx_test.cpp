// What is refused, and the wire format's bytes. What the files mean is tested by running them: tests/onnx.
#include "core/formats/onnx.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/formats/protobuf.hpp"
#include "core/nn/layer.hpp"

namespace cvlab {

using namespace nn;
using namespace nn::layer;

TEST_CASE("protobuf: the examples of its documentation") {
  ProtoMessage inner, outer, text, number;
  inner.integer(1, 150);
  CHECK(inner.bytes() == "\x08\x96\x01");
  text.text(2, "testing");
  CHECK(text.bytes() == "\x12\x07testing");
  outer.message(3, inner);
  CHECK(outer.bytes() == "\x1a\x03\x08\x96\x01");
  number.integer(1, -2);
  CHECK(number.bytes() == "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  ProtoMessage real;
  real.real(16, 1.0f);  // field numbers from 16 take two bytes
  CHECK(real.bytes() == std::string("\x85\x01\x00\x00\x80\x3f", 6));
}

TEST_CASE("onnx: pooling whose last window hangs over is refused by name, and only that") {
  for (const LayerKind kind : {LayerKind::max_pool2d, LayerKind::avg_pool2d}) {
    for (const int size : {8, 9}) {
      Graph graph("test");
      graph.add(input("input", {1, size, size}));
      Layer pool = max_pool2d("pool1", 2, 2);
      pool.kind = kind;
      pool.ceil_mode = true;
      graph.add(pool);
      REQUIRE(graph.make_parameters());
      const Result<std::vector<std::uint8_t>> file = export_onnx(graph);
      REQUIRE(bool(file) == (size == 8));
      if (!file) CHECK(file.error().sentence.find("\"pool1\"") != std::string::npos);
    }
  }
}

TEST_CASE("onnx: a graph whose shapes do not fit is refused") {
  Graph graph("test");
  graph.add(input("input", {1, 4, 4}));
  graph.add(conv2d("conv", 2, 5));
  CHECK(export_onnx(graph).error().id == "layer-too-small");
}

}  // namespace cvlab
