#include "core/train/activation_study.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/data/toy.hpp"
#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr int cost_elements = 4096;  // in the first cache, and one piece of work for one core
constexpr int zigzag_side = 16;      // quantiles of each input; their pairs are the examples
constexpr int moon_points = 160;

BasicView<const double> view_of(std::span<const double> x) {
  return {x.data(), Shape{static_cast<std::ptrdiff_t>(x.size())}};
}
BasicView<double> view_of(std::vector<double>& x) { return {x.data(), Shape{static_cast<std::ptrdiff_t>(x.size())}}; }

double alpha_of(Activation kind) {  // 0.01 as a double, not as the float next to it
  return kind == Activation::leaky_relu ? 0.01 : static_cast<double>(default_alpha(kind));
}

double mean_of(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

double mean_square(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double value : x) sum += value * value;
  return sum / static_cast<double>(x.size());
}

// The least time of a pass, in nanoseconds an element. Clocks of a browser are coarse, down to 0.1 ms: a reading spans
// as many passes as make it longer than that, and the first ones are to warm up.
template <class Pass>
double fastest(double seconds, Pass pass) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  double least = std::numeric_limits<double>::infinity();
  int passes = 8;
  for (int readings = 0; readings < 2 || Clock::now() < end;) {
    const auto begin = Clock::now();
    for (int i = 0; i < passes; ++i) pass();
    const std::chrono::duration<double, std::nano> taken = Clock::now() - begin;
    if (taken.count() < 4e5 && passes < 1 << 14) {
      passes *= 2;
      continue;
    }
    least = std::min(least, taken.count() / passes / cost_elements);
    ++readings;
  }
  return least;
}

}  // namespace

std::vector<double> normal_quantiles(int count, double deviation) {
  std::vector<double> x(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) x[static_cast<std::size_t>(i)] = deviation * normal_quantile((i + 0.5) / count);
  return x;
}

void activation_values(Activation kind, std::span<const double> x, std::vector<double>& y) {
  y.resize(x.size());
  activation_forward_ref<double>(kind, alpha_of(kind), view_of(x), view_of(y));
}

void activation_slopes(Activation kind, std::span<const double> x, std::vector<double>& slope) {
  std::vector<double> y;
  activation_values(kind, x, y);
  const std::vector<double> ones(x.size(), 1.0);
  slope.assign(x.size(), 0.0);
  activation_backward_ref<double>(kind, alpha_of(kind), view_of(x), view_of(std::span<const double>(y)),
                                  view_of(std::span<const double>(ones)), view_of(slope));
}

double activation_value(Activation kind, double x) {
  std::vector<double> y;
  activation_values(kind, {&x, 1}, y);
  return y.front();
}

double activation_slope(Activation kind, double x) {
  std::vector<double> slope;
  activation_slopes(kind, {&x, 1}, slope);
  return slope.front();
}

ActivationProfile profile_activation(Activation kind, std::span<const double> inputs) {
  ActivationProfile profile;
  std::vector<double> y, slope;
  activation_values(kind, inputs, y);
  activation_slopes(kind, inputs, slope);
  const double m1 = mean_of(y), m2 = mean_square(y);
  profile.mean = m1;
  profile.deviation = std::sqrt(std::max(0.0, m2 - m1 * m1));
  profile.slope = std::sqrt(mean_square(slope));
  const auto flat = std::count_if(slope.begin(), slope.end(), [](double s) { return std::abs(s) < saturation_slope; });
  profile.saturated = static_cast<double>(flat) / static_cast<double>(slope.size());
  profile.condition = (m2 + m1 * m1) / (m2 - m1 * m1);

  constexpr double h = 1e-6;
  const double at = activation_value(kind, 0.0);
  const double right = activation_value(kind, h), left = activation_value(kind, -h);
  const auto tidy = [](double value) { return std::round(value * 1e4) / 1e4; };  // differences know no more
  profile.jump = tidy(std::abs(right - left));
  if (profile.jump == 0.0) profile.kink = tidy(std::abs((right - at) / h - (at - left) / h));
  return profile;
}

ActivationCost measure_activation_cost(Activation kind, double seconds) {
  const std::vector<double> sample = normal_quantiles(cost_elements, 1.0);
  Tensor x(Shape{cost_elements}), y(Shape{cost_elements}), dy(Shape{cost_elements}, 1.0f), dx(Shape{cost_elements});
  std::transform(sample.begin(), sample.end(), x.data(), [](double v) { return static_cast<float>(v); });
  const float alpha = default_alpha(kind);
  ActivationCost cost;
  cost.forward = fastest(0.5 * seconds, [&] { activation_forward(kind, alpha, x.view(), y.view()); });
  cost.backward = fastest(0.5 * seconds,
                          [&] { activation_backward(kind, alpha, x.view(), y.view(), dy.view(), dx.view(), false); });
  return cost;
}

double ZigZag::away(int step) const {
  const Point& w = path[static_cast<std::size_t>(step)];
  return std::hypot(w.w1 - goal.w1, w.w2 - goal.w2);
}

