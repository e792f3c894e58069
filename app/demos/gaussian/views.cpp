#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "app/demos/gaussian/gaussian.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/surface.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float line = 22.0F;
constexpr float calm = 1.5F;  // the strongest weight is not the strongest colour

// A name above, softer text below it where there is room; returns where the picture may begin.
float head(const Canvas& canvas, const Rect& area, const char* name, const std::string& text) {
  canvas.text(canvas.fonts.text_large, area.x0, area.y0 + 10.0F, canvas.theme.ink, name);
  if (area.height() < 300.0F) return area.y0 + 28.0F;
  const Rect below{area.x0, area.y0 + 26.0F, area.x1, area.y1};
  draw_sentence(canvas, below, text, canvas.theme.ink_soft);
  return below.y0 + sentence_height(canvas, text, area.width()) + 8.0F;
}

Tensor line_of(const std::vector<double>& weights, bool upright) {
  const auto n = static_cast<std::ptrdiff_t>(weights.size());
  Tensor plane(upright ? Shape{n, 1} : Shape{1, n});
  std::transform(weights.begin(), weights.end(), plane.data(), [](double w) { return static_cast<float>(w); });
  return plane;
}

}  // namespace

// The weights as a landscape; dragging turns it.
void Gaussian::draw_kernel(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const bool mean = state_.choice("filter") == "mean";
  const auto size = static_cast<int>(plane_.size(0));
  const std::string number = std::to_string(size);
  const float top = head(canvas, area, words(mean ? "gaussian.box" : "gaussian.bell"),
                         words.format("gaussian.kernel_text", {number, std::to_string(size * size)}));
  const Rect stage{area.x0, top, area.x1, area.y1};
  const AreaInput input = area_input("kernel", stage);
  if (input.pressed && input.drag_x != 0.0F) {
    const double turn = state_.real("turn") - 0.5 * static_cast<double>(input.drag_x);
    (void)state_.set("turn", State::format(std::round(turn - 360.0 * std::floor(turn / 360.0))));
  }
  // Bell and box on one scale: the narrower of the two is the higher.
  const double bell = weights_[weights_.size() / 2];
  const double box = mean_.front();
  const auto high = static_cast<float>(std::max(bell * bell, box * box));
  const auto over = draw_surface(canvas, stage, {plane_.view(), high, static_cast<float>(state_.real("turn")), {}});
  if (!over || !input.hovered || input.pressed) return;
  const int x = over->column - size / 2;
  const int y = over->row - size / 2;
  const double weight = static_cast<double>(plane_(over->row, over->column));
  const std::string at = "w(" + std::to_string(x) + ", " + std::to_string(y) + ") = ";
  const std::string text = mean ? at + "1/" + std::to_string(size * size) + " = " + words.number(weight, 4)
                                : at + words.number(weights_[static_cast<std::size_t>(over->column)], 4) + " \u00B7 " +
                                      words.number(weights_[static_cast<std::size_t>(over->row)], 4) + " = " +
                                      words.number(weight, 4);
  draw_note(canvas, input.x, input.y, text);
}

// The whole numbers, and how one of them comes about.
void Gaussian::draw_table(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const std::string scale = words.number(state_.real("scale"), 4);
  const float top = head(canvas, area, words("gaussian.table"), words.format("gaussian.table_text", {scale}));
  const int size = table_.size;
  Tensor values(Shape{size, size});
  std::transform(table_.weights.begin(), table_.weights.end(), values.data(),
                 [](int w) { return static_cast<float>(w); });
  const CellMap map = fit_cells({area.x0, top, area.x1, area.y1 - 3.0F * line - 10.0F}, size, size, 76.0F);
  const float high = calm * signed_range(values.view(), 1.0F);
  const auto over = tensor_grid(canvas, map, values.view(), {Shade::diverging, 0.0F, high, true, {}});
  const Cell shown = over.value_or(Cell{size / 2, size / 2});
  const double weight =
      table_line_[static_cast<std::size_t>(shown.row)] * table_line_[static_cast<std::size_t>(shown.column)];
  const int whole = table_.weights[static_cast<std::size_t>(shown.row * size + shown.column)];
  draw_frame(canvas, map.rect(shown.row, shown.column), canvas.theme.focus, 2.0F);
  float y = map.rect(size - 1, 0).y1 + line;
  canvas.text(canvas.fonts.number, area.x0, y, canvas.theme.focus,
              scale + " \u00B7 " + words.number(weight, 4) + " = " + words.number(state_.real("scale") * weight, 4) +
                  " \u2192 " + std::to_string(whole));
  y += line;
  canvas.text(canvas.fonts.text_large, area.x0, y, canvas.theme.ink,
              words.format("gaussian.table_sum", {std::to_string(table_.sum)}));
}

