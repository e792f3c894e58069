// A network as an ONNX file, opset 11: what onnxruntime, OpenCV's dnn and Netron open. The batch axis is symbolic
// ("N"), values have their layer's names, weights their parameter's. The network as it is in evaluation: dropout
// passes, batch norm uses its running statistics, a sample is its mean. Outputs: the network's own first, then its
// further ones. Source: onnx.proto and Operators.md of github.com/onnx/onnx, version 1.6.
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/graph.hpp"
#include "core/result.hpp"

namespace cvlab {

// The graph has its parameters. What ONNX cannot say the same way is refused, and the sentence names the layer: pooling
// with ceil_mode where a window hangs over (ONNX's tools disagree), more than 2 GiB of weights.
Result<std::vector<std::uint8_t>> export_onnx(const nn::Graph& graph);

}  // namespace cvlab
