// The kernels every course shows, at any size from 1x1 to 15x15.
#pragma once

#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

inline constexpr int max_kernel_size = 15;

enum class KernelKind { mean, identity, shift, sharpen, sobel_x, sobel_y, laplacian, emboss, gaussian, motion };

// (rows, columns) weights. mean: 1/(rows*columns). identity: 1 in the middle. shift: 1 in the middle of the first
// column, so the picture moves right. gaussian: exp(-(x^2+y^2)/(2 sigma^2)), divided by its sum; x and y are measured
// from the middle of the kernel, which lies between two cells when their number is even. motion: 1/n on the n cells of
// the diagonal that falls to the right, as if the camera had moved along it. The others are 3x3 and stand
// in the middle of a larger kernel, cropped in a smaller one. The middle of n cells is cell floor((n-1)/2).
Tensor make_kernel(KernelKind kind, int rows, int columns, double sigma = 1.0);

// The weights of `kernel` (rows, columns) in a kernel of another size, middle on middle: zeros around, or cropped. With
// zeros around, filtering with any border but `valid` gives the same picture.
Tensor centred_kernel(ConstView kernel, int rows, int columns);

}  // namespace cvlab
