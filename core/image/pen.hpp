// What a learner draws by hand: strokes of a round pen, kept as short text, and the grey picture that they make.
//
//   picture(i, j) = 255 * clamp((radius - d) / softness + 1/2, 0, 1),  rounded,
//   d = distance of the pixel's middle (j + 1/2, i + 1/2) from the nearest segment of a stroke
//
// Text: two characters a point, column and row in half pixels (A-Z a-z 0-9 are 0 .. 61, the middle of each half pixel
// counts), strokes separated by a full stop: "QCQDRF.aCaH". A stroke of one point is a dot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

struct PenPoint {  // in half pixels
  int x = 0;
  int y = 0;
  bool operator==(const PenPoint&) const = default;
};
using PenStroke = std::vector<PenPoint>;

inline constexpr int pen_half_pixels = 56;  // of a side: pictures are 28 x 28
inline constexpr double pen_radius = 1.25;  // px, as wide as the strokes of MNIST's digits
inline constexpr double pen_softness = 1.3;

// Refused with a sentence: another character, a point outside the picture, a stroke without a point.
Result<std::vector<PenStroke>> parse_strokes(std::string_view text);
std::string format_strokes(const std::vector<PenStroke>& strokes);

// (1, 1, 28, 28), whole numbers 0 .. 255, the pen white on black.
Tensor draw_strokes(const std::vector<PenStroke>& strokes);

}  // namespace cvlab
