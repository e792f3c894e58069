// Layers in a word: graph.add(layer::conv2d("conv1", 16, 3)). What a call does not say keeps Layer's default.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/nn/graph.hpp"

namespace cvlab::nn::layer {

inline Layer of_kind(LayerKind kind, std::string name) {
  Layer layer;
  layer.kind = kind;
  layer.name = std::move(name);
  return layer;
}

// Reads these layers instead of the one before.
inline Layer from(Layer layer, std::vector<int> inputs) {
  layer.inputs = std::move(inputs);
  return layer;
}

inline Layer input(std::string name, const Shape& shape) {
  Layer layer = of_kind(LayerKind::input, std::move(name));
  layer.shape = shape;
  return layer;
}

inline Layer constant(std::string name, const Shape& shape) {
  Layer layer = of_kind(LayerKind::constant, std::move(name));
  layer.shape = shape;
  return layer;
}

inline Layer conv2d(std::string name, int channels, int kernel, int stride = 1, int padding = 0, bool bias = true) {
  Layer layer = of_kind(LayerKind::conv2d, std::move(name));
  layer.channels = channels;
  layer.kernel_y = layer.kernel_x = kernel;
  layer.stride = stride;
  layer.padding = padding;
  layer.bias = bias;
  return layer;
}

inline Layer conv_transpose2d(std::string name, int channels, int kernel, int stride, int padding = 0) {
  Layer layer = conv2d(std::move(name), channels, kernel, stride, padding);
  layer.kind = LayerKind::conv_transpose2d;
  return layer;
}

inline Layer linear(std::string name, int features, bool bias = true) {
  Layer layer = of_kind(LayerKind::linear, std::move(name));
  layer.channels = features;
  layer.bias = bias;
  return layer;
}

inline Layer max_pool2d(std::string name, int kernel, int stride, int padding = 0) {
  Layer layer = of_kind(LayerKind::max_pool2d, std::move(name));
  layer.kernel_y = layer.kernel_x = kernel;
  layer.stride = stride;
  layer.padding = padding;
  return layer;
}

inline Layer avg_pool2d(std::string name, int kernel, int stride, int padding = 0) {
  Layer layer = max_pool2d(std::move(name), kernel, stride, padding);
  layer.kind = LayerKind::avg_pool2d;
  return layer;
}

inline Layer global_avg_pool2d(std::string name) { return of_kind(LayerKind::global_avg_pool2d, std::move(name)); }
inline Layer batch_norm(std::string name) { return of_kind(LayerKind::batch_norm, std::move(name)); }
inline Layer layer_norm(std::string name) { return of_kind(LayerKind::layer_norm, std::move(name)); }

inline Layer dropout(std::string name, float p) {
  Layer layer = of_kind(LayerKind::dropout, std::move(name));
  layer.alpha = p;
  return layer;
}

inline Layer activation(std::string name, Activation kind, float alpha = 0.0f) {
  Layer layer = of_kind(LayerKind::activation, std::move(name));
  layer.activation = kind;
  layer.alpha = alpha;
  return layer;
}
inline Layer relu(std::string name) { return activation(std::move(name), Activation::relu); }

inline Layer softmax(std::string name) { return of_kind(LayerKind::softmax, std::move(name)); }
inline Layer flatten(std::string name) { return of_kind(LayerKind::flatten, std::move(name)); }

inline Layer reshape(std::string name, const Shape& shape) {
  Layer layer = of_kind(LayerKind::reshape, std::move(name));
  layer.shape = shape;
  return layer;
}

inline Layer permute(std::string name, std::vector<int> axes) {
  Layer layer = of_kind(LayerKind::permute, std::move(name));
  layer.axes = std::move(axes);
  return layer;
}

inline Layer concat(std::string name, std::vector<int> inputs, int axis = 1) {
  Layer layer = from(of_kind(LayerKind::concat, std::move(name)), std::move(inputs));
  layer.axis = axis;
  return layer;
}

inline Layer slice(std::string name, int axis, int first, int count) {
  Layer layer = of_kind(LayerKind::slice, std::move(name));
  layer.axis = axis;
  layer.first = first;
  layer.count = count;
  return layer;
}

inline Layer add(std::string name, int a, int b) { return from(of_kind(LayerKind::add, std::move(name)), {a, b}); }
inline Layer multiply(std::string name, int a, int b) {
  return from(of_kind(LayerKind::multiply, std::move(name)), {a, b});
}

inline Layer scale(std::string name, float factor, float offset = 0.0f) {
  Layer layer = of_kind(LayerKind::scale, std::move(name));
  layer.alpha = factor;
  layer.offset = offset;
  return layer;
}

inline Layer upsample2d(std::string name, int factor, Interpolation interpolation = Interpolation::nearest) {
  Layer layer = of_kind(LayerKind::upsample2d, std::move(name));
  layer.factor = factor;
  layer.interpolation = interpolation;
  return layer;
}

inline Layer pad2d(std::string name, int cells) {
  Layer layer = of_kind(LayerKind::pad2d, std::move(name));
  layer.padding = cells;
  return layer;
}

inline Layer attention(std::string name, int query, int key, int value, int heads) {
  Layer layer = from(of_kind(LayerKind::attention, std::move(name)), {query, key, value});
  layer.heads = heads;
  return layer;
}

inline Layer sample(std::string name, int mean, int log_variance) {
  return from(of_kind(LayerKind::sample, std::move(name)), {mean, log_variance});
}

}  // namespace cvlab::nn::layer
