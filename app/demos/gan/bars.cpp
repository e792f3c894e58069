#include "app/demos/gan/bars.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/views/area_input.hpp"

namespace cvlab::app {

namespace {

// Dashed, with its number at the left.
void draw_even_share(const Canvas& canvas, const Rect& bars, double share, double most) {
  const float even = std::round(bars.y1 - bars.height() * static_cast<float>(share / most)) + 0.5F;
  for (float x = bars.x0; x < bars.x1; x += 8.0F)
    canvas.list.AddLine({x, even}, {std::min(x + 4.0F, bars.x1), even}, canvas.theme.ink_faint);
  canvas.text(canvas.fonts.number_small, bars.x0 - 5.0F, even, canvas.theme.ink_soft, canvas.words.number(share, 3),
              Align::right);
}

}  // namespace

std::optional<int> draw_mode_bars(const Canvas& canvas, const Rect& area, const ModeBars& bars) {
  const Theme& theme = canvas.theme;
  const auto whole = bars.whole.empty() ? bars.counts : bars.whole;
  const float above = bars.named ? 16.0F : 0.0F;
  const Rect inner{area.x0 + 26.0F, area.y0 + above, area.x1, area.y1 - 18.0F};
  int most = static_cast<int>(std::ceil(1.5 * bars.share));
  for (const int n : whole) most = std::max(most, n);
  std::optional<int> pointed;
  const float each = inner.width() / static_cast<float>(whole.size());
  for (std::size_t m = 0; m < whole.size(); ++m) {
    const float x0 = inner.x0 + each * (static_cast<float>(m) + 0.15F), x1 = x0 + 0.7F * each;
    const auto top = [&](int n) {
      return inner.y1 - inner.height() * static_cast<float>(n) / static_cast<float>(most);
    };
    canvas.list.AddRectFilled({x0, top(whole[m])}, {x1, inner.y1}, with_alpha(theme.negative, 0.35F), 2.0F);
    canvas.list.AddRectFilled({x0, top(bars.counts[m])}, {x1, inner.y1}, theme.negative, 2.0F);
    const float middle = 0.5F * (x0 + x1);
    const std::string count = std::to_string(whole[m]);
    const ImU32 ink = bars.counts[m] > 0 ? theme.ink_soft : theme.bad;
    canvas.text(canvas.fonts.number_small, middle, inner.y1 + 10.0F, ink, bars.named ? std::to_string(m) : count,
                Align::centre);
    if (bars.named && whole[m] > 0)
      canvas.text(canvas.fonts.number_small, middle, top(whole[m]) - 8.0F, theme.ink_faint, count, Align::centre);
    const Rect column{x0, inner.y0 - above, x1, area.y1};
    if (area_input(("mode" + std::to_string(m)).c_str(), column).hovered) pointed = static_cast<int>(m);
  }
  canvas.list.AddLine({inner.x0, inner.y1 + 0.5F}, {inner.x1, inner.y1 + 0.5F}, theme.rule_strong);
  draw_even_share(canvas, inner, bars.share, most);
  return pointed;
}

void draw_share(const Canvas& canvas, const Rect& bar, double share) {
  const Theme& theme = canvas.theme;
  canvas.list.AddRectFilled({bar.x0, bar.y0}, {bar.x1, bar.y1}, theme.neutral, 3.0F);
  const float end = bar.x0 + bar.width() * static_cast<float>(std::clamp(share, 0.0, 1.0));
  if (end > bar.x0 + 1.0F) canvas.list.AddRectFilled({bar.x0, bar.y0}, {end, bar.y1}, theme.positive, 3.0F);
  canvas.list.AddRect({bar.x0, bar.y0}, {bar.x1, bar.y1}, theme.rule_strong, 3.0F);
}

}  // namespace cvlab::app
