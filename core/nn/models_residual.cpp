// K. He et al., Deep residual learning for image recognition, arXiv:1512.03385. Names are torchvision's.
#include "core/nn/models_build.hpp"

namespace cvlab::nn::build {

using namespace layer;

namespace {

struct Block {
  std::string prefix;  // "layer1.0."
  int channels;        // of the 3x3 convolutions
  int stride;
  bool project;  // the shortcut is a 1x1 convolution
};

// What a block adds to: x itself, or x projected to the new size.
int shortcut(Graph& graph, const Block& block, int x, int channels) {
  if (!block.project) return x;
  graph.add(from(conv2d(block.prefix + "downsample.0", channels, 1, block.stride, 0, false), {x}));
  return graph.add(batch_norm(block.prefix + "downsample.1"));
}

int basic(Graph& graph, const Block& block, int x) {
  graph.add(from(conv2d(block.prefix + "conv1", block.channels, 3, block.stride, 1, false), {x}));
  graph.add(batch_norm(block.prefix + "bn1"));
  graph.add(relu(block.prefix + "relu1"));
  graph.add(conv2d(block.prefix + "conv2", block.channels, 3, 1, 1, false));
  const int residual = graph.add(batch_norm(block.prefix + "bn2"));
  graph.add(add(block.prefix + "add", residual, shortcut(graph, block, x, block.channels)));
  return graph.add(relu(block.prefix + "relu"));
}

// 1x1 down, 3x3, 1x1 up to four times as many. The stride is at the 3x3, as torchvision has it.
int bottleneck(Graph& graph, const Block& block, int x) {
  graph.add(from(conv2d(block.prefix + "conv1", block.channels, 1, 1, 0, false), {x}));
  graph.add(batch_norm(block.prefix + "bn1"));
  graph.add(relu(block.prefix + "relu1"));
  graph.add(conv2d(block.prefix + "conv2", block.channels, 3, block.stride, 1, false));
  graph.add(batch_norm(block.prefix + "bn2"));
  graph.add(relu(block.prefix + "relu2"));
  graph.add(conv2d(block.prefix + "conv3", 4 * block.channels, 1, 1, 0, false));
  const int residual = graph.add(batch_norm(block.prefix + "bn3"));
  graph.add(add(block.prefix + "add", residual, shortcut(graph, block, x, 4 * block.channels)));
  return graph.add(relu(block.prefix + "relu"));
}

struct Stage {
  int channels, blocks;
};

void stages(Graph& graph, std::initializer_list<Stage> all, bool deep, int channels) {
  int x = graph.output(), number = 0;
  for (const Stage& stage : all) {
    ++number;
    for (int i = 0; i < stage.blocks; ++i) {
      const int out = deep ? 4 * stage.channels : stage.channels;
      const int stride = number > 1 && i == 0 ? 2 : 1;
      const Block block = {"layer" + std::to_string(number) + "." + std::to_string(i) + ".", stage.channels, stride,
                           stride > 1 || out != channels};
      x = deep ? bottleneck(graph, block, x) : basic(graph, block, x);
      channels = out;
    }
  }
}

void imagenet(Graph& graph, const Shape& input_shape, int classes, std::initializer_list<Stage> all, bool deep) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("conv1", 64, 7, 2, 3, false));
  graph.add(batch_norm("bn1"));
  graph.add(relu("relu"));
  graph.add(max_pool2d("maxpool", 3, 2, 1));
  stages(graph, all, deep, 64);
  graph.add(global_avg_pool2d("avgpool"));
  graph.add(linear("fc", classes));
}

}  // namespace

void resnet18(Graph& graph, const Shape& input_shape, int classes) {
  imagenet(graph, input_shape, classes, {{64, 2}, {128, 2}, {256, 2}, {512, 2}}, false);
}

void resnet50(Graph& graph, const Shape& input_shape, int classes) {
  imagenet(graph, input_shape, classes, {{64, 3}, {128, 4}, {256, 6}, {512, 3}}, true);
}

// Section 4.2, with projections where the size changes (option B).
void resnet_cifar(Graph& graph, const Shape& input_shape, int classes, int blocks) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("conv1", 16, 3, 1, 1, false));
  graph.add(batch_norm("bn1"));
  graph.add(relu("relu"));
  stages(graph, {{16, blocks}, {32, blocks}, {64, blocks}}, false, 16);
  graph.add(global_avg_pool2d("avgpool"));
  graph.add(linear("fc", classes));
}

}  // namespace cvlab::nn::build
