// A data set of the demos' kind, drawn instead of loaded: digits of seven segments, moved about, under noise. The same
// in every build.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/shell/file_library.hpp"
#include "core/image/codec.hpp"
#include "core/rng.hpp"

namespace cvlab::app {

// Bits: top, upper left, upper right, middle, lower left, lower right, bottom.
inline constexpr int segments_of_digit[10] = {0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010,
                                              0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011};

// `count` pictures of 28 x 28 side by side, 100 a row, and their labels.
inline Image seven_segments(int count, std::uint64_t seed, std::vector<std::uint8_t>& labels) {
  struct Segment {
    int row, column, height, width;
  };
  constexpr Segment segments[7] = {{0, 1, 2, 8}, {1, 0, 7, 2}, {1, 8, 7, 2}, {8, 1, 2, 8},
                                   {9, 0, 7, 2}, {9, 8, 7, 2}, {16, 1, 2, 8}};
  Rng rng(seed);
  Image image(100 * 28, (count + 99) / 100 * 28, 1);
  labels.clear();
  for (int i = 0; i < count; ++i) {
    const int digit = static_cast<int>(rng.below(10));
    labels.push_back(static_cast<std::uint8_t>(digit));
    const int top = i / 100 * 28 + 2 + static_cast<int>(rng.below(6));
    const int left = i % 100 * 28 + 4 + static_cast<int>(rng.below(10));
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column)
        image.at(i / 100 * 28 + row, i % 100 * 28 + column, 0) = static_cast<std::uint8_t>(rng.below(90));
    for (int s = 0; s < 7; ++s) {
      if ((segments_of_digit[digit] >> (6 - s) & 1) == 0) continue;
      for (int row = 0; row < segments[s].height; ++row)
        for (int column = 0; column < segments[s].width; ++column)
          image.at(top + segments[s].row + row, left + segments[s].column + column, 0) =
              static_cast<std::uint8_t>(160 + rng.below(96));
    }
  }
  return image;
}

// Puts it where the demos look for `id` ("digits").
inline void put_seven_segments(FileLibrary& files, const std::string& id, int train, int test) {
  for (const bool training : {true, false}) {
    std::vector<std::uint8_t> labels;
    const Image image = seven_segments(training ? train : test, training ? 1 : 2, labels);
    const std::string stem = "data/" + id + (training ? "-train" : "-test");
    files.put(stem + ".png", encode_png(image));
    files.put(stem + ".labels", labels);
  }
}

}  // namespace cvlab::app
