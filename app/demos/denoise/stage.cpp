// The pictures, their measures, and the curves below the filters' ones.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/demos/denoise/denoise.hpp"
#include "app/shell/text.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"
#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 22.0F;
constexpr float line = 17.0F;  // of a second line of text above a narrow picture
constexpr float gap = 12.0F;
constexpr float curve_height = 46.0F;  // at least
constexpr float most_curve_height = 116.0F;
constexpr float gutter = 20.0F;  // of numbers beside a high curve
constexpr float axis_height = 18.0F;
constexpr std::array<const char*, denoisers> strengths = {"mean", "sigma", "median", "range"};

std::string decibels(const Words& words, double psnr) {
  return std::isinf(psnr) ? "\u221E" : words.number(psnr, psnr < 10.0 ? 2 : 3);
}

}  // namespace

// Three columns: original over noisy, the two means, the two that look before they mix. Wide: the pixel beside them.
Denoise::Layout Denoise::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  Layout l;
  l.wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  const float pad = std::clamp(0.02F * a.width(), 8.0F, 22.0F);
  const float between = l.wide ? gap : 8.0F;
  const bool curves = l.wide && a.height() >= 420.0F;
  const float card = l.wide ? std::clamp(0.31F * a.width(), 210.0F, 400.0F) : 0.0F;
  const float room = a.width() - 2.0F * pad - (l.wide ? card + 1.4F * pad : 0.0F);
  const float width = (room - 2.0F * between) / 3.0F;
  l.two_lines = width < 180.0F;
  const float head = l.two_lines ? caption + line : caption;
  const float bottom = l.wide ? a.y1 - 6.0F : a.y0 + 0.56F * a.height();
  const float below = curves ? 8.0F : 4.0F;
  const float each = 0.5F * (bottom - a.y0 - 4.0F - below) - head;  // of picture and curve together
  const float ratio = static_cast<float>(rows()) / static_cast<float>(columns());
  const float least = curves ? curve_height + axis_height : 0.0F;
  const float height = std::clamp(width * std::clamp(ratio, 0.4F, 1.4F), 10.0F, std::max(10.0F, each - least));
  const float foot = curves ? std::clamp(each - height, least, most_curve_height + axis_height) : 0.0F;
  constexpr std::array<int, 1 + results> column = {0, 0, 1, 1, 2, 2};
  constexpr std::array<int, 1 + results> row = {0, 1, 0, 1, 0, 1};
  for (std::size_t i = 0; i < l.picture.size(); ++i) {
    const float x = a.x0 + pad + static_cast<float>(column[i]) * (width + between);
    const float y = a.y0 + 4.0F + head + static_cast<float>(row[i]) * (head + height + foot + below);
    l.picture[i] = {x, y, x + width, y + height};
    const Rect curve{x, y + height + 4.0F, x + width, y + height + foot};
    if (foot > 0.0F && i == 0) l.legend = curve;
    if (foot > 0.0F && i >= 2) l.curve[i - 2] = curve;
  }
  const float right = l.picture[5].x1;
  l.card = l.wide ? Rect{right + 1.4F * pad, a.y0 + 4.0F, a.x1 - pad, a.y1 - 6.0F}
                  : Rect{a.x0 + pad, l.picture[5].y1 + 8.0F, a.x1 - pad, a.y1 - 4.0F};
  return l;
}

void Denoise::draw(Canvas& canvas) {
  hovered_.reset();
  if (clean_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.picture[0].width() < 8.0F || l.picture[0].height() < 12.0F) return;
  keys(l.picture[0]);
  for (int i = 0; i <= results; ++i) draw_picture(canvas, l, i);
  for (int filter = 0; filter < denoisers; ++filter) {
    const Rect& area = l.curve[static_cast<std::size_t>(filter)];
    if (area.height() > 20.0F) draw_curve(canvas, area, filter);
  }
  if (l.legend.height() > 20.0F) draw_legend(canvas, l.legend);
  draw_card(canvas, l);
}

std::string Denoise::picture_name(const Words& words, int index) const {
  if (index == 0) return words(middle_ ? "denoise.clean_middle" : "denoise.clean");
  return words(std::string("denoise.name.") + result_name(index - 1));
}

