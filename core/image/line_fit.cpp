#include "core/image/line_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cvlab {

int LineScene::good() const { return count - static_cast<int>(std::lround(outliers * count)); }

std::vector<LinePoint> line_points(const LineScene& scene) {
  Rng rng(scene.seed, 1);
  std::vector<LinePoint> points;
  const auto on_grid = [](double v) {
    return (static_cast<double>(std::lround(std::clamp(v, -0.99, 0.99) * 50.0 + 49.5)) - 49.5) / 50.0;
  };
  for (int i = 0; i < scene.count; ++i) {
    if (i < scene.good()) {
      const double x = on_grid(rng.uniform(-0.95, 0.95));
      points.push_back({x, on_grid(scene.slope * x + scene.intercept + rng.normal(0.0, scene.noise))});
    } else {
      const double x = on_grid(rng.normal(0.62, 0.16));
      points.push_back({x, on_grid(rng.normal(-0.62, 0.14))});
    }
  }
  return points;
}

double LineFit::error(double other_slope, double other_intercept) const {
  const double sum = other_slope * other_slope * xx + 2.0 * other_slope * other_intercept * x +
                     other_intercept * other_intercept * n - 2.0 * other_slope * xy - 2.0 * other_intercept * y + yy;
  return std::sqrt(std::max(0.0, sum) / std::max(1.0, n));
}

std::optional<LineFit> fit_line(std::span<const LinePoint> points) {
  LineFit fit;
  for (const LinePoint& p : points) {
    fit.n += 1.0;
    fit.x += p.x;
    fit.y += p.y;
    fit.xx += p.x * p.x;
    fit.xy += p.x * p.y;
    fit.yy += p.y * p.y;
  }
  const double determinant = fit.n * fit.xx - fit.x * fit.x;
  if (fit.n < 2.0 || determinant <= 1e-12 * fit.n * fit.xx) return std::nullopt;
  fit.slope = (fit.n * fit.xy - fit.x * fit.y) / determinant;
  fit.intercept = (fit.xx * fit.y - fit.x * fit.xy) / determinant;
  for (const LinePoint& p : points) {
    const double distance = fit.at(p.x) - p.y;
    fit.squares += distance * distance;
  }
  return fit;
}

LineRansac::LineRansac(std::vector<LinePoint> points, double threshold, std::uint64_t seed)
    : points_(std::move(points)), threshold_(threshold), rng_(seed, 2) {}

bool LineRansac::agrees(const Trial& trial, const LinePoint& point) const {
  return trial.line && std::abs(trial.slope * point.x + trial.intercept - point.y) <= threshold_;
}

std::vector<bool> LineRansac::agreeing(const Trial& trial) const {
  std::vector<bool> result;
  result.reserve(points_.size());
  for (const LinePoint& point : points_) result.push_back(agrees(trial, point));
  return result;
}

void LineRansac::step() {
  const auto count = static_cast<std::uint32_t>(points_.size());
  if (count < 2U) return;
  Trial trial;
  const std::uint32_t a = rng_.below(count);
  const std::uint32_t b = (a + 1U + rng_.below(count - 1U)) % count;  // another one
  trial.a = static_cast<int>(a);
  trial.b = static_cast<int>(b);
  const LinePoint& p = points_[a];
  const LinePoint& q = points_[b];
  trial.line = p.x != q.x;
  if (trial.line) {
    trial.slope = (q.y - p.y) / (q.x - p.x);
    trial.intercept = p.y - trial.slope * p.x;
    trial.agree = static_cast<int>(
        std::count_if(points_.begin(), points_.end(), [&](const LinePoint& point) { return agrees(trial, point); }));
  }
  trials_.push_back(trial);
  if (trial.line && (best_ < 0 || trial.agree > best()->agree)) best_ = static_cast<int>(trials_.size()) - 1;
}

std::optional<LineFit> LineRansac::fit() const {
  if (best_ < 0) return std::nullopt;
  std::vector<LinePoint> good;
  for (const LinePoint& point : points_) {
    if (agrees(*best(), point)) good.push_back(point);
  }
  return fit_line(good);
}

double ransac_trials(double inliers, double sure) {
  const double good = inliers * inliers;
  if (good <= 0.0) return std::numeric_limits<double>::infinity();
  if (good >= 1.0) return 1.0;
  return std::max(1.0, std::ceil(std::log(1.0 - sure) / std::log(1.0 - good)));
}

}  // namespace cvlab
