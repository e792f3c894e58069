// Segmentation by grey level: a picture of 0 and 255. One channel in, one channel out.
//
//   fixed      g = 255 if f > t, else 0
//   Otsu       the t that makes the two classes {v <= t} and {v > t} differ most:
//              sigma_B^2(t) = w0 w1 (m0 - m1)^2,  w the shares of the pixels, m the classes' mean levels
//              (equivalently: the t that makes the variance inside the classes least, since both add up to the total)
//   adaptive   g = 255 if f > M - offset, else 0, with M the mean of the size x size window around the pixel, plain or
//              weighted by a Gaussian, rounded to a whole number; sigma = 0.3 ((size - 1) / 2 - 1) + 0.8
//              (sizes 3, 5 and 7: 1 2 1, 1 4 6 4 1 and 2 7 14 18 14 7 2, over their sums).
//              Outside the picture the nearest edge pixel counts (Padding::replicate).
// Sources: Otsu, A threshold selection method from gray-level histograms, IEEE Trans. SMC 9(1), 1979; adaptive as
// OpenCV defines it.
#pragma once

#include <array>

#include "core/image/levels.hpp"

namespace cvlab {

// `level` from -1 (everything is 255) to 255 (nothing is). `out` may be `in`.
void threshold_ref(const Image& in, int level, Image& out);
void threshold(const Image& in, int level, Image& out);

struct Otsu {
  int level = 0;                      // the least t with the greatest objective
  std::array<double, 256> between{};  // sigma_B^2(t); 0 where a class is empty
  double total = 0.0;                 // variance of all levels
};
Otsu otsu(const Levels& levels);

// The two classes that a threshold makes. The mean of an empty class is 0.
struct Classes {
  double share_below = 0.0;  // w0: of the pixels with f <= t
  double share_above = 0.0;  // w1
  double mean_below = 0.0;   // m0
  double mean_above = 0.0;   // m1
  double between = 0.0;      // w0 w1 (m0 - m1)^2
};
Classes classes_of(const Levels& levels, int level);

enum class LocalMean { plain, gaussian };
// `size` odd, 1 .. 2899. The rounded local mean M, and the picture that follows from it.
void local_mean_ref(const Image& in, LocalMean kind, int size, Image& out);
void local_mean(const Image& in, LocalMean kind, int size, Image& out);
// g = 255 if f > mean - offset, else 0: pictures of one size. `out` may be any of them.
void threshold_against(const Image& in, const Image& mean, int offset, Image& out);
void adaptive_threshold(const Image& in, LocalMean kind, int size, int offset, Image& out);

}  // namespace cvlab
