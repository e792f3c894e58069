// A picture as it comes from a file: 8 bits a channel, interleaved, rows from top to bottom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cvlab {

struct Image {
  int width = 0;
  int height = 0;
  int channels = 0;                // 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA; alpha is not premultiplied
  std::vector<std::uint8_t> data;  // height * width * channels

  Image() = default;
  Image(int columns, int rows, int channel_count)
      : width(columns),
        height(rows),
        channels(channel_count),
        data(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows) *
             static_cast<std::size_t>(channel_count)) {}

  bool empty() const { return data.empty(); }
  std::uint8_t& at(int row, int column, int channel = 0) { return data[offset(row, column, channel)]; }
  std::uint8_t at(int row, int column, int channel = 0) const { return data[offset(row, column, channel)]; }
  bool operator==(const Image&) const = default;

 private:
  std::size_t offset(int row, int column, int channel) const {
    return (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)) *
               static_cast<std::size_t>(channels) +
           static_cast<std::size_t>(channel);
  }
};

}  // namespace cvlab
