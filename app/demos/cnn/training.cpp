#include "app/demos/cnn/training.hpp"

#include <algorithm>
#include <utility>

#include "core/image/codec.hpp"

namespace cvlab::app {

namespace {

std::string kilobytes(std::size_t bytes) { return std::to_string((bytes + 500) / 1000); }

}  // namespace

bool CnnTraining::load(FileLibrary& files, const Dataset& test) {
  if (split_) return true;
  loading_ = false;
  const FileLibrary::Entry& pixels = files.get("data/digits-train.png");
  const FileLibrary::Entry& labels = files.get("data/digits-train.labels");
  const FileLibrary::Entry& test_pixels = files.get("data/digits-test.png");
  const FileLibrary::Entry& test_labels = files.get("data/digits-test.labels");
  for (const FileLibrary::Entry* entry : {&pixels, &labels, &test_pixels, &test_labels}) {
    if (entry->status != FileLibrary::Status::failed) continue;
    problem_ = entry->error;
    return false;
  }
  if (pixels.status != FileLibrary::Status::ready || labels.status != FileLibrary::Status::ready || test.count() == 0) {
    loading_ = true;
    const std::string done = kilobytes(pixels.done);
    const std::string total = pixels.total > 0 ? kilobytes(pixels.total) : "…";
    problem_ = {
        "cnn.loading", "The training digits are on their way: " + done + " kB of " + total + ".", {done, total}};
    return false;
  }
  const Result<Image> image = decode_image(pixels.bytes);
  Result<Dataset> train = image
                              ? dataset_from_sprite("digits", image.value(), labels.bytes, known_class_names("digits"))
                              : Result<Dataset>(image.error());
  if (!train) {
    problem_ = train.error();
    return false;
  }
  auto split = std::make_shared<Split>();
  split->train = std::move(train).value();
  split->test = test;
  split_ = std::move(split);
  problem_ = {};
  return true;
}

void CnnTraining::begin(const nn::Graph& model, const Recipe& recipe) {
  if (!curves_.loss.empty()) before_ = std::move(curves_);
  recipe_ = recipe;
  TrainerParams params;
  params.epochs = most_epochs;  // the parameter "epochs" says where a run pauses, so that it can be moved later
  params.batch_size = batch_size;
  params.optimizer.kind = OptimizerKind::adam;
  params.optimizer.learning_rate = static_cast<float>(recipe.rate);
  params.seed = static_cast<std::uint64_t>(recipe.seed);
  steps_per_epoch_ = (split_->train.count() + batch_size - 1) / batch_size;
  session_ = std::make_unique<TrainingSession>(model, split_, params);
  running_ = false;
  goal_ = 0;
  changes_made_ = 0;
  curves_ = {};
  loss_mean_ = accuracy_mean_ = RunningMean(smoothing);
}

void CnnTraining::end() {
  session_.reset();
  running_ = false;
  if (!curves_.loss.empty()) before_ = std::exchange(curves_, {});
}

bool CnnTraining::go_on_with(const Recipe& recipe) {
  const auto made = static_cast<std::ptrdiff_t>(changes_made_);
  const auto& old = recipe_.changes;
  const auto& now = recipe.changes;
  const bool same_past = recipe.network == recipe_.network && recipe.rate == recipe_.rate &&
                         recipe.seed == recipe_.seed && now.size() >= changes_made_ &&
                         std::equal(old.begin(), old.begin() + made, now.begin(), now.begin() + made);
  const int least = running_ ? goal_ : steps();
  if (!same_past || (now.size() > changes_made_ && now[changes_made_].step < least)) return false;
  recipe_ = recipe;
  return true;
}

int CnnTraining::stop_before(int goal) const {
  const auto& changes = recipe_.changes;
  return changes_made_ < changes.size() ? std::min(goal, changes[changes_made_].step) : goal;
}

bool CnnTraining::change_due() const {
  const auto& changes = recipe_.changes;
  return changes_made_ < changes.size() && changes[changes_made_].step <= steps() && diverged().empty();
}

// Those whose time has come, where the run stands still.
void CnnTraining::make_changes() {
  std::vector<WeightEdit> due;
  for (; change_due(); ++changes_made_) due.push_back(recipe_.changes[changes_made_]);
  if (due.empty()) return;
  session_->change([&](nn::Graph& model) { (void)apply_weight_edits(due, model); });
}

CnnTraining::Progress CnnTraining::drive(int goal, double seconds) {
  if (!session_) return Progress::idle;
  if (!diverged().empty()) goal = 0;
  if (!running_ && change_due()) {
    if (epochs_done() < steps() / steps_per_epoch_) {  // paused in the test that ends an epoch: that comes first
      session_->run(steps());
      goal_ = steps();
      running_ = true;
    } else {
      make_changes();
    }
  }
  const int stop = stop_before(goal);
  if (stop > steps() && (!running_ || stop != goal_)) {
    session_->run(stop);
    goal_ = stop;
    running_ = true;
  }
  if (!running_) return Progress::idle;
  if (stop <= steps() && stop != goal_) session_->pause();  // at its own goal it stops when the epoch's test is done
  running_ = session_->running();
  (void)session_->work(seconds);
  collect();
  if (running_) return Progress::under_way;
  make_changes();
  const bool more = stop < goal && diverged().empty();
  return more ? Progress::under_way : Progress::arrived;
}

const std::string& CnnTraining::diverged() const {
  static const std::string fine;
  return session_ ? session_->snapshot().diverged : fine;
}

bool CnnTraining::model_at(int epoch, nn::Graph& model) const {
  if (!session_) return false;
  return epoch < 0 ? session_->current_model(model) : session_->model_at(epoch, model);
}

// Appends what the run has added to the curves.
void CnnTraining::collect() {
  const TrainingSession::Snapshot& run = session_->snapshot();
  for (std::size_t i = curves_.loss.size(); i < run.points.size(); ++i) {
    const double x = static_cast<double>(i + 1) / steps_per_epoch_;
    const auto loss = static_cast<double>(run.points[i].loss);
    curves_.loss.push_back({x, loss});
    curves_.loss_mean.push_back({x, loss_mean_.add(loss)});
    curves_.accuracy_mean.push_back({x, accuracy_mean_.add(static_cast<double>(run.points[i].accuracy))});
  }
  const std::size_t at_start = !curves_.test_loss.empty() && curves_.test_loss.front().x <= 0.0 ? 1 : 0;
  for (std::size_t i = curves_.test_loss.size() - at_start; i < run.epochs.size(); ++i) {
    const double epoch = static_cast<double>(i) + 1.0;
    curves_.test_loss.push_back({epoch, static_cast<double>(run.epochs[i].test_loss)});
    curves_.test_accuracy.push_back({epoch, static_cast<double>(run.epochs[i].test_accuracy)});
  }
}

void CnnTraining::tested_at_start(double loss, double accuracy) {
  if (!curves_.test_loss.empty() && curves_.test_loss.front().x <= 0.0) return;
  curves_.test_loss.insert(curves_.test_loss.begin(), {0.0, loss});
  curves_.test_accuracy.insert(curves_.test_accuracy.begin(), {0.0, accuracy});
}

}  // namespace cvlab::app
