// Networks that make pictures.
#include "core/nn/models_build.hpp"

namespace cvlab::nn::build {

using namespace layer;

namespace {

// Halved twice: (C, H, W) -> 32 * H/4 * W/4 values.
void encode(Graph& graph, const Shape& picture) {
  graph.add(input("input", picture));
  graph.add(conv2d("encoder.conv1", 16, 3, 2, 1));
  graph.add(relu("encoder.relu1"));
  graph.add(conv2d("encoder.conv2", 32, 3, 2, 1));
  graph.add(relu("encoder.relu2"));
  graph.add(flatten("encoder.flatten"));
}

// From a code back to values 0..1 of the picture's size, which divides by 4.
void decode(Graph& graph, const Shape& picture) {
  const int height = static_cast<int>(picture[1] / 4), width = static_cast<int>(picture[2] / 4);
  graph.add(linear("decoder.fc", 32 * height * width));
  graph.add(relu("decoder.relu1"));
  graph.add(reshape("decoder.reshape", {32, height, width}));
  graph.add(conv_transpose2d("decoder.conv1", 16, 4, 2, 1));
  graph.add(relu("decoder.relu2"));
  graph.add(conv_transpose2d("decoder.conv2", static_cast<int>(picture[0]), 4, 2, 1));
  graph.add(activation("decoder.sigmoid", Activation::sigmoid));
}

}  // namespace

void autoencoder(Graph& graph, const Shape& picture, int code) {
  encode(graph, picture);
  graph.add(linear("code", code));
  decode(graph, picture);
}

// D. Kingma, M. Welling, arXiv:1312.6114. Further results: mean, log variance.
void vae(Graph& graph, const Shape& picture, int code) {
  encode(graph, picture);
  const int features = graph.output();
  const int mean = graph.add(linear("mean", code));
  const int log_variance = graph.add(from(linear("log_variance", code), {features}));
  graph.extra_outputs = {mean, log_variance};
  graph.add(sample("code", mean, log_variance));
  decode(graph, picture);
}

// A. Radford et al., arXiv:1511.06434, without batch norm, for 28x28: noise (64) in, -1..1 out.
void dcgan_generator(Graph& graph, const Shape& noise, int channels) {
  graph.add(input("noise", noise));
  graph.add(linear("fc", 64 * 7 * 7));
  graph.add(relu("relu1"));
  graph.add(reshape("reshape", {64, 7, 7}));
  graph.add(conv_transpose2d("conv1", 32, 4, 2, 1));
  graph.add(relu("relu2"));
  graph.add(conv_transpose2d("conv2", channels, 4, 2, 1));
  graph.add(activation("tanh", Activation::tanh));
}

void dcgan_discriminator(Graph& graph, const Shape& picture) {
  graph.add(input("input", picture));
  graph.add(conv2d("conv1", 32, 4, 2, 1));
  graph.add(activation("leaky1", Activation::leaky_relu, 0.2f));
  graph.add(conv2d("conv2", 64, 4, 2, 1));
  graph.add(activation("leaky2", Activation::leaky_relu, 0.2f));
  graph.add(flatten("flatten"));
  graph.add(linear("fc", 1));
}

namespace {

constexpr int time_features = 64;

// Two 3x3 convolutions that are told the time between them, around a shortcut.
int timed_block(Graph& graph, const std::string& prefix, int x, int time, int in_channels, int channels) {
  graph.add(from(batch_norm(prefix + "bn1"), {x}));
  graph.add(activation(prefix + "silu1", Activation::silu));
  const int first = graph.add(conv2d(prefix + "conv1", channels, 3, 1, 1));
  graph.add(from(linear(prefix + "time", channels), {time}));
  const int shift = graph.add(reshape(prefix + "time_map", {channels, 1, 1}));
  graph.add(add(prefix + "add_time", first, shift));
  graph.add(batch_norm(prefix + "bn2"));
  graph.add(activation(prefix + "silu2", Activation::silu));
  const int second = graph.add(conv2d(prefix + "conv2", channels, 3, 1, 1));
  if (in_channels != channels) x = graph.add(from(conv2d(prefix + "shortcut", channels, 1), {x}));
  return graph.add(add(prefix + "add", second, x));
}

// Every cell asks every other: (C, H, W) as H*W tokens of C numbers, and back.
int attend(Graph& graph, const std::string& prefix, int x, int channels, int height, int width) {
  graph.add(from(batch_norm(prefix + "norm"), {x}));
  graph.add(reshape(prefix + "tokens", {channels, height * width}));
  graph.add(permute(prefix + "token_major", {0, 2, 1}));
  const int qkv = graph.add(linear(prefix + "qkv", 3 * channels));
  const int query = graph.add(from(slice(prefix + "query", 2, 0, channels), {qkv}));
  const int key = graph.add(from(slice(prefix + "key", 2, channels, channels), {qkv}));
  const int value = graph.add(from(slice(prefix + "value", 2, 2 * channels, channels), {qkv}));
  graph.add(attention(prefix + "attention", query, key, value, 4));
  graph.add(linear(prefix + "proj", channels));
  graph.add(permute(prefix + "channel_major", {0, 2, 1}));
  const int map = graph.add(reshape(prefix + "map", {channels, height, width}));
  return graph.add(add(prefix + "add", x, map));
}

}  // namespace

// J. Ho et al., arXiv:2006.11239, small: 32 and 64 channels, batch norm for group norm. Says which noise is in the
// picture. Inputs: picture, whose size divides by 4, and time_embedding() of when.
void ddpm_unet(Graph& graph, const Shape& picture) {
  const int height = static_cast<int>(picture[1] / 4), width = static_cast<int>(picture[2] / 4);
  const int noisy = graph.add(input("input", picture));
  graph.add(input("time", {time_features}));
  graph.add(linear("time.fc1", 128));
  graph.add(activation("time.silu1", Activation::silu));
  graph.add(linear("time.fc2", 128));
  const int time = graph.add(activation("time.silu2", Activation::silu));
  const int stem = graph.add(from(conv2d("conv_in", 32, 3, 1, 1), {noisy}));
  const int high = timed_block(graph, "down1.", stem, time, 32, 32);
  const int half = graph.add(conv2d("down1.halve", 32, 3, 2, 1));
  const int middle = timed_block(graph, "down2.", half, time, 32, 64);
  const int quarter = graph.add(conv2d("down2.halve", 64, 3, 2, 1));
  const int low = timed_block(graph, "mid1.", quarter, time, 64, 64);
  const int seen = attend(graph, "mid.", low, 64, height, width);
  timed_block(graph, "mid2.", seen, time, 64, 64);
  const int up_middle = graph.add(upsample2d("up1.double", 2));
  const int joined_middle = graph.add(concat("up1.concat", {up_middle, middle}));
  timed_block(graph, "up1.", joined_middle, time, 128, 32);
  const int up_high = graph.add(upsample2d("up2.double", 2));
  const int joined_high = graph.add(concat("up2.concat", {up_high, high}));
  timed_block(graph, "up2.", joined_high, time, 64, 32);
  graph.add(batch_norm("bn_out"));
  graph.add(activation("silu_out", Activation::silu));
  graph.add(conv2d("conv_out", static_cast<int>(picture[0]), 3, 1, 1));
}

}  // namespace cvlab::nn::build
