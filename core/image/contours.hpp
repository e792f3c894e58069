// Lines of equal height of a field: where the values on a grid, joined by straight lines along its edges, equal
// `level`.
//
//   values (rows, columns), at the nodes (column, row) = (x, y) of the grid. Cells with a node that is no number have
//   none. Where two opposite corners are high and two are low, the mean of the four says which are joined.
// Source: W. Lorensen, H. Cline, "Marching cubes", SIGGRAPH 1987, in the plane; ambiguous cells by the mean as
// matplotlib.
#pragma once

#include <vector>

#include "core/tensor/tensor.hpp"

namespace cvlab {

struct ContourPoint {
  float x, y;  // in cells: columns and rows from 0
};
struct Contour {
  std::vector<ContourPoint> points;
  bool closed = false;  // the last point is joined to the first
};

std::vector<Contour> contours(ConstView values, float level);

}  // namespace cvlab
