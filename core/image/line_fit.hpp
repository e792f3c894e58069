// A line y = slope x + intercept through points: by least squares, and by RANSAC where some points belong to no line.
// Distances are vertical.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/rng.hpp"

namespace cvlab {

struct LinePoint {
  double x = 0.0, y = 0.0;
};

// sum (slope x + intercept - y)^2 is least where
//   [sum xx  sum x] [slope    ]   [sum xy]
//   [sum x   n    ] [intercept] = [sum y ]
struct LineFit {
  double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0, yy = 0.0;  // the sums
  double slope = 0.0, intercept = 0.0;
  double squares = 0.0;  // the sum that is least
  double at(double place) const { return slope * place + intercept; }
  // Root of the mean square distance of another line: the bowl whose lowest point is (slope, intercept).
  double error(double other_slope, double other_intercept) const;
};

// Points of y = slope x + intercept with Gaussian noise, x over -1 .. 1, and a share of outliers: a cloud of other
// points below the right end. Everything within -0.99 .. 0.99, in steps of 0.02.
struct LineScene {
  int count = 30;
  double outliers = 0.3;
  double noise = 0.05;
  double slope = 0.5, intercept = 0.1;
  std::uint64_t seed = 1;
  int good() const;  // points of the line; they come first
};
std::vector<LinePoint> line_points(const LineScene& scene);

// Nothing with fewer than two points, or with all of them above each other.
std::optional<LineFit> fit_line(std::span<const LinePoint> points);

// Random sample consensus: draw two points, count those within `threshold` of their line, keep the line with the most;
// the result is the least-squares line of those that agree. Of lines with equally many the first is kept.
// Source: M. Fischler, R. Bolles, Communications of the ACM 24, 1981.
class LineRansac {
 public:
  struct Trial {
    int a = 0, b = 0;   // the points drawn
    bool line = false;  // false: they lie above each other
    double slope = 0.0, intercept = 0.0;
    int agree = 0;
  };
  LineRansac(std::vector<LinePoint> points, double threshold, std::uint64_t seed);

  void step();  // one trial; none with fewer than two points
  const std::vector<Trial>& trials() const { return trials_; }
  const Trial* best() const { return best_ < 0 ? nullptr : &trials_[static_cast<std::size_t>(best_)]; }
  int best_index() const { return best_; }               // -1: none yet
  std::vector<bool> agreeing(const Trial& trial) const;  // for each point
  std::optional<LineFit> fit() const;                    // of the best trial's points

 private:
  bool agrees(const Trial& trial, const LinePoint& point) const;

  std::vector<LinePoint> points_;
  double threshold_;
  Rng rng_;
  std::vector<Trial> trials_;
  int best_ = -1;
};

// Trials after which one without an outlier was drawn with probability `sure`, when a fraction `inliers` of the points
// are good: log(1 - sure) / log(1 - inliers^2), rounded up; at least 1. Infinite without inliers.
double ransac_trials(double inliers, double sure);

}  // namespace cvlab
