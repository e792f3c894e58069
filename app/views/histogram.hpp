// Histograms as small multiples: bars over a common axis, counts linear or logarithmic. Negative bins in the negative
// colour, positive ones in the positive colour, as everywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/gfx/canvas.hpp"
#include "core/train/distribution.hpp"

namespace cvlab::app {

struct HistogramStyle {
  bool signed_colours = true;
  bool logarithmic = false;         // counts
  bool labels = true;               // numbers of the value axis below
  std::optional<double> mark = {};  // a value, as a line in the focus colour
};

inline constexpr float histogram_labels = 18.0F;  // px below the bars, when there are numbers

// `area` holds bars and labels; `most` is the count of a bar of full height (0: of this histogram's fullest bin).
// Returns the bin under the pointer.
std::optional<int> draw_histogram(const Canvas& canvas, const Rect& area, const Histogram& histogram, double most,
                                  const HistogramStyle& style);

}  // namespace cvlab::app
