#include "core/tensor/layout_puzzle.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace cvlab;

namespace {

LayoutChain solved(const LayoutPuzzle& puzzle, std::string_view text) {
  LayoutChain chain(puzzle.start, puzzle.names);
  const auto ops = parse_layout_ops(text);
  REQUIRE(ops);
  CHECK(chain.apply_all(ops.value()) == static_cast<int>(ops.value().size()));
  return chain;
}

LayoutVerdict judged(int number, std::string_view text) {
  const LayoutPuzzle puzzle = layout_puzzle(number);
  const LayoutChain goal = solved(puzzle, puzzle.solution), answer = solved(puzzle, text);
  return judge_layout(answer.view(answer.last()), goal.view(goal.last()));
}

}  // namespace

TEST_CASE("layout puzzle: each has a way, and is not solved by doing nothing", "[tensor]") {
  for (int number = 1; number <= layout_puzzles; ++number) {
    INFO(number);
    CHECK(judged(number, layout_puzzle(number).solution).solved);
    CHECK_FALSE(judged(number, "").solved);
  }
}

TEST_CASE("layout puzzle: any way to the same numbers counts, the shape alone does not", "[tensor]") {
  CHECK(judged(1, "transpose(0,1)").solved);
  CHECK(judged(3, "[:, :, ::-1]").solved);
  CHECK(judged(5, "[:, :, ::-1].permute(2,0,1)").solved);
  // 0 1 2 / 3 4 5 / 6 7 8 / 9 10 11 instead of 0 4 8 / 1 5 9 / …: only both ends agree.
  const LayoutVerdict shape_only = judged(1, "reshape(4,3)");
  CHECK(shape_only.same_shape);
  CHECK_FALSE(shape_only.solved);
  CHECK(shape_only.right == 2);
  CHECK_FALSE(judged(1, "").same_shape);
}

// By hand: tile 1 of level 6 is the right upper one, 2 3 / 6 7.
TEST_CASE("layout puzzle: tiles lie one after another", "[tensor][golden]") {
  const LayoutPuzzle puzzle = layout_puzzle(6);
  const LayoutChain goal = solved(puzzle, puzzle.solution);
  const ConstView tiles = goal.view(goal.last());
  CHECK(tiles(1, 0, 0) == 2);
  CHECK(tiles(1, 0, 1) == 3);
  CHECK(tiles(1, 1, 0) == 6);
  CHECK(tiles(3, 1, 1) == 15);
  CHECK(goal.last().copied);
}
