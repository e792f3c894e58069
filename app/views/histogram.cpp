#include "app/views/histogram.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

float height_of(double count, double most, bool logarithmic, float full) {
  if (count <= 0.0 || most <= 0.0) return 0.0F;
  const double share = logarithmic ? std::log1p(count) / std::log1p(most) : count / most;
  return std::max(1.0F, full * static_cast<float>(std::min(1.0, share)));
}

void draw_labels(const Canvas& canvas, const Rect& bars, const Histogram& h) {
  const float y = bars.y1 + 0.55F * histogram_labels;
  float last = bars.x0 - 100.0F;
  for (const double tick : linear_ticks(h.low, h.high, std::max(2, static_cast<int>(bars.width() / 40.0F)))) {
    const float x = bars.x0 + bars.width() * static_cast<float>((tick - h.low) / (h.high - h.low));
    const std::string label = canvas.words.number(tick, 3);
    const float half = 0.5F * canvas.text_width(canvas.fonts.number_small, label);
    const float at = std::clamp(x, bars.x0 + half, std::max(bars.x0 + half, bars.x1 - half));
    if (at - half < last + 6.0F) continue;
    canvas.list.AddLine({x, bars.y1}, {x, bars.y1 + 3.0F}, canvas.theme.rule_strong);
    canvas.text(canvas.fonts.number_small, at, y, canvas.theme.ink_soft, label, Align::centre);
    last = at + half;
  }
}

}  // namespace

std::optional<int> draw_histogram(const Canvas& canvas, const Rect& area, const Histogram& h, double most,
                                  const HistogramStyle& style) {
  const Theme& theme = canvas.theme;
  const Rect bars{area.x0, area.y0, area.x1, area.y1 - (style.labels ? histogram_labels : 1.0F)};
  if (bars.width() < 4.0F || bars.height() < 4.0F || h.counts.empty()) return std::nullopt;
  const double full = most > 0.0 ? most : static_cast<double>(h.fullest());
  const auto bins = static_cast<float>(h.counts.size());
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool inside = bars.contains(mouse.x, mouse.y);
  std::optional<int> over;
  const float zero = bars.x0 + bars.width() * static_cast<float>((0.0 - h.low) / (h.high - h.low));
  if (zero > bars.x0 && zero < bars.x1) canvas.list.AddLine({zero, bars.y0}, {zero, bars.y1}, theme.rule);
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    const float x0 = bars.x0 + bars.width() * static_cast<float>(i) / bins;
    const float x1 = bars.x0 + bars.width() * static_cast<float>(i + 1) / bins;
    const bool here = inside && mouse.x >= x0 && mouse.x < x1;
    if (here) over = static_cast<int>(i);
    const float height = height_of(static_cast<double>(h.counts[i]), full, style.logarithmic, bars.height());
    if (height <= 0.0F) continue;
    const double middle = h.low + (static_cast<double>(i) + 0.5) * h.width();
    ImU32 colour = theme.accent;
    if (style.signed_colours) {
      const bool about_zero = std::abs(middle) < 0.5 * h.width();
      colour = about_zero ? theme.ink_faint : middle < 0.0 ? theme.negative : theme.positive;
    }
    const float gap = x1 - x0 > 4.0F ? 1.0F : 0.0F;
    canvas.list.AddRectFilled({x0, bars.y1 - height}, {x1 - gap, bars.y1}, here ? theme.focus : colour);
  }
  canvas.list.AddLine({bars.x0, bars.y1 + 0.5F}, {bars.x1, bars.y1 + 0.5F}, theme.rule_strong);
  if (style.mark) {
    const double t = std::clamp((*style.mark - h.low) / (h.high - h.low), 0.0, 1.0);
    const float x = bars.x0 + bars.width() * static_cast<float>(t);
    canvas.list.AddLine({x, bars.y0}, {x, bars.y1}, theme.focus, 2.0F);
  }
  if (style.labels) draw_labels(canvas, bars, h);
  return over;
}

}  // namespace cvlab::app
