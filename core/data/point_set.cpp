#include "core/data/point_set.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/data/toy.hpp"
#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr PointSetKind all_kinds[] = {PointSetKind::ring, PointSetKind::grid, PointSetKind::pair, PointSetKind::moons,
                                      PointSetKind::spiral};

// A toy set with all its classes as one; its classes' middles are the modes where it is made of clouds.
PointSet of_toy(ToyKind kind, int count, double noise, std::uint64_t seed, int classes, int modes) {
  const ToyData toy = make_toy(kind, count, noise, seed, classes);
  const ToyData middles = make_toy(kind, modes, 0.0, seed, classes);
  PointSet set;
  set.spread = modes > 0 ? noise : 0.0;
  for (int axis = 0; axis < 2; ++axis) {
    for (int i = 0; i < count; ++i) set.points.push_back(static_cast<double>(toy.points(i, axis)));
    for (int i = 0; i < modes; ++i) set.modes.push_back(static_cast<double>(middles.points(i, axis)));
  }
  return set;
}

PointSet grid(int count, std::uint64_t seed) {
  PointSet set;
  set.spread = 0.05;
  for (int axis = 0; axis < 2; ++axis) {
    for (int i = 0; i < 9; ++i) set.modes.push_back(0.65 * ((axis == 0 ? i % 3 : i / 3) - 1));
  }
  set.points.resize(2 * static_cast<std::size_t>(count));
  Rng rng(seed);
  for (int i = 0; i < count; ++i) {
    for (int axis = 0; axis < 2; ++axis) {
      const double at = set.modes[static_cast<std::size_t>(9 * axis + i % 9)] + rng.normal(0.0, set.spread);
      // Rounded: the last bit of a logarithm is not the same everywhere.
      set.points[static_cast<std::size_t>(count * axis + i)] = static_cast<double>(static_cast<float>(at));
    }
  }
  return set;
}

double squared_distance(std::span<const double> a, std::size_t i, std::span<const double> b, std::size_t j) {
  const double dx = a[i] - b[j], dy = a[a.size() / 2 + i] - b[b.size() / 2 + j];
  return dx * dx + dy * dy;
}

}  // namespace

const char* name(PointSetKind kind) {
  switch (kind) {
    case PointSetKind::ring:
      return "ring";
    case PointSetKind::grid:
      return "grid";
    case PointSetKind::pair:
      return "pair";
    case PointSetKind::moons:
      return "moons";
    case PointSetKind::spiral:
      return "spiral";
  }
  return "";
}

Result<PointSetKind> parse_point_set(std::string_view text) {
  for (const PointSetKind kind : all_kinds)
    if (text == name(kind)) return kind;
  const std::string asked(text.substr(0, 40));
  return Error{"point-set-unknown",
               "There are no points called \"" + asked + "\"; the known ones are ring, grid, pair, moons, spiral.",
               {asked}};
}

PointSet make_point_set(PointSetKind kind, int count, std::uint64_t seed) {
  assert(count >= 0);
  switch (kind) {
    case PointSetKind::grid:
      return grid(count, seed);
    case PointSetKind::pair:
      return of_toy(ToyKind::blobs, count, 0.08, seed, 2, 2);
    case PointSetKind::moons:
      return of_toy(ToyKind::moons, count, 0.04, seed, 2, 0);
    case PointSetKind::spiral:
      return of_toy(ToyKind::spirals, count, 0.03, seed, 1, 0);
    case PointSetKind::ring:
      break;
  }
  return of_toy(ToyKind::blobs, count, 0.04, seed, 8, 8);
}

ModeCount count_modes(const PointSet& set, std::span<const double> cloud) {
  ModeCount result;
  const auto modes = static_cast<std::size_t>(set.mode_count());
  result.points.assign(modes, 0);
  const double limit = 9.0 * set.spread * set.spread;
  for (std::size_t i = 0; modes > 0 && i < cloud.size() / 2; ++i) {
    std::size_t nearest = 0;
    for (std::size_t m = 1; m < modes; ++m) {
      if (squared_distance(cloud, i, set.modes, m) < squared_distance(cloud, i, set.modes, nearest)) nearest = m;
    }
    if (squared_distance(cloud, i, set.modes, nearest) > limit) continue;
    ++result.good;
    ++result.points[nearest];
  }
  for (const int n : result.points) result.captured += n > 0 ? 1 : 0;
  return result;
}

std::vector<double> neighbour_radii(std::span<const double> points, int k) {
  const std::size_t n = points.size() / 2;
  std::vector<double> radii(n, 0.0), distances;
  for (std::size_t i = 0; i < n; ++i) {
    distances.clear();
    for (std::size_t j = 0; j < n; ++j) {
      if (j != i) distances.push_back(squared_distance(points, i, points, j));
    }
    if (distances.empty()) continue;
    const auto rank = static_cast<std::ptrdiff_t>(std::min(static_cast<std::size_t>(k), distances.size())) - 1;
    std::nth_element(distances.begin(), distances.begin() + rank, distances.end());
    radii[i] = distances[static_cast<std::size_t>(rank)];
  }
  return radii;
}

double coverage(std::span<const double> points, std::span<const double> squared_radii, std::span<const double> cloud) {
  const std::size_t n = points.size() / 2;
  if (n == 0) return 0.0;
  int covered = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < cloud.size() / 2; ++j) {
      if (squared_distance(points, i, cloud, j) > squared_radii[i]) continue;
      ++covered;
      break;
    }
  }
  return static_cast<double>(covered) / static_cast<double>(n);
}

}  // namespace cvlab
