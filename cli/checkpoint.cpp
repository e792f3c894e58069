#include "cli/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/formats/file.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::cli {

namespace {

using Json = nlohmann::json;

constexpr const char* first_prefix = "optimizer.first.";
constexpr const char* second_prefix = "optimizer.second.";

Json to_json(const TrainerProgress& p) {
  Json epochs = Json::array();
  for (const EpochResult& e : p.epochs)
    epochs.push_back({e.epoch, e.train_loss, e.train_accuracy, e.test_loss, e.test_accuracy, e.seconds});
  Json json = {{"steps", p.steps},
               {"loss_sum", p.loss_sum},
               {"right_sum", p.right_sum},
               {"epoch_seconds", p.epoch_seconds},
               {"epochs_without_better", p.epochs_without_better},
               {"epochs", epochs}};
  if (!p.epochs.empty()) json["best_loss"] = p.best_loss;  // infinite before
  return json;
}

// False when the text is not one that to_json() wrote.
bool from_json(const std::string& text, TrainerProgress& p) {
  const Json json = Json::parse(text, nullptr, false);
  const auto number = [](const Json& object, const auto& key, auto& target) {
    if (!object.contains(key) || !object[key].is_number()) return false;
    object[key].get_to(target);
    return true;
  };
  if (!json.is_object() || !number(json, "steps", p.steps) || !number(json, "loss_sum", p.loss_sum) ||
      !number(json, "right_sum", p.right_sum) || !number(json, "epoch_seconds", p.epoch_seconds) ||
      !number(json, "epochs_without_better", p.epochs_without_better) || !json.contains("epochs") ||
      !json["epochs"].is_array() || p.steps < 0)
    return false;
  (void)number(json, "best_loss", p.best_loss);
  for (const Json& e : json["epochs"]) {
    if (!e.is_array() || e.size() != 6 || !std::all_of(e.begin(), e.end(), [](const Json& v) { return v.is_number(); }))
      return false;
    p.epochs.push_back({e[0].get<int>(), e[1].get<float>(), e[2].get<float>(), e[3].get<float>(), e[4].get<float>(),
                        e[5].get<double>()});
  }
  return true;
}

std::string options_text(const TrainSettings& settings) {
  Json json = Json::object();
  for (const auto& [option, value] : identity(settings)) json[option] = value;
  return json.dump();
}

Result<void> replace_file(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  const std::string part = path + ".part";
  if (Result<void> written = write_file(part, bytes); !written) return written;
  std::error_code problem;
  std::filesystem::rename(part, path, problem);
  if (problem) return Error{"file-write", "The file \"" + path + "\" cannot be written.", {path}};
  return {};
}

// One moment of every parameter; empty ones stay empty.
Result<void> restore_moments(const std::string& path, const Safetensors& file, const char* prefix,
                             std::span<const Parameter> parameters, std::vector<Tensor>& moments) {
  moments.assign(parameters.size(), Tensor());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto found = file.tensors.find(prefix + parameters[i].name);
    if (found == file.tensors.end()) continue;
    if (!(found->second.shape() == parameters[i].value.shape()))
      return Error{"checkpoint-damaged",
                   "The checkpoint \"" + path + "\" is damaged: the optimizer's moments do not fit the weights."};
    moments[i] = found->second;
  }
  return {};
}

Result<void> check_options(const std::string& path, const std::string& text, const TrainSettings& settings) {
  const Json made = Json::parse(text, nullptr, false);
  for (const auto& [option, value] : identity(settings)) {
    const std::string before =
        made.is_object() && made.contains(option) && made[option].is_string() ? made[option].get<std::string>() : "";
    if (before != value)
      return Error{"checkpoint-options", "The checkpoint \"" + path + "\" was made with " + option + " " +
                                             (before.empty() ? "left out" : before) +
                                             ": go on with the same options, or start without --resume."};
  }
  return {};
}

}  // namespace

Result<void> save_checkpoint(const std::string& path, const nn::Graph& model, Trainer& trainer,
                             const TrainSettings& settings, Metadata metadata) {
  metadata["options"] = options_text(settings);
  metadata["progress"] = to_json(trainer.progress()).dump();
  metadata["optimizer.steps"] = std::to_string(trainer.optimizer().steps());
  std::vector<NamedView> extra;
  const auto add = [&](const char* prefix, const std::vector<Tensor>& moments) {
    for (std::size_t i = 0; i < moments.size(); ++i)
      if (!moments[i].empty()) extra.push_back({prefix + model.parameters()[i].name, moments[i].view()});
  };
  add(first_prefix, trainer.optimizer().first_moments());
  add(second_prefix, trainer.optimizer().second_moments());
  return replace_file(path, nn::save_weights(model, WeightType::f32, metadata, extra));
}

Result<void> save_finished(const std::string& path, const nn::Graph& model, bool half, const Metadata& metadata) {
  return replace_file(path, nn::save_weights(model, half ? WeightType::f16 : WeightType::f32, metadata));
}

Result<bool> resume(const std::string& path, nn::Graph& model, Trainer& trainer, const TrainSettings& settings) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  const Result<Safetensors> file = read_safetensors(bytes.value());
  if (!file) return Error{file.error().id, path + ": " + file.error().sentence};
  if (const Result<void> loaded = nn::load_weights(model, file.value()); !loaded)
    return Error{loaded.error().id, path + ": " + loaded.error().sentence};
  const std::map<std::string, std::string>& metadata = file.value().metadata;
  const auto progress_text = metadata.find("progress");
  if (progress_text == metadata.end()) return false;
  const auto options = metadata.find("options");
  if (Result<void> same = check_options(path, options == metadata.end() ? "" : options->second, settings); !same)
    return same.error();
  TrainerProgress progress;
  int steps = -1;
  if (const auto text = metadata.find("optimizer.steps"); text != metadata.end())
    std::from_chars(text->second.data(), text->second.data() + text->second.size(), steps);
  if (!from_json(progress_text->second, progress) || steps < 0)
    return Error{"checkpoint-damaged",
                 "The checkpoint \"" + path + "\" is damaged: where the run stood cannot be read."};
  Optimizer& optimizer = trainer.optimizer();
  for (auto& [prefix, moments] :
       {std::pair{first_prefix, &optimizer.first_moments()}, std::pair{second_prefix, &optimizer.second_moments()}})
    if (Result<void> good = restore_moments(path, file.value(), prefix, model.parameters(), *moments); !good)
      return good.error();
  optimizer.set_steps(steps);
  trainer.restore(progress);
  return true;
}

Result<void> check_writable(const std::string& path) {
  const std::string part = path + ".part";
  if (!write_file(part, {}) || std::filesystem::is_directory(path))
    return Error{"file-write", "The file \"" + path + "\" cannot be written.", {path}};
  std::remove(part.c_str());
  return {};
}

}  // namespace cvlab::cli
