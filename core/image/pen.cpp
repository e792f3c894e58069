#include "core/image/pen.hpp"

#include <algorithm>
#include <cmath>

namespace cvlab {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr int side = pen_half_pixels / 2;

double middle(int half_pixel) { return 0.5 * half_pixel + 0.25; }

// Squared distance of (x, y) from the segment a b.
double squared_distance(double x, double y, PenPoint a, PenPoint b) {
  const double ax = middle(a.x), ay = middle(a.y);
  const double dx = middle(b.x) - ax, dy = middle(b.y) - ay;
  const double length = dx * dx + dy * dy;
  const double t = length > 0.0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / length, 0.0, 1.0) : 0.0;
  const double rx = x - (ax + t * dx), ry = y - (ay + t * dy);
  return rx * rx + ry * ry;
}

Error wrong(std::size_t at) {
  const std::string place = std::to_string(at + 1);
  return {"pen.bad_strokes", "Character " + place + " of the drawing is no point of a stroke.", {place}};
}

}  // namespace

Result<std::vector<PenStroke>> parse_strokes(std::string_view text) {
  std::vector<PenStroke> strokes;
  if (text.empty()) return strokes;
  strokes.emplace_back();
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '.') {
      if (strokes.back().empty()) return wrong(i);
      strokes.emplace_back();
      ++i;
      continue;
    }
    int place[2];
    for (std::size_t k = 0; k < 2; ++k) {
      const std::size_t value = i + k < text.size() ? digits.find(text[i + k]) : std::string_view::npos;
      if (value >= static_cast<std::size_t>(pen_half_pixels)) return wrong(i + k);
      place[k] = static_cast<int>(value);
    }
    strokes.back().push_back({place[0], place[1]});
    i += 2;
  }
  if (strokes.back().empty()) return wrong(text.size() - 1);
  return strokes;
}

std::string format_strokes(const std::vector<PenStroke>& strokes) {
  std::string text;
  for (const PenStroke& stroke : strokes) {
    if (!text.empty()) text += '.';
    for (const PenPoint& point : stroke) {
      text += digits[static_cast<std::size_t>(point.x)];
      text += digits[static_cast<std::size_t>(point.y)];
    }
  }
  return text;
}

Tensor draw_strokes(const std::vector<PenStroke>& strokes) {
  Tensor picture(Shape{1, 1, side, side});
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      double nearest = 1e9;
      for (const PenStroke& stroke : strokes) {
        for (std::size_t i = 0; i < stroke.size(); ++i)
          nearest = std::min(nearest, squared_distance(column + 0.5, row + 0.5, stroke[i > 0 ? i - 1 : 0], stroke[i]));
      }
      const double cover = std::clamp((pen_radius - std::sqrt(nearest)) / pen_softness + 0.5, 0.0, 1.0);
      picture(0, 0, row, column) = static_cast<float>(std::floor(255.0 * cover + 0.5));
    }
  }
  return picture;
}

}  // namespace cvlab
