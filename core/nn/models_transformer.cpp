// A. Dosovitskiy et al., An image is worth 16x16 words, arXiv:2010.11929: a picture as a sentence of patches.
#include "core/nn/models_build.hpp"

namespace cvlab::nn::build {

using namespace layer;

namespace {

Layer normalise(std::string name) {
  Layer norm = layer_norm(std::move(name));
  norm.epsilon = 1e-6f;  // the authors' and timm's
  return norm;
}

int encoder_block(Graph& graph, const std::string& prefix, int x, const VitSize& size) {
  graph.add(from(normalise(prefix + "norm1"), {x}));
  const int qkv = graph.add(linear(prefix + "attn.qkv", 3 * size.width));
  const int query = graph.add(from(slice(prefix + "attn.query", 2, 0, size.width), {qkv}));
  const int key = graph.add(from(slice(prefix + "attn.key", 2, size.width, size.width), {qkv}));
  const int value = graph.add(from(slice(prefix + "attn.value", 2, 2 * size.width, size.width), {qkv}));
  graph.add(attention(prefix + "attn", query, key, value, size.heads));
  const int attended = graph.add(linear(prefix + "attn.proj", size.width));
  const int middle = graph.add(add(prefix + "add1", x, attended));
  graph.add(normalise(prefix + "norm2"));
  graph.add(linear(prefix + "mlp.fc1", size.hidden));
  graph.add(activation(prefix + "mlp.act", Activation::gelu));
  const int thought = graph.add(linear(prefix + "mlp.fc2", size.width));
  return graph.add(add(prefix + "add2", middle, thought));
}

}  // namespace

// Names are timm's ("blocks.0.attn.qkv").
void vit(Graph& graph, const Shape& picture, int classes, const VitSize& size) {
  graph.add(input("input", picture));
  graph.add(conv2d("patch_embed.proj", size.width, size.patch, size.patch));
  const auto across = static_cast<int>(picture[2] / size.patch), down = static_cast<int>(picture[1] / size.patch);
  graph.add(reshape("patch_embed.flatten", {size.width, down * across}));
  const int words = graph.add(permute("patch_embed.transpose", {0, 2, 1}));
  const int token = graph.add(constant("cls_token", {1, size.width}));
  const int sentence = graph.add(concat("concat", {token, words}));
  const int positions = graph.add(constant("pos_embed", {down * across + 1, size.width}));
  int x = graph.add(add("add_position", sentence, positions));
  for (int i = 0; i < size.depth; ++i) x = encoder_block(graph, "blocks." + std::to_string(i) + ".", x, size);
  graph.add(from(normalise("norm"), {x}));
  graph.add(slice("class_token", 1, 0, 1));
  graph.add(flatten("pool"));
  graph.add(linear("head", classes));
}

}  // namespace cvlab::nn::build
