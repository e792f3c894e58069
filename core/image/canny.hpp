// Canny's edge detector, stage by stage.
//
//   1  Gx, Gy by Sobel (edge pixels repeated at the border), magnitude M = |Gx| + |Gy|, or sqrt(Gx^2 + Gy^2)
//   2  thinning (non-maximum suppression): a pixel stays where M is greatest across the edge, compared with the two
//      neighbours in the nearest of four directions; outside the picture M is 0
//   3  two thresholds: M > high is strong, M > low is weak
//   4  hysteresis: weak pixels stay where a chain of weak ones (8 neighbours) leads to a strong one
//
// There is no smoothing inside: give it a smoothed picture (gaussian_blur). Same numbers as OpenCV 4's Canny with
// aperture 3. One channel, 8 bits.
// Source: J. Canny, "A computational approach to edge detection", PAMI 8(6), 1986.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/gradient.hpp"
#include "core/image/image.hpp"

namespace cvlab {

struct CannyParams {
  double low = 50.0;  // thresholds in grey levels of M; the smaller one is the low one, whichever comes first
  double high = 100.0;
  bool euclidean = false;  // M = sqrt(Gx^2 + Gy^2) instead of |Gx| + |Gy|
};

enum CannyClass : std::uint8_t { canny_none = 0, canny_weak = 1, canny_strong = 2 };

// Everything on the way, all of the picture's size.
struct CannyStages {
  Gradient gradient;
  std::vector<float> magnitude;
  std::vector<std::uint8_t> ridge;    // 1 where thinning keeps the pixel, whatever the thresholds
  std::vector<std::uint8_t> classes;  // of ridge pixels: CannyClass
  Image edges;                        // 255 and 0
};
// Which two neighbours thinning compares a gradient with: (row, column) steps to the one after; the one before lies
// opposite.
struct CannyStep {
  int row = 0;
  int column = 0;
};
CannyStep canny_step(int gx, int gy);

void canny_stages(const Image& in, const CannyParams& params, CannyStages& out);

void canny_ref(const Image& in, const CannyParams& params, Image& out);
// The same edges, fast. Nothing is allocated once the scratch of the threads has grown.
void canny(const Image& in, const CannyParams& params, Image& out);

}  // namespace cvlab
