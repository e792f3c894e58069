#include "app/demos/train-cnn/train_cnn.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "core/image/codec.hpp"

namespace cvlab::app {

namespace {

// Without a thread a frame works for so long, a part of it on a test result. With one more mini-batch begun that fits
// between two frames of a screen, and is far from the 50 ms after which a page feels slow.
constexpr double slice_seconds = 0.012;
constexpr double predict_seconds = 0.004;

std::string kilobytes(std::size_t bytes) { return std::to_string((bytes + 500) / 1000); }

}  // namespace

std::unique_ptr<Demo> make_train_cnn(DemoContext context) { return std::make_unique<TrainCnn>(context); }

bool TrainCnn::update(double dt) {
  if (state_.version() != seen_state_ || files_.version() != seen_files_) follow();
  if (!session_) return playing_ && loading_;
  const bool slice = dt > 0.0;
  const double predicting_seconds = slice && next_epoch_ >= 0 ? predict_seconds : 0.0;
  drive(slice ? slice_seconds - predicting_seconds : 0.0);
  collect();
  const bool predicting = predict(predicting_seconds);
  examine(dt);
  seen_state_ = state_.version();  // after our own writes
  const bool waiting = playing_ && steps() < limit() && session_->snapshot().diverged.empty();
  return running_ || predicting || waiting;
}

void TrainCnn::follow() {
  seen_state_ = state_.version();
  remark_ = {};
  load();
  seen_files_ = files_.version();
  if (!split_) {
    session_.reset();
    running_ = false;
    return;
  }
  const Recipe wanted = recipe();
  if (!session_ || !(wanted == recipe_)) {
    const bool only_recipe = session_ && state_.raw("steps") == steps_text_;
    begin(wanted);
    if (only_recipe) (void)state_.set("steps", "0");
  }
  if (state_.raw("steps") == steps_text_) return;
  int asked = state_.integer("steps");
  if (asked > limit()) {
    remark_ = {
        "train-cnn.no_such_step",
        "Training has " + std::to_string(limit()) + " steps in all; there is no step " + std::to_string(asked) + ".",
        {std::to_string(limit()), std::to_string(asked)}};
    asked = limit();
    (void)state_.set("steps", std::to_string(asked));
  }
  steps_text_ = state_.raw("steps");
  target_ = asked;
  if (asked < steps()) begin(recipe_);  // the same way again, up to there
}

// The pictures of the chosen set; leaves split_ empty, with the reason in problem_, while they are not there.
void TrainCnn::load() {
  const std::string id(state_.choice("data"));
  if (split_ && data_ == id) return;
  split_.reset();
  data_ = id;
  loading_ = true;
  std::size_t done = 0;
  std::size_t total = 0;
  bool ready = true;
  const FileLibrary::Entry* entries[4];
  const char* const endings[4] = {"-train.png", "-train.labels", "-test.png", "-test.labels"};
  for (int i = 0; i < 4; ++i) {
    entries[i] = &files_.get("data/" + id + endings[i]);
    done += entries[i]->done;
    total += entries[i]->total;
    ready = ready && entries[i]->status == FileLibrary::Status::ready;
    if (entries[i]->status != FileLibrary::Status::failed) continue;
    problem_ = entries[i]->error;
    loading_ = false;
    return;
  }
  if (!ready) {
    problem_ = {"train-cnn.loading",
                "The pictures are on their way: " + kilobytes(done) + " kB of " + kilobytes(total) + ".",
                {kilobytes(done), total > 0 ? kilobytes(total) : "…"}};
    return;
  }
  loading_ = false;
  auto split = std::make_shared<Split>();
  for (int part = 0; part < 2; ++part) {
    const Result<Image> image = decode_image(entries[2 * part]->bytes);
    Result<Dataset> data =
        image ? dataset_from_sprite(id, image.value(), entries[2 * part + 1]->bytes, known_class_names(id))
              : Result<Dataset>(image.error());
    if (!data) {
      problem_ = data.error();
      return;
    }
    (part == 0 ? split->train : split->test) = std::move(data).value();
  }
  split_ = std::move(split);
  result_ = {};  // they refer to the set before
  next_ = {};
  recipe_ = {};
  problem_ = {};
}

TrainCnn::Recipe TrainCnn::recipe() const {
  int batch = 1;
  const std::string_view text = state_.choice("batch");
  std::from_chars(text.data(), text.data() + text.size(), batch);
  return {std::string(state_.choice("data")),
          std::string(state_.choice("optimizer")),
          state_.real("rate"),
          batch,
          state_.integer("seed"),
          state_.toggle("augment")};
}

// A network as it is before training, and a session to train it.
void TrainCnn::begin(const Recipe& wanted) {
  if (!curves_.loss.empty()) before_ = std::move(curves_);
  if (wanted.data != recipe_.data) before_ = {};
  recipe_ = wanted;
  TrainerParams params;
  params.epochs = most_epochs;  // the parameter "epochs" says where a run pauses, so that it can be moved later
  params.batch_size = wanted.batch;
  params.optimizer.kind = parse_optimizer(wanted.optimizer).value();
  params.optimizer.learning_rate = static_cast<float>(wanted.rate);
  if (wanted.augment) params.augmentation = {.rotate = 8.0F, .shift = 1.0F, .scale = 0.05F};
  params.seed = static_cast<std::uint64_t>(wanted.seed);

  model_ = nn::make_model("small-cnn", split_->train.example, split_->train.classes()).value();
  Rng rng(params.seed);
  (void)model_.initialise(rng);
  summary_ = model_.summarise().value();
  loader_.clear();
  loader_.emplace_back(split_->train, params.batch_size, true, params.seed, params.augmentation, params.normalisation);
  steps_per_epoch_ = loader_.front().batches();
  session_ = std::make_unique<TrainingSession>(model_, split_, params);
  running_ = false;
  goal_ = 0;

  curves_ = {};
  loss_mean_ = RunningMean(smoothing);
  accuracy_mean_ = RunningMean(smoothing);
  result_epoch_ = next_epoch_ = -1;
  examined_steps_ = examined_epoch_ = -1;
  listed_epoch_ = -1;
}

// Trains towards the end (Play) or the step that is asked for, and writes down where it came to rest.
void TrainCnn::drive(double seconds) {
  const bool diverged = !session_->snapshot().diverged.empty();
  const int goal = diverged ? 0 : playing_ ? limit() : target_;
  if (goal > steps() && (!running_ || goal != goal_)) {
    session_->run(goal);
    goal_ = goal;
    running_ = true;
  }
  if (!running_) return;
  if (goal < steps()) session_->pause();  // at the goal it stops by itself, when the epoch's test is done
  const bool still = session_->running();
  session_->work(seconds);
  if (still) return;
  running_ = false;
  target_ = steps();
  (void)state_.set("steps", std::to_string(target_));
  steps_text_ = state_.raw("steps");
}

void TrainCnn::play(bool on) {
  playing_ = on;
  if (on) look_at_epoch(most_epochs);
}

void TrainCnn::restart() {
  files_.retry();
  if (!session_) return;
  begin(recipe_);
  steps_text_ = state_.raw("steps");
  target_ = state_.integer("steps");
}

void TrainCnn::look_at_epoch(int epoch) {
  (void)state_.set("epoch", std::to_string(epoch >= epochs_done() ? most_epochs : std::max(0, epoch)));
}

// Forward: one mini-batch. Back, and forward again: from epoch to epoch of what has been trained.
bool TrainCnn::step(int delta) {
  if (!session_) return false;
  if (delta < 0) {
    const int back = shown_epoch() - 1;
    if (back < 0) return false;
    look_at_epoch(back);
    return true;
  }
  if (looks_back()) {
    look_at_epoch(state_.integer("epoch") + 1);
    return true;
  }
  if (running_ || steps() >= limit() || !session_->snapshot().diverged.empty()) return false;
  return static_cast<bool>(state_.set("steps", std::to_string(steps() + 1)));
}

Readouts TrainCnn::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = session_ != nullptr;
  static const TrainingSession::Snapshot nothing;
  const TrainingSession::Snapshot& run = any ? session_->snapshot() : nothing;
  const auto number = [&](double value) { return any ? value : undefined; };
  const bool predicted = any && result_epoch_ >= 0;
  double seconds = 0.0;
  for (const EpochResult& epoch : run.epochs) seconds += epoch.seconds;
  const auto parameters = [&](const char* layer) {
    for (const nn::LayerSummary& row : summary_.layers) {
      if (row.name == layer) return static_cast<double>(row.parameters);
    }
    return undefined;
  };
  const auto cell = listed_ ? listed_ : kept_cell();
  const bool counted = predicted && cell;
  const int classes = split_ ? split_->test.classes() : 0;
  return {
      {"step", number(run.steps), "", 6},
      {"epoch", number(shown_epoch())},
      {"loss", run.points.empty() ? undefined : static_cast<double>(run.points.back().loss)},
      {"train_accuracy", curves_.accuracy_mean.empty() ? undefined : 100.0 * curves_.accuracy_mean.back().y, "%"},
      {"test_loss", predicted ? result_.loss() : undefined},
      {"test_accuracy", predicted ? 100.0 * result_.accuracy() : undefined, "%"},
      {"mistakes", predicted ? static_cast<double>(result_.done() - result_.right()) : undefined},
      {"count",
       counted ? static_cast<double>(result_.confusion()[static_cast<std::size_t>(cell->row * classes + cell->column)])
               : undefined},
      {"images_per_second", any && run.images_per_second > 0.0 ? run.images_per_second : undefined, "", 3, true},
      {"seconds", run.epochs.empty() ? undefined : seconds, "s", 3, true},
      {"steps_per_epoch", number(steps_per_epoch_)},
      {"train_pictures", any ? static_cast<double>(split_->train.count()) : undefined, "", 6},
      {"test_pictures", any ? static_cast<double>(split_->test.count()) : undefined, "", 6},
      {"guess_loss", any ? std::log(static_cast<double>(classes)) : undefined},
      {"parameters", number(static_cast<double>(summary_.parameters)), "", 6},
      {"parameters_conv1", number(parameters("conv1"))},
      {"parameters_conv2", number(parameters("conv2"))},
      {"parameters_fc", number(parameters("fc"))},
  };
}

std::string TrainCnn::sentence(const Words& words) const {
  if (!problem_.id.empty()) return words.sentence(problem_);
  if (!session_) return words("train-cnn.waiting");
  if (const std::string& diverged = session_->snapshot().diverged; !diverged.empty())
    return words.format("train-cnn.diverged", {diverged});
  if (!remark_.id.empty()) return words.sentence(remark_);
  if (not_reached()) return not_yet(words);
  if (result_epoch_ < 0) return words("train-cnn.waiting");
  return words.format("train-cnn.sentence", {std::to_string(result_epoch_), std::to_string(result_.right()),
                                             std::to_string(result_.done()), std::to_string(steps())});
}

}  // namespace cvlab::app
