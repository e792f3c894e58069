#include <algorithm>
#include <cmath>

#include "app/demos/point-ops/point_ops.hpp"
#include "app/views/level_bars.hpp"
#include "app/views/note.hpp"
#include "core/image/curve_text.hpp"

namespace cvlab::app {

namespace {

constexpr float near_point = 14.0F;  // px

float along(const Rect& area, double level) {
  return area.x0 + area.width() * (static_cast<float>(level) + 0.5F) / 256.0F;
}
float up(const Rect& area, double level) {
  return area.y1 - area.height() * (static_cast<float>(level) + 0.5F) / 256.0F;
}
double level_at(float offset, float length) {
  return std::clamp(256.0 * static_cast<double>(offset / length) - 0.5, 0.0, 255.0);
}

}  // namespace

void PointOps::draw_curve(const Canvas& canvas, const Layout& l) {
  const Rect& area = l.curve;
  if (area.width() < 40.0F) return;
  const AreaInput input = area_input("curve", {area.x0, area.y0, area.x1, l.below.y1});
  hovered_level_.reset();
  if ((input.hovered || input.pressed) && input.x >= area.x0 && input.x < area.x1) {
    hovered_level_ = static_cast<int>(std::lround(level_at(input.x - area.x0, area.width())));
  }
  drag_curve(area, input);
  draw_axes(canvas, l);
  draw_line(canvas, area);
  draw_path(canvas, l);
  if (!hovered_level_ || input.pressed) return;
  const auto v = static_cast<std::size_t>(*hovered_level_);
  draw_note(canvas, input.x, input.y,
            canvas.words.format("point-ops.note", {std::to_string(v), std::to_string(before_.count[v]),
                                                   std::to_string(transfer_.value[v])}));
}

// Frame, grid, both histograms with their numbers, the ranges that saturate.
void PointOps::draw_axes(const Canvas& canvas, const Layout& l) const {
  const Theme& theme = canvas.theme;
  const Rect& a = l.curve;
  canvas.list.AddRectFilled({a.x0, a.y0}, {a.x1, a.y1}, theme.surface);
  for (int v = 0; v < 256; ++v) {
    const int side = transfer_.clipped(v);
    if (side == 0) continue;
    const float x0 = a.x0 + a.width() * static_cast<float>(v) / 256.0F;
    const float x1 = a.x0 + a.width() * static_cast<float>(v + 1) / 256.0F;
    canvas.list.AddRectFilled({x0, a.y0}, {x1, a.y1}, with_alpha(side < 0 ? theme.negative : theme.positive, 0.16F));
  }
  for (const int tick : {64, 128, 192}) {
    canvas.list.AddLine({along(a, tick), a.y0}, {along(a, tick), a.y1}, theme.rule);
    canvas.list.AddLine({a.x0, up(a, tick)}, {a.x1, up(a, tick)}, theme.rule);
  }
  canvas.list.AddLine({along(a, 0), up(a, 0)}, {along(a, 255), up(a, 255)}, theme.rule_strong);
  canvas.list.AddRect({a.x0, a.y0}, {a.x1, a.y1}, theme.rule_strong);

  Palette bars{};
  bars.fill(theme.ink_faint);
  Palette in = bars;
  for (int v = 0; v < 256; ++v) {
    const int side = transfer_.clipped(v);
    if (side != 0) in[static_cast<std::size_t>(v)] = side < 0 ? theme.negative : theme.positive;
  }
  if (counts_.black > 0) bars[0] = theme.negative;
  if (counts_.white > 0) bars[255] = theme.positive;
  const bool log = state_.toggle("log");
  const double most = std::max(inner_fullest(before_), 1.0);
  const auto v = static_cast<std::size_t>(level());
  draw_level_bars(canvas, l.below, before_, {false, log, most, &in, static_cast<int>(v)});
  draw_level_bars(canvas, l.right, after_,
                  {true, log, std::max(inner_fullest(after_), 1.0), &bars, transfer_.value[v]});
  draw_level_axis(canvas, l.below, false);
  draw_level_axis(canvas, a, true);
  ImFont* small = canvas.fonts.text_small;
  const float y = a.y0 - 0.8F * small->FontSize;
  const char* title = canvas.words("point-ops.transfer");
  const bool fits = canvas.text_width(small, title) + 8.0F < a.width();
  canvas.text(small, a.x0, y, theme.ink, fits ? title : "g = T(f)");
  canvas.text(small, l.right.x0, y, theme.ink_soft, canvas.words("point-ops.after_levels"));
  canvas.text(small, a.x0, l.below.y1 + 26.0F, theme.ink_soft, canvas.words("point-ops.before_levels"));
}

void PointOps::draw_line(const Canvas& canvas, const Rect& a) const {
  const Theme& theme = canvas.theme;
  canvas.list.PushClipRect({a.x0 - 1.0F, a.y0 - 1.0F}, {a.x1 + 1.0F, a.y1 + 1.0F}, true);
  for (int v = 0; v < 255; ++v) {
    const auto i = static_cast<std::size_t>(v);
    const bool clip = transfer_.clipped(v) != 0 && transfer_.clipped(v + 1) != 0;
    const ImU32 colour = !clip ? theme.accent : transfer_.clipped(v) < 0 ? theme.negative : theme.positive;
    canvas.list.AddLine({along(a, v), up(a, transfer_.value[i])}, {along(a, v + 1), up(a, transfer_.value[i + 1])},
                        colour, 2.5F);
  }
  canvas.list.PopClipRect();
  if (state_.choice("operation") != "draw") return;
  for (const CurvePoint& p : points_) {
    canvas.list.AddCircleFilled({along(a, p.x), up(a, p.y)}, 6.0F, theme.raised);
    canvas.list.AddCircle({along(a, p.x), up(a, p.y)}, 6.0F, theme.accent, 0, 2.5F);
  }
}

// From the level on the lower axis up to the curve, then to the level that it becomes.
void PointOps::draw_path(const Canvas& canvas, const Layout& l) const {
  const Theme& theme = canvas.theme;
  const int v = level();
  const float x = along(l.curve, v);
  const float y = up(l.curve, transfer_.value[static_cast<std::size_t>(v)]);
  canvas.list.AddLine({x, l.below.y1}, {x, y}, theme.focus, 1.5F);
  canvas.list.AddLine({x, y}, {l.right.x0, y}, theme.focus, 1.5F);
  canvas.list.AddTriangleFilled({l.right.x0 - 7.0F, y - 4.0F}, {l.right.x0 - 7.0F, y + 4.0F}, {l.right.x0, y},
                                theme.focus);
  canvas.list.AddCircleFilled({x, y}, 4.5F, theme.focus);
  canvas.list.AddCircle({x, y}, 4.5F, theme.surface, 0, 1.0F);
}

// The curve goes through the pointer: the parameter that does it, or a point of the drawn curve.
void PointOps::drag_curve(const Rect& area, const AreaInput& input) {
  const std::string_view operation = state_.choice("operation");
  if (!input.pressed) dragged_.reset();
  const double x = level_at(input.x - area.x0, area.width());
  const double y = level_at(area.y1 - input.y, area.height());
  if (operation == "draw") return drag_point(area, input, x, y);
  if (!input.pressed || (input.drag_x == 0.0F && input.drag_y == 0.0F && !input.clicked)) return;
  if (input.y > area.y1) return;  // on the histogram
  if (operation == "add") (void)state_.set("offset", std::to_string(std::lround(y - x)));
  if (operation == "contrast" && std::abs(x - 128.0) > 4.0) {
    const double factor = std::clamp((y - 128.0) / (x - 128.0), 0.0, 8.0);
    (void)state_.set("factor", State::format(std::round(100.0 * factor) / 100.0));
  }
  if (operation == "gamma" && x > 4.0 && x < 251.0) {
    const double gamma = std::log(std::clamp(y, 1.0, 254.0) / 255.0) / std::log(x / 255.0);
    (void)state_.set("gamma", State::format(std::round(100.0 * std::clamp(gamma, 0.1, 10.0)) / 100.0));
  }
}

void PointOps::drag_point(const Rect& area, const AreaInput& input, double x, double y) {
  std::vector<CurvePoint> points = points_;
  if (input.clicked && input.y <= area.y1 + near_point) {
    dragged_.reset();
    for (std::size_t i = 0; i < points.size(); ++i) {
      const float dx = along(area, points[i].x) - input.x, dy = up(area, points[i].y) - input.y;
      if (dx * dx + dy * dy < near_point * near_point) dragged_ = i;
    }
    if (input.double_clicked && dragged_ && points.size() > 1) {
      points.erase(points.begin() + static_cast<std::ptrdiff_t>(*dragged_));
      dragged_.reset();
    } else if (!dragged_ && points.size() < most_curve_points) {
      const double at = std::round(x);
      const auto after = std::find_if(points.begin(), points.end(), [&](const CurvePoint& p) { return p.x >= at; });
      if (after != points.end() && after->x == at) return;
      dragged_ = static_cast<std::size_t>(after - points.begin());
      points.insert(after, {at, std::round(y)});
    }
  } else if (input.pressed && dragged_ && *dragged_ < points.size()) {
    const std::size_t i = *dragged_;
    const double low = i == 0 ? 0.0 : points[i - 1].x + 1.0;
    const double high = i + 1 == points.size() ? 255.0 : points[i + 1].x - 1.0;
    points[i] = {std::clamp(std::round(x), low, std::max(low, high)), std::round(y)};
  }
  if (points != points_) (void)state_.set("curve", format_curve(points));
}

}  // namespace cvlab::app