void Denoise::draw_picture(const Canvas& canvas, const Layout& l, int index) {
  const Theme& theme = canvas.theme;
  const Rect& area = l.picture[static_cast<std::size_t>(index)];
  const int filter = index - 2;
  Explored explored(state_, camera_, area, rows(), columns());
  const CellMap& map = explored.map();
  const bool lit = filter >= 0 && filter == explained();
  ImFont* const font = canvas.fonts.text_small;
  const float second = l.two_lines ? line : 0.0F;
  canvas.text(font, area.x0, area.y0 - 11.0F - second, lit ? theme.focus : theme.ink,
              fitted(canvas, font, picture_name(canvas.words, index), area.width()));
  if (index > 0) draw_measures(canvas, area, index - 1, l.two_lines);
  views_[static_cast<std::size_t>(index)].draw(canvas, map, grey_palette(), true);
  draw_frame(canvas, map.clip, lit ? theme.focus : theme.rule_strong, lit ? 2.0F : 1.0F);
  const std::string id = index == 0 ? "clean" : result_name(index - 1);
  const AreaInput input = area_input(id.c_str(), area);
  explored.move(input);  // all pictures share the camera
  if (const std::optional<Cell> over = explored.under(input)) {
    hovered_ = over;
    if (explored.keeps(input)) (void)state_.set("cell", State::format(*over));
    if (input.clicked && filter >= 0) (void)state_.set("explain", result_name(index - 1));
  }
  if (index == 0) explored.buttons(canvas, cell_);
  mark(canvas, map, looked_at());
}

// PSNR and SSIM, a star at the best of each.
void Denoise::draw_measures(const Canvas& canvas, const Rect& picture, int result, bool two_lines) const {
  if (!made(result)) return;
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const Result& r = results_[static_cast<std::size_t>(result)];
  ImFont* const font = canvas.fonts.number_small;
  const float y = picture.y0 - 10.0F;
  const auto draw = [&](float x, bool best, const std::string& text, Align align) {
    const std::string all = best ? "\u2605" + text : text;
    return canvas.text(font, x, y, best ? theme.good : theme.ink_soft, all, align);
  };
  const std::string unit = picture.width() < 100.0F ? "" : "\u00A0dB";
  const std::string first = decibels(words, r.psnr) + unit;
  const bool known = measured(result) && !std::isnan(r.ssim);
  const std::string second = known ? words.number(r.ssim, 3) : "";
  const bool better_psnr = best(false) == result, better_ssim = best(true) == result;
  if (two_lines) {
    const float width = draw(picture.x0, better_psnr, first, Align::left);
    if (width + 8.0F + canvas.text_width(font, second) + (better_ssim ? 8.0F : 0.0F) <= picture.width())
      draw(picture.x1, better_ssim, second, Align::right);
  } else {
    const float width = known ? draw(picture.x1, better_ssim, second, Align::right) : 0.0F;
    draw(picture.x1 - std::max(width, 44.0F) - 8.0F, better_psnr, first, Align::right);
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!Rect{picture.x0, y - 10.0F, picture.x1, y + 9.0F}.contains(mouse.x, mouse.y)) return;
  draw_note(
      canvas, mouse.x, mouse.y,
      words.format("denoise.measures", {words.number(r.error, 5), decibels(words, r.psnr), known ? second : "?"}));
}

