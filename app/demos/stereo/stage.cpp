#include <algorithm>
#include <cmath>

#include "app/demos/stereo/stereo.hpp"
#include "app/views/area_input.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/note.hpp"
#include "app/views/plot.hpp"
#include "app/views/thumbnails.hpp"
#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float line = 21.0F;
constexpr float bar = 30.0F;       // px of the colour bar below the map
constexpr float nearest_m = 1.8F;  // depths of the motorcycle's garage
constexpr float farthest_m = 5.5F;

void window_on(const Canvas& canvas, const CellMap& map, int row, int column, int radius, ImU32 colour) {
  const Rect r = map.rect(row - radius, column - radius, 2 * radius + 1, 2 * radius + 1);
  canvas.list.AddRect({r.x0 - 1.0F, r.y0 - 1.0F}, {r.x1 + 1.0F, r.y1 + 1.0F}, IM_COL32(0, 0, 0, 150), 0.0F, 0, 4.0F);
  canvas.list.AddRect({r.x0 - 1.0F, r.y0 - 1.0F}, {r.x1 + 1.0F, r.y1 + 1.0F}, colour, 0.0F, 0, 2.0F);
}

}  // namespace

Stereo::Layout Stereo::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const float ratio = static_cast<float>(left_.height) / static_cast<float>(std::max(1, left_.width));
  const bool wide = a.width() >= 560.0F && a.width() > 1.05F * a.height();
  const float top = a.y0 + 4.0F + caption;
  const float gap = wide ? pad : 8.0F;
  float width = 0.5F * (a.width() - 2.0F * pad - gap);
  if (wide) {
    const float room = a.height() - 2.0F * caption - pad - bar - 14.0F;
    width = std::min(width, 0.5F * room / ratio);
    const float x0 = 0.5F * (a.x0 + a.x1 - gap) - width;
    const float height = width * ratio;
    l.left = {x0, top, x0 + width, top + height};
    l.right = {l.left.x1 + gap, top, l.left.x1 + gap + width, top + height};
    l.map = {x0, l.left.y1 + caption + 8.0F, l.left.x1, l.left.y1 + caption + 8.0F + height};
    const float facts = 5.0F * line;
    l.curve = {l.right.x0, l.right.y1 + 8.0F, l.right.x1, std::max(l.right.y1 + 100.0F, l.map.y1 + bar - facts)};
    l.facts = {l.right.x0, l.curve.y1 + 8.0F, l.right.x1, a.y1 - 2.0F};
    return l;
  }
  const float height = width * ratio;
  l.left = {a.x0 + pad, top, a.x0 + pad + width, top + height};
  l.right = {l.left.x1 + gap, top, a.x1 - pad, top + height};
  const float whole = a.width() - 2.0F * pad;
  const float facts = 4.0F * line + 8.0F;
  const float map = std::min(whole * ratio, a.y1 - l.left.y1 - caption - bar - facts - 130.0F);
  l.map = {l.left.x0, l.left.y1 + caption + 6.0F, l.right.x1, l.left.y1 + caption + 6.0F + std::max(40.0F, map)};
  const float rest = a.y1 - l.map.y1 - bar - facts;
  l.curve = {l.left.x0, l.map.y1 + bar, l.right.x1, l.map.y1 + bar + std::min(rest, 190.0F)};
  l.facts = {l.left.x0, l.curve.y1 + 6.0F, l.right.x1, a.y1};
  return l;
}

void Stereo::draw(Canvas& canvas) {
  if (!problem_.id.empty() || left_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.left.width() < 20.0F || l.left.height() < 20.0F) return;
  hovered_.reset();
  keys();
  point_at("left", left_view_.map(l.left));
  point_at("map", left_view_.map(l.map));  // of the same size
  const Cell kept = state_.cell("cell");
  const Cell cell =
      hovered_.value_or(Cell{std::min(kept.row, left_.height - 1), std::min(kept.column, left_.width - 1)});
  if (!(cell == cell_)) look_at(cell);
  draw_pair(canvas, l);
  draw_map(canvas, l.map);
  draw_curve(canvas, l.curve);
  draw_facts(canvas, l.facts);
}

// Pointing looks at a pixel, a press keeps it.
void Stereo::point_at(const char* id, const CellMap& map) {
  const AreaInput input = area_input(id, map.clip);
  if (!input.hovered && !input.pressed) return;
  const Cell over = map.at(input.x, input.y);
  const Cell inside{std::clamp(over.row, 0, left_.height - 1), std::clamp(over.column, 0, left_.width - 1)};
  hovered_ = inside;
  if (input.pressed) (void)state_.set("cell", State::format(inside));
}