ZigZag run_zigzag(Activation kind, bool centred, double share, int steps, std::uint64_t seed) {
  std::vector<double> f;
  activation_values(kind, normal_quantiles(zigzag_side, 1.0), f);
  if (centred) {
    const double mean = mean_of(f);
    for (double& value : f) value -= mean;
  }
  ZigZag run;
  const double m1 = mean_of(f), m2 = mean_square(f);
  run.along = m2 + m1 * m1;
  run.across = m2 - m1 * m1;
  run.rate = share * 2.0 / run.along;

  std::vector<int> order(static_cast<std::size_t>(zigzag_side * zigzag_side));
  Rng rng(seed);
  ZigZag::Point w = ZigZag::start;
  run.path.push_back(w);
  int same = 0;
  for (int step = 0; step < steps; ++step) {
    const std::size_t place = static_cast<std::size_t>(step) % order.size();
    if (place == 0) {  // an epoch begins
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
      rng.shuffle(std::span<int>(order));
    }
    const int example = order[place];
    const double x1 = f[static_cast<std::size_t>(example / zigzag_side)];
    const double x2 = f[static_cast<std::size_t>(example % zigzag_side)];
    const double error = (w.w1 - ZigZag::goal.w1) * x1 + (w.w2 - ZigZag::goal.w2) * x2;
    w = {w.w1 - run.rate * error * x1, w.w2 - run.rate * error * x2};
    run.path.push_back(w);
    run.inputs.push_back({x1, x2});
    same += x1 * x2 >= 0.0 ? 1 : 0;
    if (run.arrival < 0 && run.away(step + 1) < 0.1 * run.away(0)) run.arrival = step + 1;
  }
  run.same_sign = steps > 0 ? static_cast<double>(same) / steps : 0.0;
  return run;
}

DyingUnits::DyingUnits(Activation kind, int units, double rate, std::uint64_t seed)
    : kind_(kind), units_(units), rate_(rate) {
  const ToyData data = make_toy(ToyKind::moons, moon_points, 0.06, seed);
  labels_ = data.labels;
  for (std::ptrdiff_t i = 0; i < data.points.count(); ++i)
    points_.push_back(static_cast<double>(data.points.data()[i]));
  State state;
  Rng rng(seed, 1);
  for (int u = 0; u < units; ++u) {  // He: variance 2 / fan_in
    const double w1 = rng.normal(), w2 = rng.normal(), b = 0.3 * rng.normal();
    state.units.push_back({w1, w2, b, rng.normal(0.0, std::sqrt(2.0 / units))});
  }
  forward(state);
  history_.push_back(std::move(state));
}

void DyingUnits::forward(State& state) {
  const std::size_t n = labels_.size(), units = state.units.size();
  z_.resize(n * units);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t u = 0; u < units; ++u) {
      const Unit& unit = state.units[u];
      z_[i * units + u] = unit.w1 * points_[2 * i] + unit.w2 * points_[2 * i + 1] + unit.b;
    }
  }
  activation_values(kind_, z_, h_);
  activation_slopes(kind_, z_, slope_);
  for (Unit& unit : state.units) unit.active = 0;
  delta_.resize(n);
  state.loss = 0.0;
  state.right = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double logit = state.bias;
    for (std::size_t u = 0; u < units; ++u) {
      logit += state.units[u].v * h_[i * units + u];
      state.units[u].active += slope_[i * units + u] != 0.0 ? 1 : 0;
    }
    const double truth = labels_[i];
    // log(1 + exp(logit)) - truth * logit, without overflow
    state.loss += std::max(logit, 0.0) + std::log1p(std::exp(-std::abs(logit))) - truth * logit;
    state.right += (logit > 0.0) == (labels_[i] == 1) ? 1 : 0;
    delta_[i] = (activation_value(Activation::sigmoid, logit) - truth) / static_cast<double>(n);
  }
  state.loss /= static_cast<double>(n);
}

void DyingUnits::step() {
  State next = history_.back();
  const std::size_t n = labels_.size(), units = next.units.size();
  const State& now = history_.back();
  for (std::size_t i = 0; i < n; ++i) {
    next.bias -= rate_ * delta_[i];
    for (std::size_t u = 0; u < units; ++u) {
      const double back = delta_[i] * now.units[u].v * slope_[i * units + u];
      next.units[u].v -= rate_ * delta_[i] * h_[i * units + u];
      next.units[u].w1 -= rate_ * back * points_[2 * i];
      next.units[u].w2 -= rate_ * back * points_[2 * i + 1];
      next.units[u].b -= rate_ * back;
    }
  }
  forward(next);
  history_.push_back(std::move(next));
}

int DyingUnits::dead(int step) const {
  const auto units = at(step);
  return static_cast<int>(std::count_if(units.begin(), units.end(), [](const Unit& u) { return u.active == 0; }));
}

}  // namespace cvlab
