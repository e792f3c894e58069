// Mean and variance of frames of one scene, frame by frame, without keeping them.
//   mean_n = mean_{n-1} + (x - mean_{n-1}) / n        squares_n = squares_{n-1} + (x - mean_{n-1}) (x - mean_n)
// Independent noise of standard deviation sigma in each frame leaves sigma / sqrt(n) in the mean.
// Source: B. P. Welford, Technometrics 4, 1962.
#pragma once

#include <cstdint>

#include "core/tensor/tensor.hpp"

namespace cvlab {

class FrameAverage {
 public:
  // A frame of another shape than those before starts anew. Contiguous.
  void add(ConstView frame);
  void clear() { *this = {}; }

  int count() const { return count_; }
  const Tensor& mean() const { return mean_; }
  void variance(Tensor& out) const;  // squares / (n - 1); zeros with fewer than two frames
  double mean_variance() const;      // over all values; 0 with fewer than two frames

 private:
  int count_ = 0;
  Tensor mean_, squares_;
};

// The same from its definition, in double, with all frames at hand: (N, count) -> (count) each.
void mean_variance_ref(const BasicTensor<double>& frames, BasicTensor<double>& mean, BasicTensor<double>& variance);

// Frame number `frame` of a still scene: every value plus Gaussian noise of its own (of 65536 equally likely values).
// With `bytes`, rounded to whole numbers and saturated to 0 .. 255 as a camera's are. out has the shape of scene; both
// contiguous.
void noisy_frame(ConstView scene, double sigma, std::uint64_t seed, int frame, bool bytes, View out);

// A disc of one grey level over a plane (H, W), its edge one pixel wide: something that moves through a still scene.
// What it covers, even in part, is set to 0 in `still`, if that is not empty (same shape).
void paint_disc(View plane, double x, double y, double radius, float value, View still = {});

// Root of the mean square of a - b over those values where `where` is not 0 (everywhere, if it is empty); NaN when
// there are none. Same count, contiguous.
double root_mean_square(ConstView a, ConstView b, ConstView where = {});

}  // namespace cvlab
