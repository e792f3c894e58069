// How much two masks agree: one byte a pixel, not 0 means inside.
//   IoU = |A and B| / |A or B|    Dice = 2 |A and B| / (|A| + |B|)    precision = |A and B| / |A|    recall = / |B|
// with A what is judged and B the truth. Where a denominator is 0 the value is 0: empty masks agree on nothing.
#pragma once

#include <cstdint>

#include "core/image/image.hpp"

namespace cvlab {

struct MaskOverlap {
  std::int64_t a = 0, b = 0, both = 0, either = 0;  // pixels
  double iou = 0.0, dice = 0.0, precision = 0.0, recall = 0.0;
};

// Masks of one channel and one size.
MaskOverlap mask_overlap(const Image& a, const Image& b);

}  // namespace cvlab
