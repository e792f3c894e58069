// Beside the plane: whose turn it is, both losses, and what the generator reaches.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/demos/gan/bars.hpp"
#include "app/demos/gan/gan.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/scrub_plot.hpp"
#include "app/views/thumbnails.hpp"
#include "core/train/running_mean.hpp"

namespace cvlab::app {

namespace {

std::vector<PlotPoint> averaged(const std::vector<PlotPoint>& points) {
  RunningMean mean(0.95);
  std::vector<PlotPoint> result;
  result.reserve(points.size());
  for (const PlotPoint& p : points) result.push_back({p.x, mean.add(p.y)});
  return result;
}

}  // namespace

void Gan::draw_players(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const bool g_next = generator_next();
  const GanLosses& losses = seen_losses();
  const float gap = 10.0F, width = 0.5F * (area.width() - gap);
  for (int player = 0; player < 2; ++player) {
    const bool generator = player == 1, next = generator == g_next;
    const float x = area.x0 + static_cast<float>(player) * (width + gap);
    const Rect box{x, area.y0, x + width, area.y1};
    canvas.list.AddRectFilled({box.x0, box.y0}, {box.x1, box.y1}, next ? theme.focus_soft : theme.surface, 6.0F);
    canvas.list.AddRect({box.x0 + 0.5F, box.y0 + 0.5F}, {box.x1 - 0.5F, box.y1 - 0.5F}, next ? theme.focus : theme.rule,
                        6.0F);
    const float left = box.x0 + 10.0F;
    const auto line = [&](float y, ImFont* font, ImU32 ink, const std::string& text) {
      canvas.text(font, left, box.y0 + y, ink, fitted(canvas, font, text, box.width() - 16.0F));
    };
    canvas.list.AddCircleFilled({left + 5.0F, box.y0 + 18.0F}, 5.0F, theme.categorical[generator ? 1 : 0]);
    canvas.text(canvas.fonts.text, left + 17.0F, box.y0 + 18.0F, theme.ink,
                fitted(canvas, canvas.fonts.text, words(generator ? "gan.generator" : "gan.discriminator"),
                       box.width() - 32.0F));
    line(40.0F, canvas.fonts.text_small, next ? theme.focus : theme.ink_faint, words(next ? "gan.turn" : "gan.waits"));
    if (!any_data()) continue;
    line(66.0F, canvas.fonts.number, theme.ink,
         (generator ? "L_G = " : "L_D = ") + words.number(generator ? losses.g : losses.d, 4));
    line(92.0F, canvas.fonts.number_small, theme.ink_soft,
         generator ? words.format("gan.mean_fake", {words.number(losses.mean_fake, 3)})
                   : words.format("gan.mean_real", {words.number(losses.mean_real, 3)}));
    const AreaInput input = area_input(generator ? "generator" : "discriminator", box);
    if (!input.hovered) continue;
    const bool minimax = recipe_.minimax();
    draw_note(canvas, input.x, input.y,
              words(!generator ? "gan.formula_d"
                    : minimax  ? "gan.formula_minimax"
                               : "gan.formula_nonsaturating"));
  }
}

void Gan::draw_losses(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  std::vector<PlotPoint> raw[2];
  const std::vector<GanPoint>& points = this->points();
  for (std::size_t k = 0; k < points.size(); ++k)
    raw[points[k].generator ? 1 : 0].push_back({static_cast<double>(k + 1), points[k].loss});
  const std::vector<PlotPoint> mean[2] = {averaged(raw[0]), averaged(raw[1])};
  const bool minimax = recipe_.minimax();
  const double even = minimax ? -std::numbers::ln2 : std::numbers::ln2;
  double low = std::min(0.0, even - 0.5), high = 2.0;
  for (const auto& series : mean) {
    for (const PlotPoint& p : series) {
      low = std::min(low, p.y);
      high = std::max(high, p.y);
    }
  }
  Plot plot;
  plot.name = canvas.words("gan.losses");
  plot.x_name = canvas.words("gan.update_axis");
  plot.x = {0.0, scrub_end(std::max(farthest(), steps()), 300, most_steps)};
  plot.y = {std::max(-8.0, std::floor(2.0 * low) / 2.0), std::min(8.0, std::ceil(2.0 * high) / 2.0)};
  plot.levels = {{2.0 * std::numbers::ln2, canvas.words("gan.even_d")},
                 {even, canvas.words(minimax ? "gan.even_minimax" : "gan.even_g")}};
  for (int player = 0; player < 2; ++player) {
    const ImU32 colour = theme.categorical[player];
    plot.series.push_back({"", raw[player], with_alpha(colour, theme.dark ? 0.4F : 0.25F), 1.0F});
    plot.series.push_back({player == 0 ? "D" : "G", mean[player], colour});
  }
  if (farthest() > 0) plot.cursor = steps();
  const int every = recipe_.digits ? DigitGame::keyframes : 1;  // back to what is kept: at once
  if (const auto wanted = scrub_plot(canvas, area, plot, farthest(), every))
    (void)state_.set("step", std::to_string(*wanted));
}

// Generated points within three spreads of each mode, beside the even share; below, the coverage.
void Gan::draw_meter(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  const int modes = real_->mode_count();
  const Rect lower{area.x0, area.y1 - 44.0F, area.x1, area.y1};
  draw_coverage(canvas, lower);
  const Rect bars{area.x0, area.y0 + bars_caption, area.x1, lower.y0 - 8.0F};
  if (modes == 0 || bars.height() < 48.0F) {
    if (modes == 0)
      canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 12.0F, canvas.theme.ink_soft, words("gan.no_modes"));
    return;
  }
  draw_caption(canvas, {area.x0, area.y0 + bars_caption, area.x1, area.y1},
               words.format("gan.modes", {std::to_string(seen_.modes.captured), std::to_string(modes)}).c_str(),
               words.format("gan.good", {words.number(100.0 * seen_.modes.good / 256.0, 3)}).c_str());
  const double share = 256.0 / modes;
  pointed_mode_ = draw_mode_bars(canvas, bars, {seen_.modes.points, {}, share, false});
  if (!pointed_mode_) return;
  const auto k = static_cast<std::size_t>(*pointed_mode_);
  draw_note_at_pointer(
      canvas, words.format("gan.mode_note", {std::to_string(*pointed_mode_ + 1), words.number(real_->modes[k], 2),
                                             words.number(real_->modes[static_cast<std::size_t>(modes) + k], 2),
                                             std::to_string(seen_.modes.points[k]), words.number(share, 3)}));
}

void Gan::draw_coverage(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const bool any = real_->count() > 0;
  draw_caption(canvas, {area.x0, area.y0 + bars_caption, area.x1, area.y1}, words("gan.coverage"),
               any ? (words.number(100.0 * seen_.coverage, 3) + "\u00A0%").c_str() : nullptr);
  draw_share(canvas, {area.x0, area.y0 + 26.0F, area.x1, area.y0 + 38.0F}, any ? seen_.coverage : 0.0);
  const AreaInput input = area_input("coverage", area);
  if (any && input.hovered)
    draw_note(canvas, input.x, input.y,
              words.format("gan.coverage_note",
                           {std::to_string(static_cast<int>(std::lround(seen_.coverage * real_->count()))),
                            std::to_string(real_->count())}));
}

}  // namespace cvlab::app
