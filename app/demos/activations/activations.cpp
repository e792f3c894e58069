#include "app/demos/activations/activations.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace cvlab::app {

namespace {

constexpr double cost_seconds = 0.004;   // of measuring, a frame
constexpr double slice_seconds = 0.008;  // of training, a frame
constexpr int histogram_bins = 48;
constexpr double x_step = 0.1;

}  // namespace

std::unique_ptr<Demo> make_activations(DemoContext context) { return std::make_unique<Activations>(context); }

const char* formula(Activation kind) {
  switch (kind) {
    case Activation::sigmoid:
      return "1 / (1 + exp(−x))";
    case Activation::tanh:
      return "tanh(x)";
    case Activation::relu:
      return "max(0, x)";
    case Activation::leaky_relu:
      return "max(0.01 x, x)";
    case Activation::elu:
      return "x > 0 ? x : exp(x) − 1";
    case Activation::gelu:
      return "x · Φ(x)";
    case Activation::silu:
      return "x · sigmoid(x)";
    case Activation::softplus:
      return "ln(1 + exp(x))";
    case Activation::step:
      return "x ≥ 0 ? 1 : 0";
    case Activation::identity:
      return "x";
  }
  return "";
}

int index_of(Activation kind) {
  const auto found = std::find(all_activations.begin(), all_activations.end(), kind);
  return static_cast<int>(found - all_activations.begin());
}

bool Activations::update(double dt) {
  if (state_.version() != seen_state_) follow();
  seen_state_ = state_.version();
  if (view_ == View::curve) return measure_cost(dt);
  return view_ == View::dying && train(dt);
}

void Activations::follow() {
  const std::string_view view = state_.choice("view");
  view_ = view == "zigzag" ? View::zigzag : view == "dying" ? View::dying : View::curve;
  const std::string_view f = state_.choice("f");
  for (const Activation kind : all_activations) {
    if (f == name(kind)) kind_ = kind;
  }
  measure();
  const auto seed = static_cast<std::uint64_t>(state_.integer("seed"));
  raw_ = run_zigzag(kind_, false, state_.real("small_rate"), most_steps, seed);
  centred_ = run_zigzag(kind_, true, state_.real("small_rate"), most_steps, seed);

  const Recipe wanted{kind_, state_.real("rate"), state_.integer("units"), state_.integer("seed")};
  if (net_ && wanted == recipe_) return;
  recipe_ = wanted;
  net_ = std::make_unique<DyingUnits>(wanted.kind, wanted.units, wanted.rate, seed);
  loss_ = {{0.0, net_->loss(0)}};
  dead_ = {{0.0, static_cast<double>(net_->dead(0))}};
}

// The criteria of all ten, and where the inputs of the chosen one go.
void Activations::measure() {
  if (const double spread = state_.real("spread"); spread != spread_) {
    spread_ = spread;
    inputs_ = normal_quantiles(sample_size, spread);
    for (std::size_t i = 0; i < profiles_.size(); ++i) profiles_[i] = profile_activation(all_activations[i], inputs_);
  }
  std::vector<double> y, slope;
  activation_values(kind_, inputs_, y);
  activation_slopes(kind_, inputs_, slope);
  before_ = histogram_of(std::span<const double>(inputs_), -6.0, 6.0, histogram_bins);
  after_ = histogram_of(std::span<const double>(y), -6.0, 6.0, histogram_bins);
  slopes_ = histogram_of(std::span<const double>(slope), -0.25, 1.25, 30);

  std::vector<double> x(481);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = -6.0 + 0.025 * static_cast<double>(i);
  activation_values(kind_, x, y);
  activation_slopes(kind_, x, slope);
  f_.clear();
  df_.clear();
  constexpr double gap = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < x.size(); ++i) {
    // A jump is a gap in the line, not a steep piece of it.
    if (i > 0 && std::abs(y[i] - y[i - 1]) > 0.5) f_.push_back({x[i], gap});
    if (i > 0 && std::abs(slope[i] - slope[i - 1]) > 0.5) df_.push_back({x[i], gap});
    f_.push_back({x[i], y[i]});
    df_.push_back({x[i], slope[i]});
  }
  value_ = activation_value(kind_, state_.real("x"));
  slope_ = activation_slope(kind_, state_.real("x"));
}

// One function a frame, until all ten are timed.
bool Activations::measure_cost(double dt) {
  if (costs_done_ >= activation_count || dt <= 0.0) return costs_done_ < activation_count && dt > 0.0;
  costs_[static_cast<std::size_t>(costs_done_)] =
      measure_activation_cost(all_activations[static_cast<std::size_t>(costs_done_)], cost_seconds);
  return ++costs_done_ < activation_count;
}

bool Activations::train(double dt) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(dt > 0.0 ? slice_seconds : 0.0);
  while (net_->steps() < wanted_steps()) {
    net_->step();
    const int at = net_->steps();
    loss_.push_back({static_cast<double>(at), net_->loss(at)});
    dead_.push_back({static_cast<double>(at), static_cast<double>(net_->dead(at))});
    if (Clock::now() >= end) break;
  }
  return net_->steps() < wanted_steps();
}

