// Pictures drawn by the program: coloured shapes on a textured ground, with class, box and mask of each. The same seed
// gives the same pictures everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/dataset.hpp"
#include "core/image/image.hpp"

namespace cvlab {

enum class ShapeClass { disc, square, triangle, star, ring, cross };
inline constexpr int shape_class_count = 6;
const std::vector<std::string>& shape_class_names();

struct SceneObject {
  ShapeClass label = ShapeClass::disc;
  // The smallest box around the object's own pixels, hidden ones included, in pixels: left <= x < right.
  int left = 0, top = 0, right = 0, bottom = 0;
};

struct Scene {
  Image image;                       // R G B
  std::vector<SceneObject> objects;  // in order of drawing: later ones cover earlier ones
  std::vector<std::uint8_t> mask;    // height * width: 0 ground, i + 1 where object i is seen
};

struct SceneParams {
  int height = 128, width = 128;
  int min_objects = 1, max_objects = 4;  // fewer than min_objects where they find no room
  float min_size = 0.15f;                // radius of an object, share of the picture's shorter side
  float max_size = 0.3f;
  float max_overlap = 0.2f;  // of the smaller of two boxes
};

Scene make_scene(const SceneParams& params, std::uint64_t seed, std::uint64_t index);

// Classification: one shape a picture, `side` x `side`, R G B, each class equally often.
Dataset make_shapes(int count, int side, std::uint64_t seed);

}  // namespace cvlab
