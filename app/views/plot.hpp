// Curves over a common axis. The legend stands in the line above and turns into a reading while a place on the axis is
// looked at: here, or in another plot over the same axis.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

struct PlotPoint {
  double x = 0.0;
  double y = 0.0;  // the line is broken where it is not finite
};

struct PlotSeries {
  std::string_view name;              // in the legend; "" = not there
  std::span<const PlotPoint> points;  // x does not fall
  ImU32 colour = 0;
  float width = 2.0F;    // px; pale and thin for raw values behind their mean
  bool markers = false;  // a dot at each point: few, measured one by one
};

struct PlotAxis {
  double low = 0.0;
  double high = 1.0;
  bool logarithmic = false;
  double factor = 1.0;         // labels say value * factor …
  std::string_view unit = {};  // … and this: 100 and "%"
};

struct PlotLevel {  // a value to compare with, dashed
  double y = 0.0;
  std::string_view name;
};

struct Plot {
  std::string_view name;  // above, at the left
  PlotAxis x;
  PlotAxis y;
  std::string_view x_name = {};  // below, at the right; without it the axis has no numbers (a plot below has them)
  std::vector<PlotSeries> series;
  std::vector<PlotLevel> levels;
  std::optional<double> cursor;  // the x that is looked at: line, dots, readings
};

// Where the data lies on the screen.
struct PlotMap {
  Rect area;
  PlotAxis x;
  PlotAxis y;

  float px(double value) const { return along(x, value, area.x0, area.x1); }
  float py(double value) const { return along(y, value, area.y1, area.y0); }
  double x_at(float px) const;  // may lie outside the axis

 private:
  static float along(const PlotAxis& axis, double value, float from, float to);
};

inline constexpr float plot_caption = 26.0F;  // px above the curves: name and legend
inline constexpr float plot_labels = 20.0F;   // px below them, when the x axis has numbers

// The numbers of the y axis stand in the `left` px beside the curves, so that plots one below the other can agree.
PlotMap plot_map(const Rect& area, const Plot& plot, float left);
float plot_left(const Canvas& canvas, const Rect& area, const Plot& plot);  // what its numbers need

// `area` holds everything: caption, numbers, curves.
PlotMap draw_plot(const Canvas& canvas, const Rect& area, const Plot& plot, float left);

// The point of the series next to x; nothing in an empty one.
std::optional<PlotPoint> nearest_point(const PlotSeries& series, double x);

// The line through the points as screen positions. Where many points share a pixel column it goes through the first,
// the least, the greatest and the last of them, as far as they are a pixel apart: what is seen is the same, in a time
// that does not grow with the run.
std::vector<ImVec2> plot_line(const PlotMap& map, std::span<const PlotPoint> points);

}  // namespace cvlab::app
