// A mask that a learner paints: strokes of a round brush that add to it or take away from it, kept as short text.
//
// A pixel belongs to a stroke when its middle is at most `radius` from one of the stroke's segments. Later strokes win.
// Text: strokes separated by a full stop; each is 'a' (add) or 'e' (erase), the radius, then points of column and row.
// All numbers are two characters A-Z a-z 0-9, 0 .. 3843, in pixels of the picture. "aAWAyAK" is one dot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/image/image.hpp"
#include "core/result.hpp"

namespace cvlab {

struct BrushPoint {
  int x = 0;
  int y = 0;
  bool operator==(const BrushPoint&) const = default;
};
struct BrushStroke {
  bool erase = false;
  int radius = 1;
  std::vector<BrushPoint> points;
  bool operator==(const BrushStroke&) const = default;
};

inline constexpr int most_brush_number = 62 * 62 - 1;

// Refused with a sentence: another character, a stroke without a point, half a point.
Result<std::vector<BrushStroke>> parse_brush(std::string_view text);
// Numbers are clamped to what the text can say.
std::string format_brush(const std::vector<BrushStroke>& strokes);

// One channel, 0 and 255. Points may lie outside the picture.
void draw_brush(const std::vector<BrushStroke>& strokes, int width, int height, Image& mask);

}  // namespace cvlab
