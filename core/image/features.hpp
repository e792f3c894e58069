// Places that can be found again in another photograph of the same thing: Harris corners, a binary descriptor of what
// is around each, and matching.
//
// All in whole numbers, so that the same corners are found everywhere. Pictures are grey (use to_grey_image); borders
// repeat the edge pixel.
//   Source of the corners: C. Harris, M. Stephens, "A combined corner and edge detector", 1988. Of the descriptor:
//   E. Rublee et al., "ORB: an efficient alternative to SIFT or SURF", ICCV 2011 (BRIEF turned by the direction of the
//   centroid); its pairs of pixels are drawn from our seed, not learned.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/image/homography.hpp"
#include "core/image/image.hpp"

namespace cvlab {

Image to_grey_image(const Image& image);  // (299 R + 587 G + 114 B + 500) / 1000; alpha is ignored

// 25 det(M) - trace(M)^2 for every pixel, which is 25 (det M - 0.04 trace^2 M). M is the sum of (gx^2, gx gy; gx gy,
// gy^2) over the (2 radius + 1)^2 pixels around, gx and gy are the 3 x 3 Sobel sums. Row by row; radius 1 to 3.
std::vector<std::int64_t> harris_response(const Image& grey, int radius = 2);

struct Corner {
  Point2 point;  // to a part of a pixel: top of the parabolas through the response and its neighbours
  int row = 0, column = 0;
  std::int64_t response = 0;
};

struct CornerParams {
  int most = 500;         // the strongest ones
  double quality = 5e-4;  // at least this share of the greatest response, which grows with the 4th power of contrast
  int distance = 4;       // no stronger corner within this many pixels in row and column
  int border = 16;        // none nearer to the edge: the descriptor's patch would not fit
};
// Strongest first; equal ones from top to bottom, left to right.
std::vector<Corner> harris_corners(const Image& grey, const CornerParams& params = {});

inline constexpr int descriptor_bits = 256;
using Descriptor = std::array<std::uint32_t, descriptor_bits / 32>;

// For each corner (none nearer to the edge than 16): bit i says whether the first pixel of pair i is darker than the
// second, in the picture smoothed by a 5 x 5 mean. The pattern is turned by the direction from the corner to the
// centroid of the grey values within 15 pixels.
std::vector<Descriptor> describe(const Image& grey, std::span<const Corner> corners);
int hamming_distance(const Descriptor& a, const Descriptor& b);  // 0 .. 256

struct Match {
  int a = 0, b = 0;  // indices
  int distance = 0;
};
struct MatchParams {
  double ratio = 0.8;       // nearest / second nearest distance, at most
  bool cross_check = true;  // a must be the nearest of b, too
};
// In the order of a. Of equally near ones the first counts; with a second one as near, there is no match (ratio < 1).
std::vector<Match> match_descriptors(std::span<const Descriptor> a, std::span<const Descriptor> b,
                                     const MatchParams& params = {});

}  // namespace cvlab
