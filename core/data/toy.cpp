#include "core/data/toy.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "core/rng.hpp"

namespace cvlab {

namespace {

constexpr ToyKind all_kinds[] = {ToyKind::moons, ToyKind::circles, ToyKind::spirals, ToyKind::blobs};

struct Point {
  double x, y;
};

// t in [0, 1): where along the curve of its class.
Point on_curve(ToyKind kind, int label, int classes, double t) {
  constexpr double pi = std::numbers::pi;
  const double turn = 2.0 * pi * label / classes;
  switch (kind) {
    case ToyKind::moons: {
      const double angle = pi * t, side = label == 0 ? 1.0 : -1.0;
      return {0.6 * std::cos(angle) * side - 0.3 * side, 0.6 * std::sin(angle) * side - 0.15 * side};
    }
    case ToyKind::circles: {
      const double radius = label == 0 ? 0.4 : 0.9;
      return {radius * std::cos(2.0 * pi * t), radius * std::sin(2.0 * pi * t)};
    }
    case ToyKind::spirals: {
      const double radius = 0.1 + 0.85 * t, angle = turn + 3.0 * pi * t;
      return {radius * std::cos(angle), radius * std::sin(angle)};
    }
    case ToyKind::blobs:
      break;
  }
  return {0.6 * std::cos(turn), 0.6 * std::sin(turn)};
}

}  // namespace

const char* name(ToyKind kind) {
  switch (kind) {
    case ToyKind::moons:
      return "moons";
    case ToyKind::circles:
      return "circles";
    case ToyKind::spirals:
      return "spirals";
    case ToyKind::blobs:
      return "blobs";
  }
  return "";
}

Result<ToyKind> parse_toy(std::string_view text) {
  for (const ToyKind kind : all_kinds)
    if (text == name(kind)) return kind;
  const std::string asked(text.substr(0, 40));
  return Error{"toy-unknown",
               "There are no points called \"" + asked + "\"; the known ones are moons, circles, spirals, blobs.",
               {asked}};
}

ToyData make_toy(ToyKind kind, int count, double noise, std::uint64_t seed, int classes) {
  assert(count >= 0 && classes >= 1 && noise >= 0.0);
  ToyData data{Tensor({count, 2}), {}, kind == ToyKind::moons || kind == ToyKind::circles ? 2 : classes};
  data.labels.reserve(static_cast<std::size_t>(count));
  Rng rng(seed);
  for (int i = 0; i < count; ++i) {
    const int label = i % data.classes;
    const Point p = on_curve(kind, label, data.classes, rng.uniform());
    data.points(i, 0) = static_cast<float>(p.x + rng.normal(0.0, noise));
    data.points(i, 1) = static_cast<float>(p.y + rng.normal(0.0, noise));
    data.labels.push_back(label);
  }
  return data;
}

}  // namespace cvlab
