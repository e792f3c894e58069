#include "core/image/kernel_puzzle.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "core/image/kernels.hpp"

using namespace cvlab;
using Catch::Approx;

TEST_CASE("kernel puzzle: eight different kernels of odd size", "[core][kernel-puzzle]") {
  std::set<std::vector<float>> seen;
  for (int number = 1; number <= kernel_puzzles; ++number) {
    const Tensor kernel = puzzle_kernel(number);
    CHECK(kernel.size(0) % 2 == 1);
    CHECK(kernel.size(0) == kernel.size(1));
    seen.insert({kernel.data(), kernel.data() + kernel.count()});
  }
  CHECK(seen.size() == kernel_puzzles);
}

TEST_CASE("kernel puzzle: the greatest and the mean difference", "[core][kernel-puzzle]") {
  Tensor a({1, 1, 2, 2}), b({1, 1, 2, 2});
  a(0, 0, 0, 1) = 3;
  b(0, 0, 1, 1) = 5;
  const PictureDistance distance = picture_distance(a.view(), b.view());
  CHECK(distance.greatest == 5);
  CHECK(distance.mean == 2);  // (3 + 5) / 4
}

TEST_CASE("kernel puzzle: solved below half a grey level, by any kernel", "[core][kernel-puzzle]") {
  const Tensor hidden = make_kernel(KernelKind::mean, 3, 3);
  const Tensor larger = centred_kernel(hidden.view(), 5, 5);
  const Tensor other = make_kernel(KernelKind::identity, 3, 3);
  CHECK(judge_puzzle({0.5, 0.0}, hidden.view(), hidden.view()) == PuzzleState::open);
  CHECK(judge_puzzle({std::numeric_limits<double>::quiet_NaN(), 0.0}, hidden.view(), hidden.view()) ==
        PuzzleState::open);
  CHECK(judge_puzzle({0.49, 0.0}, hidden.view(), hidden.view()) == PuzzleState::solved);
  CHECK(judge_puzzle({0.0, 0.0}, larger.view(), hidden.view()) == PuzzleState::solved);
  CHECK(judge_puzzle({0.0, 0.0}, other.view(), hidden.view()) == PuzzleState::solved_otherwise);
}

TEST_CASE("kernel puzzle: the sign of a weight", "[core][kernel-puzzle]") {
  CHECK(weight_sign(-2.0F) == -1);
  CHECK(weight_sign(0.0F) == 0);
  CHECK(weight_sign(-0.0F) == 0);
  CHECK(weight_sign(0.1F) == 1);
}
