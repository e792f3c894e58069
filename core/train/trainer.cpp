#include "core/train/trainer.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace cvlab {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int test_batch_size = 100;
constexpr std::uint64_t noise_stream = std::uint64_t{1} << 62;  // of the seed: what dropout and sampling draw

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// "relu 3": the layer whose value that is on the tape, as " (layer \"conv1.relu\")".
std::string layer_of(const nn::Graph& model, const std::string& node) {
  const std::size_t space = node.find_last_of(' ');
  int id = -1;
  if (space == std::string::npos) return {};
  const char* const last = node.data() + node.size();
  if (std::from_chars(node.data() + space + 1, last, id).ptr != last) return {};
  for (std::size_t i = 0; i < model.layers().size(); ++i)
    if (model.value_of(static_cast<int>(i)).id == id) return " (layer \"" + model.layers()[i].name + "\")";
  return {};
}

}  // namespace

const LossFunction::Value& LossFunction::forward(Tape& tape, nn::Graph& model, const TrainerParams& params,
                                                 const Tensor& images, std::span<const int> labels, bool training,
                                                 Rng& rng) {
  tape.rewind();
  const Var x = tape.input(images.view());
  Var out = model.forward(tape, x, training, rng);
  value_.right = 0;
  value_.predicted.clear();
  if (params.objective == nn::Objective::classify) {
    const ConstView logits = tape.value(out);
    const std::ptrdiff_t classes = logits.size(1);
    for (std::ptrdiff_t i = 0; i < logits.size(0); ++i) {
      const float* row = logits.data() + i * classes;
      const auto best = static_cast<int>(std::max_element(row, row + classes) - row);
      value_.predicted.push_back(best);
      value_.right += best == labels[static_cast<std::size_t>(i)];
    }
    value_.loss = cross_entropy(tape, out, labels, {}, training ? params.label_smoothing : 0.0f);
  } else {
    if (!(tape.shape(out) == images.shape())) out = reshape(tape, out, images.shape());
    value_.loss = mse_loss(tape, out, x);
    if (params.objective == nn::Objective::variational) {
      assert(model.extra_outputs.size() == 2 && "a variational network gives mean and log variance, too");
      const Var kl = gaussian_kl(tape, model.value_of(model.extra_outputs[0]), model.value_of(model.extra_outputs[1]));
      const std::ptrdiff_t pixels = images.count() / images.size(0);
      value_.loss = add(tape, scale(tape, value_.loss, static_cast<float>(pixels)), scale(tape, kl, params.kl_weight));
    }
  }
  value_.loss_value = static_cast<double>(*tape.value(value_.loss).data());
  return value_;
}

Evaluation evaluate(nn::Graph& model, const Dataset& data, const TrainerParams& params, int batch_size) {
  Evaluation result;
  if (data.count() == 0) return result;
  result.predicted.reserve(data.labels.size());
  Tape tape;
  const NoGradient off(tape);
  Loader loader(data, batch_size, false, params.seed, {}, params.normalisation);
  LossFunction loss_function;
  Tensor images;
  std::vector<int> labels;
  Rng rng(params.seed, noise_stream);
  double loss = 0.0;
  int right = 0;
  for (int b = 0; b < loader.batches(); ++b) {
    loader.batch(0, b, images, labels);
    const LossFunction::Value& value = loss_function.forward(tape, model, params, images, labels, false, rng);
    loss += value.loss_value * static_cast<double>(labels.size());
    right += value.right;
    result.predicted.insert(result.predicted.end(), value.predicted.begin(), value.predicted.end());
  }
  result.loss = static_cast<float>(loss / data.count());
  result.accuracy = static_cast<float>(right) / static_cast<float>(data.count());
  return result;
}

Trainer::Trainer(nn::Graph& model, const Dataset& train, const Dataset& test, const TrainerParams& params)
    : model_(model),
      test_(test),
      params_(params),
      optimizer_(params.optimizer),
      loader_(train, params.batch_size, true, params.seed, params.augmentation, params.normalisation),
      test_loader_(test, test_batch_size, false, params.seed, {}, params.normalisation) {
  assert(params.objective != nn::Objective::other && "this network needs a training of its own");
  assert(train.count() > 0 && "there is nothing to train on");
  test_tape_.set_recording(false);
  points_.reserve(static_cast<std::size_t>(
      std::min<std::int64_t>(static_cast<std::int64_t>(params.epochs) * loader_.batches(), 1 << 20)));
  progress_.epochs.reserve(static_cast<std::size_t>(params.epochs));
}

bool Trainer::finished() const {
  return !diverged_.empty() || stopped_early_ ||
         (!evaluating_ && progress_.steps >= params_.epochs * steps_per_epoch());
}

