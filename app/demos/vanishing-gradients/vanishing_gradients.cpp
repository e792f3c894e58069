#include "app/demos/vanishing-gradients/vanishing_gradients.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr double slice_seconds = 0.01;  // of a frame
constexpr int points = 128;
constexpr double noise = 0.08;
constexpr int bins = 41;  // odd: zero has one of its own
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

FirstWeights weights_of(std::string_view init) {
  if (init == "zero") return FirstWeights::zero;
  if (init == "small") return FirstWeights::small;
  if (init == "large") return FirstWeights::large;
  return init == "he" ? FirstWeights::he : FirstWeights::xavier;
}

Activation activation_of(std::string_view f) {
  for (const Activation kind :
       {Activation::tanh, Activation::relu, Activation::leaky_relu, Activation::elu, Activation::gelu}) {
    if (f == name(kind)) return kind;
  }
  return Activation::sigmoid;
}

// What a size is to two digits: the rest is rounding, which deep products amplify.
double two_digits(double value) {
  if (!std::isfinite(value) || value == 0.0) return value;
  const double power = std::floor(std::log10(std::abs(value))) - 1.0;
  const double unit = std::pow(10.0, std::abs(power));
  return power < 0.0 ? std::round(value * unit) / unit : std::round(value / unit) * unit;
}

double greatest(const std::vector<LayerStatistics>& layers, bool gradients) {
  double most = 0.0;
  for (const LayerStatistics& layer : layers)
    most = std::max(most, gradients ? layer.gradient.greatest : layer.activation.greatest);
  return most;
}

Histogram symmetric(std::span<const float> values, double most) {
  const double reach = most > 0.0 ? round_up(most) : 1.0;
  return histogram_of(values, -reach, reach, bins);
}

}  // namespace

std::unique_ptr<Demo> make_vanishing_gradients(DemoContext context) {
  return std::make_unique<VanishingGradients>(context);
}

bool VanishingGradients::update(double dt) {
  if (state_.version() != seen_state_) follow();
  seen_state_ = state_.version();
  return train(dt);
}

VanishingGradients::Recipe VanishingGradients::recipe() const {
  Recipe wanted;
  wanted.params.depth = state_.integer("depth");
  wanted.params.activation = activation_of(state_.choice("f"));
  wanted.params.weights = weights_of(state_.choice("init"));
  wanted.params.batch_norm = state_.toggle("norm");
  wanted.params.skip = state_.toggle("skip");
  wanted.params.rate = static_cast<float>(state_.real("rate"));
  wanted.params.seed = static_cast<std::uint64_t>(state_.integer("seed"));
  wanted.data = state_.choice("data");
  return wanted;
}

void VanishingGradients::follow() {
  const Recipe wanted = recipe();
  if (!study_ || !(wanted == recipe_)) {
    recipe_ = wanted;
    const ToyKind kind = parse_toy(wanted.data).value();
    study_ = std::make_unique<DeepStudy>(wanted.params, make_toy(kind, points, noise, wanted.params.seed));
  }
  if (study_->under_way()) (void)study_->step();  // pictures are of whole steps
  study_->rewind(state_.integer("steps"));
  collect();
}

bool VanishingGradients::train(double dt) {
  using Clock = std::chrono::steady_clock;
  const int goal = state_.integer("steps");
  if (study_->steps() >= goal || !study_->finite()) return false;
  const auto begin = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  const double slice = dt > 0.0 ? slice_seconds : 0.0;
  // A step of a deep network takes longer than the slice: then one part of it a frame. It ends with a whole step where
  // another would not fit.
  bool whole = false;
  double now = 0.0;
  for (;;) {
    whole = study_->part();
    step_seconds_ += seconds() - now;
    now = seconds();
    const double step = whole ? std::exchange(step_seconds_, 0.0) : 0.0;
    if (whole && (study_->steps() >= goal || !study_->finite() || now + step > slice)) break;
    if (now >= slice && dt > 0.0) break;
  }
  if (whole) collect();
  return study_->steps() < goal && study_->finite();
}

