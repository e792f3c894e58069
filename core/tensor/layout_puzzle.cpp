#include "core/tensor/layout_puzzle.hpp"

#include <cassert>

namespace cvlab {

LayoutPuzzle layout_puzzle(int number) {
  assert(number >= 1 && number <= layout_puzzles && "layout_puzzle: 1 to layout_puzzles");
  switch (number) {
    case 1:  // a transposed matrix
      return {{3, 4}, {"H", "W"}, "permute(1,0)"};
    case 2:  // a crop, every second column of it
      return {{4, 6}, {"H", "W"}, "[1:3, ::2]"};
    case 3:  // a picture mirrored
      return {{3, 4, 5}, {"C", "H", "W"}, "flip(2)", true, 0};
    case 4:  // a list filled into a matrix column by column, as Fortran and MATLAB have it
      return {{12}, {"i"}, "reshape(4,3).permute(1,0)"};
    case 5:  // rows of pixels R G B, as files have them, to planes B, G, R, as some networks want them
      return {{4, 5, 3}, {"H", "W", "C"}, "permute(2,0,1).flip(0)", true, 2};
    case 6:  // a matrix cut into tiles of 2 x 2
      return {{4, 4}, {"H", "W"}, "reshape(2,2,2,2).permute(0,2,1,3).reshape(4,2,2)"};
    default:  // the bytes of a photograph to a batch of patches
      return {{4, 6, 3}, {"H", "W", "C"}, "reshape(2,2,3,2,3).permute(0,2,4,1,3).reshape(6,3,2,2)", true, 2};
  }
}

LayoutVerdict judge_layout(ConstView answer, ConstView goal) {
  LayoutVerdict verdict;
  verdict.same_shape = answer.shape() == goal.shape();
  if (!verdict.same_shape) return verdict;
  const Tensor a = gathered(answer), b = gathered(goal);
  for (std::ptrdiff_t i = 0; i < a.count(); ++i) verdict.right += a.data()[i] == b.data()[i] ? 1 : 0;
  verdict.solved = verdict.right == a.count();
  return verdict;
}

}  // namespace cvlab
