// First and second differences of an 8-bit picture: where it gets brighter, how fast, in which direction.
//
//   Sobel  x: -1 0 1; -2 0 2; -1 0 1      Scharr x: -3 0 3; -10 0 10; -3 0 3      y: the same, transposed
//   magnitude G = sqrt(Gx^2 + Gy^2), rounded to nearest, at most 255
//   direction: the angle of (Gx, Gy) from the x axis towards the y axis (rows grow downwards), towards brighter pixels
//   Laplacian: 0 1 0; 1 -4 1; 0 1 0
//
// Whole-number results are exact: -1020 .. 1020 (Sobel), -4080 .. 4080 (Scharr). Channels one by one. Border zero,
// replicate or reflect. An empty picture gives empty results.
// Source: I. Sobel, G. Feldman, 1968; H. Scharr, dissertation, Heidelberg 2000.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/image/image.hpp"
#include "core/ops/conv2d.hpp"

namespace cvlab {

enum class GradientKernel { sobel, scharr };

struct Gradient {
  int width = 0, height = 0, channels = 0;
  std::vector<std::int16_t> x, y;  // interleaved as the picture

  std::size_t index(int row, int column, int channel = 0) const {
    return (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)) *
               static_cast<std::size_t>(channels) +
           static_cast<std::size_t>(channel);
  }
};

void gradient_ref(const Image& in, GradientKernel kernel, Padding border, Gradient& out);
void gradient(const Image& in, GradientKernel kernel, Padding border, Gradient& out);

// Straight to the magnitude, without keeping Gx and Gy.
void gradient_magnitude_ref(const Image& in, GradientKernel kernel, Padding border, Image& out);
void gradient_magnitude(const Image& in, GradientKernel kernel, Padding border, Image& out);

// Degrees in [0, 360): 0 brighter to the right, 90 brighter downwards; 0 where there is no gradient.
double gradient_direction(int gx, int gy);

void laplacian_ref(const Image& in, Padding border, std::vector<std::int16_t>& out);
void laplacian(const Image& in, Padding border, std::vector<std::int16_t>& out);

// in - Laplacian: 0 -1 0; -1 5 -1; 0 -1 0, saturated to 0 .. 255.
void sharpen_ref(const Image& in, Padding border, Image& out);
void sharpen(const Image& in, Padding border, Image& out);

// Any 3x3 kernel, row by row, its middle on the pixel, not flipped: the nine products are added in float in that order,
// the sum is rounded, halves to even, and saturated to 0 .. 255. Small whole weights are added in 16 bits, with the
// same result. The weights are finite. Equal to OpenCV's filter2D for whole weights, within a level for others.
void filter_3x3_ref(const Image& in, const std::array<float, 9>& weights, Padding border, Image& out);
void filter_3x3(const Image& in, const std::array<float, 9>& weights, Padding border, Image& out);

// in + amount * (in - Gaussian of in), rounded, saturated: what the blur takes away is added `amount` times.
void unsharp(const Image& in, double sigma, double amount, Padding border, Image& out);

}  // namespace cvlab