// Column times row is the table; what each way costs.
void Gaussian::draw_separable(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const float top = head(canvas, area, words("gaussian.separable"), words("gaussian.separable_text"));
  const auto n = static_cast<int>(weights_.size());
  const float costs = area.height() < 300.0F ? 88.0F : 112.0F;
  const float room = std::max(40.0F, area.y1 - costs - top - 10.0F);
  const float cell = std::min(room / static_cast<float>(n + 2), area.width() / static_cast<float>(n + 2));
  const auto map_at = [&](float x, float y) {
    CellMap map{x, y, cell, {}};
    map.clip = area;
    return map;
  };
  const Tensor column = line_of(weights_, true);
  const Tensor row = line_of(weights_, false);
  const Tensor whole = [&] {
    Tensor plane(Shape{n, n});
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) plane(i, j) = column(i, 0) * row(0, j);
    return plane;
  }();
  const float high = column(n / 2, 0);
  const GridStyle thin{Shade::diverging, 0.0F, calm * high, cell >= 34.0F, {}};
  const GridStyle table{Shade::diverging, 0.0F, calm * high * high, cell >= 34.0F, {}};
  const float x = area.x0 + 2.0F * cell;
  const float y = top + 2.0F * cell;
  (void)tensor_grid(canvas, map_at(area.x0, y), column.view(), thin);
  (void)tensor_grid(canvas, map_at(x, top), row.view(), thin);
  if (const auto over = tensor_grid(canvas, map_at(x, y), whole.view(), table)) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    draw_note(canvas, mouse.x, mouse.y,
              words.number(static_cast<double>(column(over->row, 0)), 4) + " \u00B7 " +
                  words.number(static_cast<double>(row(0, over->column)), 4) + " = " +
                  words.number(static_cast<double>(whole(over->row, over->column)), 4));
  }
  draw_costs(canvas, {area.x0, area.y1 - costs, area.x1, area.y1});
}

// Two bars: products a pixel, with the time that both ways took here.
void Gaussian::draw_costs(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const auto n = static_cast<double>(weights_.size());
  const double products[2] = {n * n, 2.0 * n};
  const double times[2] = {direct_ms_, separable_ms_};
  const char* names[2] = {"gaussian.cost_direct", "gaussian.cost_separable"};
  const ImU32 colours[2] = {canvas.theme.categorical[1], canvas.theme.categorical[0]};
  float y = area.y0 + 8.0F;
  for (int k = 0; k < 2; ++k) {
    const std::string text =
        words.format(names[k], {words.number(n, 3), words.number(products[k], 5), words.number(times[k], 3)});
    canvas.text(canvas.fonts.text_small, area.x0, y, canvas.theme.ink,
                fitted(canvas, canvas.fonts.text_small, text, area.width()));
    const float length = area.width() * static_cast<float>(products[k] / std::max(products[0], products[1]));
    canvas.list.AddRectFilled({area.x0, y + 12.0F}, {area.x0 + std::max(2.0F, length), y + 26.0F}, colours[k], 3.0F);
    y += 0.5F * area.height();
  }
}

// What is left of a wave: over all frequencies, and of the one that is looked at.
void Gaussian::draw_waves(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const double frequency = state_.real("frequency");
  const float top = head(
      canvas, area, words("gaussian.waves"),
      words.format("gaussian.waves_text",
                   {words.number(frequency, 3), words.number(gaussian_response_, 3), words.number(mean_response_, 3)}));
  const float middle = top + 0.56F * (area.y1 - top);
  Plot plot;
  plot.name = words("gaussian.response");
  plot.x = {0.0, 0.5};
  plot.x_name = words("gaussian.frequency_axis");
  plot.y = {-0.4, 1.0};
  plot.series.push_back({words("gaussian.filter.gaussian"), gaussian_curve_, theme.categorical[0]});
  plot.series.push_back({words("gaussian.filter.mean"), mean_curve_, theme.categorical[1]});
  plot.levels.push_back({0.0, ""});
  plot.cursor = frequency;
  const Rect upper{area.x0, top, area.x1, middle - 6.0F};
  const float left = plot_left(canvas, upper, plot);
  const PlotMap map = plot_map(upper, plot, left);
  const AreaInput input = area_input("response", map.area);
  if (input.pressed) {
    const double f = std::clamp(map.x_at(input.x), 0.0, 0.5);
    (void)state_.set("frequency", State::format(0.001 * std::round(1000.0 * f)));
  }
  draw_plot(canvas, upper, plot, left);

  constexpr int pixels = 24;
  std::vector<PlotPoint> wave, soft, box;
  for (int i = 0; i <= 8 * pixels; ++i) {
    const double x = i / 8.0;
    const double v = std::cos(2.0 * std::numbers::pi * frequency * x);
    wave.push_back({x, v});
    soft.push_back({x, gaussian_response_ * v});
    box.push_back({x, mean_response_ * v});
  }
  Plot trace;
  trace.name = words("gaussian.wave");
  trace.x = {0.0, static_cast<double>(pixels)};
  trace.x_name = words("gaussian.pixel_axis");
  trace.y = {-1.1, 1.1};
  trace.series.push_back({words("gaussian.wave_before"), wave, theme.ink_faint, 1.5F});
  trace.series.push_back({words("gaussian.filter.gaussian"), soft, theme.categorical[0]});
  trace.series.push_back({words("gaussian.filter.mean"), box, theme.categorical[1]});
  const Rect lower{area.x0, middle + 6.0F, area.x1, area.y1};
  if (lower.height() > 70.0F) draw_plot(canvas, lower, trace, left);
}

}  // namespace cvlab::app
