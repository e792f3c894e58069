// Training and counting right answers, a slice at a time.
#include <algorithm>
#include <utility>

#include "app/demos/cnn/cnn.hpp"
#include "app/demos/cnn/weight_edits.hpp"

namespace cvlab::app {

namespace {

constexpr double training_seconds = 0.012;  // in one frame, without a thread
constexpr double testing_seconds = 0.008;   // of the test pictures, in one frame
constexpr double look_seconds = 0.1;        // between two looks at the network while it trains

}  // namespace

bool Cnn::update(double dt) {
  if (state_.version() != seen_state_ || files_.version() != seen_files_) follow();
  if (!ready()) return false;
  clock_ += dt;
  const bool training = train(dt > 0.0 ? training_seconds : 0.0);
  if (!training_.running() || clock_ >= look_seconds) {
    clock_ = 0.0;
    const std::string before = model_key_;
    follow_weights();
    if (model_key_ != before) {
      edit_weights();
      run();
      show_layers();
      look_at(shown_);
    }
  }
  const bool counting = predict(dt > 0.0 ? testing_seconds : 0.0);
  seen_state_ = state_.version();  // after our own writes
  return training || counting;
}

// What the state asks for: another run, another place in it.
void Cnn::follow_training() {
  CnnTraining::Recipe wanted{start_key_, state_.real("rate"), state_.integer("seed")};
  for (WeightEdit& edit : changes_begun(false)) wanted.changes.push_back(std::move(edit));
  const bool asked = state_.raw("steps") != steps_text_;
  if (training_.begun() && !training_.go_on_with(wanted)) {
    training_.end();
    if (!asked) (void)state_.set("steps", "0");
  }
  if (state_.raw("steps") != steps_text_) {
    steps_text_ = state_.raw("steps");
    target_ = state_.integer("steps");
    if (target_ < training_.steps()) training_.end();  // the same way again, up to there
  }
  if (!training_.begun() && (target_ > 0 || playing_)) begin_training(wanted);
  if (!training_.begun() || target_ <= limit()) return;
  remark_ = {
      "cnn.no_such_step",
      "Training has " + std::to_string(limit()) + " steps in all; there is no step " + std::to_string(target_) + ".",
      {std::to_string(limit()), std::to_string(target_)}};
  news_ = false;
  target_ = limit();
  (void)state_.set("steps", std::to_string(target_));
  steps_text_ = state_.raw("steps");
}

void Cnn::begin_training(const CnnTraining::Recipe& recipe) {
  if (!training_.load(files_, test_)) {
    remark_ = training_.problem();
    news_ = training_.loading();
    return;
  }
  training_.begin(start_, recipe);
  if (before_key_ == start_key_ && before_.finished()) training_.tested_at_start(before_.loss(), before_.accuracy());
}

// Towards the end (Play) or the step that is asked for, and writes down where it came to rest. True while it goes on.
bool Cnn::train(double seconds) {
  if (!training_.begun()) return playing_ && training_.loading();
  const auto progress = training_.drive(playing_ ? limit() : target_, seconds);
  if (progress == CnnTraining::Progress::under_way) return true;
  if (progress == CnnTraining::Progress::arrived) {
    model_key_.clear();  // a look at a run under way may have been a few steps behind
    target_ = training_.steps();
    (void)state_.set("steps", std::to_string(target_));
    steps_text_ = state_.raw("steps");
  }
  return playing_ && training_.steps() < limit() && training_.diverged().empty();
}

// The changes by hand that training has taken over: before its beginning, or on its way.
std::vector<WeightEdit> Cnn::changes_begun(bool at_start) const {
  const auto begun = parse_weight_edits(state_.raw("begun"));
  std::vector<WeightEdit> changes = begun ? begun.value() : std::vector<WeightEdit>{};
  std::erase_if(changes, [&](const WeightEdit& edit) { return (edit.step == 0) != at_start; });
  std::stable_sort(changes.begin(), changes.end(),
                   [](const WeightEdit& a, const WeightEdit& b) { return a.step < b.step; });
  return changes;
}

// Changes by hand become the weights that training begins with, or goes on from where it stands.
void Cnn::take_over_edits() {
  const auto edits = parse_weight_edits(state_.raw("edits"));
  if (!edits || edits.value().empty()) {
    (void)state_.set("edits", "");
    return;
  }
  const int step = std::max(training_.steps(), target_);
  std::vector<WeightEdit> all = changes_begun(true);
  for (WeightEdit& edit : changes_begun(false)) {
    if (edit.step <= step) all.push_back(std::move(edit));  // later ones belonged to another run
  }
  for (WeightEdit edit : edits.value()) {
    edit.step = step;
    all = with_edit(std::move(all), edit);
  }
  if (state_.set("begun", format_weight_edits(all))) (void)state_.set("edits", "");  // too many: they stay on top
}

void Cnn::play(bool on) {
  playing_ = on;
  if (!on || !ready()) return;
  (void)state_.set("below", "training");
  look_at_epoch(CnnTraining::most_epochs);
  take_over_edits();
  seen_state_ = 0;  // follow, also when the state says the same as before
}

void Cnn::restart() {
  files_.retry();
  training_.end();
  target_ = 0;
  steps_text_ = "0";
  seen_state_ = 0;
}

void Cnn::look_at_epoch(int epoch) {
  const int shown = epoch >= training_.epochs_done() ? CnnTraining::most_epochs : std::max(0, epoch);
  (void)state_.set("epoch", std::to_string(shown));
}

// Forward: one mini-batch. Back, and forward again: from epoch to epoch of what has been trained.
bool Cnn::step_training(int delta) {
  const int shown = looks_back() ? state_.integer("epoch") : training_.epochs_done();
  if (delta < 0) {
    if (shown == 0) return false;
    look_at_epoch(shown - 1);
    return true;
  }
  if (looks_back()) {
    look_at_epoch(shown + 1);
    return true;
  }
  if (training_.running() || !training_.diverged().empty()) return false;
  if (training_.begun() && training_.steps() >= limit()) return false;
  take_over_edits();
  return static_cast<bool>(state_.set("steps", std::to_string(training_.steps() + 1)));
}

// Over the test pictures: the network without changes by hand, then with them. True while there is more.
bool Cnn::predict(double seconds) {
  if (test_.count() == 0 || training_.running() || pending()) return false;
  if (before_key_ != model_key_) {
    before_key_ = model_key_;
    before_.start(model_, test_, {});
  }
  if (!before_.finished()) {
    (void)before_.work(seconds);
    return true;
  }
  if (training_.begun() && model_key_ == start_key_) training_.tested_at_start(before_.loss(), before_.accuracy());
  if (now_key_ != graph_key_) {
    now_key_ = graph_key_;
    if (edits_->empty()) {
      now_ = before_;
    } else {
      nn::Graph changed = model_;
      for (Parameter& p : changed.parameters()) p.value = graph_.find(p.name)->value;
      now_.start(std::move(changed), test_, {});
    }
  }
  if (now_.finished()) return false;
  (void)now_.work(seconds);
  return true;
}

}  // namespace cvlab::app
