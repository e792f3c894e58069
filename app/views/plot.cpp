#include "app/views/plot.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr float number_gap = 7.0F;  // px between the numbers of the y axis and the curves
constexpr float dash = 4.0F;

std::vector<double> ticks_of(const PlotAxis& axis, float length, float each) {
  const int most = std::max(2, static_cast<int>(length / each));
  return axis.logarithmic ? logarithmic_ticks(axis.low, axis.high, most) : linear_ticks(axis.low, axis.high, most);
}

std::vector<double> y_ticks(const Rect& curves, const PlotAxis& axis) { return ticks_of(axis, curves.height(), 26.0F); }

std::string label_of(const Canvas& canvas, const PlotAxis& axis, double value, int digits = 4) {
  return canvas.words.number(value * axis.factor, digits) + std::string(axis.unit);
}

void draw_dashed(ImDrawList& list, float x0, float x1, float y, ImU32 colour) {
  for (float x = x0; x < x1; x += 2.0F * dash) list.AddLine({x, y}, {std::min(x + dash, x1), y}, colour, 1.0F);
}

void draw_axes(const Canvas& canvas, const Rect& whole, const Plot& plot, const PlotMap& map) {
  const Rect& a = map.area;
  const Theme& theme = canvas.theme;
  for (const double tick : y_ticks(a, map.y)) {
    const float y = std::round(map.py(tick)) + 0.5F;
    canvas.list.AddLine({a.x0, y}, {a.x1, y}, theme.rule);
    canvas.text(canvas.fonts.number_small, a.x0 - number_gap, y, theme.ink_soft, label_of(canvas, map.y, tick),
                Align::right);
  }
  canvas.list.AddLine({a.x0, a.y1 + 0.5F}, {a.x1, a.y1 + 0.5F}, theme.rule_strong);
  const float y = a.y1 + 0.55F * plot_labels;
  float right = whole.x1;
  if (!plot.x_name.empty()) {
    right -= canvas.text(canvas.fonts.text_small, whole.x1, y, theme.ink_soft, plot.x_name, Align::right) + 8.0F;
  }
  for (const double tick : ticks_of(map.x, a.width(), 44.0F)) {
    const float x = std::round(map.px(tick)) + 0.5F;
    canvas.list.AddLine({x, a.y1}, {x, a.y1 + 4.0F}, theme.rule_strong);
    if (plot.x_name.empty()) continue;
    const std::string label = label_of(canvas, map.x, tick);
    if (x + 0.5F * canvas.text_width(canvas.fonts.number_small, label) > right) continue;
    canvas.text(canvas.fonts.number_small, x, y, theme.ink_soft, label, Align::centre);
  }
}

// From the right: the last series first. What does not fit beside the name is left out.
void draw_legend(const Canvas& canvas, const Rect& whole, const Plot& plot) {
  const float y = whole.y0 + 10.0F;
  const float name = canvas.text(canvas.fonts.text_small, whole.x0, y, canvas.theme.ink, plot.name);
  float x = whole.x1;
  for (auto series = plot.series.rbegin(); series != plot.series.rend(); ++series) {
    if (series->name.empty()) continue;
    const auto at = plot.cursor ? nearest_point(*series, *plot.cursor) : std::nullopt;
    const std::string value = at ? label_of(canvas, plot.y, at->y, 3) : std::string();
    const float usual = canvas.text_width(canvas.fonts.number_small, "0000000");
    const float longer = canvas.text_width(canvas.fonts.number_small, value) + 6.0F;
    const float room = value.empty() ? 0.0F : std::max(usual, longer);
    const float width = canvas.text_width(canvas.fonts.text_small, series->name) + 20.0F + room;
    if (x - width < whole.x0 + name + 12.0F) break;
    canvas.text(canvas.fonts.number_small, x, y, canvas.theme.ink, value, Align::right);
    canvas.text(canvas.fonts.text_small, x - width + 20.0F, y, canvas.theme.ink_soft, series->name);
    const float line = x - width;
    canvas.list.AddLine({line, y}, {line + 14.0F, y}, series->colour, 2.0F);
    if (series->markers) canvas.list.AddCircleFilled({line + 7.0F, y}, 3.0F, series->colour);
    x -= width + 14.0F;
  }
}

void draw_series(const Canvas& canvas, const PlotMap& map, const PlotSeries& series) {
  const std::vector<ImVec2> line = plot_line(map, series.points);
  for (std::size_t from = 0; from < line.size();) {
    std::size_t to = from;
    while (to < line.size() && std::isfinite(line[to].y)) ++to;
    if (to > from + 1) {
      canvas.list.AddPolyline(line.data() + from, static_cast<int>(to - from), series.colour, ImDrawFlags_None,
                              series.width);
    }
    from = to + 1;
  }
  if (!series.markers) return;
  const bool crowded = series.points.size() > static_cast<std::size_t>(std::max(1.0F, map.area.width() / 7.0F));
  for (const PlotPoint& p : series.points) {
    if (!crowded && std::isfinite(p.y)) canvas.list.AddCircleFilled({map.px(p.x), map.py(p.y)}, 3.0F, series.colour);
  }
}

