#include "core/image/ransac.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cvlab {

double ransac_rounds(double share, double confidence) {
  const double clean = share * share * share * share;
  if (clean >= 1.0) return 1.0;
  return std::max(1.0, std::ceil(std::log(1.0 - confidence) / std::log1p(-clean)));
}

HomographyRansac::HomographyRansac(std::vector<Point2> from, std::vector<Point2> to, const RansacParams& params)
    : from_(std::move(from)),
      to_(std::move(to)),
      params_(params),
      rng_(params.seed, 11),
      needed_(static_cast<double>(params.most_rounds)) {}

std::vector<std::uint8_t> HomographyRansac::agreeing(const Homography& h, int& count) const {
  std::vector<std::uint8_t> in(from_.size());
  count = 0;
  for (std::size_t i = 0; i < from_.size(); ++i) {
    in[i] = reprojection_error(h, from_[i], to_[i]) <= params_.threshold ? 1 : 0;
    count += in[i];
  }
  return in;
}

bool HomographyRansac::step() {
  if (from_.size() < 4 || to_.size() != from_.size() || rounds_ >= params_.most_rounds || rounds_ >= needed_) {
    return false;
  }
  ++rounds_;
  for (std::size_t i = 0; i < 4; ++i) {  // four different ones
    do {
      sample_[i] = rng_.below(static_cast<std::uint32_t>(from_.size()));
    } while (std::find(sample_.begin(), sample_.begin() + static_cast<std::ptrdiff_t>(i), sample_[i]) !=
             sample_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::array<Point2, 4> a;
  std::array<Point2, 4> b;
  for (std::size_t i = 0; i < 4; ++i) {
    a[i] = from_[sample_[i]];
    b[i] = to_[sample_[i]];
  }
  sample_inliers_ = 0;
  const auto h = homography_from_four(a, b);
  if (!h) return true;
  agreeing(*h, sample_inliers_);
  if (sample_inliers_ <= best_inliers_) return true;
  best_ = h;
  best_inliers_ = sample_inliers_;
  best_sample_ = sample_;
  const double share = static_cast<double>(best_inliers_) / static_cast<double>(from_.size());
  needed_ = ransac_rounds(share, params_.confidence);
  return true;
}

std::optional<HomographyRansac::Fit> HomographyRansac::result() const {
  if (!best_) return std::nullopt;
  Fit fit;
  fit.h = *best_;
  fit.inliers = agreeing(fit.h, fit.count);
  for (int round = 0; round < 10; ++round) {
    std::vector<Point2> a;
    std::vector<Point2> b;
    for (std::size_t i = 0; i < from_.size(); ++i) {
      if (fit.inliers[i] == 0) continue;
      a.push_back(from_[i]);
      b.push_back(to_[i]);
    }
    const auto h = homography_dlt(a, b);
    if (!h) break;
    int count = 0;
    std::vector<std::uint8_t> in = agreeing(*h, count);
    if (count < fit.count) break;
    const bool same = in == fit.inliers;
    fit.h = *h;
    fit.inliers = std::move(in);
    fit.count = count;
    if (same) break;
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < from_.size(); ++i) {
    const double error = fit.inliers[i] != 0 ? reprojection_error(fit.h, from_[i], to_[i]) : 0.0;
    sum += error * error;
  }
  fit.rms = fit.count > 0 ? std::sqrt(sum / fit.count) : 0.0;
  return fit;
}

}  // namespace cvlab
