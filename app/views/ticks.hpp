// Where an axis has its marks.
#pragma once

#include <vector>

namespace cvlab::app {

// Multiples of 1, 2 or 5 times a power of ten inside [low, high]: as many as `most` allows, at least none.
std::vector<double> linear_ticks(double low, double high, int most);
// Powers of ten inside [low, high], 0 < low < high; with 2 and 5 times them, or with every second power, as `most`
// allows.
std::vector<double> logarithmic_ticks(double low, double high, int most);
// The least upper end >= value that looks round: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of
// ten.
double round_up(double value);

}  // namespace cvlab::app
