#include "app/demos/sgd/sgd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cvlab::app {

namespace {

constexpr int nodes = 61;
constexpr std::string_view optimizers[] = {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"};
constexpr std::string_view batches[] = {"all", "4", "1"};

}  // namespace

std::unique_ptr<Demo> make_sgd(DemoContext context) { return std::make_unique<Sgd>(context); }

bool Sgd::update(double /*dt*/) {
  if (state_.version() != seen_) follow();
  return false;
}

void Sgd::follow() {
  choose_landscape();
  choose_runners();
  for (Runner& runner : runners_) runner.path.go_to(shown_step() + 1);
  work_out_step();
  seen_ = state_.version();
}

void Sgd::choose_landscape() {
  const std::string wanted(state_.choice("landscape"));
  if (wanted == landscape_) return;
  landscape_ = wanted;
  const SliceKind kind = wanted == "line"         ? SliceKind::line
                         : wanted == "two-layers" ? SliceKind::two_layers
                                                  : SliceKind::network;
  slice_.emplace(make_slice(kind));
  plane_ = {};
  plane_.x0 = plane_.y0 = kind == SliceKind::line ? -1.5 : -3.0;
  plane_.x1 = plane_.y1 = 3.0;
  data_plane_ = {};
  if (kind == SliceKind::line) data_plane_ = {{}, -0.2, 3.2, -0.5, 4.0};
  if (kind == SliceKind::two_layers) data_plane_ = {{}, -1.7, 1.7, -2.5, 2.5};
  if (kind == SliceKind::network) data_plane_ = {{}, -1.4, 1.4, -1.2, 1.2};

  // A loss falls by factors: its logarithm gives the valley's floor as many lines as its walls.
  Tensor values = slice_->grid(plane_.x0, plane_.x1, plane_.y0, plane_.y1, nodes, nodes);
  float low = std::numeric_limits<float>::infinity(), high = -low;
  for (std::ptrdiff_t i = 0; i < values.count(); ++i) {
    float& value = values.data()[i];
    value = std::log10(std::max(value, 1e-4F));
    low = std::min(low, value);
    high = std::max(high, value);
  }
  field_.set(values, Shade::sequential, low, high);
  std::vector<float> levels;
  for (int k = 1; k < 14; ++k) levels.push_back(low + (high - low) * static_cast<float>(k) / 14.0F);
  field_.set_levels(levels);
  runners_.clear();
  before_.clear();
}

DescentSettings Sgd::settings_of(std::string_view optimizer, std::string_view batch) const {
  DescentSettings s;
  s.optimizer.kind = parse_optimizer(optimizer).value();
  s.optimizer.learning_rate = static_cast<float>(state_.real("rate"));
  const std::string_view schedule = state_.choice("schedule");
  s.schedule.total_steps = most_steps;
  s.schedule.step_every = most_steps / 4;
  s.schedule.step_factor = 0.5F;
  if (schedule == "step") s.schedule.kind = ScheduleKind::step;
  if (schedule == "cosine" || schedule == "warmup") s.schedule.kind = ScheduleKind::cosine;
  if (schedule == "warmup") s.schedule.warmup_steps = most_steps / 10;
  s.batch = batch == "all" ? slice_->examples() : batch == "4" ? 4 : 1;
  s.seed = static_cast<std::uint64_t>(state_.integer("seed"));
  s.u = state_.real("u");
  s.v = state_.real("v");
  return s;
}

void Sgd::choose_runners() {
  const std::string_view compare = state_.choice("compare");
  const std::string_view optimizer = state_.choice("optimizer"), batch = state_.choice("batch");
  std::vector<DescentSettings> wanted;
  std::vector<std::pair<std::string, int>> names;
  int colour = 0;
  if (compare == "optimizers") {
    for (const std::string_view one : optimizers) {
      if (one == optimizer) chosen_ = wanted.size();
      wanted.push_back(settings_of(one, batch));
      names.emplace_back("sgd.optimizer." + std::string(one), colour++);
    }
  } else {
    for (const std::string_view one : batches) {
      const int mine = colour++;
      if (compare == "one" && one != batch) continue;
      if (one == batch) chosen_ = wanted.size();
      wanted.push_back(settings_of(optimizer, one));
      names.emplace_back("sgd.batch." + std::string(one), mine);
    }
  }
  if (wanted == before_) return;
  runners_.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    runners_.push_back({DescentPath(*slice_, wanted[i]), names[i].first, names[i].second});
  before_ = std::move(wanted);
}

int Sgd::reached(const Runner& runner) const {
  return std::min(shown_step(), static_cast<int>(runner.path.places().size()) - 1);
}

void Sgd::work_out_step() {
  Runner& runner = runners_[chosen_];
  const int step = reached(runner);
  const auto& places = runner.path.places();
  now_ = {};
  now_.from = places[static_cast<std::size_t>(step)];
  now_.has_next = static_cast<std::size_t>(step) + 1 < places.size();
  now_.to = now_.has_next ? places[static_cast<std::size_t>(step) + 1] : now_.from;
  now_.batch = runner.path.batch_of(step);
  now_.of_batch = runner.path.gradient_of(step);
  now_.of_all = slice_->at(now_.from.u, now_.from.v);
  now_.each = slice_->each(now_.from.u, now_.from.v);
  now_.rate = runner.path.rate_of(step);
  now_.noise = gradient_noise(now_.each, static_cast<int>(now_.batch.size()));
  now_.curvature = slice_->curvature(now_.from.u, now_.from.v);
  now_.start_limit = 2.0 / slice_->curvature(state_.real("u"), state_.real("v"))[1];
  const LossSlice::Data& data = slice_->data();
  const std::size_t n = data.targets.size(), inputs = data.inputs.size() / n;
  for (const int i : now_.batch) {
    double x[2] = {0.0, 0.0};
    for (std::size_t axis = 0; axis < inputs; ++axis) x[axis] = data.inputs[axis * n + static_cast<std::size_t>(i)];
    now_.outputs.push_back(slice_->predict(now_.from.u, now_.from.v, std::span<const double>(x, inputs)));
  }
  if (!data.classify) return;
  constexpr int fine = 33;
  Tensor values(Shape{fine, fine});
  for (int row = 0; row < fine; ++row) {
    for (int column = 0; column < fine; ++column) {
      const double x[2] = {data_plane_.x0 + (data_plane_.x1 - data_plane_.x0) * column / (fine - 1),
                           data_plane_.y0 + (data_plane_.y1 - data_plane_.y0) * row / (fine - 1)};
      values(row, column) = static_cast<float>(2.0 * slice_->predict(now_.from.u, now_.from.v, x) - 1.0);
    }
  }
  boundary_.set(values, Shade::diverging, -1.0F, 1.0F);
  const float half[] = {0.0F};
  boundary_.set_levels(half);
}

// The next update, or with the loop opened its next part; back likewise.
bool Sgd::step(int delta) {
  int step = shown_step(), part = state_.integer("part");
  if (state_.toggle("loop")) {
    part += delta;
    if (part > 5) {
      part = 1;
      ++step;
    }
    if (part < 1) {
      part = 5;
      --step;
    }
  } else {
    step += delta;
  }
  const bool ended = delta > 0 && reached(chosen()) < shown_step();
  if (step < 0 || step > most_steps || ended) return false;
  (void)state_.set("part", std::to_string(part));
  return static_cast<bool>(state_.set("step", std::to_string(step)));
}

void Sgd::select(std::size_t runner) {
  const std::string& word = runners_[runner].word;
  const std::string value = word.substr(word.rfind('.') + 1);
  (void)state_.set(state_.choice("compare") == "optimizers" ? "optimizer" : "batch", value);
}

Readouts Sgd::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  if (runners_.empty()) return {};
  const int step = reached(chosen());
  const int size = chosen().path.settings().batch;
  const int per_epoch = (slice_->examples() + size - 1) / size;
  const int epochs = step / per_epoch;
  const int seen = epochs * slice_->examples() + std::min(step % per_epoch * size, slice_->examples());
  const bool over = chosen().path.diverged() && step < shown_step();
  const auto loss_of = [&](std::string_view word) {
    for (const Runner& runner : runners_) {
      if (runner.word == word) return runner.path.places()[static_cast<std::size_t>(reached(runner))].loss;
    }
    return undefined;
  };
  Readouts all = {
      {"step", static_cast<double>(step)},
      {"loss", now_.from.loss},
      {"u", now_.from.u},
      {"v", now_.from.v},
      {"batch_loss", now_.of_batch.loss},
      {"du", now_.of_batch.du},
      {"dv", now_.of_batch.dv},
      {"gradient", std::hypot(now_.of_all.du, now_.of_all.dv)},
      {"noise", now_.noise},
      {"rate_now", now_.rate},
      {"u_next", now_.has_next ? now_.to.u : undefined},
      {"v_next", now_.has_next ? now_.to.v : undefined},
      {"steps_per_epoch", static_cast<double>(per_epoch)},
      {"examples_seen", static_cast<double>(seen)},
      {"curvature", now_.curvature[1]},
      {"rate_limit", now_.curvature[1] > 0.0 ? 2.0 / now_.curvature[1] : undefined},
      {"diverged_at", over ? static_cast<double>(step + 1) : undefined},
  };
  for (const std::string_view one : batches)
    all.push_back({"loss_batch_" + std::string(one), loss_of("sgd.batch." + std::string(one))});
  for (const std::string_view one : optimizers)
    all.push_back({"loss_" + std::string(one), loss_of("sgd.optimizer." + std::string(one))});
  return all;
}

std::string Sgd::runner_name(const Words& words, const Runner& runner) const { return words(runner.word); }

std::string Sgd::sentence(const Words& words) const {
  if (runners_.empty()) return {};
  const Runner& runner = chosen();
  const std::string name = runner_name(words, runner);
  if (runner.path.diverged() && reached(runner) < shown_step()) {
    const double limit = now_.start_limit;
    const bool plain = runner.path.settings().optimizer.kind == OptimizerKind::sgd && limit > 0.0;
    return words.format(
        plain && now_.rate > limit ? "sgd.diverged_limit" : "sgd.diverged",
        {name, std::to_string(reached(runner) + 1), words.number(now_.rate, 3), words.number(limit, 3)});
  }
  const auto& p = now_.from;
  if (!plane_.shows(p.u, p.v)) return words.format("sgd.left", {name, words.number(p.u, 3), words.number(p.v, 3)});
  return words.format("sgd.sentence", {name, std::to_string(reached(runner)), words.number(p.loss, 4),
                                       words.number(std::hypot(now_.of_all.du, now_.of_all.dv), 3)});
}

}  // namespace cvlab::app
