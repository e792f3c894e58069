// RANSAC for homographies: fit four random pairs, count the pairs that agree, keep the best, fit once more to all that
// agreed. Source: M. Fischler, R. Bolles, "Random sample consensus", Communications of the ACM 24, 1981; the number of
// rounds as in Hartley and Zisserman, algorithm 4.5.
//
//   HomographyRansac ransac(from, to, {.threshold = 3, .seed = 1});
//   while (ransac.step()) {}
//   ransac.result();
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/homography.hpp"
#include "core/rng.hpp"

namespace cvlab {

struct RansacParams {
  double threshold = 3.0;    // a pair agrees when its reprojection error is at most this, in pixels
  double confidence = 0.99;  // stop when a sample without outliers has been drawn with this probability
  int most_rounds = 2000;
  std::uint64_t seed = 1;
};

// Rounds until one sample of four is free of outliers with probability `confidence`:
// ln(1 - confidence) / ln(1 - share^4), rounded up; 0 < share <= 1 is that of the pairs that agree.
double ransac_rounds(double share, double confidence);

class HomographyRansac {
 public:
  HomographyRansac(std::vector<Point2> from, std::vector<Point2> to, const RansacParams& params);

  // One round: false, and nothing happens, when enough have been made (or there are fewer than four pairs).
  bool step();
  int rounds() const { return rounds_; }
  double rounds_needed() const { return needed_; }  // by the best share so far; most_rounds before there is one

  const std::array<std::size_t, 4>& sample() const { return sample_; }  // of the last round
  int sample_inliers() const { return sample_inliers_; }                // pairs that agreed with it; 0: degenerate
  const std::array<std::size_t, 4>& best_sample() const { return best_sample_; }
  int best_inliers() const { return best_inliers_; }
  const std::optional<Homography>& best() const { return best_; }  // of four pairs, before the last fit

  struct Fit {
    Homography h;
    std::vector<std::uint8_t> inliers;  // 1 for each pair that agrees with h
    int count = 0;
    double rms = 0.0;  // reprojection error of those, in pixels
  };
  // DLT over all that agree with the best sample, then over all that agree with that, as long as their number grows.
  std::optional<Fit> result() const;

 private:
  std::vector<std::uint8_t> agreeing(const Homography& h, int& count) const;

  std::vector<Point2> from_, to_;
  RansacParams params_;
  Rng rng_;
  int rounds_ = 0;
  double needed_;
  std::array<std::size_t, 4> sample_{}, best_sample_{};
  int sample_inliers_ = 0, best_inliers_ = 0;
  std::optional<Homography> best_;
};

}  // namespace cvlab
