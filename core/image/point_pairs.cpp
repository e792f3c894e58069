#include "core/image/point_pairs.hpp"

#include <cmath>

#include "core/rng.hpp"

namespace cvlab {

PointPairs make_point_pairs(const Homography& page_to_photo, double width, double height, const PairParams& params) {
  // One stream for each thing: more noise or more outliers leaves the places as they are.
  Rng places(params.seed, 21);
  Rng noise(params.seed, 22);
  Rng wrong(params.seed, 23);
  Rng order(params.seed, 24);
  PointPairs pairs;
  const auto n = static_cast<std::size_t>(params.count);
  pairs.right.assign(n, 1);
  const auto outliers = static_cast<std::size_t>(std::lround(params.outliers * params.count));
  for (std::size_t i = 0; i < outliers && i < n; ++i) pairs.right[i] = 0;
  order.shuffle(std::span(pairs.right));
  for (std::size_t i = 0; i < n; ++i) {
    const Point2 place{places.uniform(0.0, width), places.uniform(0.0, height)};
    pairs.from.push_back(page_to_photo(place));
    const Point2 near{place.x + noise.normal(0.0, params.noise), place.y + noise.normal(0.0, params.noise)};
    const Point2 anywhere{wrong.uniform(0.0, width), wrong.uniform(0.0, height)};
    pairs.to.push_back(pairs.right[i] != 0 ? near : anywhere);
  }
  return pairs;
}

}  // namespace cvlab