void draw_cursor(const Canvas& canvas, const Plot& plot, const PlotMap& map) {
  if (!plot.cursor) return;
  const float x = std::round(map.px(std::clamp(*plot.cursor, map.x.low, map.x.high))) + 0.5F;
  canvas.list.AddLine({x, map.area.y0}, {x, map.area.y1}, canvas.theme.focus, 1.0F);
  for (const PlotSeries& series : plot.series) {
    const auto at = series.name.empty() ? std::nullopt : nearest_point(series, *plot.cursor);
    if (!at || !std::isfinite(at->y)) continue;
    const ImVec2 dot{map.px(at->x), map.py(at->y)};
    canvas.list.AddCircleFilled(dot, 4.5F, canvas.theme.paper);
    canvas.list.AddCircle(dot, 4.5F, series.colour, 0, 2.0F);
  }
}

}  // namespace

float PlotMap::along(const PlotAxis& axis, double value, float from, float to) {
  double t = (value - axis.low) / (axis.high - axis.low);
  if (axis.logarithmic) t = value > 0.0 ? std::log(value / axis.low) / std::log(axis.high / axis.low) : 0.0;
  return from + (to - from) * static_cast<float>(std::clamp(t, -1e4, 1e4));
}

double PlotMap::x_at(float px) const {
  const double t = static_cast<double>(px - area.x0) / static_cast<double>(std::max(1.0F, area.width()));
  return x.logarithmic ? x.low * std::pow(x.high / x.low, t) : x.low + t * (x.high - x.low);
}

PlotMap plot_map(const Rect& area, const Plot& plot, float left) {
  const float below = plot.x_name.empty() ? 5.0F : plot_labels;
  const Rect curves{area.x0 + left, area.y0 + plot_caption, std::max(area.x0 + left + 1.0F, area.x1 - 6.0F),
                    std::max(area.y0 + plot_caption + 1.0F, area.y1 - below)};
  return {curves, plot.x, plot.y};
}

float plot_left(const Canvas& canvas, const Rect& area, const Plot& plot) {
  float widest = 0.0F;
  for (const double tick : y_ticks(plot_map(area, plot, 0.0F).area, plot.y)) {
    widest = std::max(widest, canvas.text_width(canvas.fonts.number_small, label_of(canvas, plot.y, tick)));
  }
  return std::ceil(widest) + number_gap;
}

std::optional<PlotPoint> nearest_point(const PlotSeries& series, double x) {
  const auto& points = series.points;
  if (points.empty()) return std::nullopt;
  auto after =
      std::lower_bound(points.begin(), points.end(), x, [](const PlotPoint& p, double at) { return p.x < at; });
  if (after == points.end()) return points.back();
  if (after == points.begin()) return *after;
  return after->x - x < x - (after - 1)->x ? *after : *(after - 1);
}

std::vector<ImVec2> plot_line(const PlotMap& map, std::span<const PlotPoint> points) {
  std::vector<ImVec2> line;
  const auto place = [&](const PlotPoint& p) {
    const float y = std::isfinite(p.y) ? map.py(p.y) : static_cast<float>(p.y);
    return ImVec2{map.px(p.x), y};
  };
  if (points.size() < static_cast<std::size_t>(2.0F * std::max(1.0F, map.area.width()))) {
    for (const PlotPoint& p : points) line.push_back(place(p));
    return line;
  }
  for (std::size_t i = 0; i < points.size();) {
    const ImVec2 first = place(points[i]);
    ImVec2 low = first, high = first, last = first;
    const float column = std::floor(first.x);
    for (; i < points.size(); ++i) {
      const ImVec2 at = place(points[i]);
      if (std::floor(at.x) != column || !std::isfinite(at.y)) break;
      if (at.y >= low.y) low = at;
      if (at.y < high.y) high = at;
      last = at;
    }
    if (std::isfinite(first.y)) {
      const bool fell = low.x > high.x;
      for (const ImVec2& at : {first, fell ? high : low, fell ? low : high, last}) {
        const bool seen = line.empty() || !std::isfinite(line.back().y) ||
                          std::max(std::fabs(at.x - line.back().x), std::fabs(at.y - line.back().y)) >= 1.0F;
        if (seen || i == points.size()) line.push_back(at);  // closer ones only make the line look thicker
      }
    }
    if (i < points.size() && !std::isfinite(points[i].y)) line.push_back(place(points[i++]));  // the line breaks here
  }
  return line;
}

PlotMap draw_plot(const Canvas& canvas, const Rect& area, const Plot& plot, float left) {
  const PlotMap map = plot_map(area, plot, left);
  draw_axes(canvas, area, plot, map);
  draw_legend(canvas, area, plot);
  canvas.list.PushClipRect({map.area.x0 - 4.0F, map.area.y0 - 4.0F}, {map.area.x1 + 4.0F, map.area.y1 + 1.0F}, true);
  for (const PlotLevel& level : plot.levels) {
    const float y = std::round(map.py(level.y)) + 0.5F;
    draw_dashed(canvas.list, map.area.x0, map.area.x1, y, canvas.theme.ink_faint);
    const bool above = y - 9.0F > map.area.y0;
    canvas.text(canvas.fonts.text_small, map.area.x1 - 2.0F, above ? y - 9.0F : y + 9.0F, canvas.theme.ink_faint,
                level.name, Align::right);
  }
  for (const PlotSeries& series : plot.series) draw_series(canvas, map, series);
  draw_cursor(canvas, plot, map);
  canvas.list.PopClipRect();
  return map;
}

}  // namespace cvlab::app
