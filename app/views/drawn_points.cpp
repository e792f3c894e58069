#include "app/views/drawn_points.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab::app {

namespace {

// A pointer may be anywhere, or nowhere.
int place_of(double value) { return static_cast<int>(std::lround(std::clamp(value, -0.99, 0.99) * 50.0 + 49.5)); }
double value_of(int place) { return (place - 49.5) / 50.0; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::vector<DrawnPoint>> read_points(std::string_view text, int classes) {
  if (text.size() % drawn_point_bytes != 0 || text.size() > most_drawn_points * drawn_point_bytes) return std::nullopt;
  std::vector<DrawnPoint> points;
  for (std::size_t i = 0; i < text.size(); i += drawn_point_bytes) {
    const std::string_view one = text.substr(i, drawn_point_bytes);
    const int label = one[0] - 'a';
    if (label < 0 || label >= classes || !std::all_of(one.begin() + 1, one.end(), is_digit)) return std::nullopt;
    const auto number = [&](std::size_t at) { return 10 * (one[at] - '0') + (one[at + 1] - '0'); };
    points.push_back({value_of(number(1)), value_of(number(3)), label});
  }
  return points;
}

std::string write_points(std::span<const DrawnPoint> points) {
  std::string text;
  for (const DrawnPoint& p : points) {
    text += static_cast<char>('a' + p.label);
    for (const int place : {place_of(p.x), place_of(p.y)}) {
      text += static_cast<char>('0' + place / 10);
      text += static_cast<char>('0' + place % 10);
    }
  }
  return text;
}

bool add_point(std::vector<DrawnPoint>& points, DrawnPoint point, double apart) {
  point.x = value_of(place_of(point.x));
  point.y = value_of(place_of(point.y));
  if (points.size() >= most_drawn_points) return false;
  for (const DrawnPoint& p : points) {
    if (std::hypot(p.x - point.x, p.y - point.y) < apart) return false;
  }
  points.push_back(point);
  return true;
}

}  // namespace cvlab::app
