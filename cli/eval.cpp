// cvlab eval MODEL --weights W --data DATA: loss, accuracy, confusion matrix of the test set.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/data_set.hpp"
#include "cli/model_file.hpp"
#include "cli/network.hpp"
#include "core/nn/shapes.hpp"
#include "core/parallel/parallel_for.hpp"
#include "core/train/trainer.hpp"

namespace cvlab::cli {

namespace {

struct EvalSettings {
  std::string model, weights, data;
  int threads = 0;
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
  ModelRequest request;
  request.model = settings.model;
  request.weights = settings.weights;
  Result<LoadedModel> loaded = load_model(request);
  if (!loaded) return loaded.error();
  nn::Graph& graph = loaded.value().graph;
  const nn::Objective objective = nn::find_model(settings.model)->objective;
  if (objective == nn::Objective::other) return not_trained_here(settings.model);
  const Shape input = graph.layers()[0].shape;
  if (input.rank() != 3) return Error{"model-input", "The network " + settings.model + " does not take pictures."};
  const Result<Split> split = load_data({settings.data, input, settings.seed});
  if (!split) return split.error();
  const Dataset& data = settings.train ? split.value().train : split.value().test;
  const bool classes = objective == nn::Objective::classify;
  const Result<nn::Summary> summary = graph.summarise();
  if (!summary) return summary.error();
  const Shape& output = summary.value().layers.back().output;
  if (!(data.example == input) || (classes && output[1] != data.classes()))
    return Error{"eval-fit", "The weights in \"" + settings.weights + "\" are for pictures of " + nn::to_text(input) +
                                 (classes ? " and " + std::to_string(output[1]) + " classes" : "") + "; " + data.name +
                                 " has " + nn::to_text(data.example) +
                                 (classes ? " and " + std::to_string(data.classes()) + " classes." : ".")};
  set_thread_count(settings.threads);
  TrainerParams params;
  params.objective = objective;
  const Evaluation result = evaluate(graph, data, params);
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
  eval->add_option("--seed", s->seed, "The training's, which divided a folder without train/ and test/")
      ->capture_default_str();
  eval->add_option("--threads", s->threads, "0 = one for each core")->check(CLI::Range(0, 64))->capture_default_str();
  eval->add_flag("--train", s->train, "Of the training set instead of the test set");
  eval->add_flag("--json", s->json, "For programs");
  commands.push_back({eval, [s]() { return run_eval(*s); }});
}

}  // namespace cvlab::cli
