// The third figure: a layer of units that learns two moons, each unit as a line in the plane and as a cell.
#include <algorithm>
#include <cmath>

#include "app/demos/activations/activations.hpp"
#include "app/gfx/shade.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/ticks.hpp"

namespace cvlab::app {

void Activations::draw_dying(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 28.0F);
  if (a.width() >= 640.0F && a.width() > 1.05F * a.height()) {
    const float x = a.x0 + 0.54F * a.width();
    const float y = a.y0 + 0.46F * a.height();
    draw_units(canvas, {x, a.y0 + 0.6F * pad, a.x1 - pad, y - 0.6F * pad});
    draw_plane(canvas, {a.x0 + pad, a.y0 + 0.6F * pad, x - pad, a.y1 - 0.5F * pad});
    draw_history(canvas, {x, y, a.x1 - pad, a.y1 - 0.5F * pad});
    return;
  }
  const float y1 = a.y0 + 0.44F * a.height();
  const float y2 = a.y0 + 0.7F * a.height();
  draw_units(canvas, {a.x0 + pad, y1 + 10.0F, a.x1 - pad, y2});
  draw_plane(canvas, {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, y1});
  draw_history(canvas, {a.x0 + pad, y2 + 10.0F, a.x1 - pad, a.y1 - 6.0F});
}

// The points, and each unit's line w x + b = 0 where it switches; lines of dead units have no point on their side.
void Activations::draw_plane(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  Plot plot;
  plot.name = canvas.words("activations.plane");
  plot.x_name = "x₁";
  const auto width = static_cast<double>(std::max(10.0F, area.width() - 40.0F));
  const auto height = static_cast<double>(std::max(10.0F, area.height() - plot_caption - plot_labels));
  const double unit = std::min(width / 2.4, height / 1.9);
  plot.x = {-0.5 * width / unit, 0.5 * width / unit};
  plot.y = {-0.5 * height / unit, 0.5 * height / unit};
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = draw_plot(canvas, area, plot, left);
  const auto units = net_->at(shown_step());
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  for (std::size_t u = 0; u < units.size(); ++u) {
    const DyingUnits::Unit& one = units[u];
    const double size = std::hypot(one.w1, one.w2);
    if (size < 1e-12) continue;
    const bool dead = one.active == 0;
    const bool here = pointed_unit_ == static_cast<int>(u);
    const ImU32 colour = here ? theme.focus : dead ? theme.bad : with_alpha(theme.ink_faint, 0.55F);
    const double nx = one.w1 / size, ny = one.w2 / size, away = -one.b / size;
    const double x = nx * away, y = ny * away;
    constexpr double far = 12.0;
    canvas.list.AddLine({map.px(x - far * ny), map.py(y + far * nx)}, {map.px(x + far * ny), map.py(y - far * nx)},
                        colour, here ? 2.5F : 1.2F);
    if (!here) continue;  // an arrow to the side where it is on
    const ImVec2 foot{map.px(x), map.py(y)};
    const ImVec2 tip{map.px(x + 0.25 * nx), map.py(y + 0.25 * ny)};
    canvas.list.AddLine(foot, tip, colour, 3.0F);
    canvas.list.AddCircleFilled(tip, 4.0F, colour);
  }
  for (int i = 0; i < net_->points(); ++i) {
    const ImVec2 at{map.px(net_->x(i, 0)), map.py(net_->x(i, 1))};
    canvas.list.AddCircleFilled(at, 4.0F, theme.paper);
    canvas.list.AddCircleFilled(at, 3.2F, net_->label(i) == 1 ? theme.categorical[1] : theme.categorical[0]);
  }
  canvas.list.PopClipRect();
  canvas.text(canvas.fonts.text_small, map.area.x0 + 6.0F, map.area.y0 + 9.0F, theme.ink_soft, "x₂");
}

