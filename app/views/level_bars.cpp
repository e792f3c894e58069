#include "app/views/level_bars.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace cvlab::app {

float level_x(const Rect& area, double level) {
  return area.x0 + area.width() * (static_cast<float>(level) + 0.5F) / 256.0F;
}

int level_at(const Rect& area, float x) {
  return static_cast<int>(std::clamp(256.0F * (x - area.x0) / std::max(1.0F, area.width()), 0.0F, 255.0F));
}

double inner_fullest(const Levels& levels) {
  const auto inner = std::max_element(levels.count.begin() + 1, levels.count.end() - 1);
  return static_cast<double>(*inner > 0 ? *inner : levels.fullest());
}

void draw_level_bars(const Canvas& canvas, const Rect& area, const Levels& levels, const LevelBars& style) {
  const Theme& theme = canvas.theme;
  if (area.width() < 4.0F || area.height() < 4.0F) return;
  const double most = std::max(1.0, style.most > 0.0 ? style.most : static_cast<double>(levels.fullest()));
  const float length = style.sideways ? area.height() : area.width();
  const float full = style.sideways ? area.width() : area.height();
  for (int v = 0; v < 256; ++v) {
    const auto i = static_cast<std::size_t>(v);
    const auto count = static_cast<double>(levels.count[i]);
    const bool marked = style.mark == v;
    if (count <= 0.0 && !marked) continue;
    const double share = style.logarithmic ? std::log1p(count) / std::log1p(most) : count / most;
    const float bar = std::max(count > 0.0 ? 1.0F : 0.0F, full * static_cast<float>(std::min(1.0, share)));
    const float from = length * static_cast<float>(v) / 256.0F;
    const float to = std::max(from + 1.0F, length * static_cast<float>(v + 1) / 256.0F);
    const ImU32 colour = marked ? theme.focus : style.colours != nullptr ? (*style.colours)[i] : theme.accent;
    if (style.sideways) {
      canvas.list.AddRectFilled({area.x0, area.y1 - to}, {area.x0 + bar, area.y1 - from}, colour);
    } else {
      canvas.list.AddRectFilled({area.x0 + from, area.y1 - bar}, {area.x0 + to, area.y1}, colour);
    }
  }
  if (style.sideways) {
    canvas.list.AddLine({area.x0, area.y0}, {area.x0, area.y1}, theme.rule_strong);
  } else {
    canvas.list.AddLine({area.x0, area.y1}, {area.x1, area.y1}, theme.rule_strong);
  }
}

void draw_level_axis(const Canvas& canvas, const Rect& area, bool sideways) {
  constexpr int ticks[] = {0, 64, 128, 192, 255};
  const float length = sideways ? area.height() : area.width();
  const int stride = length < 130.0F ? 4 : length < 200.0F ? 2 : 1;
  for (int k = 0; k < 5; k += stride) {
    const float at = length * (static_cast<float>(ticks[k]) + 0.5F) / 256.0F;
    const std::string label = std::to_string(ticks[k]);
    const ImU32 ink = canvas.theme.ink_soft;
    if (sideways) {
      const float y = area.y1 - at;
      canvas.list.AddLine({area.x0 - 3.0F, y}, {area.x0, y}, canvas.theme.rule_strong);
      canvas.text(canvas.fonts.number_small, area.x0 - 8.0F, y, ink, label, Align::right);
    } else {
      const float x = area.x0 + at;
      canvas.list.AddLine({x, area.y1}, {x, area.y1 + 3.0F}, canvas.theme.rule_strong);
      canvas.text(canvas.fonts.number_small, x, area.y1 + 10.0F, ink, label, Align::centre);
    }
  }
}

}  // namespace cvlab::app
