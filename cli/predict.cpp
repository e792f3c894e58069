// cvlab predict MODEL --weights W IMAGE…: what a network answers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command.hpp"
#include "cli/data_folder.hpp"
#include "cli/model_file.hpp"
#include "core/data/decimal.hpp"
#include "core/formats/file.hpp"
#include "core/formats/npy.hpp"
#include "core/image/codec.hpp"
#include "core/nn/shapes.hpp"

namespace cvlab::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Settings {
  ModelRequest request;
  std::vector<std::string> files;
  bool json = false;
};

struct Input {
  Tensor values;                      // (1, …)
  std::optional<Image> resized_from;  // its size only
};

struct Answer {
  std::vector<std::string> files;
  std::vector<std::optional<Image>> resized_from;
  Shape shape;  // of one example
  std::vector<float> values;
};

// What the weights were trained with, when their metadata says something else than Normalisation's own.
Result<Normalisation> normalisation_of(const LoadedModel& model, const std::string& weights) {
  Normalisation normalisation;
  for (const auto& [key, target] :
       {std::pair{"mean", &normalisation.mean}, std::pair{"deviation", &normalisation.deviation}}) {
    const auto found = model.metadata.find(key);
    if (found == model.metadata.end()) continue;
    double value = 0.0;
    if (!read_decimal(found->second, value) || (target == &normalisation.deviation && value <= 0.0))
      return Error{"weights-normalisation",
                   weights + ": its metadata \"" + key + "\" is no number that could be used."};
    *target = static_cast<float>(value);
  }
  return normalisation;
}

Result<Input> from_npy(const std::string& file, std::span<const std::uint8_t> bytes, const Shape& wanted) {
  Result<Tensor> array = read_npy(bytes);
  if (!array) return Error{array.error().id, file + ": " + array.error().sentence};
  if (!(array.value().shape() == wanted))
    return Error{"predict-shape", "The array in \"" + file + "\" is " + nn::to_text(array.value().shape()) +
                                      "; the network takes " + nn::to_text(wanted) + "."};
  Input input{Tensor(nn::with_batch(1, wanted)), {}};
  std::copy_n(array.value().data(), wanted.count(), input.values.data());
  return input;
}

Result<Input> read_input(const std::string& file, const Shape& wanted, const Normalisation& normalisation) {
  const auto bytes = read_file(file);
  if (!bytes) return bytes.error();
  if (file.ends_with(".npy")) return from_npy(file, bytes.value(), wanted);
  if (wanted.rank() != 3 || (wanted[0] != 1 && wanted[0] != 3))
    return Error{"predict-picture", "The network takes an input of " + nn::to_text(wanted) +
                                        ", which a picture is not: give it as .npy instead of \"" + file + "\"."};
  Result<Image> decoded = decode_image(bytes.value());
  if (!decoded) return Error{decoded.error().id, file + ": " + decoded.error().sentence};
  Image image = std::move(decoded).value();
  const auto channels = static_cast<int>(wanted[0]), height = static_cast<int>(wanted[1]),
             width = static_cast<int>(wanted[2]);
  Input input{Tensor(nn::with_batch(1, wanted)), {}};
  if (image.height != height || image.width != width) {
    input.resized_from.emplace();
    input.resized_from->height = image.height;
    input.resized_from->width = image.width;
    image = resize_area(image, height, width);
  }
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        input.values(0, c, y, x) =
            (static_cast<float>(channel_value(image, y, x, c, channels)) / 255.0f - normalisation.mean) /
            normalisation.deviation;
  return input;
}

std::vector<Shape> input_shapes(const nn::Graph& graph) {
  std::vector<Shape> shapes;
  for (const nn::Layer& layer : graph.layers())
    if (layer.kind == nn::LayerKind::input) shapes.push_back(layer.shape);
  return shapes;
}

