// The first figure: f and f', what becomes of 4096 inputs, and the table of the four criteria.
#include <algorithm>
#include <cmath>

#include "app/demos/activations/activations.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/histogram.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float wide_table = 430.0F;

// Where the table's columns begin, as shares of its width; the first one holds the names.
struct Columns {
  float at[6];
};
constexpr Columns columns = {{0.0F, 0.25F, 0.485F, 0.695F, 0.83F, 1.0F}};

Rect column_of(const Rect& row, int column) {
  const float width = row.width();
  return {row.x0 + width * columns.at[column], row.y0, row.x0 + width * columns.at[column + 1], row.y1};
}

void note_at_pointer(const Canvas& canvas, const std::string& text) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y, text);
}

}  // namespace

void Activations::draw(Canvas& canvas) {
  if (!net_ || canvas.area.width() < 150.0F || canvas.area.height() < 150.0F) return;
  if (view_ == View::curve) draw_curve(canvas);
  if (view_ == View::zigzag) draw_zigzag(canvas);
  if (view_ == View::dying) draw_dying(canvas);
  keys();
}

void Activations::keys() {
  int rows = 0;
  int cols = 0;
  if (!arrow_keys(rows, cols)) return;
  if (cols != 0) (void)step(cols);
  if (rows == 0) return;
  const int next = std::clamp(index_of(kind_) + rows, 0, activation_count - 1);
  (void)state_.set("f", name(all_activations[static_cast<std::size_t>(next)]));
}

void Activations::draw_curve(const Canvas& canvas) {
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 28.0F);
  const bool wide = a.width() >= 640.0F && a.width() > 1.05F * a.height();
  if (wide) {
    const float table = std::clamp(0.46F * a.width(), 300.0F, 520.0F);
    const float x = a.x1 - pad - table;
    const float low = a.y1 - pad - std::clamp(0.2F * a.height(), 84.0F, 130.0F);
    draw_functions(canvas, {a.x0 + pad, a.y0 + 0.6F * pad, x - 1.2F * pad, low - 0.6F * pad});
    draw_distributions(canvas, {a.x0 + pad, low, x - 1.2F * pad, a.y1 - 0.5F * pad});
    draw_table(canvas, {x, a.y0 + 0.6F * pad, a.x1 - pad, a.y1 - pad});
    return;
  }
  const float rows = std::clamp(0.44F * a.height(), 200.0F, 330.0F);
  const float table = a.y1 - 8.0F - rows;
  const bool room = a.height() >= 700.0F;
  const float low = room ? table - 12.0F - 100.0F : table - 8.0F;
  draw_functions(canvas, {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, low - 8.0F});
  if (room) draw_distributions(canvas, {a.x0 + pad, low, a.x1 - pad, table - 12.0F});
  draw_table(canvas, {a.x0 + pad, table, a.x1 - pad, a.y1 - 8.0F});
}

Plot Activations::function_plot(const Canvas& canvas, bool slope) const {
  const Theme& theme = canvas.theme;
  const std::vector<PlotPoint>& points = slope ? df_ : f_;
  Plot plot;
  plot.x = {-6.0, 6.0};
  double low = 0.0;
  double high = 1.0;
  for (const PlotPoint& p : points) {
    if (!std::isfinite(p.y)) continue;
    low = std::min(low, p.y);
    high = std::max(high, p.y);
  }
  const double margin = 0.06 * (high - low);
  plot.y = {low - margin, high + margin};
  plot.name = canvas.words(slope ? "activations.slope_name" : "activations.value_name");
  if (slope) plot.x_name = "x";
  plot.series.push_back({"", points, slope ? theme.gradient : theme.accent, 2.5F});
  plot.cursor = state_.real("x");
  return plot;
}

void Activations::draw_functions(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const std::string f = words("activations.f." + std::string(name(kind_)));
  const float title = area.y0 + 12.0F;
  const float width = canvas.text(canvas.fonts.text_large, area.x0, title, canvas.theme.ink, f);
  std::string text = std::string("f(x) = ") + formula(kind_);
  if (words.language() == "fr") std::replace(text.begin(), text.end(), '.', ',');
  const float room = area.width() - width - 14.0F;
  if (canvas.text_width(canvas.fonts.number, text) <= room)
    canvas.text(canvas.fonts.number, area.x1, title, canvas.theme.ink_soft, text, Align::right);
  const float top = area.y0 + 28.0F;
  const float middle = top + 0.5F * (area.y1 - top) - 8.0F;
  const Rect upper{area.x0, top, area.x1, middle};
  const Rect lower{area.x0, middle + 6.0F, area.x1, area.y1};
  const float left = std::max(plot_left(canvas, upper, function_plot(canvas, false)),
                              plot_left(canvas, lower, function_plot(canvas, true)));
  draw_function(canvas, upper, false, left);
  draw_function(canvas, lower, true, left);
}

