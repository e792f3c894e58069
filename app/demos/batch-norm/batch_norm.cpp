#include "app/demos/batch-norm/batch_norm.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "app/views/area_input.hpp"
#include "core/train/running_mean.hpp"

namespace cvlab::app {

namespace {

constexpr double slice_seconds = 0.01;  // of a frame
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

int whole(std::string_view text) {
  int value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double mean_of(const NormedBatch& batch, const std::vector<double>& values, int feature) {
  double sum = 0.0;
  for (int n = 0; n < batch.examples; ++n) sum += values[static_cast<std::size_t>(n * batch.features + feature)];
  return sum / batch.examples;
}

}  // namespace

std::unique_ptr<Demo> make_batch_norm(DemoContext context) { return std::make_unique<BatchNorm>(context); }

bool BatchNorm::update(double dt) {
  if (state_.version() != seen_state_) {
    normalise();
    if (race_shown()) follow_race();
    seen_state_ = state_.version();
  }
  return race_shown() && train(dt);
}

void BatchNorm::normalise() {
  int rows = 0;
  int columns = 0;
  const std::vector<double>& values = state_.matrix("batch", rows, columns);
  settings_.gamma = state_.real("gamma");
  settings_.beta = state_.real("beta");
  settings_.epsilon = state_.real("epsilon");
  settings_.updates = state_.integer("updates");
  settings_.evaluate = state_.choice("mode") == "eval";
  batch_ = norm_batch(values, std::min(rows, state_.integer("size")), columns, settings_);
  shown_ = kept();
  pointed_.reset();
}

Cell BatchNorm::kept() const {
  const Cell cell = state_.cell("cell");
  return {std::clamp(cell.row, 0, batch_.examples - 1), std::clamp(cell.column, 0, batch_.features - 1)};
}

void BatchNorm::keep(Cell cell) { (void)state_.set("cell", State::format(cell)); }

void BatchNorm::edit(Cell cell, double value) {
  int rows = 0;
  int columns = 0;
  std::vector<double> values = state_.matrix("batch", rows, columns);
  values[static_cast<std::size_t>(cell.row * columns + cell.column)] = value;
  (void)state_.set("batch", State::format(values, rows, columns));
  keep(cell);
}

double BatchNorm::value(const std::vector<double>& matrix, Cell cell) const {
  return matrix[static_cast<std::size_t>(cell.row * batch_.features + cell.column)];
}

void BatchNorm::follow_race() {
  const Recipe wanted{whole(state_.choice("batch_size")), state_.integer("seed")};
  const bool fewer = race_ && race_->run(0, true).steps() > state_.integer("steps");
  if (!race_ || !(wanted == recipe_) || fewer) {
    recipe_ = wanted;
    race_ = std::make_unique<NormRace>(wanted.batch, static_cast<std::uint64_t>(wanted.seed));
  }
  resting_ = false;
}

bool BatchNorm::train(double dt) {
  using Clock = std::chrono::steady_clock;
  if (resting_) return false;
  const auto end = Clock::now() + std::chrono::duration<double>(dt > 0.0 ? slice_seconds : 0.0);
  const int goal = state_.integer("steps");
  bool more = race_->step(goal);
  while (more && Clock::now() < end) more = race_->step(goal);
  resting_ = !more;
  collect();
  return more;
}

std::size_t BatchNorm::rate() const {
  const std::string_view text = state_.choice("rate");
  constexpr std::array<std::string_view, race_rates.size()> names = {"0.01", "0.03", "0.1", "0.3", "1", "3", "10"};
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), text) - names.begin()) % names.size();
}

void BatchNorm::collect() {
  for (std::size_t norm = 0; norm < 2; ++norm) {
    by_rate_[norm].clear();
    for (std::size_t i = 0; i < race_rates.size(); ++i) {
      const NormRun& run = race_->run(i, norm == 1);
      const double loss = run.recent_loss();
      by_rate_[norm].push_back({race_rates[i], std::isfinite(loss) ? loss : undefined});
      std::vector<PlotPoint>& curve = curves_[i][norm];
      std::vector<PlotPoint>& means = means_[i][norm];
      curve.clear();
      means.clear();
      RunningMean mean(smoothing);
      for (std::size_t s = 0; s < run.losses().size(); ++s) {
        curve.push_back({static_cast<double>(s), run.losses()[s]});
        means.push_back({static_cast<double>(s), mean.add(run.losses()[s])});
      }
    }
  }
  if (!resting_) return;  // the tests at the end only: each is a pass over 256 points
  for (std::size_t norm = 0; norm < 2; ++norm) {
    const NormRun& run = race_->run(rate(), norm == 1);
    results_.loss[norm] = run.recent_loss();
    results_.right[norm] = run.test(false).accuracy;
  }
  results_.right_batch = race_->run(rate(), true).test(true).accuracy;
}

