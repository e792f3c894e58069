// Builders of the models of models.cpp: each adds to an empty graph; `input` (C, H, W), `classes` at least 1.
#pragma once

#include "core/nn/layer.hpp"

namespace cvlab::nn::build {

// models_classic.cpp
void mlp(Graph& graph, const Shape& input, int classes);
void lenet5(Graph& graph, const Shape& input, int classes);
void lenet_b(Graph& graph, const Shape& input, int classes);
void small_cnn(Graph& graph, const Shape& input, int classes);
void cnn_bn(Graph& graph, const Shape& input, int classes);
void alexnet(Graph& graph, const Shape& input, int classes);
void vgg16(Graph& graph, const Shape& input, int classes);
void mobilenet_v1(Graph& graph, const Shape& input, int classes);
void siamese(Graph& graph, const Shape& input, int classes);

// models_residual.cpp
void resnet18(Graph& graph, const Shape& input, int classes);
void resnet50(Graph& graph, const Shape& input, int classes);
void resnet_cifar(Graph& graph, const Shape& input, int classes, int blocks);  // blocks in each of the three stages

// models_dense.cpp: a number or more for each pixel or cell
void unet(Graph& graph, const Shape& input, int classes, int width, int depth);
void yolo_v1(Graph& graph, const Shape& input, int classes);
void yolo_tiny(Graph& graph, const Shape& input, int classes);

// models_generative.cpp
void autoencoder(Graph& graph, const Shape& input, int code);
void vae(Graph& graph, const Shape& input, int code);
void dcgan_generator(Graph& graph, const Shape& noise, int channels);
void dcgan_discriminator(Graph& graph, const Shape& input);
void ddpm_unet(Graph& graph, const Shape& input);

// models_transformer.cpp
struct VitSize {
  int patch, width, depth, heads, hidden;
};
void vit(Graph& graph, const Shape& input, int classes, const VitSize& size);

}  // namespace cvlab::nn::build