// The window in the left picture; in the right one the stretch of the row where it looks, and where it is found.
void Stereo::draw_pair(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const CellMap a = left_view_.map(l.left);
  const CellMap b = right_view_.map(l.right);
  draw_caption(canvas, a.clip,
               fitted(canvas, canvas.fonts.text_small, canvas.words("stereo.left"), a.clip.width()).c_str(), nullptr);
  draw_caption(canvas, b.clip,
               fitted(canvas, canvas.fonts.text_small, canvas.words("stereo.right"), b.clip.width()).c_str(), nullptr);
  left_view_.draw(canvas, a);
  right_view_.draw(canvas, b);
  draw_frame(canvas, a.clip, theme.rule_strong, 1.0F);
  draw_frame(canvas, b.clip, theme.rule_strong, 1.0F);
  const Cell cell = cell_;
  const int radius = params_.radius;
  const auto y = [&](const CellMap& m) { return m.y + (static_cast<float>(cell.row) + 0.5F) * m.size; };
  canvas.list.PushClipRect({a.clip.x0, a.clip.y0}, {b.clip.x1, b.clip.y1}, true);
  canvas.list.AddLine({a.clip.x0, y(a)}, {a.clip.x1, y(a)}, IM_COL32(255, 255, 255, 90));
  canvas.list.AddLine({b.clip.x0, y(b)}, {b.clip.x1, y(b)}, IM_COL32(255, 255, 255, 90));
  const auto x = [&](int column) { return b.x + (static_cast<float>(column) + 0.5F) * b.size; };
  const int last = std::max(0, cell.column - params_.range);
  canvas.list.AddLine({x(last), y(b)}, {x(cell.column), y(b)}, IM_COL32(0, 0, 0, 170), 5.0F);
  canvas.list.AddLine({x(last), y(b)}, {x(cell.column), y(b)}, theme.focus, 2.5F);
  window_on(canvas, a, cell.row, cell.column, radius, theme.focus);
  window_on(canvas, b, cell.row, cell.column, radius, IM_COL32(255, 255, 255, 150));
  if (curve_cursor_) {
    window_on(canvas, b, cell.row, cell.column - static_cast<int>(*curve_cursor_), radius, theme.ink_soft);
  }
  window_on(canvas, b, cell.row, cell.column - whole(cell), radius, good(cell) ? theme.focus : theme.categorical[1]);
  canvas.list.PopClipRect();
}

void Stereo::colour_map(const Theme& theme) {
  Image image(left_.width, left_.height, 4);
  const bool depth = shows_depth();
  const float high = depth ? farthest_m : static_cast<float>(params_.range);
  constexpr int steps = 256;
  std::array<ImU32, steps> colours{};
  for (int i = 0; i < steps; ++i) {
    colours[static_cast<std::size_t>(i)] =
        shade_colour(theme, Shade::sequential, 0.0F, static_cast<float>(steps - 1), static_cast<float>(i));
  }
  const float low = depth ? nearest_m : 0.0F;
  for (std::size_t i = 0; i < result_.marks.size(); ++i) {
    if (result_.marks[i] != StereoMark::good) continue;  // transparent
    float value = result_.disparity.data()[i];
    if (depth) value = static_cast<float>(rig_.depth(static_cast<double>(value)));
    const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
    const ImU32 c = colours[static_cast<std::size_t>(std::lround(t * (steps - 1)))];
    std::uint8_t* to = &image.data[4 * i];
    to[0] = static_cast<std::uint8_t>(c >> IM_COL32_R_SHIFT);
    to[1] = static_cast<std::uint8_t>(c >> IM_COL32_G_SHIFT);
    to[2] = static_cast<std::uint8_t>(c >> IM_COL32_B_SHIFT);
    to[3] = 255;
  }
  map_view_.set(image);
}

void Stereo::draw_map(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  if (map_changed_ || map_dark_ != theme.dark) colour_map(theme);
  map_changed_ = false;
  map_dark_ = theme.dark;
  const CellMap map = map_view_.map(area);
  const bool depth = shows_depth();
  const std::string kept = canvas.words.format(
      "stereo.kept",
      {canvas.words.number(100.0 * result_.kept / static_cast<double>(std::max<std::size_t>(1, result_.marks.size())),
                           3)});
  draw_caption(canvas, map.clip, canvas.words(depth ? "stereo.depth" : "stereo.disparity"), kept.c_str());
  canvas.list.AddRectFilled({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1},
                            theme.dark ? IM_COL32(0, 0, 0, 255) : IM_COL32(255, 255, 255, 255));
  map_view_.draw(canvas, map);
  draw_frame(canvas, map.clip, theme.rule_strong, 1.0F);
  const Rect at = map.rect(cell_.row, cell_.column);
  const ImVec2 middle{0.5F * (at.x0 + at.x1), 0.5F * (at.y0 + at.y1)};
  canvas.list.AddCircle(middle, 7.0F, IM_COL32(255, 255, 255, 230), 0, 4.5F);
  canvas.list.AddCircle(middle, 7.0F, theme.focus, 0, 2.5F);
  ColourBar legend{Shade::sequential, depth ? nearest_m : 0.0F, depth ? farthest_m : static_cast<float>(params_.range)};
  legend.value = static_cast<float>(depth ? rig_.depth(disparity()) : disparity());
  legend.above = depth;
  legend.below = depth;
  colour_bar(canvas, {map.clip.x0, map.clip.y1 + 6.0F, map.clip.x1, map.clip.y1 + 26.0F}, legend);
}