// One answer for every group of as many files as the network has inputs.
Result<std::vector<Answer>> answer_all(LoadedModel& model, const Settings& settings) {
  const Result<Normalisation> normalisation = normalisation_of(model, settings.request.weights);
  if (!normalisation) return normalisation.error();
  const std::vector<Shape> shapes = input_shapes(model.graph);
  if (settings.files.size() % shapes.size() != 0)
    return Error{"predict-inputs", "The network " + settings.request.model + " reads " + std::to_string(shapes.size()) +
                                       " files for one answer, one for each of its inputs."};
  std::vector<Answer> answers;
  Tape tape;
  const NoGradient off(tape);
  Rng rng(settings.request.seed);
  for (std::size_t at = 0; at < settings.files.size(); at += shapes.size()) {
    Answer answer;
    tape.rewind();
    std::vector<Var> inputs;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const std::string& file = settings.files[at + i];
      const Result<Input> input = read_input(file, shapes[i], normalisation.value());
      if (!input) return input.error();
      inputs.push_back(tape.input(input.value().values.view()));
      answer.files.push_back(file);
      answer.resized_from.push_back(input.value().resized_from);
    }
    const Var out = model.graph.forward(tape, inputs, false, rng);
    const ConstView values = tape.value(out);
    std::vector<std::ptrdiff_t> extents;
    for (int axis = 1; axis < values.shape().rank(); ++axis) extents.push_back(values.size(axis));
    answer.shape = Shape(std::span<const std::ptrdiff_t>(extents));
    answer.values.assign(values.data(), values.data() + values.count());
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<double> probabilities_of(const std::vector<float>& logits) {
  const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  std::vector<double> p;
  double sum = 0.0;
  for (const float logit : logits) {
    p.push_back(std::exp(static_cast<double>(logit) - largest));
    sum += p.back();
  }
  for (double& value : p) value /= sum;
  return p;
}

// The names in the weights' metadata, or the classes' numbers.
std::vector<std::string> class_names(const LoadedModel& model, std::size_t count) {
  std::vector<std::string> names;
  if (const auto found = model.metadata.find("class_names"); found != model.metadata.end()) {
    const Json json = Json::parse(found->second, nullptr, false);
    if (json.is_array())
      for (const Json& one : json)
        if (one.is_string()) names.push_back(one.get<std::string>());
  }
  if (names.size() == count) return names;
  names.clear();
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

std::string joined(const std::vector<std::string>& files) {
  std::string all;
  for (const std::string& file : files) all += (all.empty() ? "" : " + ") + file;
  return all;
}

void print_text(const LoadedModel& model, const std::vector<Answer>& answers, bool classes) {
  for (const Answer& answer : answers) {
    std::string line = joined(answer.files) + ":";
    if (classes) {
      const std::vector<double> p = probabilities_of(answer.values);
      const std::vector<std::string> names = class_names(model, p.size());
      std::vector<std::size_t> order(p.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
      for (std::size_t i = 0; i < std::min<std::size_t>(3, order.size()); ++i) {
        char share[32];
        std::snprintf(share, sizeof share, " %.1f %%", 100.0 * p[order[i]]);
        line += (i == 0 ? " " : ", ") + names[order[i]] + share;
      }
    } else {
      const auto [least, most] = std::minmax_element(answer.values.begin(), answer.values.end());
      char text[96];
      std::snprintf(text, sizeof text, " numbers, %g to %g", static_cast<double>(*least), static_cast<double>(*most));
      line += " " + nn::to_text(answer.shape) + text;
    }
    for (const std::optional<Image>& from : answer.resized_from)
      if (from) line += " (resized from " + std::to_string(from->width) + "x" + std::to_string(from->height) + ")";
    std::puts(line.c_str());
  }
}

void print_json(const LoadedModel& model, const std::vector<Answer>& answers, bool classes) {
  Json predictions = Json::array();
  for (const Answer& answer : answers) {
    Json one = {{"files", answer.files}};
    Json resized = Json::array();
    for (std::size_t i = 0; i < answer.files.size(); ++i)
      if (answer.resized_from[i])
        resized.push_back({{"file", answer.files[i]},
                           {"width", answer.resized_from[i]->width},
                           {"height", answer.resized_from[i]->height}});
    if (classes) {
      const std::vector<double> p = probabilities_of(answer.values);
      const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
      one["class"] = best;
      one["name"] = class_names(model, p.size())[best];
      one["logits"] = answer.values;
      one["probabilities"] = p;
    } else {
      Json shape = Json::array();
      for (int axis = 0; axis < answer.shape.rank(); ++axis) shape.push_back(answer.shape[axis]);
      one["shape"] = shape;
      one["output"] = answer.values;
    }
    one["resized_from"] = resized;
    predictions.push_back(one);
  }
  const Json all = {{"model", model.graph.name()}, {"predictions", predictions}};
  std::puts(all.dump(1, ' ', false, Json::error_handler_t::replace).c_str());
}

Result<void> run(const Settings& settings) {
  Result<LoadedModel> model = load_model(settings.request);
  if (!model) return model.error();
  const Result<std::vector<Answer>> answers = answer_all(model.value(), settings);
  if (!answers) return answers.error();
  const bool classes = nn::find_model(settings.request.model)->objective == nn::Objective::classify;
  settings.json ? print_json(model.value(), answers.value(), classes)
                : print_text(model.value(), answers.value(), classes);
  return {};
}

}  // namespace

void add_predict_command(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* command = root.add_subcommand("predict", "What a trained network answers to pictures");
  command->footer(
      "Pictures are brought to the network's size and channels, 0..255 to what it was trained with (0..1 unless the "
      "weights say otherwise). A .npy is the network's input itself. A network with several inputs reads as many files "
      "for each answer.");
  auto settings = std::make_shared<Settings>();
  add_model_options(*command, settings->request);
  command->add_option("IMAGE", settings->files, "PNG, JPEG or .npy")->required();
  command->add_option("--weights", settings->request.weights, "Its weights, safetensors")->required();
  command->add_flag("--json", settings->json, "For programs: logits and probabilities, or the output's numbers");
  commands.push_back({command, [settings] { return run(*settings); }});
}

}  // namespace cvlab::cli