// Dragging in a plot moves x.
void Activations::draw_function(const Canvas& canvas, const Rect& area, bool slope, float left) {
  if (area.height() < 60.0F) return;
  Plot plot = function_plot(canvas, slope);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input(slope ? "slope" : "value", map.area);
  if (input.pressed) {
    const double x = std::clamp(map.x_at(input.x), -6.0, 6.0);
    (void)state_.set("x", State::format(std::round(x * 20.0) / 20.0));
  }
  if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  draw_plot(canvas, area, plot, left);
  // The value at x, beside its dot; with the slope as a piece of tangent.
  const double x = state_.real("x");
  const double y = slope ? slope_ : value_;
  const ImU32 colour = slope ? canvas.theme.gradient : canvas.theme.accent;
  const std::string text = (slope ? "f′ = " : "f = ") + canvas.words.number(y, 4);
  const ImVec2 dot{map.px(x), map.py(y)};
  const float width = canvas.text_width(canvas.fonts.number, text) + 8.0F;
  const bool tall = map.area.height() >= 140.0F;  // else the label has no room beside the curve
  // Above a rising curve there is room at the left, below it at the right.
  const double rise = slope ? activation_slope(kind_, x + 0.1) - activation_slope(kind_, x - 0.1) : slope_;
  const bool above = dot.y - 32.0F > map.area.y0;
  const bool wanted = above == (rise < 0.0);  // at the right
  const bool right = (wanted && dot.x + 12.0F + width < map.area.x1) || dot.x - 12.0F - width < map.area.x0;
  const float beside = right ? dot.x + 12.0F : dot.x - 12.0F - width;
  const float from = tall ? beside : area.x1 - width;
  const float line = !tall ? area.y0 + 11.0F : above ? dot.y - 22.0F : dot.y + 34.0F;
  if (!slope) draw_tangent(canvas, map);
  canvas.list.AddRectFilled({from, line - 10.0F}, {from + width, line + 10.0F}, canvas.theme.paper, 3.0F);
  canvas.text(canvas.fonts.number, from + 4.0F, line, canvas.theme.focus, text);
  canvas.list.AddCircleFilled(dot, 5.0F, canvas.theme.paper);
  canvas.list.AddCircle(dot, 5.0F, colour, 0, 2.0F);
}

void Activations::draw_tangent(const Canvas& canvas, const PlotMap& map) const {
  const double x = state_.real("x");
  const double reach = 0.9;
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  canvas.list.AddLine({map.px(x - reach), map.py(value_ - reach * slope_)},
                      {map.px(x + reach), map.py(value_ + reach * slope_)}, canvas.theme.gradient, 2.0F);
  canvas.list.PopClipRect();
}

void Activations::draw_distributions(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const float gap = 22.0F;
  const float each = (area.width() - 2.0F * gap) / 3.0F;
  const Histogram* all[3] = {&before_, &after_, &slopes_};
  const char* names[3] = {"activations.inputs", "activations.outputs", "activations.slopes"};
  for (int i = 0; i < 3; ++i) {
    const float x = area.x0 + static_cast<float>(i) * (each + gap);
    const Rect bars{x, area.y0 + 20.0F, x + each, area.y1};
    canvas.text(canvas.fonts.text_small, x, area.y0 + 8.0F, canvas.theme.ink,
                fitted(canvas, canvas.fonts.text_small, words(names[i]), each));
    HistogramStyle style;
    style.logarithmic = true;
    const Histogram& h = *all[i];
    const auto bin = draw_histogram(canvas, bars, h, sample_size, style);
    if (i < 2) {
      canvas.text(canvas.fonts.text_large, x + each + 0.5F * gap, 0.5F * (bars.y0 + bars.y1), canvas.theme.ink_faint,
                  "→", Align::centre);
    }
    if (!bin) continue;
    const double low = h.low + *bin * h.width();
    note_at_pointer(canvas,
                    words.format("activations.bin_note",
                                 {std::to_string(h.counts[static_cast<std::size_t>(*bin)]), std::to_string(sample_size),
                                  words.number(low, 3), words.number(low + h.width(), 3)}));
  }
}

void Activations::draw_table(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const bool large = area.width() >= wide_table;
  const float head = 40.0F;
  const char* names[4] = {"activations.criterion_slope", "activations.criterion_mean", "activations.criterion_cost",
                          "activations.criterion_smooth"};
  const Rect top{area.x0, area.y0, area.x1, area.y0 + head};
  for (int i = 0; i < 4; ++i) {
    const Rect cell = column_of(top, i + 1);
    const std::string number = std::to_string(i + 1);
    canvas.text(canvas.fonts.number_small, cell.x0 + 6.0F, top.y0 + 9.0F, theme.ink_faint, number);
    const std::string key = std::string(names[i]) + (large ? "" : "_short");
    canvas.text(canvas.fonts.text_small, cell.x0 + 6.0F, top.y0 + 26.0F, theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, words(key), cell.width() - 8.0F));
  }
  canvas.list.AddLine({area.x0, top.y1}, {area.x1, top.y1}, theme.rule_strong);
  const float height = std::clamp((area.y1 - top.y1) / activation_count, 14.0F, 64.0F);
  for (int i = 0; i < activation_count; ++i) {
    const float y = top.y1 + static_cast<float>(i) * height;
    draw_row(canvas, {area.x0, y, area.x1, y + height}, i);
  }
}

