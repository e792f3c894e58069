// "Which operations make this tensor of that one?": where a level starts, how far an answer is from its goal, and one
// way to get there, of which the hints tell more and more.
#pragma once

#include "core/tensor/layout_chain.hpp"

namespace cvlab {

inline constexpr int layout_puzzles = 7;

struct LayoutPuzzle {
  Shape start;
  std::vector<std::string> names;  // of its axes
  std::string_view solution;       // text for parse_layout_ops
  bool picture = false;            // its numbers are those of a photograph; `channel` is the axis of R, G, B
  int channel = -1;
};
LayoutPuzzle layout_puzzle(int number);  // 1 .. layout_puzzles, each harder than the one before

// Two views of the same numbers 0, 1, 2, …: solved when shape and every number agree, however it was reached.
struct LayoutVerdict {
  bool same_shape = false;
  std::ptrdiff_t right = 0;  // elements that are what they should be; 0 when the shapes differ
  bool solved = false;
};
LayoutVerdict judge_layout(ConstView answer, ConstView goal);

}  // namespace cvlab
