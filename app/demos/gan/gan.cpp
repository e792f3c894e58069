#include "app/demos/gan/gan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/shell/file_library.hpp"

namespace cvlab::app {

namespace {

constexpr int real_count = 256, cloud_count = 256;
constexpr int surface_nodes = 49;
constexpr double slice_seconds = 0.010;  // of a frame while it plays
constexpr double seek_seconds = 0.025;   // while it goes to a step that was asked for
constexpr double look_seconds = 0.06;    // between two looks at the players while they play
constexpr double look_digits = 0.3;      // where a look costs about two updates

}  // namespace

std::unique_ptr<Demo> make_gan(DemoContext context) { return std::make_unique<Gan>(context); }

bool Gan::update(double dt) {
  if (state_.version() != seen_version_ || (recipe_.digits && files_.version() != seen_files_)) follow();
  if (!running()) return false;
  look_clock_ += dt;
  const bool due = looked_ != steps() && look_clock_ >= (recipe_.digits ? look_digits : look_seconds);
  if (look_part_ > 0 ||
      (due && recipe_.digits && !digits_.run()->run().prepared() && dt > 0.0 && (playing_ || seeking_))) {
    digits_.look_part(look_part_);  // as much work as updates are: frames of its own
    look_part_ = (look_part_ + 1) % DigitGame::look_parts;
    if (look_part_ == 0) looked();
    return true;
  }
  const bool more = work(dt);
  if (looked_ != steps() && (!more || (due && !recipe_.digits))) look();
  return more;
}

template <class Function>
auto Gan::with_run(Function&& function) const {
  return recipe_.digits ? function(*digits_.run()) : function(*run_);
}

int Gan::steps() const {
  return running() ? with_run([](const auto& timeline) { return timeline.run().steps(); }) : 0;
}

int Gan::farthest() const {
  return with_run([](const auto& timeline) { return timeline.farthest(); });
}

bool Gan::generator_next() const {
  return with_run([](const auto& timeline) { return timeline.run().generator_next(); });
}

const std::vector<GanPoint>& Gan::points() const { return recipe_.digits ? digits_.run()->points() : run_->points(); }

bool Gan::go_to(int step, double seconds) {
  look_part_ = 0;  // of another moment
  return recipe_.digits ? digits_.run()->go_to(step, seconds) : run_->go_to(step, seconds);
}

Gan::Recipe Gan::recipe() const {
  Recipe r;
  r.digits = state_.choice("what") == "digits";
  r.data = state_.choice("data");
  if (r.data == "own") r.points = state_.raw("points");
  r.settings.loss = state_.choice("loss") == "minimax" ? GanLoss::minimax : GanLoss::nonsaturating;
  r.settings.rate_d = state_.real("rated");
  r.settings.rate_g = state_.real("rateg");
  r.settings.d_steps = state_.integer("dsteps");
  r.settings.width = 32;
  r.settings.seed = static_cast<std::uint64_t>(state_.integer("seed"));
  if (r.digits) {
    r.images.loss = r.settings.loss;
    r.images.rate_d = r.settings.rate_d;
    r.images.rate_g = r.settings.rate_g;
    r.images.d_steps = r.settings.d_steps;
    r.images.seed = r.settings.seed;
  }
  return r;
}

void Gan::follow() {
  const Recipe wanted = recipe();
  bool again = !running() || !(wanted == recipe_);
  if (wanted.digits) {
    (void)digits_.load();
    seen_files_ = files_.version();
    again = again && digits_.ready();
    if (!digits_.ready()) recipe_ = wanted;
  }
  if (again) {
    // A step that was asked for and is not reached yet belongs to the new settings; one that was reached, to the old.
    const bool settled = running() && state_.raw("step") == step_text_ && !seeking_;
    begin(wanted);
    if (settled) {
      (void)state_.set("step", "0");
      step_text_ = state_.raw("step");
    }
    target_ = state_.integer("step");
  }
  if (running() && state_.raw("step") != step_text_) {
    step_text_ = state_.raw("step");
    target_ = state_.integer("step");
    if (playing_) (void)go_to(std::min(target_, steps()), 0.0);
  }
  seen_version_ = state_.version();
  follow_walk();
}

// The walk moves without an update of either player.
void Gan::follow_walk() {
  if (!recipe_.digits || !running()) return;
  const std::string text =
      std::string(state_.raw("from")) + ' ' + std::string(state_.raw("to")) + ' ' + std::string(state_.raw("walk"));
  if (text != walk_text_ && looked_ >= 0) digits_.look_walk();
  walk_text_ = text;
}

void Gan::begin(const Recipe& wanted) {
  recipe_ = wanted;
  problem_.clear();
  drawn_.clear();
  target_ = 0;
  looked_ = -1;
  look_part_ = 0;
  if (wanted.digits) {
    run_.reset();
    digits_.begin(wanted.images);
    return;
  }
  digits_.end();
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
}

// Towards the step that is asked for, or, while playing, on at the chosen pace.
bool Gan::work(double dt) {
  if (!any_data()) return false;
  if (!playing_) {
    seeking_ = go_to(target_, dt > 0.0 ? seek_seconds : 0.0);
    return seeking_;
  }
  const std::string_view pace = state_.choice("pace");
  const bool fast = pace == "fast";
  const double interval = pace == "slow" ? 0.7 : 1.0 / 60.0;
  clock_ = std::min(clock_ + dt, 4.0 * interval);
  const int due = fast ? most_steps : static_cast<int>(clock_ / interval);
  if (!fast) clock_ -= due * interval;
  if (due > 0 && dt > 0.0) (void)go_to(std::min(most_steps, steps() + due), slice_seconds);
  return steps() < most_steps;
}

void Gan::looked() {
  looked_ = steps();
  look_clock_ = 0.0;
  look_part_ = 0;
}

void Gan::look() {
  looked();
  if (recipe_.digits) {
    for (int part = 0; part < DigitGame::look_parts; ++part) digits_.look_part(part);
    return;
  }
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
  seeking_ = false;
  clock_ = 0.0;
  if (on || !running()) return;
  if (recipe_.digits && digits_.run()->run().prepared()) (void)go_to(steps() + 1, 0.0);  // what is begun is done
  write_step();
}

void Gan::restart() {
  files_.retry();
  (void)state_.set("step", "0");
}

bool Gan::step(int delta) {
  if (!any_data()) return false;
  const int wanted = (playing_ || seeking_ ? steps() : target_) + delta;
  if (wanted < 0 || wanted > most_steps) return false;
  return static_cast<bool>(state_.set("step", std::to_string(wanted)));
}

Readouts Gan::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const bool any = any_data() && looked_ >= 0, plane = any && !recipe_.digits;
  const auto number = [&](double value) { return any ? value : undefined; };
  const bool modes = plane && real_->mode_count() > 0;
  const int g = any ? with_run([](const auto& timeline) { return timeline.run().generator_updates(); }) : 0;
  const GanLosses& losses = seen_losses();
  Readouts result = {
      {"step", number(steps())},
      {"d_updates", number(steps() - g)},
      {"g_updates", number(g)},
      {"loss_d", number(losses.d)},
      {"loss_g", number(losses.g)},
      {"d_real", number(losses.mean_real)},
      {"d_fake", number(losses.mean_fake)},
  };
  result.push_back({"pull", plane ? seen_.pull_length : undefined});
  result.push_back({"coverage", plane ? 100.0 * seen_.coverage : undefined, "%", 3});
  if (recipe_.digits) {
    digits_.add_readouts(result, any);
    return result;
  }
  result.push_back({"modes", modes ? static_cast<double>(seen_.modes.captured) : undefined});
  result.push_back({"modes_there", modes ? static_cast<double>(real_->mode_count()) : undefined});
  result.push_back({"good", modes ? 100.0 * seen_.modes.good / cloud_count : undefined, "%", 3});
  result.push_back({"points", run_ ? static_cast<double>(real_->count()) : undefined});
  result.push_back({"score", undefined});  // these four of digits alone
  result.push_back({"sure", undefined, "%", 3});
  result.push_back({"walk_d", undefined});
  result.push_back({"walk_digit", undefined});
  return result;
}

std::string Gan::sentence(const Words& words) const {
  if (recipe_.digits && !digits_.ready()) return words.sentence(digits_.problem());
  if (!problem_.empty()) return words(problem_);
  if (!running() || looked_ < 0) return {};
  const std::string next = words(generator_next() ? "gan.next_g" : "gan.next_d");
  if (recipe_.digits) {
    if (!digits_.score()) return words.format("gan.sentence_plain", {std::to_string(steps()), next});
    return words.format("gan.sentence_digits",
                        {std::to_string(steps()), std::to_string(digits_.score()->captured), next});
  }
  if (real_->mode_count() == 0)
    return words.format("gan.sentence", {std::to_string(steps()), words.number(100.0 * seen_.coverage, 3), next});
  return words.format("gan.sentence_modes", {std::to_string(steps()), std::to_string(seen_.modes.captured),
                                             std::to_string(real_->mode_count()), next});
}

}  // namespace cvlab::app
