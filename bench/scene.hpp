// The picture that bench_image and its peer compute on: slopes, edges, stripes and a little noise, as a photograph has.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "bench/timing.hpp"

namespace bench {

inline std::uint8_t scene(int row, int column, unsigned noise) {
  const double x = column, y = row;
  double v = 110 + 40 * std::sin(x / 210) * std::cos(y / 170);
  if (std::hypot(x - 700, y - 500) < 260) v += 60;
  if (column / 64 % 5 == 2 && row / 48 % 4 == 1) v -= 70;
  if (row > 700) v += 25 * std::sin((x + 2 * y) / 9);
  return static_cast<std::uint8_t>(std::clamp(v + value(noise) / 16 - 8, 0.0, 255.0));
}

// interleaved, width * height * channels
inline void fill_scene(std::uint8_t* data, int channels) {
  for (int i = 0; i < width * height * channels; ++i)
    data[i] = scene(i / channels / width, i / channels % width + 5 * (i % channels), static_cast<unsigned>(i));
}

// A kernel without zeros; divided by 8.5, one of fractions.
inline constexpr float dense[9] = {1, -2, 1, -2, 9, 2, -1, 2, 3};

// Column and row of the source for those of the result: a page seen at a slant.
inline constexpr double perspective[9] = {0.92, 0.07, 31.0, -0.05, 1.04, 17.0, 2.1e-5, -3.4e-5, 1.0};

}  // namespace bench
