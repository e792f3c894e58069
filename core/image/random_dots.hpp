// A random-dot stereogram: two pictures of noise in which nothing can be seen but depth. Source: B. Julesz, "Binocular
// depth perception of computer-generated patterns", Bell System Technical Journal 39, 1960.
#pragma once

#include <cstdint>

#include "core/image/image.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

struct RandomDots {
  Image left, right;  // grey
  Tensor truth;       // (1, 1, H, W): disparity of the left picture; NaN where the right eye sees no such dot
};

// A square of half the height floats in the middle with disparity `near`, over a ground with disparity `far`;
// 0 <= far <= near. Dots to the left of the square that the right eye cannot see are fresh noise.
RandomDots make_random_dots(int width, int height, int near, int far, std::uint64_t seed);

}  // namespace cvlab
