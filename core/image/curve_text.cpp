#include "core/image/curve_text.hpp"

#include <charconv>
#include <cmath>

namespace cvlab {

namespace {

// A whole number at the start of `text`, which loses it; -1 when there is none from 0 to 255.
int take_level(std::string_view& text) {
  int level = -1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), level);
  if (problem != std::errc() || level < 0 || level > 255) return -1;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return level;
}

Error bad_point() {
  return {"curve.point", "A curve is a list of points like 0,0 128,200 255,255: levels from 0 to 255."};
}

}  // namespace

Result<std::vector<CurvePoint>> parse_curve(std::string_view text) {
  std::vector<CurvePoint> points;
  while (true) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    if (text.empty()) return points;
    const int x = take_level(text);
    if (x < 0 || text.empty() || text.front() != ',') return bad_point();
    text.remove_prefix(1);
    const int y = take_level(text);
    if (y < 0 || (!text.empty() && text.front() != ' ')) return bad_point();
    if (!points.empty() && x <= static_cast<int>(points.back().x)) {
      return Error{"curve.order",
                   "The points of a curve go from left to right: each first number is greater than the "
                   "one before it."};
    }
    if (points.size() == most_curve_points) return Error{"curve.most", "A curve has at most 16 points."};
    points.push_back({static_cast<double>(x), static_cast<double>(y)});
  }
}

std::string format_curve(std::span<const CurvePoint> points) {
  std::string text;
  for (const CurvePoint& p : points) {
    if (!text.empty()) text += ' ';
    text += std::to_string(std::lround(p.x)) + ',' + std::to_string(std::lround(p.y));
  }
  return text;
}

}  // namespace cvlab