// One cell a unit: the share of the points that it is on for.
void Activations::draw_units(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const int shown = shown_step();
  const auto units = net_->at(shown);
  pointed_unit_.reset();
  draw_caption(
      canvas, {area.x0, area.y0 + 24.0F, area.x1, area.y1}, words("activations.units_name"),
      words.format("activations.dead_of", {std::to_string(net_->dead(shown)), std::to_string(net_->units())}).c_str());
  const Rect grid{area.x0, area.y0 + 26.0F, area.x1, area.y1};
  int across = 1;
  float side = 0.0F;
  for (int n = 1; n <= net_->units(); ++n) {  // as large as they can be
    const int lines = (net_->units() + n - 1) / n;
    const float s = std::min(grid.width() / static_cast<float>(n), grid.height() / static_cast<float>(lines));
    if (s <= side) continue;
    side = s;
    across = n;
  }
  side = std::min(side, 64.0F);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (int u = 0; u < net_->units(); ++u) {
    const DyingUnits::Unit& one = units[static_cast<std::size_t>(u)];
    const int row = u / across, column = u % across;
    const float x = grid.x0 + static_cast<float>(column) * side;
    const float y = grid.y0 + static_cast<float>(row) * side;
    const Rect cell{x + 1.0F, y + 1.0F, x + side - 2.0F, y + side - 2.0F};
    const float share = static_cast<float>(one.active) / static_cast<float>(net_->points());
    const ImU32 fill =
        one.active == 0 ? theme.surface : shade_colour(theme, Shade::sequential, 0.0F, 1.0F, 0.15F + 0.75F * share);
    canvas.list.AddRectFilled({cell.x0, cell.y0}, {cell.x1, cell.y1}, fill, 3.0F);
    if (one.active == 0) canvas.list.AddRect({cell.x0, cell.y0}, {cell.x1, cell.y1}, theme.bad, 3.0F, 0, 1.5F);
    const float middle_x = 0.5F * (cell.x0 + cell.x1);
    const float middle_y = 0.5F * (cell.y0 + cell.y1);
    if (one.active == 0) {
      canvas.text(canvas.fonts.text_large, middle_x, middle_y, theme.bad, "✗", Align::centre);
    } else if (side >= 30.0F) {
      const std::string text = words.number(std::round(100.0F * share), 3) + (side >= 44.0F ? "\u00A0%" : "");
      canvas.text(canvas.fonts.number_small, middle_x, middle_y, ink_on(fill), text, Align::centre);
    }
    if (!cell.contains(mouse.x, mouse.y)) continue;
    pointed_unit_ = u;
    draw_frame(canvas, cell, theme.focus, 2.0F);
    const auto number = [&](double value) { return words.number(value, 3); };
    draw_note(
        canvas, mouse.x, mouse.y,
        words.format("activations.unit_note", {std::to_string(u + 1), number(one.w1), number(one.w2), number(one.b),
                                               std::to_string(one.active), std::to_string(net_->points())}));
  }
}

// Loss and dead units over the steps; pressing goes to a step that is trained.
void Activations::draw_history(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const float middle = area.y0 + 0.5F * area.height() - 8.0F;
  const Rect upper{area.x0, area.y0, area.x1, middle};
  const Rect lower{area.x0, middle + 6.0F, area.x1, area.y1};
  Plot loss;
  loss.name = words("activations.loss_name");
  const double end = std::max(60.0, round_up(static_cast<double>(net_->steps())));
  loss.x = {0.0, end};
  double high = 0.8;
  for (const PlotPoint& p : loss_) high = std::max(high, p.y);
  loss.y = {0.0, round_up(std::min(1.02 * high, 1e6))};
  const std::string series = words("activations.loss_series") + std::string("\u00A0");  // keeps the reading away
  loss.series.push_back({series, loss_, theme.categorical[0]});
  Plot dead;
  dead.name = words("activations.dead_name");
  dead.x = loss.x;
  dead.x_name = words("activations.step_axis");
  dead.y = {0.0, static_cast<double>(net_->units())};
  dead.series.push_back({words("activations.dead_series"), dead_, theme.bad});
  loss.cursor = dead.cursor = static_cast<double>(shown_step());
  const float left = std::max(plot_left(canvas, upper, loss), plot_left(canvas, lower, dead));
  const Plot* plots[2] = {&loss, &dead};
  const Rect* areas[2] = {&upper, &lower};
  for (int i = 0; i < 2; ++i) {
    const PlotMap map = plot_map(*areas[i], *plots[i], left);
    const AreaInput input = area_input(i == 0 ? "loss" : "dead", map.area);
    if (input.pressed) {
      const double step = std::clamp(std::round(map.x_at(input.x)), 0.0, static_cast<double>(net_->steps()));
      (void)state_.set("steps", State::format(step));
    }
    if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    draw_plot(canvas, *areas[i], *plots[i], left);
  }
}

}  // namespace cvlab::app