PlotAxis Denoise::psnr_axis() const {
  double low = 1e9, high = -1e9;
  const auto reach = [&](double v) {
    if (!std::isfinite(v)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  };
  for (int i = 0; i < results; ++i)
    if (made(i)) reach(results_[static_cast<std::size_t>(i)].psnr);
  for (const Sweep& sweep : sweeps_)
    for (const PlotPoint& p : sweep.points) reach(p.y);
  if (low > high) return {0.0, 1.0};
  return {low - 1.0, high + 1.0};
}

// The same scale of PSNR for all four. Press and drag: the filter's strength.
void Denoise::draw_curve(const Canvas& canvas, const Rect& area, int filter) {
  const Theme& theme = canvas.theme;
  const auto i = static_cast<std::size_t>(filter);
  const auto kind = static_cast<Denoiser>(filter);
  const std::vector<double>& values = denoise_strengths(kind);
  const float left = area.x0 + (area.height() >= 80.0F ? gutter : 1.0F);
  PlotMap map{{left, area.y0, area.x1 - 1.0F, area.y1 - axis_height}, {values.front(), values.back()}, psnr_axis()};
  const AreaInput input = area_input((std::string("curve-") + strengths[i]).c_str(), area);
  canvas.list.AddRectFilled({left - 1.0F, map.area.y0}, {area.x1, map.area.y1}, theme.surface);
  if (left > area.x0 + 2.0F) draw_decibels(canvas, map, area.x0);
  if (made(0) && std::isfinite(results_[0].psnr)) {
    const float y = std::round(map.py(results_[0].psnr)) + 0.5F;
    for (float x = left; x < area.x1; x += 8.0F)
      canvas.list.AddLine({x, y}, {std::min(x + 4.0F, area.x1), y}, theme.ink_faint);
  }
  const Sweep& sweep = sweeps_[i];
  const bool current = sweep.from == sweep_text(filter);
  if (current) {
    const std::vector<ImVec2> points = plot_line(map, sweep.points);
    canvas.list.AddPolyline(points.data(), static_cast<int>(points.size()), theme.accent, 0, 2.0F);
    const double at = best_strength(filter);
    for (const PlotPoint& p : sweep.points)
      if (p.x == at && std::isfinite(p.y)) canvas.list.AddCircle({map.px(p.x), map.py(p.y)}, 4.5F, theme.good, 0, 2.0F);
  }
  const double strength = denoise_strength(kind, filters());
  if (made(filter + 1) && std::isfinite(results_[i + 1].psnr)) {
    const ImVec2 dot{map.px(strength), map.py(results_[i + 1].psnr)};
    canvas.list.AddLine({dot.x, map.area.y0}, {dot.x, map.area.y1}, with_alpha(theme.focus, 0.45F));
    canvas.list.AddCircleFilled(dot, 4.0F, theme.focus);
  }
  canvas.list.AddLine({left - 1.0F, map.area.y1}, {area.x1, map.area.y1},
                      input.hovered || input.pressed ? theme.focus : theme.rule_strong);
  draw_axis(canvas, map, filter);
  if (input.pressed) drag_strength(map, input.x, filter);
  if (!input.hovered || input.pressed) return;
  ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  const std::optional<PlotPoint> near = current ? nearest_point({"", sweep.points}, map.x_at(input.x)) : std::nullopt;
  if (near)
    draw_note(canvas, input.x, input.y,
              canvas.words.format("denoise.point." + std::string(strengths[i]),
                                  {canvas.words.number(near->x, 3), decibels(canvas.words, near->y)}));
}

// What the curves are, in the place below the original, which has none.
void Denoise::draw_legend(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  ImFont* const font = canvas.fonts.text_small;
  float y = area.y0 + 8.0F;
  canvas.text(font, area.x0, y, theme.ink, fitted(canvas, font, words("denoise.legend"), area.width()));
  y += 19.0F;
  float x = area.x0 + 5.0F;
  const auto entry = [&](const char* key) {
    const std::string text = fitted(canvas, font, words(key), area.x1 - x - 10.0F);
    x += 10.0F + canvas.text(font, x + 10.0F, y, theme.ink_soft, text) + 16.0F;
  };
  canvas.list.AddCircleFilled({x, y}, 4.0F, theme.focus);
  entry("denoise.legend.now");
  canvas.list.AddCircle({x, y}, 4.5F, theme.good, 0, 2.0F);
  entry("denoise.legend.best");
  x = area.x0;
  y += 18.0F;
  canvas.list.AddLine({x, y}, {x + 4.0F, y}, theme.ink_faint);
  canvas.list.AddLine({x + 8.0F, y}, {x + 12.0F, y}, theme.ink_faint);
  x += 6.0F;
  entry("denoise.legend.noisy");
}

// A few whole decibels beside the curve.
void Denoise::draw_decibels(const Canvas& canvas, const PlotMap& map, float x) const {
  for (const double tick : linear_ticks(map.y.low, map.y.high, 4)) {
    const float y = std::round(map.py(tick)) + 0.5F;
    if (y < map.area.y0 + 5.0F || y > map.area.y1 - 5.0F) continue;
    canvas.list.AddLine({map.area.x0, y}, {map.area.x1, y}, canvas.theme.rule);
    canvas.text(canvas.fonts.number_small, x, y, canvas.theme.ink_faint, canvas.words.number(tick, 3));
  }
}

void Denoise::draw_axis(const Canvas& canvas, const PlotMap& map, int filter) const {
  const auto i = static_cast<std::size_t>(filter);
  const float y = map.area.y1 + 0.55F * axis_height;
  const ImU32 ink = canvas.theme.ink_soft;
  ImFont* const font = canvas.fonts.number_small;
  canvas.text(font, map.area.x0, y, ink, canvas.words.number(map.x.low, 3));
  canvas.text(font, map.area.x1, y, ink, canvas.words.number(map.x.high, 3), Align::right);
  const double strength = denoise_strength(static_cast<Denoiser>(filter), filters());
  canvas.text(canvas.fonts.text_small, 0.5F * (map.area.x0 + map.area.x1), y, ink,
              canvas.words.format("denoise.axis." + std::string(strengths[i]), {canvas.words.number(strength, 3)}),
              Align::centre, 12.0F);
}

void Denoise::drag_strength(const PlotMap& map, float x, int filter) {
  const double wanted = std::clamp(map.x_at(x), map.x.low, map.x.high);
  const auto kind = static_cast<Denoiser>(filter);
  double value = wanted;
  if (kind == Denoiser::mean || kind == Denoiser::median) {
    value = 1.0 + 2.0 * std::floor(0.5 * wanted);  // the nearest odd number
  } else {
    const double step = kind == Denoiser::gaussian ? 0.1 : 5.0;
    value = std::clamp(std::round(wanted / step) * step, map.x.low, map.x.high);
    value = std::round(1e6 * value) / 1e6;
  }
  (void)state_.set(strengths[static_cast<std::size_t>(filter)], format_number(value));
  (void)state_.set("explain", result_name(filter + 1));
}

void Denoise::keys(const Rect& area) {
  if (const auto cell = move_by_keys(state_, camera_, area, rows(), columns())) cell_ = *cell;
}

}  // namespace cvlab::app
