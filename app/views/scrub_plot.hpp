// The curves of a run that can be gone back in: pressing and dragging in them asks for a step.
#pragma once

#include <optional>

#include "app/views/plot.hpp"

namespace cvlab::app {

// Draws the plot, whose x axis counts steps. While pressed, the step under the pointer, at most `farthest`, to a
// multiple of `every`.
std::optional<int> scrub_plot(const Canvas& canvas, const Rect& area, const Plot& plot, int farthest, int every = 1);

// The end of an axis that grows with the run, a multiple of `unit` at a time.
double scrub_end(int farthest, int unit, int most);

}  // namespace cvlab::app
