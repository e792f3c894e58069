#include "core/image/random_dots.hpp"

#include <limits>

#include "core/rng.hpp"

namespace cvlab {

RandomDots make_random_dots(int width, int height, int near, int far, std::uint64_t seed) {
  RandomDots dots{Image(width, height, 1), Image(width, height, 1), Tensor(Shape{1, 1, height, width})};
  Rng shared(seed, 31);
  Rng fresh(seed, 32);
  for (auto& v : dots.right.data) v = static_cast<std::uint8_t>(shared.below(256));
  const int side = height / 2;
  const int top = (height - side) / 2;
  const int start = (width - side) / 2;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const bool beside = row >= top && row < top + side;
      const bool square = beside && column >= start && column < start + side;
      const bool hidden = beside && column < start && column - far >= start - near;
      const int from = column - (square ? near : far);
      const auto other = static_cast<std::uint8_t>(fresh.below(256));  // drawn for every pixel: no row moves another
      const bool seen = !hidden && from >= 0;
      dots.left.at(row, column) = seen ? dots.right.at(row, from) : other;
      dots.truth(0, 0, row, column) =
          seen ? static_cast<float>(column - from) : std::numeric_limits<float>::quiet_NaN();
    }
  }
  return dots;
}

}  // namespace cvlab
