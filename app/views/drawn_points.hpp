// Points that the learner drew, as the text of a parameter: "a5062b4031" is a point of class a and one of class b, two
// digits for each coordinate: 00 .. 99 is -0.99 .. 0.99 in steps of 0.02.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cvlab::app {

struct DrawnPoint {
  double x = 0.0, y = 0.0;
  int label = 0;
};

inline constexpr std::size_t most_drawn_points = 200;
inline constexpr std::size_t drawn_point_bytes = 5;

// Nothing when the text is no list of points with labels below `classes`.
std::optional<std::vector<DrawnPoint>> read_points(std::string_view text, int classes);
std::string write_points(std::span<const DrawnPoint> points);
// Adds a point where the text has room and no other lies closer than `apart`. True when it did.
bool add_point(std::vector<DrawnPoint>& points, DrawnPoint point, double apart);

}  // namespace cvlab::app
