// cvlab: computer vision from the command line. Exit code 0, or 2 with one sentence on standard error.
#include <cstdio>
#include <exception>
#include <string>

#include "cli/command.hpp"

namespace {

int refuse(std::string sentence) {
  for (char& c : sentence)
    if (c == '\n') c = ' ';
  std::fprintf(stderr, "cvlab: %s\n", sentence.c_str());
  return 2;
}

// "image filter, image mean, …, list"
std::string names(const CLI::App& root) {
  std::string all;
  for (const CLI::App* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    const auto inner = command->get_subcommands([](const CLI::App*) { return true; });
    if (inner.empty()) all += (all.empty() ? "" : ", ") + command->get_name();
    for (const CLI::App* op : inner) all += (all.empty() ? "" : ", ") + command->get_name() + " " + op->get_name();
  }
  return all;
}

int run(int argc, char** argv) {
  CLI::App root("Computer vision, computed: what the demos of the course show, on your own files.", "cvlab");
  std::vector<cvlab::cli::Command> commands;
  cvlab::cli::add_image_commands(root, commands);
  cvlab::cli::add_list_command(root, commands);
  cvlab::cli::add_train_command(root, commands);
  cvlab::cli::add_eval_command(root, commands);
  cvlab::cli::add_summary_command(root, commands);
  cvlab::cli::add_predict_command(root, commands);
  cvlab::cli::add_export_onnx_command(root, commands);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error);  // --help
    return refuse(error.what());
  }
  for (const cvlab::cli::Command& command : commands) {
    if (!command.app->parsed()) continue;
    const cvlab::Result<void> result = command.run();
    return result ? 0 : refuse(result.error().sentence);
  }
  return refuse("Say what to do: " + names(root) + "; see cvlab --help.");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    return refuse("There is not enough memory for this.");
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}
