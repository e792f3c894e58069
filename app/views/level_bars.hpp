// The histogram of a picture's 256 levels: along a horizontal axis with bars that grow upwards, or along a vertical one
// (0 below) with bars that grow to the right, so that it can stand beside the curve that made it.
#pragma once

#include <optional>

#include "app/views/byte_view.hpp"
#include "core/image/levels.hpp"

namespace cvlab::app {

struct LevelBars {
  bool sideways = false;             // levels upwards, bars to the right
  bool logarithmic = false;          // counts
  double most = 0.0;                 // count of a full bar, longer ones are cut; 0: the fullest level's
  const Palette* colours = nullptr;  // of the bars; null: the accent
  std::optional<int> mark = {};      // a level in the focus colour
};

void draw_level_bars(const Canvas& canvas, const Rect& area, const Levels& levels, const LevelBars& style);

// Where a level lies along the axis that `area` stands on, and the level at a place.
float level_x(const Rect& area, double level);
int level_at(const Rect& area, float x);

// The greatest count between the two ends of the scale, where saturated pixels pile up.
double inner_fullest(const Levels& levels);

// 0, 64, 128, 192, 255 below `area` (beside it when sideways), as many as find room.
void draw_level_axis(const Canvas& canvas, const Rect& area, bool sideways);

}  // namespace cvlab::app
