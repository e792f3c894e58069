// Which pixels decided? Four answers for class c of a network, z_c its value before softmax, p_c after:
//
//   saliency          |dz_c/dx|                                     K. Simonyan et al., arXiv:1312.6034
//   gradient x input  x * dz_c/dx                                   A. Shrikumar et al., arXiv:1605.01713
//   occlusion         p_c - p_c(with a window covered), each window  M. Zeiler, R. Fergus, arXiv:1311.2901
//   Grad-CAM          max(0, sum over k of alpha_k A_k), alpha_k = mean over the map of dz_c/dA_k, A the maps of a
//                     layer                                         R. Selvaraju et al., arXiv:1610.02391
// and a question to all of them: what is left of p_c when their strongest pixels are covered?
//                                                                    W. Samek et al., arXiv:1509.06321
// Pictures are one grey plane, row-major.
#pragma once

#include <span>
#include <vector>

#include "core/explain/chain.hpp"

namespace cvlab::explain {

// dz_c/dx; forward() runs, too.
std::vector<double> input_gradient(Chain& chain, std::span<const double> picture, int target);

struct GradCam {
  int rows = 0, columns = 0;
  std::vector<double> alpha;  // a map each
  std::vector<double> maps;   // (C, rows, columns): the A_k
  std::vector<double> sum;    // (rows, columns), before max(0, ·)
  std::vector<double> map;    // after
};
GradCam grad_cam(Chain& chain, std::span<const double> picture, int target, int layer);

// A plane in another size: bilinear between the middles of cells, which both sizes spread evenly; beyond the outer
// middles the edge.
std::vector<double> resized(std::span<const double> plane, int rows, int columns, int to_rows, int to_columns);

// Covers one window after the other.
class Occlusion {
 public:
  // `window` pixels square, moved by `stride`, filled with `fill`. It must fit into the picture.
  Occlusion(std::vector<double> picture, int rows, int columns, int target, int window, int stride, double fill);

  // Tries windows for about `seconds`, one at least. True while there is more.
  bool work(Chain& chain, double seconds);
  bool finished() const { return done() == positions(); }
  int done() const { return static_cast<int>(drops_.size()); }
  int positions() const { return down_ * across_; }
  int down() const { return down_; }
  int across() const { return across_; }
  double probability() const { return probability_; }          // of the picture as it is; after work()
  const std::vector<double>& drops() const { return drops_; }  // of each window, rows of `across`
  // For each pixel the mean drop of the windows that covered it; 0 where none did.
  std::vector<double> map() const;
  // The picture with window `position` covered.
  std::vector<double> covered(int position) const;

 private:
  int rows_, columns_, target_, window_, stride_;
  double fill_;
  std::vector<double> picture_;
  int down_ = 0, across_ = 0;
  double probability_ = 0.0;
  std::vector<double> drops_;
};

// The pixels with the greatest scores, at most `count`, positive ones only; of equals the first in reading order.
std::vector<int> strongest_pixels(std::span<const double> scores, int count);
// p_c of the picture with these pixels set to `fill`.
double probability_without(Chain& chain, std::span<const double> picture, std::span<const int> pixels, double fill,
                           int target);

}  // namespace cvlab::explain
