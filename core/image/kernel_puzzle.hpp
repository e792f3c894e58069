// "Which kernel made this picture?": the hidden kernels, how far a result is from its target, what a hint may tell.
#pragma once

#include "core/tensor/tensor.hpp"

namespace cvlab {

inline constexpr int kernel_puzzles = 8;
inline constexpr double puzzle_tolerance =
    0.5;  // grey levels: less than this at every pixel rounds to the same picture

// (rows, columns) weights of puzzle 1 .. kernel_puzzles, each harder than the one before.
Tensor puzzle_kernel(int number);

// |a - b| of two pictures of one shape, contiguous; {0, 0} for empty ones.
struct PictureDistance {
  double greatest = 0.0;
  double mean = 0.0;
};
PictureDistance picture_distance(ConstView a, ConstView b);

enum class PuzzleState {
  open,
  solved,
  solved_otherwise  // the same picture, but some weight is off by more than 0.01
};
// `kernel` and `hidden` (rows, columns) may differ in size: they are compared middle on middle.
PuzzleState judge_puzzle(const PictureDistance& distance, ConstView kernel, ConstView hidden);

// What the third hint shows of a weight: -1, 0 or 1.
int weight_sign(float weight);

}  // namespace cvlab
