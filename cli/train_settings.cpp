#include "cli/train_settings.hpp"

#include "cli/data_set.hpp"
#include "cli/number.hpp"

namespace cvlab::cli {

namespace {

std::string text_of(double value) { return CLI::detail::to_string(value); }

}  // namespace

void add_train_options(CLI::App& command, TrainSettings& s) {
  command.add_option("MODEL", s.model, "Network: lenet5, small-cnn, mlp … (an unknown name gets the list)")->required();
  command.add_option("--data", s.data, data_help)->required();
  command.add_option("--epochs", s.epochs, "How often every example is seen")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command.add_option("--batch", s.batch, "Examples in a mini-batch")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  command.add_option("--lr", s.rate, "Learning rate")->check(number(0.0, 1000.0))->capture_default_str();
  command.add_option("--optimizer", s.optimizer, "sgd, momentum, nesterov, adagrad, rmsprop, adam or adamw")
      ->capture_default_str();
  command.add_option("--momentum", s.momentum, "Of momentum and nesterov")
      ->check(number(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--weight-decay", s.weight_decay, "Pulls weights to zero; decoupled in adamw")
      ->check(number(0.0, 100.0))
      ->capture_default_str();
  command.add_option("--clip-norm", s.clip_norm, "Largest norm of all gradients together; 0 = off")
      ->check(number(0.0, 1e9))
      ->capture_default_str();
  command.add_option(
      "--schedule", s.schedule,
      "Learning rate over time: constant, cosine, step=EPOCHS with factor=0.1; warmup=EPOCHS: \"cosine,warmup=1\"");
  command.add_option("--augment", s.augment,
                     "What happens to training pictures: mirror, rotate=DEGREES, shift=PIXELS, scale=SHARE, "
                     "blur=SIGMA, noise=SHARE, cutout=PIXELS: \"rotate=10,shift=2\"");
  command.add_option("--label-smoothing", s.label_smoothing, "Share of the truth spread over all classes")
      ->check(number(0.0, 0.99))
      ->capture_default_str();
  command.add_option("--kl-weight", s.kl_weight, "vae: weight of the code's divergence")
      ->check(number(0.0, 1000.0))
      ->capture_default_str();
  command.add_option("--code", s.code, "autoencoder, vae: numbers in the middle; 0 = the network's own")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command.add_option("--patience", s.patience, "Stop after so many epochs without a better test loss; 0 = never")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command.add_option("--size", s.size, "Side of the pictures of a folder and of shapes; 0 = the network's own")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      .add_option("--seed", s.seed, "Initial weights, order, augmentation, dropout: the same seed gives the same run")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 53))
      ->capture_default_str();
  command.add_option("--threads", s.threads, "0 = one for each core")->check(CLI::Range(0, 64))->capture_default_str();
  command.add_option("--save", s.save,
                     "Weights, as safetensors; after each epoch and on Ctrl-C a checkpoint, in the same file");
  command.add_flag("--half", s.half, "Save the finished weights in 16 bits; the accuracy printed is theirs");
  command.add_option("--resume", s.resume, "Go on from a checkpoint (with the same options), or from finished weights");
  command.add_option("--log", s.log, "One JSON object a line for each mini-batch and epoch");
}

Result<TrainerParams> trainer_params(const TrainSettings& s, nn::Objective objective, int steps_per_epoch) {
  TrainerParams p;
  const Result<OptimizerKind> kind = parse_optimizer(s.optimizer);
  if (!kind) return kind.error();
  const Result<Schedule> schedule = parse_schedule(s.schedule, s.epochs * steps_per_epoch, steps_per_epoch);
  if (!schedule) return schedule.error();
  const Result<Augmentation> augmentation = parse_augmentation(s.augment);
  if (!augmentation) return augmentation.error();
  p.objective = objective;
  p.epochs = s.epochs;
  p.batch_size = s.batch;
  p.optimizer.kind = kind.value();
  p.optimizer.learning_rate = static_cast<float>(s.rate);
  p.optimizer.momentum = static_cast<float>(s.momentum);
  p.optimizer.weight_decay = static_cast<float>(s.weight_decay);
  p.optimizer.clip_norm = static_cast<float>(s.clip_norm);
  if (kind.value() == OptimizerKind::adagrad) p.optimizer.epsilon = 1e-10f;  // as PyTorch has it
  p.schedule = schedule.value();
  p.augmentation = augmentation.value();
  p.label_smoothing = static_cast<float>(s.label_smoothing);
  p.kl_weight = static_cast<float>(s.kl_weight);
  p.patience = s.patience;
  p.seed = s.seed;
  return p;
}

std::vector<std::pair<std::string, std::string>> identity(const TrainSettings& s) {
  return {{"MODEL", s.model},
          {"--data", s.data},
          {"--epochs", std::to_string(s.epochs)},
          {"--batch", std::to_string(s.batch)},
          {"--lr", text_of(s.rate)},
          {"--optimizer", s.optimizer},
          {"--momentum", text_of(s.momentum)},
          {"--weight-decay", text_of(s.weight_decay)},
          {"--clip-norm", text_of(s.clip_norm)},
          {"--schedule", s.schedule},
          {"--augment", s.augment},
          {"--label-smoothing", text_of(s.label_smoothing)},
          {"--kl-weight", text_of(s.kl_weight)},
          {"--code", std::to_string(s.code)},
          {"--patience", std::to_string(s.patience)},
          {"--size", std::to_string(s.size)},
          {"--seed", std::to_string(s.seed)}};
}

}  // namespace cvlab::cli