void BatchNorm::restart() {
  race_.reset();
  seen_state_ = 0;
}

// From number to number, column by column; or one mini-batch more for all runs.
bool BatchNorm::step(int delta) {
  if (race_shown()) {
    const int next = state_.integer("steps") + delta;
    return next >= 0 && next <= most_steps && static_cast<bool>(state_.set("steps", std::to_string(next)));
  }
  const Cell now = kept();
  const int next = now.column * batch_.examples + now.row + delta;
  if (next < 0 || next >= batch_.examples * batch_.features) return false;
  keep({next % batch_.examples, next / batch_.examples});
  return true;
}

Readouts BatchNorm::readouts() const {
  const bool race = race_shown();
  const auto equation = [&](double number) { return race || !std::isfinite(number) ? undefined : number; };
  const auto training = [&](double number) {
    return !race || !resting_ || !std::isfinite(number) ? undefined : number;
  };
  const auto feature = static_cast<std::size_t>(shown_.column);
  double squares = 0.0;
  const double middle = mean_of(batch_, batch_.normalised, shown_.column);
  for (int n = 0; n < batch_.examples; ++n) {
    const double away = value(batch_.normalised, {n, shown_.column}) - middle;
    squares += away * away;
  }
  const auto greatest = [&](bool norm) { return race_ ? training(race_->greatest_rate(norm, learned)) : undefined; };
  Readouts all = {{"examples", equation(batch_.examples)},
                  {"x", equation(value(batch_.x, shown_))},
                  {"mean", equation(batch_.mean[feature])},
                  {"variance", equation(batch_.variance[feature])},
                  {"running_mean", equation(batch_.running_mean[feature])},
                  {"running_variance", equation(batch_.running_variance[feature])},
                  {"normalised", equation(value(batch_.normalised, shown_))},
                  {"y", equation(value(batch_.y, shown_))},
                  {"column_mean", equation(std::round(middle * 1e9) / 1e9 + 0.0)},
                  {"column_variance", equation(squares / batch_.examples)},
                  {"step", training(state_.integer("steps"))},
                  {"loss_plain", training(results_.loss[0])},
                  {"loss_norm", training(results_.loss[1])},
                  {"right_plain", training(100.0 * results_.right[0]), "%"},
                  {"right_norm", training(100.0 * results_.right[1]), "%"},
                  {"right_batch", training(100.0 * results_.right_batch), "%"},
                  {"greatest_plain", greatest(false)},
                  {"greatest_norm", greatest(true)}};
  constexpr int of_equations = 10;
  if (race) std::rotate(all.begin(), all.begin() + of_equations, all.end());  // those of the view that is shown first
  return all;
}

std::string BatchNorm::sentence(const Words& words) const {
  const auto number = [&](double value) { return words.number(value, 4); };
  if (!race_shown()) {
    const auto feature = static_cast<std::size_t>(shown_.column);
    if (batch_.examples == 1 && !settings_.evaluate)
      return words.format("batch-norm.sentence_one", {number(settings_.beta)});
    return words.format(settings_.evaluate ? "batch-norm.sentence_eval" : "batch-norm.sentence_train",
                        {number(value(batch_.x, shown_)), number(value(batch_.y, shown_)),
                         number(batch_.used_mean[feature]), number(batch_.used_variance[feature])});
  }
  if (!resting_ || !race_) return words("batch-norm.sentence_running");
  if (recipe_.batch == 1) return words("batch-norm.sentence_single");
  const auto rate_of = [&](bool norm) { return words.number(race_->greatest_rate(norm, learned), 3); };
  return words.format("batch-norm.sentence_race",
                      {rate_of(false), rate_of(true), std::to_string(state_.integer("steps"))});
}

void BatchNorm::draw(Canvas& canvas) {
  if (canvas.area.width() < 150.0F || canvas.area.height() < 150.0F) return;
  if (!race_shown()) {
    draw_equations(canvas);
  } else if (race_) {
    draw_race(canvas);
  }
  int rows = 0;
  int columns = 0;
  if (!arrow_keys(rows, columns)) return;
  if (race_shown()) {
    if (columns != 0) (void)step(columns);
    return;
  }
  const Cell now = kept();
  keep({std::clamp(now.row + rows, 0, batch_.examples - 1), std::clamp(now.column + columns, 0, batch_.features - 1)});
}

}  // namespace cvlab::app
