// The second figure: a neuron's two weights on their way to the least error, with inputs as they come out of f and with
// the same inputs centred.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/demos/activations/activations.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr double reach = 1.7;  // of the weights' plane

// An empty plot whose axes have one scale.
Plot square_plot(const Rect& area, double low, double high, std::string_view name, std::string_view x_name) {
  Plot plot;
  plot.name = name;
  plot.x_name = x_name;
  const auto width = static_cast<double>(std::max(10.0F, area.width() - 40.0F));
  const auto height = static_cast<double>(std::max(10.0F, area.height() - plot_caption - plot_labels));
  const double middle = 0.5 * (low + high);
  const double unit = std::min(width, height) / (high - low);
  plot.x = {middle - 0.5 * width / unit, middle + 0.5 * width / unit};
  plot.y = {middle - 0.5 * height / unit, middle + 0.5 * height / unit};
  return plot;
}

void draw_path(const Canvas& canvas, const PlotMap& map, const std::vector<ZigZag::Point>& path, int steps,
               ImU32 colour) {
  std::vector<ImVec2> line;
  for (int i = 0; i <= steps; ++i) {
    const ZigZag::Point& w = path[static_cast<std::size_t>(i)];
    line.push_back({map.px(w.w1), map.py(w.w2)});
  }
  canvas.list.AddPolyline(line.data(), static_cast<int>(line.size()), colour, ImDrawFlags_None, 2.0F);
  if (steps <= 120) {
    for (const ImVec2& p : line) canvas.list.AddCircleFilled(p, 2.5F, colour);
  }
  canvas.list.AddCircleFilled(line.back(), 5.0F, canvas.theme.paper);
  canvas.list.AddCircle(line.back(), 5.0F, colour, 0, 2.5F);
}

// Where the mean squared error is the same: ellipses about the goal, with the axes (1, 1) and (1, -1).
void draw_contours(const Canvas& canvas, const PlotMap& map, const ZigZag& run) {
  if (run.along <= 0.0 || run.across <= 1e-12) return;
  const double start = run.across * 4.0;  // half of the error at the start, along (1, -1)
  for (int level = 1; level <= 5; ++level) {
    const double error = start * level * level / 16.0;
    const double a = std::sqrt(2.0 * error / run.along);
    const double b = std::sqrt(2.0 * error / run.across);
    std::vector<ImVec2> line;
    for (int i = 0; i < 96; ++i) {
      const double t = 2.0 * std::numbers::pi * i / 96.0;
      const double u = a * std::cos(t) * std::numbers::sqrt2 / 2.0;
      const double v = b * std::sin(t) * std::numbers::sqrt2 / 2.0;
      line.push_back({map.px(ZigZag::goal.w1 + u + v), map.py(ZigZag::goal.w2 + u - v)});
    }
    canvas.list.AddPolyline(line.data(), static_cast<int>(line.size()), canvas.theme.rule_strong, ImDrawFlags_Closed,
                            1.0F);
  }
}

}  // namespace

void Activations::draw_zigzag(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 28.0F);
  if (a.width() >= 640.0F && a.width() > 1.05F * a.height()) {
    const float x = a.x0 + 0.62F * a.width();
    const float y = a.y0 + 0.58F * a.height();
    draw_paths(canvas, {a.x0 + pad, a.y0 + 0.6F * pad, x - pad, a.y1 - 0.5F * pad});
    draw_inputs(canvas, {x, a.y0 + 0.6F * pad, a.x1 - pad, y - pad});
    draw_comparison(canvas, {x, y, a.x1 - pad, a.y1 - pad});
    return;
  }
  const float table = 144.0F;
  const bool room = a.height() > 620.0F;
  const float low = a.y1 - 8.0F - table;
  const float middle = room ? a.y0 + 0.56F * a.height() : low - 8.0F;
  draw_paths(canvas, {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, middle});
  if (room) draw_inputs(canvas, {a.x0 + pad, middle + 8.0F, a.x1 - pad, low - 10.0F});
  draw_comparison(canvas, {a.x0 + pad, low, a.x1 - pad, a.y1 - 8.0F});
}

