// cvlab eval MODEL --weights W --data DATA: loss, accuracy, confusion matrix of the test set.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/data_set.hpp"
#include "cli/network.hpp"
#include "core/formats/file.hpp"
#include "core/nn/weights.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/train/trainer.hpp"

namespace cvlab::cli {

namespace {

struct EvalSettings {
  std::string model, weights, data;
  int size = 0, code = 0, threads = 0;
  std::uint64_t seed = 1;
  bool train = false, json = false;
};

using Matrix = std::vector<std::vector<int>>;  // [truth][answer]

Matrix confusion_matrix(const Dataset& data, const std::vector<int>& predicted) {
  const auto classes = static_cast<std::size_t>(data.classes());
  Matrix counts(classes, std::vector<int>(classes));
  for (std::size_t i = 0; i < predicted.size(); ++i)
    ++counts[static_cast<std::size_t>(data.labels[i])][static_cast<std::size_t>(predicted[i])];
  return counts;
}

void print_matrix(const Dataset& data, const Matrix& counts) {
  std::size_t name_width = 5;
  for (const std::string& name : data.class_names) name_width = std::max(name_width, name.size());
  std::printf("%-*s", static_cast<int>(name_width), "truth");
  for (std::size_t c = 0; c < counts.size(); ++c) std::printf(" %6zu", c);
  std::printf("  right\n");
  for (std::size_t truth = 0; truth < counts.size(); ++truth) {
    std::printf("%-*s", static_cast<int>(name_width), data.class_names[truth].c_str());
    int total = 0;
    for (const int n : counts[truth]) {
      std::printf(" %6d", n);
      total += n;
    }
    std::printf("  %5.1f %%\n", total > 0 ? 100.0 * counts[truth][truth] / total : 0.0);
  }
  std::printf("(columns: the network's answer, in the order of the rows)\n");
}

void print_json(const EvalSettings& settings, const Dataset& data, const Evaluation& result, bool classes) {
  nlohmann::ordered_json json = {
      {"model", settings.model}, {"data", data.name}, {"examples", data.count()}, {"loss", result.loss}};
  if (classes) {
    json["accuracy"] = result.accuracy;
    json["classes"] = data.class_names;
    json["confusion"] = confusion_matrix(data, result.predicted);
  }
  std::puts(json.dump(1).c_str());
}

Result<void> run_eval(const EvalSettings& settings) {
  const Result<Shape> example = wanted_example(settings.model, settings.size);
  if (!example) return example.error();
  const auto bytes = read_file(settings.weights);
  if (!bytes) return bytes.error();
  const Result<Safetensors> file = read_safetensors(bytes.value());
  if (!file) return Error{file.error().id, settings.weights + ": " + file.error().sentence};
  const Result<Split> split = load_data({settings.data, example.value(), settings.seed});
  if (!split) return split.error();
  const Dataset& data = settings.train ? split.value().train : split.value().test;
  Result<Network> network = make_network(settings.model, data.example, data.classes(), settings.code);
  if (!network) return network.error();
  nn::Graph& graph = network.value().graph;
  if (const Result<void> loaded = nn::load_weights(graph, file.value()); !loaded)
    return Error{loaded.error().id, settings.weights + ": " + loaded.error().sentence};
  set_thread_count(settings.threads);
  TrainerParams params;
  params.objective = network.value().objective;
  const Evaluation result = evaluate(graph, data, params);
  const bool classes = params.objective == nn::Objective::classify;
  if (settings.json) {
    print_json(settings, data, result, classes);
    return {};
  }
  if (classes) {
    print_matrix(data, confusion_matrix(data, result.predicted));
    std::printf("loss %.4f\n", static_cast<double>(result.loss));
  }
  const char* const part = settings.train ? "train" : "test";
  if (classes)
    std::printf("%s accuracy %.2f %%\n", part, 100.0 * static_cast<double>(result.accuracy));
  else
    std::printf("%s loss %.6f\n", part, static_cast<double>(result.loss));
  return {};
}

}  // namespace

void add_eval_command(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* eval = root.add_subcommand("eval", "Loss, accuracy and confusion matrix of trained weights");
  auto s = std::make_shared<EvalSettings>();
  eval->add_option("MODEL", s->model, "Network: lenet5, small-cnn, mlp …")->required();
  eval->add_option("--weights", s->weights, "Its weights, safetensors")->required();
  eval->add_option("--data", s->data, data_help)->required();
  eval->add_option("--code", s->code, "autoencoder, vae: numbers in the middle; 0 = the network's own")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  eval->add_option("--size", s->size, "Side of the pictures of a folder and of shapes; 0 = the network's own")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  eval->add_option("--seed", s->seed, "The training's, which divided a folder without train/ and test/")
      ->capture_default_str();
  eval->add_option("--threads", s->threads, "0 = one for each core")->check(CLI::Range(0, 64))->capture_default_str();
  eval->add_flag("--train", s->train, "Of the training set instead of the test set");
  eval->add_flag("--json", s->json, "For programs");
  commands.push_back({eval, [s]() { return run_eval(*s); }});
}

}  // namespace cvlab::cli
