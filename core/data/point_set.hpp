// Points in the plane as a distribution to imitate, and how well a cloud of others does.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace cvlab {

struct PointSet {
  std::vector<double> points;  // (2, count): first all x, then all y; about -1 .. 1
  std::vector<double> modes;   // (2, K): the middles of Gaussians it was drawn from; empty when it has none
  double spread = 0.0;         // their standard deviation

  int count() const { return static_cast<int>(points.size() / 2); }
  int mode_count() const { return static_cast<int>(modes.size() / 2); }
};

// ring    8 Gaussians on a circle of radius 0.6, spread 0.04       grid  9 Gaussians, 0.65 apart, spread 0.05
// pair    2 Gaussians, spread 0.08         moons, spiral  curves with noise 0.04 (one arm of the spiral)
enum class PointSetKind { ring, grid, pair, moons, spiral };
const char* name(PointSetKind kind);
Result<PointSetKind> parse_point_set(std::string_view name);
PointSet make_point_set(PointSetKind kind, int count, std::uint64_t seed);

// Which modes a cloud reaches. A point is good when it lies within three spreads of a mode; a mode is captured when a
// good point is nearest to it. Source: A. Srivastava et al., "VEEGAN", NeurIPS 2017, section 4.1.
struct ModeCount {
  std::vector<int> points;  // good ones of each mode
  int good = 0, captured = 0;
};
ModeCount count_modes(const PointSet& set, std::span<const double> cloud);  // cloud (2, M)

// Share of the set's points that have a point of the cloud within the distance to their k-th nearest neighbour in the
// set. Falls when the cloud collapses, whatever the shape of the set. Source: M. Naeem et al., "Reliable fidelity and
// diversity metrics for generative models", ICML 2020, equation 8, k = 5.
std::vector<double> neighbour_radii(std::span<const double> points, int k = 5);  // squared
double coverage(std::span<const double> points, std::span<const double> squared_radii, std::span<const double> cloud);

}  // namespace cvlab
