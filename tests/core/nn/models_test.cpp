// The models of the course against what was published about them.
#include "core/nn/models.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <sstream>

#include "core/nn/shapes.hpp"
#include "tests/core/reference_data.hpp"

namespace cvlab::nn {

namespace {

Summary summary_of(std::string_view name, const Shape& input = {}, int classes = 0) {
  const Result<Graph> graph = make_model(name, input, classes);
  INFO(name);
  REQUIRE(graph);
  return graph.value().summarise().value();
}

const LayerSummary& layer_of(const Summary& summary, std::string_view name) {
  const auto found =
      std::find_if(summary.layers.begin(), summary.layers.end(), [&](const LayerSummary& l) { return l.name == name; });
  INFO(name);
  REQUIRE(found != summary.layers.end());
  return *found;
}

bool about(std::int64_t count, double published) {
  return std::abs(static_cast<double>(count) / published - 1.0) < 0.005;
}

}  // namespace

TEST_CASE("models: published numbers of parameters") {
  CHECK(summary_of("mlp").parameters == 784 * 128 + 128 + 1280 + 10);
  CHECK(summary_of("lenet5").parameters == 61'706);
  CHECK(summary_of("alexnet").parameters == 61'100'840);  // torchvision, as the next ones
  CHECK(summary_of("vgg16").parameters == 138'357'544);
  CHECK(summary_of("resnet18").parameters == 11'689'512);
  CHECK(summary_of("resnet50").parameters == 25'557'032);
  CHECK(summary_of("mobilenet-v1").parameters == 4'231'976);           // Keras, trainable
  CHECK(summary_of("vit-ti16").parameters == 5'717'416);               // timm: deit_tiny_patch16_224
  CHECK(summary_of("unet", {3, 64, 64}, 1).parameters == 31'037'633);  // milesial/Pytorch-UNet, 3 channels, 1 class
  // K. He et al., table 6, counted with its parameter-free shortcuts, rounded to 0.01 M: projections add 2,752.
  for (const auto& [name, millions] : {std::pair{"resnet-20", 0.27},
                                       {"resnet-32", 0.46},
                                       {"resnet-44", 0.66},
                                       {"resnet-56", 0.85},
                                       {"resnet-110", 1.73}}) {
    INFO(name);
    CHECK(std::abs(static_cast<double>(summary_of(name).parameters - 2752) / 1e6 - millions) < 0.0051);
  }
}

TEST_CASE("models: published multiply-adds of one example") {
  CHECK(about(summary_of("alexnet").multiply_adds, 0.714e9));  // torchvision's documentation: "GFLOPS"
  CHECK(about(summary_of("vgg16").multiply_adds, 15.47e9));
  CHECK(about(summary_of("resnet18").multiply_adds, 1.814e9));
  CHECK(about(summary_of("resnet50").multiply_adds, 4.089e9));
  CHECK(about(summary_of("mobilenet-v1").multiply_adds, 569e6));  // the paper, table 4
  CHECK(about(summary_of("vit-ti16").multiply_adds, 1.258e9));    // timm
  // What the peers' benchmark counts (28x28, 10 classes).
  CHECK(summary_of("small-cnn").multiply_adds == 26 * 26 * 8 * 9 + 11 * 11 * 16 * 72 + 4000);
  CHECK(summary_of("lenet-b").multiply_adds == 784 * 32 * 25 + 196 * 64 * 800 + 3136 * 512 + 5120);
  CHECK(summary_of("mlp").multiply_adds == 784 * 128 + 1280);
  CHECK(summary_of("dcgan-generator").multiply_adds == 1'906'688);
  CHECK(summary_of("dcgan-discriminator").multiply_adds == 1'709'120);
}

TEST_CASE("models: published receptive fields") {
  // A. Araujo et al., Computing receptive fields of convolutional neural networks, Distill 2019.
  CHECK(layer_of(summary_of("alexnet"), "features.12").receptive_field == 195);
  CHECK(layer_of(summary_of("vgg16"), "features.30").receptive_field == 212);
  CHECK(layer_of(summary_of("vgg16"), "features.30").receptive_jump == 32);
  CHECK(layer_of(summary_of("mobilenet-v1"), "block13.relu2").receptive_field == 315);
  CHECK(layer_of(summary_of("resnet18"), "layer4.1.relu").receptive_field == 435);
  // Theirs, 483, has the stride in the 1x1: torchvision's 3x3 reaches 2 * (4 + 8 + 16) less.
  CHECK(layer_of(summary_of("resnet50"), "layer4.2.relu").receptive_field == 483 - 56);
  CHECK(layer_of(summary_of("resnet18"), "fc").receptive_field == 0);
  const Summary lenet = summary_of("lenet5");
  CHECK(layer_of(lenet, "conv1").receptive_field == 5);
  CHECK(layer_of(lenet, "conv2").receptive_field == 14);
  CHECK(layer_of(lenet, "fc1").receptive_field == 0);
}

TEST_CASE("models: shapes that their papers show") {
  CHECK(layer_of(summary_of("lenet5"), "pool2").output == Shape{1, 16, 5, 5});
  CHECK(layer_of(summary_of("alexnet"), "features.12").output == Shape{1, 256, 6, 6});
  CHECK(layer_of(summary_of("resnet50"), "layer4.2.relu").output == Shape{1, 2048, 7, 7});
  CHECK(layer_of(summary_of("resnet-20"), "layer3.2.relu").output == Shape{1, 64, 8, 8});
  CHECK(layer_of(summary_of("resnet-20", {1, 28, 28}), "layer3.2.relu").output == Shape{1, 64, 7, 7});
  CHECK(summary_of("unet").layers.back().output == Shape{1, 2, 256, 256});
  CHECK(summary_of("yolo-v1").layers.back().output == Shape{1, 30, 7, 7});
  CHECK(layer_of(summary_of("yolo-v1"), "leaky24").output == Shape{1, 1024, 7, 7});
  CHECK(summary_of("yolo-tiny").layers.back().output == Shape{1, 8, 8, 8});
  CHECK(summary_of("autoencoder").layers.back().output == Shape{1, 1, 28, 28});
  CHECK(summary_of("vae").layers.back().output == Shape{1, 1, 28, 28});
  CHECK(summary_of("dcgan-generator").layers.back().output == Shape{1, 1, 28, 28});
  CHECK(summary_of("ddpm-unet-tiny").layers.back().output == Shape{1, 1, 28, 28});
  CHECK(layer_of(summary_of("vit-tiny"), "norm").output == Shape{1, 50, 64});
}

TEST_CASE("models: yolo-v1 has 24 convolutions and 2 dense layers") {
  const Summary yolo = summary_of("yolo-v1");
  const auto count = [&](LayerKind kind) {
    return std::count_if(yolo.layers.begin(), yolo.layers.end(), [&](const LayerSummary& l) { return l.kind == kind; });
  };
  CHECK(count(LayerKind::conv2d) == 24);
  CHECK(count(LayerKind::linear) == 2);
}

TEST_CASE("models: the number of classes is free") {
  CHECK(summary_of("lenet5", {}, 26).layers.back().output == Shape{1, 26});
  CHECK(summary_of("yolo-v1", {}, 80).layers.back().output == Shape{1, 90, 7, 7});
  CHECK(summary_of("vae", {}, 8).layers.back().output == Shape{1, 1, 28, 28});
  CHECK(layer_of(summary_of("vae", {}, 8), "mean").output == Shape{1, 8});
}

TEST_CASE("models: names and shapes of weights are torchvision's") {
  for (const char* name : {"alexnet", "vgg16", "resnet18", "resnet50"}) {
    INFO(name);
    const std::vector<std::uint8_t> file = test::reference_file(std::string("torch/nn_names_") + name + ".txt");
    std::istringstream lines(std::string(file.begin(), file.end()));
    std::set<std::string> theirs, ours;
    for (std::string line; std::getline(lines, line);) theirs.insert(line);
    Graph graph = make_model(name).value();
    const Summary summary = graph.summarise().value();
    for (std::size_t i = 0; i < summary.layers.size(); ++i) {
      const Layer& layer = graph.layers()[i];
      std::vector<Shape> inputs;
      for (const int input : layer.inputs) inputs.push_back(summary.layers[static_cast<std::size_t>(input)].output);
      for (const ParameterShape& p : parameter_shapes(layer, inputs)) {
        ours.insert(layer.name + "." + p.suffix + " " + to_text(p.shape));
        if (layer.kind == LayerKind::batch_norm)
          ours.insert(layer.name + (p.suffix == "weight" ? ".running_mean " : ".running_var ") + to_text(p.shape));
      }
    }
    REQUIRE(theirs.size() > 10);
    CHECK(ours == theirs);
  }
}

TEST_CASE("models: all can be summarised, are found by name and say where they come from") {
  for (const ModelInfo& info : all_models()) {
    INFO(info.name);
    REQUIRE(find_model(info.name));
    CHECK(find_model(info.name)->name == info.name);
    CHECK_FALSE(info.source.empty());
    const Summary summary = summary_of(info.name);
    CHECK(summary.parameters > 0);
    CHECK(summary.multiply_adds > 0);
    CHECK(summary.activation_bytes > 0);
    std::int64_t parameters = 0;
    for (const LayerSummary& layer : summary.layers) parameters += layer.parameters;
    CHECK(parameters == summary.parameters);
  }
  CHECK(find_model("resnet-56") == find_model("resnet-20"));
}

TEST_CASE("models: what cannot be made is refused with a sentence") {
  const auto refused = [](std::string_view name, const Shape& input = {}, int classes = 0) {
    const Result<Graph> graph = make_model(name, input, classes);
    INFO(name);
    REQUIRE_FALSE(graph);
    return graph.error().sentence;
  };
  CHECK(refused("lenet6").find("lenet5") != std::string::npos);
  CHECK(refused("resnet-21").find("6n + 2") != std::string::npos);
  for (const char* name : {"", "resnet-", "resnet-2", "resnet-020x", "resnet-1208", "resnet--20"}) refused(name);
  CHECK(refused("lenet5", {1, 4, 4}).find("conv2") != std::string::npos);
  CHECK(refused("alexnet", {3, 32, 32}).find("features.12") != std::string::npos);
  CHECK(refused("lenet5", {784}).find("1x28x28") != std::string::npos);
  CHECK(refused("lenet5", {1, 0, 28}).find("1x0x28") != std::string::npos);
  refused("lenet5", {1, 70000, 28});
  refused("lenet5", {}, -1);
  refused("lenet5", {}, 100'001);
  CHECK(refused("unet", {3, 100, 100}).find("concat") != std::string::npos);
  refused("vit-tiny", {1, 3, 3});
  refused("autoencoder", {1, 1, 1});
}

}  // namespace cvlab::nn
