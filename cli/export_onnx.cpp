// cvlab export-onnx MODEL [--weights W] OUT.onnx
#include <cstdio>

#include "cli/command.hpp"
#include "cli/model_file.hpp"
#include "core/formats/file.hpp"
#include "core/formats/onnx.hpp"

namespace cvlab::cli {

namespace {

struct Settings {
  ModelRequest request;
  std::string out;
};

Result<void> run(const Settings& settings) {
  if (!settings.out.ends_with(".onnx"))
    return Error{"output-name", "The output \"" + settings.out + "\" must end in .onnx."};
  const Result<LoadedModel> model = load_model(settings.request);
  if (!model) return model.error();
  const Result<std::vector<std::uint8_t>> file = export_onnx(model.value().graph);
  if (!file) return file.error();
  if (Result<void> written = write_file(settings.out, file.value()); !written) return written;
  std::printf("%s: %zu bytes\n", settings.out.c_str(), file.value().size());
  return {};
}

}  // namespace

void add_export_onnx_command(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* command =
      root.add_subcommand("export-onnx", "Write a network as ONNX, for onnxruntime, OpenCV dnn, Netron");
  command->footer("Opset 11, batch axis N; the network as it answers, not as it trains.");
  auto settings = std::make_shared<Settings>();
  add_model_options(*command, settings->request);
  command->add_option("OUT", settings->out, "File to write: .onnx")->required();
  command->add_option("--weights", settings->request.weights, "Its weights, safetensors; without: random ones");
  command->add_option("--seed", settings->request.seed, "Of the random weights")->capture_default_str();
  commands.push_back({command, [settings] { return run(*settings); }});
}

}  // namespace cvlab::cli
