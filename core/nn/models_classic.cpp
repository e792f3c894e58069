// One layer after another, more or less.
#include "core/nn/models_build.hpp"

namespace cvlab::nn::build {

using namespace layer;

void mlp(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  graph.add(flatten("flatten"));
  graph.add(linear("fc1", 128));
  graph.add(relu("relu1"));
  graph.add(linear("fc2", classes));
}

// Y. LeCun et al., 1998, fig. 2, with today's ReLU and max pooling, all maps joined: the paper pads digits to 32x32,
// here conv1 pads by 2.
void lenet5(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("conv1", 6, 5, 1, 2));
  graph.add(relu("relu1"));
  graph.add(max_pool2d("pool1", 2, 2));
  graph.add(conv2d("conv2", 16, 5));
  graph.add(relu("relu2"));
  graph.add(max_pool2d("pool2", 2, 2));
  graph.add(flatten("flatten"));
  graph.add(linear("fc1", 120));
  graph.add(relu("relu3"));
  graph.add(linear("fc2", 84));
  graph.add(relu("relu4"));
  graph.add(linear("fc3", classes));
}

void lenet_b(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("conv1", 32, 5, 1, 2));
  graph.add(relu("relu1"));
  graph.add(max_pool2d("pool1", 2, 2));
  graph.add(conv2d("conv2", 64, 5, 1, 2));
  graph.add(relu("relu2"));
  graph.add(max_pool2d("pool2", 2, 2));
  graph.add(flatten("flatten"));
  graph.add(linear("fc1", 512));
  graph.add(relu("relu3"));
  graph.add(linear("fc2", classes));
}

void small_cnn(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("conv1", 8, 3));
  graph.add(relu("relu1"));
  graph.add(max_pool2d("pool1", 2, 2));
  graph.add(conv2d("conv2", 16, 3));
  graph.add(relu("relu2"));
  graph.add(max_pool2d("pool2", 2, 2));
  graph.add(flatten("flatten"));
  graph.add(linear("fc", classes));
}

void cnn_bn(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  int stage = 0;
  for (const int channels : {16, 32, 64}) {
    const std::string number = std::to_string(++stage);
    graph.add(conv2d("conv" + number, channels, 3, 1, 1, false));
    graph.add(batch_norm("bn" + number));
    graph.add(relu("relu" + number));
    if (stage < 3) graph.add(max_pool2d("pool" + number, 2, 2));
  }
  graph.add(global_avg_pool2d("avgpool"));
  graph.add(linear("fc", classes));
}

// A. Krizhevsky, One weird trick for parallelizing convolutional neural networks, arXiv:1404.5997; names and numbers
// are torchvision's. At 224x224 its adaptive pooling to 6x6 does nothing, so it is left out.
void alexnet(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("features.0", 64, 11, 4, 2));
  graph.add(relu("features.1"));
  graph.add(max_pool2d("features.2", 3, 2));
  graph.add(conv2d("features.3", 192, 5, 1, 2));
  graph.add(relu("features.4"));
  graph.add(max_pool2d("features.5", 3, 2));
  graph.add(conv2d("features.6", 384, 3, 1, 1));
  graph.add(relu("features.7"));
  graph.add(conv2d("features.8", 256, 3, 1, 1));
  graph.add(relu("features.9"));
  graph.add(conv2d("features.10", 256, 3, 1, 1));
  graph.add(relu("features.11"));
  graph.add(max_pool2d("features.12", 3, 2));
  graph.add(flatten("flatten"));
  graph.add(dropout("classifier.0", 0.5f));
  graph.add(linear("classifier.1", 4096));
  graph.add(relu("classifier.2"));
  graph.add(dropout("classifier.3", 0.5f));
  graph.add(linear("classifier.4", 4096));
  graph.add(relu("classifier.5"));
  graph.add(linear("classifier.6", classes));
}

