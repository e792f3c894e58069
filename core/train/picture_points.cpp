#include "core/train/picture_points.hpp"

#include <algorithm>
#include <vector>

#include "core/image/resize.hpp"

namespace cvlab {

LabelledPoints picture_points(const Dataset& data, int side, int classes, int of_each) {
  LabelledPoints result;
  result.classes = classes;
  result.dimensions = side * side;
  std::vector<int> examples;
  for (int c = 0; c < classes; ++c) {
    int found = 0;
    for (int i = 0; i < data.count() && found < of_each; ++i) {
      if (data.labels[static_cast<std::size_t>(i)] != c) continue;
      examples.push_back(i);
      ++found;
    }
  }
  const std::size_t n = examples.size(), size = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  result.points.resize(size * n);
  Image picture(static_cast<int>(data.example[2]), static_cast<int>(data.example[1]), 1), small(side, side, 1);
  for (std::size_t k = 0; k < n; ++k) {
    const auto pixels = data.pixels_of(examples[k]);
    std::copy(pixels.begin(), pixels.end(), picture.data.begin());
    resize(picture, Resampling::area, small);
    for (std::size_t p = 0; p < size; ++p) result.points[p * n + k] = small.data[p] / 255.0;
    result.labels.push_back(data.labels[static_cast<std::size_t>(examples[k])]);
  }
  return result;
}

}  // namespace cvlab
