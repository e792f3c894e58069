#include "app/shell/drawn_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cvlab::app {
namespace {

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

Image draw_box() {
  Image image(10, 10, 1);
  for (int row = 2; row <= 6; ++row) {
    for (int column = 3; column <= 7; ++column) image.at(row, column) = 90;
  }
  image.at(5, 4) = 0;
  image.at(8, 2) = 90;
  return image;
}

Image draw_numbered() {
  Image image(9, 6, 1);
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      image.at(row, column) = static_cast<std::uint8_t>(10 * (row + 1) + column + 1);
    }
  }
  return image;
}

// The slides' portrait of 16 rows: the smallest picture in which one still sees a face.
Image draw_portrait() {
  constexpr std::array<std::array<std::uint8_t, 12>, 16> table = {{
      {157, 153, 174, 168, 150, 152, 129, 151, 172, 161, 155, 156},
      {155, 182, 163, 74, 75, 62, 33, 17, 110, 210, 180, 154},
      {180, 180, 50, 14, 34, 6, 10, 33, 48, 106, 159, 181},
      {206, 109, 5, 124, 131, 111, 120, 204, 166, 15, 56, 180},
      {194, 68, 137, 251, 237, 239, 239, 228, 227, 87, 71, 201},
      {172, 105, 207, 233, 233, 214, 220, 239, 228, 98, 74, 206},
      {188, 88, 179, 209, 185, 215, 211, 158, 139, 75, 20, 169},
      {189, 97, 165, 84, 10, 168, 134, 11, 31, 62, 22, 148},
      {199, 168, 191, 193, 158, 227, 178, 143, 182, 106, 36, 190},
      {205, 174, 155, 252, 236, 231, 149, 178, 228, 43, 95, 234},
      {190, 216, 116, 149, 236, 187, 86, 150, 79, 38, 218, 241},
      {190, 224, 147, 108, 227, 210, 127, 102, 36, 101, 255, 224},
      {190, 214, 173, 66, 103, 143, 96, 50, 2, 109, 249, 215},
      {187, 196, 235, 75, 1, 81, 47, 0, 6, 217, 255, 211},
      {183, 202, 237, 145, 0, 0, 12, 108, 200, 138, 243, 236},
      {195, 206, 123, 207, 177, 121, 123, 200, 175, 13, 96, 218},
  }};
  Image image(12, 16, 1);
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = table[i / 12][i % 12];
  return image;
}

// Dark at the top left, white at the bottom right, so that both gradients differ from zero.
Image draw_ramp() {
  Image image(64, 64, 1);
  for (int row = 0; row < 64; ++row) {
    for (int column = 0; column < 64; ++column) image.at(row, column) = to_byte((row + column) * 255.0 / 126.0);
  }
  return image;
}

using Colour = std::array<double, 3>;

Colour blend(const Colour& under, const Colour& over, double cover) {
  Colour out{};
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = under[c] + (over[c] - under[c]) * cover;
  return out;
}

// How much of a pixel lies inside an edge `distance` px away (negative inside): a ramp one pixel wide.
double coverage(double distance) { return std::clamp(0.5 - distance, 0.0, 1.0); }

double disc(double x, double y, double cx, double cy, double radius) {
  return coverage(std::sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - radius);
}

double ring(double x, double y, double cx, double cy, double radius, double half_width) {
  return coverage(std::abs(std::sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - radius) - half_width);
}

// A bar with round ends from a to b.
double bar(double x, double y, std::array<double, 2> a, std::array<double, 2> b, double half_width) {
  const double dx = b[0] - a[0];
  const double dy = b[1] - a[1];
  const double along = std::clamp(((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
  const double px = x - a[0] - along * dx;
  const double py = y - a[1] - along * dy;
  return coverage(std::sqrt(px * px + py * py) - half_width);
}

double triangle(double x, double y, const std::array<std::array<double, 2>, 3>& corners) {
  double distance = -1e9;
  for (std::size_t i = 0; i < 3; ++i) {  // corners run clockwise on the screen: outside is to the left of each edge
    const auto& a = corners[i];
    const auto& b = corners[(i + 1) % 3];
    const double dx = b[0] - a[0];
    const double dy = b[1] - a[1];
    distance = std::max(distance, ((x - a[0]) * dy - (y - a[1]) * dx) / std::sqrt(dx * dx + dy * dy));
  }
  return coverage(distance);
}

// Sun, hills and a house front: round, slanted, thin and straight edges, smooth shading, and a fine grating.
Colour shapes_at(double x, double y) {
  Colour colour = blend({250, 239, 220}, {122, 178, 214}, std::clamp((150.0 - y) / 150.0, 0.0, 1.0));
  colour = blend(colour, {253, 208, 92}, disc(x, y, 190, 62, 34));
  colour = blend(colour, {255, 240, 190}, ring(x, y, 190, 62, 46, 2.0));
  colour = blend(colour, {122, 158, 118}, disc(x, y, 60, 300, 150));
  colour = blend(colour, {86, 128, 104}, disc(x, y, 214, 318, 150));
  colour = blend(colour, {236, 228, 212}, bar(x, y, {66, 196}, {132, 196}, 30));
  colour = blend(colour, {184, 72, 52}, triangle(x, y, {{{26, 168}, {99, 104}, {172, 168}}}));
  colour = blend(colour, {52, 66, 92}, disc(x, y, 99, 146, 11));
  colour = blend(colour, {236, 228, 212}, bar(x, y, {88, 146}, {110, 146}, 1.2));
  colour = blend(colour, {236, 228, 212}, bar(x, y, {99, 135}, {99, 157}, 1.2));
  colour = blend(colour, {112, 70, 48}, bar(x, y, {66, 200}, {66, 222}, 9));
  for (int i = 0; i < 9; ++i) {  // a fence whose posts come closer: spatial frequencies from 1/14 to 1/5 px
    const double at = 150.0 + 14.0 * i - 0.62 * i * i;
    colour = blend(colour, {246, 246, 240}, bar(x, y, {at, 206}, {at, 236}, 1.6 - 0.06 * i));
  }
  return blend(colour, {246, 246, 240}, bar(x, y, {146, 216}, {228, 216}, 1.4));
}

Image draw_shapes() {
  Image image(256, 256, 3);
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      const Colour colour = shapes_at(column + 0.5, row + 0.5);
      for (int c = 0; c < 3; ++c) image.at(row, column, c) = to_byte(colour[static_cast<std::size_t>(c)]);
    }
  }
  return image;
}

}  // namespace

std::optional<Image> draw_picture(std::string_view id) {
  if (id == "box") return draw_box();
  if (id == "numbered") return draw_numbered();
  if (id == "portrait") return draw_portrait();
  if (id == "ramp") return draw_ramp();
  if (id == "shapes") return draw_shapes();
  return std::nullopt;
}

}  // namespace cvlab::app
