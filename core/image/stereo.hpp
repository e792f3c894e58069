// Block matching: how far to the left each pixel of the left picture lies in the right one.
//
// Both pictures are grey, of one size and rectified: what one row shows, the same row of the other shows. For pixel
// (row, x) of the left picture and disparity d
//   cost(d) = sum of |left(row + j, x + i) - right(row + j, x - d + i)| over the window, i, j = -radius .. radius
// with edge pixels repeated outside, and the disparity is the d of [0, range] with the least cost (the least such d)
// that has x - d >= 0. Source: D. Scharstein, R. Szeliski, "A taxonomy and evaluation of dense two-frame stereo
// correspondence algorithms", IJCV 47, 2002.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

struct StereoParams {
  int radius = 4;        // the window has (2 radius + 1)^2 pixels; at most 31
  int range = 48;        // the greatest disparity tried, in pixels; at most 255
  bool subpixel = true;  // the least point of the parabola through the least cost and its two neighbours
  bool check = true;     // left-right check: the pixel found must find its way back, to `tolerance` pixels
  int tolerance = 1;
};

enum class StereoMark : std::uint8_t { good, inconsistent };  // inconsistent: seen by one eye only, or a mistake

struct StereoResult {
  Tensor disparity;                // (1, 1, H, W), pixels; NaN where the check failed
  Tensor raw;                      // (1, 1, H, W): whole disparities of the left picture, before check and sub-pixel
  std::vector<std::uint8_t> back;  // H * W: whole disparities of the right picture; empty without the check
  std::vector<StereoMark> marks;   // H * W
  int kept = 0;
};

// Left and right of different sizes, or not grey, are a programmer's mistake. The readable definition, pixel by pixel.
void block_match_ref(const Image& left, const Image& right, const StereoParams& params, StereoResult& out);
// The same numbers with running sums: the time does not depend on the window.
void block_match(const Image& left, const Image& right, const StereoParams& params, StereoResult& out);

// cost(d) of one pixel for d in [0, min(range, column)], as the definition says: what a figure shows.
std::vector<int> matching_costs(const Image& left, const Image& right, const StereoParams& params, int row, int column);
// The index of the least cost, or with `subpixel` the least point of the parabola through it and its neighbours.
double best_disparity(const std::vector<int>& costs, bool subpixel);

// A rectified pair of cameras: focal length in pixels, baseline in metres, and by how many pixels the right camera's
// principal point lies further right. Depth in metres: focal * baseline / (disparity + shift).
struct StereoRig {
  double focal = 1.0;
  double baseline = 1.0;
  double shift = 0.0;
  double depth(double disparity) const { return focal * baseline / (disparity + shift); }
};

}  // namespace cvlab