void Activations::draw_row(const Canvas& canvas, const Rect& row, int index) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const Activation kind = all_activations[static_cast<std::size_t>(index)];
  const ActivationProfile& p = profiles_[static_cast<std::size_t>(index)];
  const ActivationCost& cost = costs_[static_cast<std::size_t>(index)];
  const std::string id = std::string("row ") + name(kind);
  const AreaInput input = area_input(id.c_str(), row);
  if (kind == kind_ || input.hovered) {
    canvas.list.AddRectFilled({row.x0, row.y0 + 1.0F}, {row.x1, row.y1 - 1.0F},
                              kind == kind_ ? theme.accent_soft : theme.surface, 4.0F);
  }
  if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (input.clicked) (void)state_.set("f", name(kind));
  const float y = 0.5F * (row.y0 + row.y1);
  const Rect label = column_of(row, 0);
  canvas.text(
      canvas.fonts.text_small, row.x0 + 6.0F, y, kind == kind_ ? theme.accent : theme.ink,
      fitted(canvas, canvas.fonts.text_small, words("activations.f." + std::string(name(kind))), label.width() - 8.0F));

  ImFont* font = canvas.fonts.number_small;
  const float bar = std::min(7.0F, 0.3F * row.height());
  const Rect kept = column_of(row, 1);  // a bar to 1: the whole gradient
  const float room = kept.width() - 50.0F;
  canvas.list.AddRectFilled({kept.x0 + 44.0F, y - bar}, {kept.x0 + 44.0F + room, y + bar}, theme.neutral);
  canvas.list.AddRectFilled({kept.x0 + 44.0F, y - bar},
                            {kept.x0 + 44.0F + room * static_cast<float>(std::min(1.0, p.slope)), y + bar},
                            theme.gradient);
  canvas.text(font, kept.x0 + 38.0F, y, theme.ink, words.number(std::round(p.slope * 1000.0) / 1000.0, 3),
              Align::right);

  const Rect mean = column_of(row, 2);
  const float half = 0.5F * (mean.width() - 56.0F);
  const float zero = mean.x1 - 8.0F - half;
  const auto size = static_cast<float>(std::clamp(p.mean, -1.0, 1.0));
  canvas.list.AddRectFilled({zero + std::min(0.0F, size) * half, y - bar},
                            {zero + std::max(0.0F, size) * half, y + bar},
                            p.mean < 0.0 ? theme.negative : theme.positive);
  canvas.list.AddLine({zero, y - bar - 2.0F}, {zero, y + bar + 2.0F}, theme.ink_faint);
  canvas.text(font, mean.x0 + 42.0F, y, theme.ink, words.number(std::round(p.mean * 1000.0) / 1000.0, 3), Align::right);

  const Rect time = column_of(row, 3);
  const std::string ns = cost.forward > 0.0 ? words.number(cost.forward, 2) : std::string("…");
  canvas.text(font, time.x0 + 46.0F, y, theme.ink, ns, Align::right);

  const Rect last = column_of(row, 4);
  const bool smooth = p.kink == 0.0 && p.jump == 0.0;
  const char* const key = p.jump > 0.0 ? "activations.jump" : p.kink > 0.0 ? "activations.kink" : "activations.smooth";
  std::string word = words.format(key, {words.number(p.jump > 0.0 ? p.jump : p.kink, 2)});
  if (canvas.text_width(canvas.fonts.text_small, word) > last.width() - 6.0F) word = words(std::string(key) + "_short");
  canvas.text(canvas.fonts.text_small, last.x0 + 6.0F, y,
              smooth         ? theme.good
              : p.jump > 0.0 ? theme.bad
                             : theme.warn,
              fitted(canvas, canvas.fonts.text_small, word, last.width() - 6.0F));
  if (!input.hovered) return;
  int column = 0;
  while (column < 4 && input.x >= column_of(row, column).x1) ++column;
  note_at_pointer(canvas, explain(words, index, column));
}

std::string Activations::explain(const Words& words, int index, int column) const {
  const ActivationProfile& p = profiles_[static_cast<std::size_t>(index)];
  const ActivationCost& cost = costs_[static_cast<std::size_t>(index)];
  const auto number = [&](double value) { return words.number(value, 3); };
  switch (column) {
    case 1:
      return words.format("activations.note_slope",
                          {number(p.slope), number(std::pow(p.slope, 10.0)), number(100.0 * p.saturated)});
    case 2:
      return words.format("activations.note_mean",
                          {number(p.mean), p.condition > 1e6 ? std::string("∞") : number(p.condition)});
    case 3:
      return words.format("activations.note_cost", {words.number(cost.forward, 2), words.number(cost.backward, 2)});
    case 4:
      return words.format("activations.note_smooth", {number(p.jump), number(p.kink)});
    default:
      return std::string("f(x) = ") + formula(all_activations[static_cast<std::size_t>(index)]);
  }
}

}  // namespace cvlab::app
