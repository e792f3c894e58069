#include "core/image/brush.hpp"

#include <algorithm>
#include <cstdint>

#include "core/image/reshape.hpp"

namespace cvlab {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// The number that the two characters at `at` say; -1 when they do not.
int number_at(std::string_view text, std::size_t at) {
  if (at + 2 > text.size()) return -1;
  const std::size_t high = digits.find(text[at]), low = digits.find(text[at + 1]);
  return high == std::string_view::npos || low == std::string_view::npos ? -1 : static_cast<int>(62 * high + low);
}

void write_number(int value, std::string& text) {
  const auto v = static_cast<std::size_t>(std::clamp(value, 0, most_brush_number));
  text += digits[v / 62];
  text += digits[v % 62];
}

// Whether the pixel (x, y) is at most r from the segment a b, in whole numbers: distances times the segment's length.
bool covers(const BrushPoint& a, const BrushPoint& b, std::int64_t r, int x, int y) {
  const std::int64_t px = x - a.x, py = y - a.y, dx = b.x - a.x, dy = b.y - a.y;
  const std::int64_t length = dx * dx + dy * dy;
  const std::int64_t along = px * dx + py * dy;
  if (along <= 0 || length == 0) return px * px + py * py <= r * r;
  if (along >= length) return (x - b.x) * std::int64_t{x - b.x} + (y - b.y) * std::int64_t{y - b.y} <= r * r;
  const std::int64_t across = px * dy - py * dx;
  return across * across <= r * r * length;
}

void draw_segment(const BrushPoint& a, const BrushPoint& b, const BrushStroke& stroke, Image& mask) {
  const int r = stroke.radius;
  const int top = std::max(0, std::min(a.y, b.y) - r), end = std::min(mask.height, std::max(a.y, b.y) + r + 1);
  const int left = std::max(0, std::min(a.x, b.x) - r), right = std::min(mask.width, std::max(a.x, b.x) + r + 1);
  for (int y = top; y < end; ++y)
    for (int x = left; x < right; ++x)
      if (covers(a, b, r, x, y)) mask.at(y, x) = stroke.erase ? 0 : 255;
}

}  // namespace

Result<std::vector<BrushStroke>> parse_brush(std::string_view text) {
  const Error bad{"brush.text", "This is no painted mask: a mask is made by painting in the figure."};
  std::vector<BrushStroke> strokes;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (one.size() < 7 || (one.size() - 3) % 4 != 0 || (one[0] != 'a' && one[0] != 'e')) return bad;
    BrushStroke stroke{one[0] == 'e', number_at(one, 1), {}};
    if (stroke.radius < 0) return bad;
    for (std::size_t at = 3; at < one.size(); at += 4) {
      stroke.points.push_back({number_at(one, at), number_at(one, at + 2)});
      if (stroke.points.back().x < 0 || stroke.points.back().y < 0) return bad;
    }
    strokes.push_back(std::move(stroke));
  }
  return strokes;
}

std::string format_brush(const std::vector<BrushStroke>& strokes) {
  std::string text;
  for (const BrushStroke& stroke : strokes) {
    if (!text.empty()) text += '.';
    text += stroke.erase ? 'e' : 'a';
    write_number(stroke.radius, text);
    for (const BrushPoint& p : stroke.points) {
      write_number(p.x, text);
      write_number(p.y, text);
    }
  }
  return text;
}

void draw_brush(const std::vector<BrushStroke>& strokes, int width, int height, Image& mask) {
  reshape(mask, width, height, 1);
  std::fill(mask.data.begin(), mask.data.end(), std::uint8_t{0});
  for (const BrushStroke& stroke : strokes) {
    for (std::size_t i = 0; i < stroke.points.size(); ++i) {
      draw_segment(stroke.points[i == 0 ? 0 : i - 1], stroke.points[i], stroke, mask);
    }
  }
}

}  // namespace cvlab
