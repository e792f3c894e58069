#include "core/train/descent_path.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cvlab {

bool DescentSettings::operator==(const DescentSettings& other) const {
  const OptimizerParams &a = optimizer, &b = other.optimizer;
  const Schedule &s = schedule, &t = other.schedule;
  return a.kind == b.kind && a.learning_rate == b.learning_rate && a.momentum == b.momentum && s.kind == t.kind &&
         s.warmup_steps == t.warmup_steps && s.total_steps == t.total_steps && s.step_every == t.step_every &&
         s.step_factor == t.step_factor && batch == other.batch && seed == other.seed && u == other.u && v == other.v;
}

DescentPath::DescentPath(const LossSlice& slice, const DescentSettings& settings) : slice_(slice), settings_(settings) {
  descent_.params = settings.optimizer;
  places_.push_back({settings.u, settings.v, slice_.at(settings.u, settings.v).loss});
}

int DescentPath::go_to(int steps) {
  while (!diverged_ && static_cast<int>(places_.size()) <= steps) {
    const int step = static_cast<int>(places_.size()) - 1;
    const LossSlice::Value g = gradient_of(step);
    double place[2] = {places_.back().u, places_.back().v};
    const double gradient[2] = {g.du, g.dv};
    descent_.step(place, gradient, static_cast<double>(settings_.schedule.factor(step)));
    const double loss = slice_.at(place[0], place[1]).loss;
    diverged_ = !(std::fabs(place[0]) < far && std::fabs(place[1]) < far && std::isfinite(loss));
    if (!diverged_) places_.push_back({place[0], place[1], loss});
  }
  return std::min(steps, static_cast<int>(places_.size()) - 1);
}

std::vector<int> DescentPath::batch_of(int step) const {
  const int n = slice_.examples(), size = std::clamp(settings_.batch, 1, n);
  const int per_epoch = (n + size - 1) / size;
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Rng rng(settings_.seed, static_cast<std::uint64_t>(step / per_epoch));
  if (size < n) rng.shuffle(std::span<int>(order));
  const int first = step % per_epoch * size;
  return {order.begin() + first, order.begin() + std::min(first + size, n)};
}

LossSlice::Value DescentPath::gradient_of(int step) {
  const Place& at = places_[static_cast<std::size_t>(step)];
  return slice_.at(at.u, at.v, batch_of(step));
}

double DescentPath::rate_of(int step) const {
  return static_cast<double>(settings_.optimizer.learning_rate) * static_cast<double>(settings_.schedule.factor(step));
}

double gradient_noise(std::span<const LossSlice::Value> each, int batch) {
  const auto n = static_cast<double>(each.size());
  if (each.size() < 2) return 0.0;
  double du = 0.0, dv = 0.0, spread = 0.0;
  for (const LossSlice::Value& g : each) {
    du += g.du / n;
    dv += g.dv / n;
  }
  for (const LossSlice::Value& g : each) spread += (g.du - du) * (g.du - du) + (g.dv - dv) * (g.dv - dv);
  return std::sqrt(std::max(0.0, spread / n / batch * (n - batch) / (n - 1.0)));
}

}  // namespace cvlab
