#include "app/views/colour_bar.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace cvlab::app {

void colour_bar(const Canvas& canvas, const Rect& area, const ColourBar& bar) {
  const auto [shade, low, high, below, above, value] = bar;
  const float from = shade == Shade::diverging ? -high : low;
  const Words& words = canvas.words;
  const std::string left = (below ? "\u2264 " : "") + words.number(static_cast<double>(from), 3);
  const std::string right = (above ? "\u2265 " : "") + words.number(static_cast<double>(high), 3);
  const float y = 0.5F * (area.y0 + area.y1);
  const float x0 = area.x0 + canvas.text_width(canvas.fonts.number_small, left) + 8.0F;
  const float x1 = area.x1 - canvas.text_width(canvas.fonts.number_small, right) - 8.0F;
  if (x1 - x0 < 24.0F) return;
  canvas.text(canvas.fonts.number_small, area.x0, y, canvas.theme.ink_soft, left);
  canvas.text(canvas.fonts.number_small, area.x1, y, canvas.theme.ink_soft, right, Align::right);
  constexpr int bands = 48;
  const auto colour = [&](int i) {
    const float v = from + (bar.high - from) * static_cast<float>(i) / bands;
    return shade_colour(canvas.theme, bar.shade, bar.low, bar.high, v);
  };
  for (int i = 0; i < bands; ++i) {
    const float a = x0 + (x1 - x0) * static_cast<float>(i) / bands;
    const float b = x0 + (x1 - x0) * static_cast<float>(i + 1) / bands;
    canvas.list.AddRectFilledMultiColor({a, y - 4.0F}, {b, y + 4.0F}, colour(i), colour(i + 1), colour(i + 1),
                                        colour(i));
  }
  canvas.list.AddRect({x0 - 0.5F, y - 4.5F}, {x1 + 0.5F, y + 4.5F}, canvas.theme.rule_strong);
  if (shade == Shade::diverging) {
    const float zero = 0.5F * (x0 + x1);
    canvas.list.AddLine({zero, y + 4.0F}, {zero, y + 7.0F}, canvas.theme.ink_faint);
  }
  if (value && std::isfinite(*value)) {
    const float x = x0 + (x1 - x0) * std::clamp((*value - from) / (high - from), 0.0F, 1.0F);
    canvas.list.AddTriangleFilled({x - 4.0F, y - 10.0F}, {x + 4.0F, y - 10.0F}, {x, y - 4.0F}, canvas.theme.focus);
  }
}

}  // namespace cvlab::app
