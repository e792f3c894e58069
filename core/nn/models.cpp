#include "core/nn/models.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/nn/models_build.hpp"
#include "core/nn/shapes.hpp"

namespace cvlab::nn {

namespace {

using Build = void (*)(Graph& graph, const Shape& input, int classes);

struct Model {
  ModelInfo info;
  Build build;  // nullptr: resnet-N, which has a number to say
};

const std::vector<Model>& models() {
  const Shape digit = {1, 28, 28}, photo = {3, 224, 224}, thumbnail = {3, 32, 32};
  static const std::vector<Model> all = {
      {{"mlp", digit, 10, Objective::classify, "D. Rumelhart et al., Nature 323, 1986"}, build::mlp},
      {{"lenet5", digit, 10, Objective::classify, "Y. LeCun et al., Proceedings of the IEEE 86, 1998"}, build::lenet5},
      {{"lenet-b", digit, 10, Objective::classify, "LeNet-5 with 32 and 64 channels, for measuring"}, build::lenet_b},
      {{"small-cnn", digit, 10, Objective::classify, "the course's first convolutional network"}, build::small_cnn},
      {{"cnn-bn", digit, 10, Objective::classify, "S. Ioffe, C. Szegedy, arXiv:1502.03167"}, build::cnn_bn},
      {{"alexnet", photo, 1000, Objective::classify, "A. Krizhevsky, arXiv:1404.5997"}, build::alexnet},
      {{"vgg16", photo, 1000, Objective::classify, "K. Simonyan, A. Zisserman, arXiv:1409.1556"}, build::vgg16},
      {{"resnet18", photo, 1000, Objective::classify, "K. He et al., arXiv:1512.03385"}, build::resnet18},
      {{"resnet50", photo, 1000, Objective::classify, "K. He et al., arXiv:1512.03385"}, build::resnet50},
      {{"resnet-20", thumbnail, 10, Objective::classify, "K. He et al., arXiv:1512.03385, section 4.2"}, nullptr},
      {{"mobilenet-v1", photo, 1000, Objective::classify, "A. Howard et al., arXiv:1704.04861"}, build::mobilenet_v1},
      {{"vit-tiny", digit, 10, Objective::classify, "A. Dosovitskiy et al., arXiv:2010.11929"},
       [](Graph& graph, const Shape& input, int classes) {
         build::vit(graph, input, classes, {.patch = 4, .width = 64, .depth = 4, .heads = 4, .hidden = 128});
       }},
      {{"vit-ti16", photo, 1000, Objective::classify, "H. Touvron et al., arXiv:2012.12877"},
       [](Graph& graph, const Shape& input, int classes) {
         build::vit(graph, input, classes, {.patch = 16, .width = 192, .depth = 12, .heads = 3, .hidden = 768});
       }},
      {{"unet", {3, 256, 256}, 2, Objective::other, "O. Ronneberger et al., arXiv:1505.04597"},
       [](Graph& graph, const Shape& input, int classes) { build::unet(graph, input, classes, 64, 4); }},
      {{"unet-tiny", {3, 64, 64}, 4, Objective::other, "O. Ronneberger et al., arXiv:1505.04597"},
       [](Graph& graph, const Shape& input, int classes) { build::unet(graph, input, classes, 8, 3); }},
      {{"yolo-v1", {3, 448, 448}, 20, Objective::other, "J. Redmon et al., arXiv:1506.02640"}, build::yolo_v1},
      {{"yolo-tiny", {3, 64, 64}, 3, Objective::other, "J. Redmon et al., arXiv:1506.02640"}, build::yolo_tiny},
      {{"autoencoder", digit, 16, Objective::reconstruct, "G. Hinton, R. Salakhutdinov, Science 313, 2006"},
       build::autoencoder},
      {{"vae", digit, 2, Objective::variational, "D. Kingma, M. Welling, arXiv:1312.6114"}, build::vae},
      {{"dcgan-generator", {64}, 1, Objective::other, "A. Radford et al., arXiv:1511.06434"}, build::dcgan_generator},
      {{"dcgan-discriminator", digit, 0, Objective::other, "A. Radford et al., arXiv:1511.06434"},
       [](Graph& graph, const Shape& input, int) { build::dcgan_discriminator(graph, input); }},
      {{"ddpm-unet-tiny", digit, 0, Objective::other, "J. Ho et al., arXiv:2006.11239"},
       [](Graph& graph, const Shape& input, int) { build::ddpm_unet(graph, input); }},
      {{"siamese", digit, 32, Objective::other, "G. Koch et al., ICML deep learning workshop, 2015"}, build::siamese},
  };
  return all;
}

constexpr std::string_view resnet_prefix = "resnet-", resnet_entry = "resnet-20";

// n of resnet-N, N = 6n + 2, up to the paper's 1202; 0 when it is none.
int resnet_blocks(std::string_view name) {
  if (!name.starts_with(resnet_prefix)) return 0;
  name.remove_prefix(resnet_prefix.size());
  int depth = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), depth);
  if (problem != std::errc{} || end != name.data() + name.size()) return 0;
  return depth >= 8 && depth <= 1202 && (depth - 2) % 6 == 0 ? (depth - 2) / 6 : 0;
}