// What the figure shows of the measurement.
void VanishingGradients::collect() {
  const auto& layers = study_->layers();
  const auto positive = [](double value) { return value > 0.0 && std::isfinite(value) ? value : undefined; };
  activation_sizes_.clear();
  gradient_sizes_.clear();
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const double x = static_cast<double>(l) + 1.0;
    const bool forward = layers[l].activation.not_finite == 0;
    const bool backward = layers[l].gradient.not_finite == 0;
    activation_sizes_.push_back({x, forward ? positive(layers[l].activation.rms) : undefined});
    gradient_sizes_.push_back({x, backward ? positive(layers[l].gradient.rms) : undefined});
  }
  loss_.clear();
  for (std::size_t i = 0; i < study_->losses().size(); ++i)
    loss_.push_back({static_cast<double>(i), study_->losses()[i]});

  const bool own = state_.toggle("own");
  const double most_activation = greatest(layers, false);
  const double most_gradient = greatest(layers, true);
  const int depth = static_cast<int>(layers.size());
  const int count = std::min(shown_, depth);
  pictures_.clear();
  for (int i = 0; i < count; ++i) {
    LayerPicture picture;
    picture.layer = count > 1 ? (i * (depth - 1) + (count - 1) / 2) / (count - 1) : 0;
    const LayerStatistics& s = layers[static_cast<std::size_t>(picture.layer)];
    picture.activation = symmetric(study_->activations(picture.layer), own ? s.activation.greatest : most_activation);
    picture.gradient = symmetric(study_->gradients(picture.layer), own ? s.gradient.greatest : most_gradient);
    pictures_.push_back(std::move(picture));
  }
}

void VanishingGradients::restart() {
  study_.reset();
  seen_state_ = 0;
}

bool VanishingGradients::step(int delta) {
  const int now = std::min(state_.integer("steps"), study_ ? study_->steps() : 0);
  const int next = now + delta;
  if (!study_ || next < 0 || next > most_steps || (delta > 0 && !study_->finite())) return false;
  return static_cast<bool>(state_.set("steps", std::to_string(next)));
}

// How many powers of ten the gradient of the first layer is above (or, negative, below) that of the last one.
double VanishingGradients::gradient_decades() const {
  const double first = study_->layers().front().gradient.rms;
  const double last = study_->layers().back().gradient.rms;
  if (!study_->finite() || first <= 0.0 || last <= 0.0) return undefined;
  return std::log10(first / last);
}

std::string VanishingGradients::size_text(const Words& words, double value) {
  if (!(std::abs(value) >= 1e4) || !std::isfinite(value)) return words.number(value, 2);
  const int power = static_cast<int>(std::floor(std::log10(std::abs(value))));
  return words.number(value / std::pow(10.0, power), 2) + "e" + std::to_string(power);
}

Readouts VanishingGradients::readouts() const {
  const LayerStatistics& first = study_->layers().front();
  const LayerStatistics& last = study_->layers().back();
  // Before all steps are done no number is an answer.
  const bool fine = study_->finite() && study_->steps() >= state_.integer("steps");
  const auto size = [&](double value) { return fine ? two_digits(value) : undefined; };
  const int bad = study_->not_finite_forward() >= 0 ? study_->not_finite_forward() : study_->not_finite_backward();
  return {{"step", static_cast<double>(study_->steps())},
          {"loss", fine ? std::round(study_->loss() * 1000.0) / 1000.0 : undefined},
          {"accuracy", fine ? std::round(100.0 * study_->accuracy()) : undefined, "%"},
          {"activation_first", size(first.activation.rms), "", 2},
          {"activation_last", size(last.activation.rms), "", 2},
          {"gradient_first", size(first.gradient.rms), "", 2},
          {"gradient_last", size(last.gradient.rms), "", 2},
          {"gradient_decades", fine ? std::round(gradient_decades() * 10.0) / 10.0 : undefined, "", 3},
          {"dead", fine ? static_cast<double>(study_->dead()) : undefined},
          {"units", static_cast<double>(study_->params().depth * study_->params().width)},
          {"bad_layer", study_->finite() ? undefined : static_cast<double>(bad) + 1.0}};
}

std::string VanishingGradients::trouble(const Words& words) const {
  if (study_->finite()) return {};
  const int forward = study_->not_finite_forward();
  const std::string step = std::to_string(study_->steps());
  if (forward >= study_->params().depth) return words.format("vanishing-gradients.nan_loss", {step});
  if (forward >= 0) return words.format("vanishing-gradients.nan_forward", {step, std::to_string(forward + 1)});
  return words.format("vanishing-gradients.nan_backward", {step, std::to_string(study_->not_finite_backward() + 1)});
}

std::string VanishingGradients::verdict(const Words& words) const {
  const double decades = gradient_decades();
  if (!std::isfinite(decades)) return words("vanishing-gradients.verdict_zero");
  const std::string times = size_text(words, std::pow(10.0, std::abs(decades)));
  if (decades < -2.0) return words.format("vanishing-gradients.verdict_vanishes", {times});
  if (decades > 2.0) return words.format("vanishing-gradients.verdict_explodes", {times});
  return words("vanishing-gradients.verdict_healthy");
}

std::string VanishingGradients::sentence(const Words& words) const {
  if (std::string bad = trouble(words); !bad.empty()) return bad;
  return words.format("vanishing-gradients.sentence",
                      {std::to_string(study_->steps()), words.number(study_->loss(), 3),
                       words.number(std::round(100.0 * study_->accuracy()), 3), verdict(words)});
}

}  // namespace cvlab::app
