// Networks that answer for every pixel, or for every cell of a grid.
#include "core/nn/models_build.hpp"

namespace cvlab::nn::build {

using namespace layer;

namespace {

int double_conv(Graph& graph, const std::string& prefix, int channels) {
  for (const char* number : {"1", "2"}) {
    graph.add(conv2d(prefix + "conv" + number, channels, 3, 1, 1, false));
    graph.add(batch_norm(prefix + "bn" + number));
    graph.add(relu(prefix + "relu" + number));
  }
  return graph.output();
}

constexpr float yolo_slope = 0.1f;

void leaky_conv(Graph& graph, int number, int channels, int kernel, int stride = 1) {
  graph.add(conv2d("conv" + std::to_string(number), channels, kernel, stride, kernel / 2));
  graph.add(activation("leaky" + std::to_string(number), Activation::leaky_relu, yolo_slope));
}

}  // namespace

// O. Ronneberger et al., arXiv:1505.04597, as it is used now: padded, so that sizes stay, and with batch norm. `depth`
// times halved, the channels doubled from `width`; height and width divide by 2^depth. Logits for each pixel.
void unet(Graph& graph, const Shape& input_shape, int classes, int width, int depth) {
  graph.add(input("input", input_shape));
  std::vector<int> skips;
  skips.push_back(double_conv(graph, "inc.", width));
  for (int level = 1; level <= depth; ++level) {
    const std::string prefix = "down" + std::to_string(level) + ".";
    graph.add(max_pool2d(prefix + "pool", 2, 2));
    skips.push_back(double_conv(graph, prefix, width << level));
  }
  for (int level = depth - 1; level >= 0; --level) {
    const std::string prefix = "up" + std::to_string(depth - level) + ".";
    const int up = graph.add(conv_transpose2d(prefix + "up", width << level, 2, 2));
    graph.add(concat(prefix + "concat", {skips[static_cast<std::size_t>(level)], up}));
    double_conv(graph, prefix, width << level);
  }
  graph.add(conv2d("outc", classes, 1));
}

// J. Redmon et al., arXiv:1506.02640, fig. 3: 24 convolutions, 2 dense layers, 448x448. S = 7, B = 2: the output (7, 7,
// 2 * 5 + classes) is written channel first.
void yolo_v1(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  int number = 0, pools = 0;
  const auto conv = [&](int channels, int kernel, int stride = 1) {
    leaky_conv(graph, ++number, channels, kernel, stride);
  };
  const auto pool = [&] { graph.add(max_pool2d("pool" + std::to_string(++pools), 2, 2)); };
  conv(64, 7, 2);
  pool();
  conv(192, 3);
  pool();
  conv(128, 1);
  conv(256, 3);
  conv(256, 1);
  conv(512, 3);
  pool();
  for (int i = 0; i < 4; ++i) {
    conv(256, 1);
    conv(512, 3);
  }
  conv(512, 1);
  conv(1024, 3);
  pool();
  for (int i = 0; i < 2; ++i) {
    conv(512, 1);
    conv(1024, 3);
  }
  conv(1024, 3);
  conv(1024, 3, 2);
  conv(1024, 3);
  conv(1024, 3);
  graph.add(flatten("flatten"));
  graph.add(linear("fc1", 4096));
  graph.add(activation("leaky25", Activation::leaky_relu, yolo_slope));
  graph.add(dropout("dropout", 0.5f));
  const int numbers = 2 * 5 + classes;
  graph.add(linear("fc2", 7 * 7 * numbers));
  graph.add(reshape("grid", {numbers, 7, 7}));
}

// The same idea small enough to train in a page: every cell is 8 pixels wide and answers one box and a class, from
// convolutions alone. Output (5 + classes, H/8, W/8).
void yolo_tiny(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  int number = 0;
  for (const int channels : {16, 32, 64, 64}) {
    const std::string suffix = std::to_string(++number);
    graph.add(conv2d("conv" + suffix, channels, 3, 1, 1, false));
    graph.add(batch_norm("bn" + suffix));
    graph.add(activation("leaky" + suffix, Activation::leaky_relu, yolo_slope));
    if (number < 4) graph.add(max_pool2d("pool" + suffix, 2, 2));
  }
  graph.add(conv2d("head", 5 + classes, 1));
}

}  // namespace cvlab::nn::build
