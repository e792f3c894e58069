// How many generated examples each mode of the data has, beside the even share, and a share as a bar.
#pragma once

#include <optional>
#include <span>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

struct ModeBars {
  std::span<const int> counts;  // of each mode: the strong part of its bar
  std::span<const int> whole;   // with the doubtful ones; empty = the same
  double share = 1.0;           // an even one
  bool named = false;  // modes are called 0, 1, …, their counts stand on the bars; else the counts stand below
};

inline constexpr float bars_caption = 24.0F;  // px for a caption above either

// Returns the mode under the pointer.
std::optional<int> draw_mode_bars(const Canvas& canvas, const Rect& area, const ModeBars& bars);
// A bar that is filled up to `share` (0 .. 1), 12 px high.
void draw_share(const Canvas& canvas, const Rect& bar, double share);

}  // namespace cvlab::app
