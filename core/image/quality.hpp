// How close one picture is to another of the same size and channels.
#pragma once

#include "core/image/image.hpp"

namespace cvlab {

double mean_squared_error(const Image& a, const Image& b);  // NaN for empty pictures

// 10 log10(255^2 / MSE), in dB; infinite for equal pictures.
double psnr(const Image& a, const Image& b);

// Structural similarity, -1 .. 1: means, variances and the covariance of the two pictures in an 11x11 Gaussian window
// of sigma 1.5 about each pixel,
//   (2 ma mb + C1) (2 cov + C2) / ((ma^2 + mb^2 + C1) (va + vb + C2)),   C1 = (0.01 * 255)^2, C2 = (0.03 * 255)^2,
// averaged over the pixels whose window lies inside, and over the channels. NaN when no window does.
// Source: Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli, "Image quality assessment", IEEE TIP 13(4), 2004.
double ssim_ref(const Image& a, const Image& b);
// The same in float, over the threads: within 1e-5 of the definition, and the same number on every machine.
double ssim(const Image& a, const Image& b);

}  // namespace cvlab
