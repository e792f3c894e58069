// The sub-commands of `cvlab`. Each adds itself to the command line; what it returns runs when it was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "core/result.hpp"

namespace cvlab::cli {

using Action = std::function<Result<void>()>;

struct Command {
  CLI::App* app;
  Action run;
};

// Appends to `commands` what it added to `root`.
void add_export_onnx_command(CLI::App& root, std::vector<Command>& commands);
void add_image_commands(CLI::App& root, std::vector<Command>& commands);
void add_eval_command(CLI::App& root, std::vector<Command>& commands);
void add_list_command(CLI::App& root, std::vector<Command>& commands);
void add_predict_command(CLI::App& root, std::vector<Command>& commands);
void add_summary_command(CLI::App& root, std::vector<Command>& commands);
void add_train_command(CLI::App& root, std::vector<Command>& commands);

}  // namespace cvlab::cli
