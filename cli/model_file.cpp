#include "cli/model_file.hpp"

#include <charconv>

#include "core/formats/file.hpp"
#include "core/nn/weights.hpp"

namespace cvlab::cli {

namespace {

// "1x28x28" -> {1, 28, 28}.
Result<Shape> parse_shape(const std::string& text) {
  std::vector<std::ptrdiff_t> extents;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (extents.size() < static_cast<std::size_t>(max_rank - 1)) {
    std::ptrdiff_t extent = 0;
    const auto [after, problem] = std::from_chars(at, end, extent);
    if (problem != std::errc{} || extent < 1) break;
    extents.push_back(extent);
    if (after == end) return Shape(std::span<const std::ptrdiff_t>(extents));
    if (*after != 'x') break;
    at = after + 1;
  }
  return Error{"input-size",
               "The input size \"" + text + "\" cannot be read: write channels x height x width, as 1x28x28."};
}

Result<nn::Graph> make(const std::string& model, const std::string& input, int classes) {
  if (input.empty()) return nn::make_model(model, {}, classes);
  const Result<Shape> shape = parse_shape(input);
  if (!shape) return shape.error();
  return nn::make_model(model, shape.value(), classes);
}

std::string text_of(const std::map<std::string, std::string>& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : found->second;
}

}  // namespace

void add_model_options(CLI::App& command, ModelRequest& request) {
  std::string names;
  for (const nn::ModelInfo& info : nn::all_models()) names += (names.empty() ? "" : ", ") + std::string(info.name);
  command.add_option("MODEL", request.model, "Network: " + names + ", resnet-N")->required();
  command.add_option("--input", request.input, "Size of its input, channels x height x width: 1x28x28");
  command
      .add_option("--classes", request.classes, "Classes it tells apart; of autoencoder and vae: numbers in the middle")
      ->check(CLI::Range(1, 100'000));
}

Result<nn::Graph> make_requested(const ModelRequest& request) {
  return make(request.model, request.input, request.classes);
}

Result<LoadedModel> load_model(const ModelRequest& request) {
  if (!nn::find_model(request.model)) return nn::make_model(request.model).error();
  LoadedModel loaded;
  if (request.weights.empty()) {
    Result<nn::Graph> graph = make_requested(request);
    if (!graph) return graph.error();
    loaded.graph = std::move(graph).value();
    Rng rng(request.seed);
    if (Result<void> made = loaded.graph.initialise(rng); !made) return made.error();
    return loaded;
  }
  const auto bytes = read_file(request.weights);
  if (!bytes) return bytes.error();
  Result<Safetensors> file = read_safetensors(bytes.value());
  if (!file) return Error{file.error().id, request.weights + ": " + file.error().sentence};
  loaded.metadata = std::move(file.value().metadata);
  if (const std::string theirs = text_of(loaded.metadata, "model"); !theirs.empty() && theirs != request.model)
    return Error{"weights-model",
                 request.weights + ": these are weights of " + theirs + ", not of " + request.model + "."};
  int classes = request.classes;
  if (const std::string text = text_of(loaded.metadata, "classes"); classes == 0)
    std::from_chars(text.data(), text.data() + text.size(), classes);
  Result<nn::Graph> graph =
      make(request.model, request.input.empty() ? text_of(loaded.metadata, "input") : request.input, classes);
  if (!graph) return graph.error();
  loaded.graph = std::move(graph).value();
  if (const Result<void> filled = nn::load_weights(loaded.graph, file.value()); !filled)
    return Error{filled.error().id, request.weights + ": " + filled.error().sentence};
  return loaded;
}

}  // namespace cvlab::cli