// K. Simonyan, A. Zisserman, arXiv:1409.1556, configuration D; names are torchvision's.
void vgg16(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  int index = 0;
  const auto name = [&] { return "features." + std::to_string(index++); };
  constexpr int pool = 0;
  for (const int channels :
       {64, 64, pool, 128, 128, pool, 256, 256, 256, pool, 512, 512, 512, pool, 512, 512, 512, pool}) {
    if (channels == pool) {
      graph.add(max_pool2d(name(), 2, 2));
    } else {
      graph.add(conv2d(name(), channels, 3, 1, 1));
      graph.add(relu(name()));
    }
  }
  graph.add(flatten("flatten"));
  graph.add(linear("classifier.0", 4096));
  graph.add(relu("classifier.1"));
  graph.add(dropout("classifier.2", 0.5f));
  graph.add(linear("classifier.3", 4096));
  graph.add(relu("classifier.4"));
  graph.add(dropout("classifier.5", 0.5f));
  graph.add(linear("classifier.6", classes));
}

// A. Howard et al., arXiv:1704.04861, table 1: 3x3 convolutions of each channel alone, then 1x1 across them.
void mobilenet_v1(Graph& graph, const Shape& input_shape, int classes) {
  graph.add(input("input", input_shape));
  graph.add(conv2d("conv0", 32, 3, 2, 1, false));
  graph.add(batch_norm("bn0"));
  graph.add(relu("relu0"));
  struct Block {
    int channels, stride;
  };
  constexpr Block blocks[] = {{64, 1},  {128, 2}, {128, 1}, {256, 2}, {256, 1},  {512, 2}, {512, 1},
                              {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};
  int channels = 32, number = 0;
  for (const Block& block : blocks) {
    const std::string prefix = "block" + std::to_string(++number) + ".";
    Layer each = conv2d(prefix + "depthwise", channels, 3, block.stride, 1, false);
    each.groups = channels;
    graph.add(each);
    graph.add(batch_norm(prefix + "bn1"));
    graph.add(relu(prefix + "relu1"));
    graph.add(conv2d(prefix + "pointwise", block.channels, 1, 1, 0, false));
    graph.add(batch_norm(prefix + "bn2"));
    graph.add(relu(prefix + "relu2"));
    channels = block.channels;
  }
  graph.add(global_avg_pool2d("avgpool"));
  graph.add(linear("fc", classes));
}

// Two pictures, one network, and how far apart they land. G. Koch et al., ICML workshop 2015: a weighted distance and
// one logit, "the same or not"; ours weighs squares of differences. `classes` is the size of the embedding. Further
// results: both embeddings.
void siamese(Graph& graph, const Shape& input_shape, int classes) {
  const int pictures[] = {graph.add(input("first", input_shape)), graph.add(input("second", input_shape))};
  for (int twin = 0; twin < 2; ++twin) {
    const std::string suffix = twin == 0 ? "" : "_second";
    const auto shared = [&](Layer one) {
      if (twin == 1 && (one.kind == LayerKind::conv2d || one.kind == LayerKind::linear)) one.shares = one.name;
      one.name += suffix;
      return one;
    };
    graph.add(from(shared(conv2d("conv1", 16, 3)), {pictures[twin]}));
    graph.add(shared(relu("relu1")));
    graph.add(shared(max_pool2d("pool1", 2, 2)));
    graph.add(shared(conv2d("conv2", 32, 3)));
    graph.add(shared(relu("relu2")));
    graph.add(shared(max_pool2d("pool2", 2, 2)));
    graph.add(shared(flatten("flatten")));
    graph.extra_outputs.push_back(graph.add(shared(linear("embedding", classes))));
  }
  const int minus = graph.add(scale("minus", -1.0f));
  const int difference = graph.add(add("difference", graph.extra_outputs[0], minus));
  graph.add(multiply("square", difference, difference));
  graph.add(linear("fc", 1));
}

}  // namespace cvlab::nn::build
