// Pairs of points as matching two photographs of a plane gives them, made up so that the truth is known: most are right
// but for some noise, a share of them is simply wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/homography.hpp"

namespace cvlab {

struct PairParams {
  int count = 40;
  double noise = 1.0;     // standard deviation of what is added to x and y of the second point, in pixels
  double outliers = 0.4;  // share of pairs whose second point is anywhere on the page; their number is rounded
  std::uint64_t seed = 1;
};

struct PointPairs {
  std::vector<Point2> from, to;
  std::vector<std::uint8_t> right;  // 1: noise alone; 0: an outlier
};

// Places spread evenly at random over a width x height page; from = page_to_photo(place), to = place + noise.
// Which pairs are outliers is drawn, too.
PointPairs make_point_pairs(const Homography& page_to_photo, double width, double height, const PairParams& params);

}  // namespace cvlab
