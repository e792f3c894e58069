// A function over the plane: smooth colours, lines of equal height, axes; points, paths and arrows are drawn over it.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "app/gfx/canvas.hpp"
#include "core/image/contours.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

// Where the plane lies on the screen: x to the right, y upwards.
struct FieldMap {
  Rect area;
  double x0 = -1.0, x1 = 1.0, y0 = -1.0, y1 = 1.0;

  float px(double x) const { return area.x0 + area.width() * static_cast<float>((x - x0) / (x1 - x0)); }
  float py(double y) const { return area.y1 - area.height() * static_cast<float>((y - y0) / (y1 - y0)); }
  ImVec2 at(double x, double y) const { return {px(x), py(y)}; }
  double x_at(float at) const { return x0 + (x1 - x0) * static_cast<double>((at - area.x0) / area.width()); }
  double y_at(float at) const { return y0 + (y1 - y0) * static_cast<double>((area.y1 - at) / area.height()); }
  bool shows(double x, double y) const { return x >= x0 && x <= x1 && y >= y0 && y <= y1; }
};

// The largest square (or, with `fill`, all) of `area` that leaves room for the numbers of both axes.
inline constexpr float field_left = 30.0F;
inline constexpr float field_below = 20.0F;
FieldMap fit_field(const Rect& area, const FieldMap& plane, bool fill = false);

class FieldView {
 public:
  // (rows, columns) at the nodes of a grid, row 0 at the least y; -> colours from low to high of the map.
  void set(const Tensor& values, Shade shade, float low, float high);
  // The same in colours: rows * columns of them.
  void set_colours(std::span<const ImU32> colours, int rows, int columns);
  void set_levels(std::span<const float> levels);  // after set(): where lines of equal height are drawn
  bool empty() const { return rows_ == 0; }

  // `share`: values go through so much of the colour map, from its low end. On a dark page the light end of the
  // sequential map would shine through as mud.
  void draw(const Canvas& canvas, const FieldMap& map, float alpha = 1.0F, float share = 1.0F);
  void draw_levels(const Canvas& canvas, const FieldMap& map, ImU32 colour) const;

 private:
  int rows_ = 0, columns_ = 0;
  Tensor values_;  // (rows, columns)
  PixelFormat format_ = PixelFormat::r32f;
  Shade shade_ = Shade::sequential;
  float low_ = 0.0F, high_ = 1.0F;
  std::vector<float> pixels_;  // finer, rows from top to bottom
  std::vector<ImU32> colours_;
  int width_ = 0, height_ = 0;
  bool changed_ = false;
  std::unique_ptr<Texture> texture_;
  std::vector<Contour> lines_;
};

// Frame, ticks and numbers at the left and below; the names at the ends of the axes.
void draw_field_axes(const Canvas& canvas, const FieldMap& map, std::string_view x_name, std::string_view y_name);

void draw_arrow(const Canvas& canvas, ImVec2 from, ImVec2 to, ImU32 colour, float width = 2.0F);
// A dot with a ring of paper around it, so that it is seen on every colour.
void draw_dot(const Canvas& canvas, ImVec2 at, float radius, ImU32 colour);

}  // namespace cvlab::app
