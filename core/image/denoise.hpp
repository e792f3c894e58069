// Four filters against noise on grey pictures, and how one pixel of their results comes about.
//
//   mean       box_mean of window x window, reflected at the border
//   gaussian   gaussian_blur of sigma, size gaussian_size(sigma), reflected
//   median     median of window x window, edge pixels repeated
//   bilateral  bilateral of sigma_space and sigma_range, within 1.5 sigma_space, reflected
//
// Formulas and sources stand in the headers of the filters.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.hpp"

namespace cvlab {

enum class Denoiser { mean, gaussian, median, bilateral };
inline constexpr int denoisers = 4;

struct DenoiseParams {
  int mean_window = 3;  // odd
  int median_window = 3;
  double sigma = 1.0;  // of the Gaussian, in pixels
  double sigma_space = 2.0;
  double sigma_range = 30.0;  // in grey levels
};

// 1.5 sigma_space, rounded, at least 1: as OpenCV's bilateralFilter chooses it.
int bilateral_radius(double sigma_space);

void denoise(Denoiser filter, const Image& in, const DenoiseParams& params, Image& out);  // `out` must not be `in`

// The window of one pixel and what becomes of it: result = exact, rounded; exact = sum / total of weights * values, or
// of the median sorted[sorted.size() / 2]. Windows row by row.
struct DenoiseStep {
  int size = 0;                      // of the window's side
  std::vector<std::uint8_t> values;  // size * size
  std::vector<double> weights;       // size * size; none of the median
  std::vector<double> space, range;  // of the bilateral: weights = space * range; space is 0 beyond the radius
  std::vector<std::uint8_t> sorted;  // of the median
  double sum = 0.0, total = 0.0;
  double exact = 0.0;
  int result = 0;
};
DenoiseStep denoise_step(Denoiser filter, const Image& in, const DenoiseParams& params, int row, int column);

// How strong a filter is, as one number: the window's side, sigma, or sigma_range.
double denoise_strength(Denoiser filter, const DenoiseParams& params);
DenoiseParams with_strength(Denoiser filter, const DenoiseParams& params, double strength);
// Strengths worth comparing, rising: from leaving the picture (almost) as it is to far too much.
const std::vector<double>& denoise_strengths(Denoiser filter);

// Pixels of `image` that are black or white where `clean` is neither: what salt and pepper left.
int count_impulses(const Image& clean, const Image& image);

}  // namespace cvlab
