// Own points: pressing and dragging in the plane lays them, a button in its corner takes them all away.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/views/area_input.hpp"
#include "app/views/drawn_points.hpp"
#include "app/views/field.hpp"

namespace cvlab::app {

struct PointBrush {
  int label = 0;
  double apart = 0.04;     // nearer than this to another one, none is laid
  const char* clear = "";  // what the button says
};

// `plane`: the pointer over map.area. The new text of the points, when they have changed.
std::optional<std::string> edit_points(const Canvas& canvas, const FieldMap& map, const AreaInput& plane,
                                       std::span<const DrawnPoint> drawn, const PointBrush& brush);

}  // namespace cvlab::app
