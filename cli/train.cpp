// cvlab train MODEL --data DATA …
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "cli/checkpoint.hpp"
#include "cli/command.hpp"
#include "cli/data_set.hpp"
#include "cli/network.hpp"
#include "cli/train_report.hpp"
#include "core/formats/file.hpp"
#include "core/nn/weights.hpp"
#include "core/parallel/parallel_for.hpp"

namespace cvlab::cli {

namespace {

constexpr double slice_seconds = 0.05;
constexpr int interrupted_code = 130;  // as a shell says of a program that Ctrl-C ended

volatile std::sig_atomic_t interrupted = 0;

// The first one asks the training to stop, a second one ends the program.
void on_interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

// A run from beginning to end; what it needs lies here, in the order in which each needs the one before.
class Run {
 public:
  explicit Run(const TrainSettings& settings) : settings_(settings) {}

  Result<void> prepare() {
    const Result<Shape> example = wanted_example(settings_.model, settings_.size);
    if (!example) return example.error();
    if (!settings_.save.empty())
      if (Result<void> good = check_writable(settings_.save); !good) return good;
    // Texts before files: a slip of the pen is told at once.
    if (const auto params = trainer_params(settings_, nn::Objective::classify, 1); !params) return params.error();
    Result<Split> data = load_data({settings_.data, example.value(), settings_.seed});
    if (!data) return data.error();
    data_ = std::move(data).value();
    Result<Network> network = make_network(settings_.model, data_.train.example, data_.train.classes(), settings_.code);
    if (!network) return network.error();
    network_ = std::move(network).value();
    Rng rng(settings_.seed);
    if (Result<void> made = network_.graph.initialise(rng); !made) return made;
    const int steps = (data_.train.count() + settings_.batch - 1) / settings_.batch;
    const auto params = trainer_params(settings_, network_.objective, steps);
    if (!params) return params.error();
    trainer_ = std::make_unique<Trainer>(network_.graph, data_.train, data_.test, params.value());
    if (!settings_.resume.empty()) {
      const Result<bool> resumed = resume(settings_.resume, network_.graph, *trainer_, settings_);
      if (!resumed) return resumed.error();
      std::fprintf(stderr, "%s\n",
                   resumed.value() ? ("going on after mini-batch " + std::to_string(trainer_->steps_done())).c_str()
                                   : "these are finished weights: training starts from them, with a new optimizer");
    }
    return {};
  }

  Result<void> train() {
    TrainReport report(*trainer_, settings_.epochs, has_classes());
    if (!settings_.log.empty())
      if (Result<void> good = report.open_log(settings_.log, !settings_.resume.empty()); !good) return good;
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
    std::size_t saved_epochs = trainer_->epochs().size();
    while (!trainer_->finished() && !interrupted) {
      trainer_->step(slice_seconds);
      report.update();
      if (settings_.save.empty() || trainer_->epochs().size() == saved_epochs || trainer_->finished()) continue;
      saved_epochs = trainer_->epochs().size();
      if (Result<void> saved = save(); !saved) return saved;
    }
    report.update(true);
    report.close();
    if (!trainer_->diverged().empty()) return Error{"train-diverged", trainer_->diverged()};
    if (!trainer_->finished()) return stop();
    return finish();
  }

 private:
  bool has_classes() const { return network_.objective == nn::Objective::classify; }
  Metadata metadata() const {
    return describe(settings_.model, data_.train, has_classes() ? data_.train.classes() : settings_.code);
  }
  Result<void> save() { return save_checkpoint(settings_.save, network_.graph, *trainer_, settings_, metadata()); }

  [[noreturn]] static void leave() {
    std::fflush(nullptr);
    std::_Exit(interrupted_code);
  }

  Result<void> stop() {
    const std::string where = "stopped after mini-batch " + std::to_string(trainer_->steps_done()) + " of " +
                              std::to_string(settings_.epochs * trainer_->steps_per_epoch());
    if (settings_.save.empty()) {
      std::fprintf(stderr, "%s; without --save nothing is kept\n", where.c_str());
      leave();
    }
    if (Result<void> saved = save(); !saved) return saved;
    std::fprintf(stderr, "%s; the checkpoint is in %s: go on with --resume %s\n", where.c_str(), settings_.save.c_str(),
                 settings_.save.c_str());
    leave();
  }

  Result<void> finish() {
    float accuracy = trainer_->epochs().empty() ? 0.0f : trainer_->epochs().back().test_accuracy;
    float loss = trainer_->epochs().empty() ? 0.0f : trainer_->epochs().back().test_loss;
    if (!settings_.save.empty()) {
      if (Result<void> saved = save_finished(settings_.save, network_.graph, settings_.half, metadata()); !saved)
        return saved;
      if (settings_.half) {  // what was rounded is what will be used
        const auto bytes = read_file(settings_.save);
        if (!bytes) return bytes.error();
        const auto file = read_safetensors(bytes.value());
        if (!file) return file.error();
        if (Result<void> loaded = nn::load_weights(network_.graph, file.value()); !loaded) return loaded;
        const Evaluation rounded = evaluate(network_.graph, data_.test, trainer_->params());
        accuracy = rounded.accuracy;
        loss = rounded.loss;
      }
    }
    if (has_classes())
      std::printf("test accuracy %.2f %%\n", 100.0 * static_cast<double>(accuracy));
    else
      std::printf("test loss %.6f\n", static_cast<double>(loss));
    return {};
  }

  const TrainSettings& settings_;
  Split data_;
  Network network_;
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace

void add_train_command(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* train = root.add_subcommand("train", "Train a network on a data set");
  auto settings = std::make_shared<TrainSettings>();
  add_train_options(*train, *settings);
  train->footer(
      "The last line on standard output is the result: \"test accuracy 89.12 %\". Ctrl-C saves a checkpoint in the "
      "file of "
      "--save; the same line with --resume goes on from it and ends where an uninterrupted run would have.\n"
      "Networks see pixels as v / 255.");
  commands.push_back({train, [settings]() -> Result<void> {
                        set_thread_count(settings->threads);
                        Run run(*settings);
                        if (Result<void> ready = run.prepare(); !ready) return ready;
                        return run.train();
                      }});
}

}  // namespace cvlab::cli