int Trainer::step(double budget_seconds) {
  const Clock::time_point start = Clock::now();
  const int before = progress_.steps;
  while (!finished()) {
    evaluating_ ? evaluate_batch() : train_batch();
    if (seconds_since(start) >= budget_seconds) break;
  }
  return progress_.steps - before;
}

void Trainer::train_batch() {
  const Clock::time_point start = Clock::now();
  const int epoch = progress_.steps / steps_per_epoch(), batch = progress_.steps % steps_per_epoch();
  loader_.batch(epoch, batch, images_, labels_);
  Rng rng(params_.seed, noise_stream | static_cast<std::uint64_t>(progress_.steps));
  const LossFunction::Value& value = loss_function_.forward(tape_, model_, params_, images_, labels_, true, rng);
  const auto loss = static_cast<float>(value.loss_value);
  if (std::isfinite(loss)) {
    zero_gradients(model_.parameters());
    tape_.backward(value.loss);
    optimizer_.params() = params_.optimizer;
    if (!std::isfinite(optimizer_.step(model_.parameters(), params_.schedule.factor(progress_.steps))))
      diverged_ = explain_divergence(loss);
  } else {
    diverged_ = explain_divergence(loss);
  }
  if (!diverged_.empty()) return;

  const auto count = static_cast<double>(labels_.size());
  points_.push_back({progress_.steps, loss, static_cast<float>(value.right / count)});
  ++progress_.steps;
  progress_.loss_sum += value.loss_value * count;
  progress_.right_sum += value.right;
  const double seconds = seconds_since(start);
  progress_.epoch_seconds += seconds;
  recent_images_ += count;
  recent_seconds_ += seconds;
  if (recent_seconds_ > 1.0) {
    recent_images_ *= 0.5;
    recent_seconds_ *= 0.5;
  }
  if (batch + 1 < steps_per_epoch()) return;
  evaluating_ = test_.count() > 0;
  test_batch_ = 0;
  test_loss_sum_ = 0.0;
  test_right_ = 0;
  if (!evaluating_) end_epoch(0.0f, 0.0f);
}

void Trainer::evaluate_batch() {
  test_loader_.batch(0, test_batch_, images_, labels_);
  Rng rng(params_.seed, noise_stream);
  const LossFunction::Value& value = loss_function_.forward(test_tape_, model_, params_, images_, labels_, false, rng);
  test_loss_sum_ += value.loss_value * static_cast<double>(labels_.size());
  test_right_ += value.right;
  if (++test_batch_ < test_loader_.batches()) return;
  evaluating_ = false;
  end_epoch(static_cast<float>(test_loss_sum_ / test_.count()),
            static_cast<float>(test_right_) / static_cast<float>(test_.count()));
}

void Trainer::end_epoch(float test_loss, float test_accuracy) {
  TrainerProgress& p = progress_;
  const double examples = static_cast<double>(loader_.examples());
  p.epochs.push_back({p.steps / steps_per_epoch(), static_cast<float>(p.loss_sum / examples),
                      static_cast<float>(p.right_sum / examples), test_loss, test_accuracy, p.epoch_seconds});
  p.loss_sum = p.right_sum = p.epoch_seconds = 0.0;
  p.epochs_without_better = test_loss < p.best_loss ? 0 : p.epochs_without_better + 1;
  p.best_loss = std::min(p.best_loss, test_loss);
  stopped_early_ = params_.patience > 0 && p.epochs_without_better >= params_.patience;
}

std::string Trainer::explain_divergence(float loss) {
  std::string text = "Training diverged in mini-batch " + std::to_string(progress_.steps + 1) + ": ";
  const std::string where = tape_.first_not_finite();
  if (!where.empty())
    text += "the first value that is not a finite number is in " + where + layer_of(model_, where) + ".";
  else
    text += std::isfinite(loss) ? "the gradients became too large." : "the loss is no finite number.";
  return text + " A smaller learning rate or gradient clipping may help.";
}

void Trainer::restore(const TrainerProgress& progress) {
  progress_ = progress;
  progress_.epochs.reserve(static_cast<std::size_t>(params_.epochs));
  points_.clear();
  // Of an epoch that is complete but not evaluated, the evaluation comes next.
  const int complete = progress_.steps / steps_per_epoch();
  evaluating_ = test_.count() > 0 && progress_.steps > 0 && progress_.steps % steps_per_epoch() == 0 &&
                static_cast<int>(progress_.epochs.size()) < complete;
  test_batch_ = 0;
  test_loss_sum_ = 0.0;
  test_right_ = 0;
  stopped_early_ = params_.patience > 0 && progress_.epochs_without_better >= params_.patience;
}

double Trainer::images_per_second() const { return recent_seconds_ > 0.0 ? recent_images_ / recent_seconds_ : 0.0; }

}  // namespace cvlab