int Activations::shown_step() const { return std::min(wanted_steps(), net_->steps()); }

void Activations::restart() {
  costs_done_ = 0;
  costs_ = {};
  recipe_ = {};
  seen_state_ = 0;
}

bool Activations::step(int delta) {
  if (view_ == View::curve) {
    const double x = std::round((state_.real("x") + delta * x_step) / x_step) * x_step;
    if (x < -6.0 - 1e-9 || x > 6.0 + 1e-9) return false;
    return static_cast<bool>(state_.set("x", State::format(std::round(x * 10.0) / 10.0)));
  }
  const char* const id = view_ == View::zigzag ? "small_steps" : "steps";
  const int next = state_.integer(id) + delta;
  if (next < 0 || next > most_steps) return false;
  return static_cast<bool>(state_.set(id, std::to_string(next)));
}

Readouts Activations::readouts() const {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const auto at = static_cast<std::size_t>(index_of(kind_));
  const ActivationProfile& p = profiles_[at];
  const ActivationCost& cost = costs_[at];
  // Of the view that is shown; the others have none.
  const auto in = [&](View view, double value) { return view_ == view && std::isfinite(value) ? value : undefined; };
  const auto timed = [&](double ns) { return in(View::curve, ns > 0.0 ? ns : undefined); };
  const int small = state_.integer("small_steps");
  const int shown = shown_step();
  const bool trained = shown >= wanted_steps();  // until then no number of it is an answer
  const auto away = [&](const ZigZag& run) { return in(View::zigzag, run.away(small)); };
  const auto arrival = [&](const ZigZag& run) {
    return in(View::zigzag, run.arrival < 0 ? undefined : static_cast<double>(run.arrival));
  };
  Readouts all = {
      {"step", view_ == View::curve ? undefined : static_cast<double>(view_ == View::zigzag ? small : shown)},
      {"value", in(View::curve, value_)},
      {"slope", in(View::curve, slope_)},
      {"slope_kept", in(View::curve, p.slope)},
      {"ten_layers", in(View::curve, std::pow(p.slope, 10.0))},
      {"saturated", in(View::curve, 100.0 * p.saturated), "%"},
      {"mean_output", in(View::curve, p.mean)},
      {"condition", in(View::curve, p.condition > 1e6 ? undefined : p.condition)},
      {"kink", in(View::curve, p.kink)},
      {"jump", in(View::curve, p.jump)},
      {"ns_forward", timed(cost.forward), "ns", 3, true},
      {"ns_backward", timed(cost.backward), "ns", 3, true},
      {"away", away(raw_)},
      {"away_centred", away(centred_)},
      {"arrival", arrival(raw_)},
      {"arrival_centred", arrival(centred_)},
      {"same_sign", in(View::zigzag, 100.0 * raw_.same_sign), "%"},
      {"same_sign_centred", in(View::zigzag, 100.0 * centred_.same_sign), "%"},
      {"zigzag_condition", in(View::zigzag, raw_.across > 0.0 ? raw_.along / raw_.across : undefined)},
      {"dead", in(View::dying, trained ? net_->dead(shown) : undefined)},
      {"units", in(View::dying, net_->units())},
      {"right", in(View::dying, trained ? 100.0 * net_->right(shown) / net_->points() : undefined), "%"},
      {"loss", in(View::dying, trained ? net_->loss(shown) : undefined)}};
  // Those of the view that is shown come first.
  constexpr int of_curve = 11, of_zigzag = 7;
  const int first = view_ == View::curve ? 1 : view_ == View::zigzag ? 1 + of_curve : 1 + of_curve + of_zigzag;
  std::rotate(all.begin() + 1, all.begin() + first, all.end());
  if (view_ == View::curve) std::rotate(all.begin(), all.begin() + 1, all.end());  // it has no steps
  return all;
}

std::string Activations::sentence(const Words& words) const {
  const std::string f = words("activations.f." + std::string(name(kind_)));
  const auto number = [&](double value) { return words.number(value, 3); };
  if (view_ == View::curve) {
    const ActivationProfile& p = profiles_[static_cast<std::size_t>(index_of(kind_))];
    return words.format("activations.sentence_curve",
                        {f, number(state_.real("x")), number(value_), number(slope_), number(p.slope),
                         number(std::pow(p.slope, 10.0)), number(p.mean)});
  }
  if (view_ == View::zigzag) {
    if (raw_.arrival < 0)
      return words.format("activations.sentence_never",
                          {f, std::to_string(most_steps), std::to_string(std::max(0, centred_.arrival))});
    return words.format("activations.sentence_zigzag",
                        {f, std::to_string(raw_.arrival), std::to_string(std::max(0, centred_.arrival))});
  }
  const int shown = shown_step();
  return words.format("activations.sentence_dying",
                      {std::to_string(shown), std::to_string(net_->dead(shown)), std::to_string(net_->units()),
                       number(100.0 * net_->right(shown) / net_->points())});
}

}  // namespace cvlab::app
