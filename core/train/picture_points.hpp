// Small pictures as points: each pixel is a coordinate.
#pragma once

#include "core/data/dataset.hpp"
#include "core/train/point_classifier.hpp"

namespace cvlab {

// The first `of_each` grey pictures of each of the first `classes` classes, class by class (fewer where there are
// fewer), made smaller to side x side (the mean of what a pixel covers), 0 .. 1, row by row.
LabelledPoints picture_points(const Dataset& data, int side, int classes, int of_each);

}  // namespace cvlab