// Mean difference of the two windows for every disparity that was tried.
void Stereo::draw_curve(const Canvas& canvas, const Rect& area) {
  curve_cursor_.reset();
  if (area.height() < 70.0F || costs_.empty()) return;
  const Theme& theme = canvas.theme;
  std::vector<PlotPoint> points;
  double greatest = 1.0;
  for (std::size_t d = 0; d < costs_.size(); ++d) {
    const double cost = cost_per_pixel(costs_[d]);
    points.push_back({static_cast<double>(d), cost});
    greatest = std::max(greatest, cost);
  }
  const double best = disparity();
  const PlotPoint least[] = {{std::floor(best + 0.5), cost_per_pixel(*std::min_element(costs_.begin(), costs_.end()))}};
  Plot plot;
  plot.name = canvas.words("stereo.curve");
  plot.x = {0.0, static_cast<double>(params_.range)};
  plot.y = {0.0, round_up(greatest)};
  plot.x_name = canvas.words("stereo.axis");
  plot.series = {{"", points, theme.accent, 2.0F, true}, {"", least, theme.focus, 2.0F, true}};
  plot.cursor = best;
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("curve", map.area);
  if (input.hovered) {
    const double d = std::clamp(std::round(map.x_at(input.x)), 0.0, static_cast<double>(costs_.size()) - 1.0);
    plot.cursor = d;
    curve_cursor_ = d;
  }
  draw_plot(canvas, area, plot, left);
  if (!input.hovered) return;
  const int side = 2 * params_.radius + 1;
  const int cost = costs_[static_cast<std::size_t>(*plot.cursor)];
  draw_note(
      canvas, input.x, input.y,
      canvas.words.format("stereo.note", {canvas.words.number(*plot.cursor, 3), std::to_string(cost),
                                          std::to_string(side * side), canvas.words.number(cost_per_pixel(cost), 3)}));
}

void Stereo::draw_facts(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const double d = disparity();
  const int found = whole(cell_);
  std::vector<std::pair<std::string, ImU32>> lines;
  lines.emplace_back(words.format("stereo.fact.disparity", {State::format(cell_), words.number(d, 4)}), theme.ink);
  if (params_.check) {
    const int back = result_.back[static_cast<std::size_t>(cell_.row * left_.width + cell_.column - found)];
    lines.emplace_back(words.format(good(cell_) ? "stereo.fact.good" : "stereo.fact.refused",
                                    {std::to_string(found), std::to_string(back)}),
                       good(cell_) ? theme.good : theme.bad);
  }
  if (motorcycle()) {
    const auto n = [&](double v) { return words.number(v, 4); };
    lines.emplace_back("Z = f\u00B7B / (d + d\u2080) = " + n(rig_.focal) + "\u00B7" + n(rig_.baseline) + " / (" + n(d) +
                           " + " + n(rig_.shift) + ") = " + words.number(rig_.depth(d), 3) + " m",
                       theme.ink);
  } else {
    lines.emplace_back(words.format("stereo.fact.truth", {words.number(100.0 * right_share_, 4)}), theme.ink);
  }
  float y = area.y0 + 0.5F * line;
  for (const auto& [text, ink] : lines) {
    if (y + 0.5F * line > area.y1 + 5.0F) return;
    ImFont* font = canvas.text_width(canvas.fonts.text_small, text) <= area.width() ? canvas.fonts.text_small
                                                                                    : canvas.fonts.number_small;
    canvas.text(font, area.x0, y, ink, fitted(canvas, font, text, area.width()));
    y += line;
  }
}

void Stereo::keys() {
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return;
  const Cell from = state_.cell("cell");
  const Cell to{std::clamp(from.row + down, 0, left_.height - 1), std::clamp(from.column + right, 0, left_.width - 1)};
  (void)state_.set("cell", State::format(to));
}

}  // namespace cvlab::app