void Activations::draw_paths(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  Plot plot = square_plot(area, -reach, reach, words("activations.weights"), "w₁");
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("paths", map.area);
  draw_plot(canvas, area, plot, left);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  draw_contours(canvas, map, raw_);
  const int steps = state_.integer("small_steps");
  draw_path(canvas, map, centred_.path, steps, theme.categorical[0]);
  draw_path(canvas, map, raw_.path, steps, theme.categorical[5]);
  const ImVec2 goal{map.px(ZigZag::goal.w1), map.py(ZigZag::goal.w2)};
  canvas.list.AddCircleFilled(goal, 4.0F, theme.ink);
  canvas.text(canvas.fonts.text_small, goal.x + 9.0F, goal.y + 12.0F, theme.ink, words("activations.goal"));
  const ImVec2 start{map.px(ZigZag::start.w1), map.py(ZigZag::start.w2)};
  canvas.text(canvas.fonts.text_small, start.x - 2.0F, start.y - 14.0F, theme.ink, words("activations.start"),
              Align::right);
  canvas.list.PopClipRect();
  canvas.text(canvas.fonts.text_small, map.area.x0 + 6.0F, map.area.y0 + 9.0F, theme.ink_soft, "w₂");
  if (!input.hovered) return;
  // The step whose end is nearest to the pointer, with its numbers.
  int nearest = -1;
  float best = 14.0F;
  for (int i = 1; i <= steps; ++i) {
    const ZigZag::Point& w = raw_.path[static_cast<std::size_t>(i)];
    const float away = std::hypot(map.px(w.w1) - input.x, map.py(w.w2) - input.y);
    if (away >= best) continue;
    best = away;
    nearest = i;
  }
  if (nearest < 0) return;
  const ZigZag::Point& from = raw_.path[static_cast<std::size_t>(nearest - 1)];
  const ZigZag::Point& to = raw_.path[static_cast<std::size_t>(nearest)];
  const ZigZag::Point& x = raw_.inputs[static_cast<std::size_t>(nearest - 1)];
  const auto number = [&](double value) { return words.number(value, 3); };
  draw_note(canvas, input.x, input.y,
            words.format("activations.step_note", {std::to_string(nearest), number(x.w1), number(x.w2),
                                                   number(to.w1 - from.w1), number(to.w2 - from.w2)}));
}

// The inputs of the steps so far, as f gives them and centred.
void Activations::draw_inputs(const Canvas& canvas, const Rect& area) {
  if (area.height() < 90.0F) return;
  const Theme& theme = canvas.theme;
  double high = 1.2;
  for (const ZigZag* run : {&raw_, &centred_}) {
    for (const ZigZag::Point& x : run->inputs) high = std::max({high, 1.1 * std::abs(x.w1), 1.1 * std::abs(x.w2)});
  }
  const Plot plot = square_plot(area, -high, high, canvas.words("activations.two_inputs"), "x₁");
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = draw_plot(canvas, area, plot, left);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  canvas.list.AddLine({map.px(0.0), map.area.y0}, {map.px(0.0), map.area.y1}, theme.rule_strong);
  canvas.list.AddLine({map.area.x0, map.py(0.0)}, {map.area.x1, map.py(0.0)}, theme.rule_strong);
  const int steps = std::min(state_.integer("small_steps"), 256);
  const ZigZag* runs[2] = {&centred_, &raw_};
  const ImU32 colours[2] = {theme.categorical[0], theme.categorical[5]};
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < steps; ++i) {
      const ZigZag::Point& x = runs[k]->inputs[static_cast<std::size_t>(i)];
      canvas.list.AddCircleFilled({map.px(x.w1), map.py(x.w2)}, 2.5F, with_alpha(colours[k], 0.7F));
    }
  }
  canvas.list.PopClipRect();
  canvas.text(canvas.fonts.text_small, map.area.x0 + 6.0F, map.area.y0 + 9.0F, theme.ink_soft, "x₂");
}

// Both runs in numbers, one column each.
void Activations::draw_comparison(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const float first = area.x1 - 0.25F * area.width();
  const float second = area.x1;
  const float height = std::min(32.0F, area.height() / 6.0F);
  float y = area.y0 + 0.5F * height;
  const ImU32 colours[2] = {theme.categorical[5], theme.categorical[0]};
  const float ends[2] = {first, second};
  const char* heads[2] = {"activations.as_is", "activations.centred"};
  for (int k = 0; k < 2; ++k) {
    const float width = canvas.text(canvas.fonts.text_small, ends[k], y, theme.ink, words(heads[k]), Align::right);
    canvas.list.AddLine({ends[k] - width - 18.0F, y}, {ends[k] - width - 6.0F, y}, colours[k], 3.0F);
  }
  canvas.list.AddLine({area.x0, y + 0.5F * height}, {area.x1, y + 0.5F * height}, theme.rule_strong);
  const int steps = state_.integer("small_steps");
  const auto away = [&](const ZigZag& run) { return words.number(run.away(steps), 3); };
  const auto arrival = [](const ZigZag& run) { return run.arrival < 0 ? "> 600" : std::to_string(run.arrival); };
  const auto share = [&](const ZigZag& run) { return words.number(100.0 * run.same_sign, 3) + "\u00A0%"; };
  const auto ratio = [&](const ZigZag& run) { return words.number(run.along / run.across, 3); };
  const struct {
    const char* name;
    std::string values[2];
  } rows[5] = {{"activations.row_curvature", {ratio(raw_), ratio(centred_)}},
               {"activations.row_rate", {words.number(raw_.rate, 2), words.number(centred_.rate, 2)}},
               {"activations.row_same_sign", {share(raw_), share(centred_)}},
               {"activations.row_away", {away(raw_), away(centred_)}},
               {"activations.row_arrival", {arrival(raw_), arrival(centred_)}}};
  for (const auto& row : rows) {
    y += height;
    canvas.text(canvas.fonts.text_small, area.x0, y, theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, words(row.name), first - 60.0F - area.x0));
    for (int k = 0; k < 2; ++k) canvas.text(canvas.fonts.number, ends[k], y, theme.ink, row.values[k], Align::right);
  }
}

}  // namespace cvlab::app
