// bench_torch [threads] [case]: the training steps by libtorch, in both memory layouts. ATEN_CPU_CAPABILITY=avx2 and
// ONEDNN_MAX_CPU_ISA=AVX2 keep it to AVX2.
#include <torch/torch.h>

#include <cstdlib>

#include "bench/timing.hpp"

namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

struct GeneratorImpl : nn::Module {
  nn::Linear fc{64, 64 * 7 * 7};
  nn::ConvTranspose2d conv1{nn::ConvTranspose2dOptions(64, 32, 4).stride(2).padding(1)};
  nn::ConvTranspose2d conv2{nn::ConvTranspose2dOptions(32, 1, 4).stride(2).padding(1)};

  GeneratorImpl() {
    register_module("fc", fc);
    register_module("conv1", conv1);
    register_module("conv2", conv2);
  }
  torch::Tensor forward(const torch::Tensor& noise) {
    const torch::Tensor x = torch::relu(fc(noise)).view({-1, 64, 7, 7});
    return torch::tanh(conv2(torch::relu(conv1(x))));
  }
};
TORCH_MODULE(Generator);

nn::Sequential small_cnn() {
  return nn::Sequential(nn::Conv2d(1, 8, 3), nn::ReLU(), nn::MaxPool2d(2), nn::Conv2d(8, 16, 3), nn::ReLU(),
                        nn::MaxPool2d(2), nn::Flatten(), nn::Linear(400, 10));
}
nn::Sequential big_lenet() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 32, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2),
                        nn::Conv2d(nn::Conv2dOptions(32, 64, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2),
                        nn::Flatten(), nn::Linear(3136, 512), nn::ReLU(), nn::Linear(512, 10));
}
nn::Sequential mlp() { return nn::Sequential(nn::Flatten(), nn::Linear(784, 128), nn::ReLU(), nn::Linear(128, 10)); }
nn::Sequential discriminator() {
  const auto leaky = [] { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)); };
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 32, 4).stride(2).padding(1)), leaky(),
                        nn::Conv2d(nn::Conv2dOptions(32, 64, 4).stride(2).padding(1)), leaky(), nn::Flatten(),
                        nn::Linear(3136, 1));
}

torch::MemoryFormat format_of(bool channels_last) {
  return channels_last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
}
void use_layout(nn::Module& module, bool channels_last) {
  for (torch::Tensor& p : module.parameters())
    if (p.dim() == 4) p.set_data(p.contiguous(format_of(channels_last)));
}

struct Setting {
  int threads;
  std::string only;
  bool channels_last;

  template <class Work>
  void report(const char* name, Work&& work) const {
    bench::report(channels_last ? "libtorch channels_last" : "libtorch", name, threads, work);
  }
  bool wanted(const char* name) const { return std::string(name).find(only) != std::string::npos; }
};

void classifier(const Setting& setting, const char* name, nn::Sequential (*make)(), int batch) {
  if (!setting.wanted(name)) return;
  nn::Sequential net = make();
  use_layout(*net, setting.channels_last);
  const torch::Tensor images = torch::rand({batch, 1, 28, 28}).contiguous(format_of(setting.channels_last));
  const torch::Tensor labels = torch::randint(0, 10, {batch}, torch::kLong);
  torch::optim::SGD optimizer(net->parameters(), 0.01);
  setting.report(name, [&] {
    optimizer.zero_grad();
    F::cross_entropy(net->forward(images), labels).backward();
    optimizer.step();
  });
}

void gan(const Setting& setting) {
  constexpr const char* name = "dcgan step b32";
  if (!setting.wanted(name)) return;
  Generator generator;
  nn::Sequential judge = discriminator();
  use_layout(*generator, setting.channels_last);
  use_layout(*judge, setting.channels_last);
  const auto adam = torch::optim::AdamOptions(2e-4).betas({0.5, 0.999});
  torch::optim::Adam generator_optimizer(generator->parameters(), adam), judge_optimizer(judge->parameters(), adam);
  const torch::Tensor real = (torch::rand({32, 1, 28, 28}) * 2 - 1).contiguous(format_of(setting.channels_last));
  const torch::Tensor ones = torch::ones({32, 1}), zeros = torch::zeros({32, 1});
  const auto loss = [](const torch::Tensor& logits, const torch::Tensor& target) {
    return F::binary_cross_entropy_with_logits(logits, target);
  };
  setting.report(name, [&] {
    const torch::Tensor fake = generator(torch::randn({32, 64}));
    judge_optimizer.zero_grad();
    (loss(judge->forward(real), ones) + loss(judge->forward(fake.detach()), zeros)).backward();
    judge_optimizer.step();
    generator_optimizer.zero_grad();
    loss(judge->forward(fake), ones).backward();
    generator_optimizer.step();
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  torch::set_num_threads(threads);
  torch::manual_seed(0);
  for (bool channels_last : {false, true}) {
    const Setting setting = {threads, argc > 2 ? argv[2] : "", channels_last};
    classifier(setting, "small-cnn step b32", small_cnn, 32);
    classifier(setting, "small-cnn step b128", small_cnn, 128);
    classifier(setting, "big-lenet step b64", big_lenet, 64);
    if (!channels_last) classifier(setting, "mlp step b64", mlp, 64);
    gan(setting);
  }
}
