#include "app/demos/gan/gan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cvlab::app {

namespace {

constexpr int real_count = 256, cloud_count = 256;
constexpr int surface_nodes = 49;
constexpr double slice_seconds = 0.010;  // of a frame while it plays
constexpr double seek_seconds = 0.025;   // while it goes to a step that was asked for
constexpr double look_seconds = 0.06;    // between two looks at the players while they play

}  // namespace

std::unique_ptr<Demo> make_gan(DemoContext context) { return std::make_unique<Gan>(context); }

bool Gan::update(double dt) {
  if (state_.version() != seen_version_) follow();
  if (!run_) return false;
  const bool more = work(dt);
  look_clock_ += dt;
  if (looked_ != steps() && (!more || look_clock_ >= look_seconds)) look();
  return more;
}

Gan::Recipe Gan::recipe() const {
  Recipe r;
  r.data = state_.choice("data");
  if (r.data == "own") r.points = state_.raw("points");
  r.settings.loss = state_.choice("loss") == "minimax" ? GanLoss::minimax : GanLoss::nonsaturating;
  r.settings.rate_d = state_.real("rated");
  r.settings.rate_g = state_.real("rateg");
  r.settings.d_steps = state_.integer("dsteps");
  r.settings.width = 32;
  r.settings.seed = static_cast<std::uint64_t>(state_.integer("seed"));
  return r;
}

void Gan::follow() {
  const Recipe wanted = recipe();
  if (!run_ || !(wanted == recipe_)) {
    const bool only_recipe = run_ && state_.raw("step") == step_text_;
    begin(wanted);
    if (only_recipe) (void)state_.set("step", "0");
  }
  if (state_.raw("step") != step_text_) {
    step_text_ = state_.raw("step");
    target_ = state_.integer("step");
    if (playing_) (void)run_->go_to(std::min(target_, steps()), 0.0);
  }
  seen_version_ = state_.version();
}

void Gan::begin(const Recipe& wanted) {
  recipe_ = wanted;
  problem_.clear();
  drawn_.clear();
  PointSet set;
  if (wanted.data == "own") {
    const auto points = read_points(wanted.points, 1);
    if (!points) problem_ = "gan.bad_points";
    if (points) drawn_ = *points;
    if (points && points->empty()) problem_ = "gan.no_points";
    for (const DrawnPoint& p : drawn_) set.points.push_back(p.x);
    for (const DrawnPoint& p : drawn_) set.points.push_back(p.y);
  } else {
    set = make_point_set(parse_point_set(wanted.data).value(), real_count, wanted.settings.seed);
  }
  radii_ = neighbour_radii(set.points);
  real_ = std::make_shared<const PointSet>(std::move(set));
  if (noise_.empty()) noise_ = plane_noise(cloud_count, 0, 0);
  run_.emplace(Gan2d(real_, wanted.settings));
  target_ = 0;
  looked_ = -1;
}

// Towards the step that is asked for, or, while playing, on at the chosen pace.
bool Gan::work(double dt) {
  if (real_->count() == 0) return false;
  if (!playing_) {
    seeking_ = run_->go_to(target_, dt > 0.0 ? seek_seconds : 0.0);
    return seeking_;
  }
  const std::string_view pace = state_.choice("pace");
  const bool fast = pace == "fast";
  const double interval = pace == "slow" ? 0.7 : 1.0 / 60.0;
  clock_ = std::min(clock_ + dt, 4.0 * interval);
  const int due = fast ? most_steps : static_cast<int>(clock_ / interval);
  if (!fast) clock_ -= due * interval;
  if (due > 0 && dt > 0.0) (void)run_->go_to(std::min(most_steps, steps() + due), slice_seconds);
  return steps() < most_steps;
}

void Gan::look() {
  looked_ = steps();
  look_clock_ = 0.0;
  Gan2d& gan = run_->run();
  seen_.cloud = gan.generate(noise_);
  seen_.judged = gan.discriminate(seen_.cloud);
  seen_.pull = gan.pull(seen_.cloud);
  seen_.losses = gan.losses(seen_.cloud);
  seen_.modes = count_modes(*real_, seen_.cloud);
  seen_.coverage = coverage(real_->points, radii_, seen_.cloud);
  seen_.pull_length = 0.0;
  const std::size_t n = seen_.cloud.size() / 2;
  for (std::size_t i = 0; i < n; ++i)
    seen_.pull_length += std::sqrt(seen_.pull[i] * seen_.pull[i] + seen_.pull[n + i] * seen_.pull[n + i]) / cloud_count;
  Tensor values = gan.surface(-1.25, 1.25, surface_nodes);
  for (std::ptrdiff_t i = 0; i < values.count(); ++i) values.data()[i] = 2.0F * values.data()[i] - 1.0F;
  surface_.set(values, Shade::diverging, -1.0F, 1.0F);
  const float levels[] = {-0.8F, -0.4F, 0.0F, 0.4F, 0.8F};  // D = 0.1, 0.3, 0.5, 0.7, 0.9
  surface_.set_levels(levels);
}

void Gan::write_step() {
  target_ = steps();
  (void)state_.set("step", std::to_string(target_));
  step_text_ = state_.raw("step");
}

void Gan::play(bool on) {
  playing_ = on;
  clock_ = 0.0;
  if (!on && run_) write_step();
}

bool Gan::step(int delta) {
  if (!run_ || real_->count() == 0) return false;
  const int wanted = (playing_ || seeking_ ? steps() : target_) + delta;
  if (wanted < 0 || wanted > most_steps) return false;
  return static_cast<bool>(state_.set("step", std::to_string(wanted)));
}

Readouts Gan::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = run_ && real_->count() > 0 && looked_ >= 0;
  const auto number = [&](double value) { return any ? value : undefined; };
  const bool modes = any && real_->mode_count() > 0;
  const int g = any ? run_->run().generator_updates() : 0;
  return {
      {"step", number(steps())},
      {"d_updates", number(steps() - g)},
      {"g_updates", number(g)},
      {"loss_d", number(seen_.losses.d)},
      {"loss_g", number(seen_.losses.g)},
      {"d_real", number(seen_.losses.mean_real)},
      {"d_fake", number(seen_.losses.mean_fake)},
      {"pull", number(seen_.pull_length)},
      {"coverage", any ? 100.0 * seen_.coverage : undefined, "%", 3},
      {"modes", modes ? static_cast<double>(seen_.modes.captured) : undefined},
      {"modes_there", modes ? static_cast<double>(real_->mode_count()) : undefined},
      {"good", modes ? 100.0 * seen_.modes.good / cloud_count : undefined, "%", 3},
      {"points", run_ ? static_cast<double>(real_->count()) : undefined},
  };
}

std::string Gan::sentence(const Words& words) const {
  if (!problem_.empty()) return words(problem_);
  if (!run_ || looked_ < 0) return {};
  const std::string next = words(run_->run().generator_next() ? "gan.next_g" : "gan.next_d");
  if (real_->mode_count() == 0)
    return words.format("gan.sentence", {std::to_string(steps()), words.number(100.0 * seen_.coverage, 3), next});
  return words.format("gan.sentence_modes", {std::to_string(steps()), std::to_string(seen_.modes.captured),
                                             std::to_string(real_->mode_count()), next});
}

}  // namespace cvlab::app
