#include "core/image/kernel_puzzle.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "core/image/kernels.hpp"

namespace cvlab {

namespace {

using Three = std::array<float, 9>;
constexpr Three shift_down = {0, 1, 0, 0, 0, 0, 0, 0, 0};
constexpr Three horizontal_edges = {-1, -1, -1, 0, 0, 0, 1, 1, 1};  // Prewitt
constexpr Three left_minus_right = {1, 0, -1, 2, 0, -2, 1, 0, -1};  // Sobel x with the other sign

Tensor three_by_three(const Three& values) {
  Tensor kernel({3, 3});
  std::copy(values.begin(), values.end(), kernel.data());
  return kernel;
}

}  // namespace

Tensor puzzle_kernel(int number) {
  assert(number >= 1 && number <= kernel_puzzles && "puzzle_kernel: 1 to kernel_puzzles");
  switch (number) {
    case 1:
      return make_kernel(KernelKind::identity, 3, 3);
    case 2:
      return three_by_three(shift_down);
    case 3:
      return make_kernel(KernelKind::mean, 3, 3);
    case 4:
      return three_by_three(horizontal_edges);
    case 5:
      return make_kernel(KernelKind::sharpen, 3, 3);
    case 6:
      return three_by_three(left_minus_right);
    case 7:
      return make_kernel(KernelKind::emboss, 3, 3);
    default:
      return make_kernel(KernelKind::motion, 5, 5);
  }
}

PictureDistance picture_distance(ConstView a, ConstView b) {
  assert(a.shape() == b.shape() && "picture_distance: pictures of one shape");
  PictureDistance distance;
  double sum = 0.0;
  const std::ptrdiff_t count = a.count();
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const double d = std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]));
    distance.greatest = std::max(distance.greatest, d);
    sum += d;
  }
  if (count > 0) distance.mean = sum / static_cast<double>(count);
  return distance;
}

PuzzleState judge_puzzle(const PictureDistance& distance, ConstView kernel, ConstView hidden) {
  if (!(distance.greatest < puzzle_tolerance)) return PuzzleState::open;
  const int rows = static_cast<int>(std::max(kernel.size(0), hidden.size(0)));
  const int columns = static_cast<int>(std::max(kernel.size(1), hidden.size(1)));
  const Tensor a = centred_kernel(kernel, rows, columns);
  const Tensor b = centred_kernel(hidden, rows, columns);
  constexpr double same = 0.01;
  return picture_distance(a.view(), b.view()).greatest > same ? PuzzleState::solved_otherwise : PuzzleState::solved;
}

int weight_sign(float weight) { return weight > 0.0F ? 1 : weight < 0.0F ? -1 : 0; }

}  // namespace cvlab
