// The one place where pictures become tensors and back: scale and channel order are decided here and nowhere else.
// Tensors hold 0..255 (the scale of the file), planes in the order R, G, B (, A), shape (1, C, H, W).
#pragma once

#include "core/image/image.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

Tensor image_to_tensor(const Image& image);  // (1, channels, H, W), 0..255
Image tensor_to_image(ConstView tensor);     // (1, C, H, W), C 1..4: rounded to nearest, saturated; NaN -> 0
Tensor image_to_grey(const Image& image);    // (1, 1, H, W): 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), alpha ignored
Tensor tensor_to_grey(ConstView tensor);     // (1, 1 or 3, H, W) -> (1, 1, H, W), the same weights
Image to_rgba(const Image& image);           // any channel count -> 4

// Bit depth: v in 0..255 becomes one of 2^bits levels. level = floor(v * 2^bits / 256); shown = level * 255 / (2^bits -
// 1).
int quantise_level(int value, int bits);
double quantised_value(int level, int bits);

}  // namespace cvlab
