// Points in the plane with a class each, for boundaries that can be drawn.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab {

enum class ToyKind { moons, circles, spirals, blobs };
Result<ToyKind> parse_toy(std::string_view name);
const char* name(ToyKind kind);

struct ToyData {
  Tensor points;            // (count, 2): x, y; about -1 .. 1
  std::vector<int> labels;  // count, in turn 0, 1, …
  int classes = 2;
};

// moons    two half circles that reach into each other
// circles  an inner and an outer one, radii 0.4 and 0.9
// spirals  `classes` arms of 1.5 turns from the centre outwards
// blobs    `classes` Gaussian clouds on a circle of radius 0.6
// moons and circles have two classes. noise: standard deviation of what is added to both coordinates (of blobs:
// theirs).
ToyData make_toy(ToyKind kind, int count, double noise, std::uint64_t seed, int classes = 2);

}  // namespace cvlab
