// What one layer makes of its inputs' shapes, and what it must learn. Shapes have the batch axis first.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/nn/graph.hpp"
#include "core/ops/conv_transpose2d.hpp"

namespace cvlab::nn {

Shape with_batch(std::ptrdiff_t batch, const Shape& example);
std::string to_text(const Shape& shape);  // "1x28x28"; "one number" for rank 0

// How many inputs a kind reads: fewest and most.
struct InputCount {
  int least, most;
};
InputCount input_count(LayerKind kind);

// A sentence names the layer, what it got and what does not fit. No extent of the result is 0.
Result<Shape> output_shape(const Layer& layer, std::span<const Shape> inputs);

// "weight", "bias" … with their shapes, in the order PyTorch lists them; none for most kinds. A constant's only one has
// no suffix. `inputs` passed output_shape().
struct ParameterShape {
  std::string suffix;
  Shape shape;
};
std::vector<ParameterShape> parameter_shapes(const Layer& layer, std::span<const Shape> inputs);

// A layer's attributes as its op takes them.
Conv2dParams conv2d_params(const Layer& layer);
ConvTranspose2dParams conv_transpose2d_params(const Layer& layer);
Pool2dParams pool2d_params(const Layer& layer);

}  // namespace cvlab::nn
