// Two overlapping photographs become one: corners, descriptors, matches, a homography by RANSAC, a warp.
#pragma once

#include <optional>

#include "core/image/features.hpp"
#include "core/image/image.hpp"
#include "core/image/ransac.hpp"

namespace cvlab {

struct Features {
  std::vector<Corner> corners;
  std::vector<Descriptor> descriptors;
};
Features find_features(const Image& image, const CornerParams& params = {});  // of 1 to 4 channels

struct Registration {
  std::vector<Match> matches;  // a: of the first picture, b: of the second
  int rounds = 0;
  std::optional<HomographyRansac::Fit> fit;  // from the second picture to the first; nothing: too few agree
};
// A homography has eight numbers and any four pairs agree with one: fewer than `least` that agree prove nothing.
Registration register_pictures(const Features& a, const Features& b, const MatchParams& match,
                               const RansacParams& ransac, int least = 8);

struct Mosaic {
  Image image;          // RGBA, alpha 0 where neither picture is; the mean of both where both are
  Point2 origin;        // of the first picture in it
  bool folded = false;  // the second picture would reach the horizon or be enormous: image is the first one alone
};
Mosaic make_mosaic(const Image& a, const Image& b, const Homography& b_to_a);

// Two views cut from one photograph, so that the truth is known: the left and the right `share` of it, the right one
// turned by `degrees` and seen a little from the side.
struct CutViews {
  Image a, b;        // RGBA
  Homography truth;  // from b to a
};
CutViews cut_views(const Image& photo, double share, double degrees);

}  // namespace cvlab