const Model* find(std::string_view name) {
  if (resnet_blocks(name) > 0) name = resnet_entry;
  const auto found =
      std::find_if(models().begin(), models().end(), [&](const Model& m) { return m.info.name == name; });
  return found == models().end() ? nullptr : &*found;
}

Error unknown(std::string_view name) {
  std::string known;
  for (const Model& model : models()) known += (known.empty() ? "" : ", ") + std::string(model.info.name);
  const std::string asked(name.substr(0, 40));
  return {"model-unknown",
          "There is no model \"" + asked + "\"; known are " + known + " and resnet-N with N = 6n + 2.",
          {asked, known}};
}

Error wrong_input(std::string_view name, const Shape& got, const Shape& like) {
  return {"model-input",
          "The model " + std::string(name) + " cannot take an input of " + to_text(got) + "; one like " +
              to_text(like) + " would do.",
          {std::string(name), to_text(got), to_text(like)}};
}

}  // namespace

const std::vector<ModelInfo>& all_models() {
  static const std::vector<ModelInfo> all = [] {
    std::vector<ModelInfo> infos;
    for (const Model& model : models()) infos.push_back(model.info);
    return infos;
  }();
  return all;
}

const ModelInfo* find_model(std::string_view name) {
  const Model* model = find(name);
  return model ? &model->info : nullptr;
}

Result<Graph> make_model(std::string_view name, const Shape& input, int classes) {
  const Model* model = find(name);
  if (!model) return unknown(name);
  const Shape& shape = input.rank() == 0 ? model->info.input : input;
  constexpr std::ptrdiff_t largest_extent = 65536;
  bool good = shape.rank() == model->info.input.rank();
  for (int axis = 0; good && axis < shape.rank(); ++axis) good = shape[axis] >= 1 && shape[axis] <= largest_extent;
  if (!good) return wrong_input(name, shape, model->info.input);
  constexpr int most_classes = 100'000;
  if (classes < 0 || classes > most_classes)
    return Error{"model-classes",
                 "A model cannot have " + std::to_string(classes) + " classes; 1 to 100000 can be.",
                 {std::to_string(classes)}};
  if (classes == 0) classes = model->info.classes;
  Graph graph{std::string(name)};
  if (const int blocks = resnet_blocks(name)) {
    build::resnet_cifar(graph, shape, classes, blocks);
  } else {
    model->build(graph, shape, classes);
  }
  if (const Result<Summary> summary = graph.summarise(); !summary) return summary.error();
  return graph;
}

void time_embedding(double t, std::span<float> out) {
  const std::size_t half = out.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const double angle = t * std::pow(10000.0, -static_cast<double>(i) / static_cast<double>(half));
    out[i] = static_cast<float>(std::sin(angle));
    out[half + i] = static_cast<float>(std::cos(angle));
  }
}

}  // namespace cvlab::nn
