// The figure: status, the sizes of signal and gradient over the layers, the loss.
#include <algorithm>
#include <cmath>

#include "app/demos/vanishing-gradients/vanishing_gradients.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"
#include "app/views/ticks.hpp"

namespace cvlab::app {

namespace {

ImFont* trouble_font(const Canvas& canvas, float width) {
  return width < 560.0F ? canvas.fonts.text_small : canvas.fonts.text;
}

}  // namespace

void VanishingGradients::draw(Canvas& canvas) {
  const Rect& a = canvas.area;
  if (!study_ || a.width() < 150.0F || a.height() < 150.0F) return;
  next_pointed_.reset();
  const float pad = std::clamp(0.022F * a.width(), 12.0F, 28.0F);
  const bool wide = a.width() >= 640.0F && a.width() > 1.05F * a.height();
  if (wide) {
    const float top = a.y0 + 0.4F * pad;
    const float plots = top + std::max(30.0F, trouble_height(canvas, a.width() - 2.0F * pad));
    const float middle = plots + 0.38F * (a.y1 - plots);
    const float split = a.x0 + 0.64F * a.width();
    draw_status(canvas, {a.x0 + pad, top, a.x1 - pad, top + 24.0F});
    draw_sizes(canvas, {a.x0 + pad, plots, split - 0.6F * pad, middle});
    draw_loss(canvas, {split + 0.6F * pad, plots, a.x1 - pad, middle});
    draw_layers(canvas, {a.x0 + pad, middle + 0.6F * pad, a.x1 - pad, a.y1 - 0.4F * pad});
  } else {
    const float head = std::max(48.0F, trouble_height(canvas, a.width() - 2.0F * pad));
    const float room = a.height() - head;
    const float sizes = a.y0 + head + 0.3F * room;
    const bool loss = room >= 480.0F;
    const float losses = loss ? sizes + 8.0F + 0.22F * room : sizes;
    draw_status(canvas, {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad, a.y0 + head - 4.0F});
    draw_sizes(canvas, {a.x0 + pad, a.y0 + head, a.x1 - pad, sizes});
    if (loss) draw_loss(canvas, {a.x0 + pad, sizes + 8.0F, a.x1 - pad, losses});
    draw_layers(canvas, {a.x0 + pad, losses + 8.0F, a.x1 - pad, a.y1 - 6.0F});
  }
  pointed_ = next_pointed_;
  int rows = 0;
  int columns = 0;
  if (arrow_keys(rows, columns) && columns != 0) (void)step(columns);
}

// What the sentence needs that says why training stopped.
float VanishingGradients::trouble_height(const Canvas& canvas, float width) const {
  const std::string bad = trouble(canvas.words);
  if (bad.empty()) return 0.0F;
  const ImFont* font = trouble_font(canvas, width);
  return font->CalcTextSizeA(font->FontSize, 1e6F, width, bad.data(), bad.data() + bad.size()).y + 10.0F;
}

// One line on a wide page, two on a phone: where the run is, and what is to be seen.
void VanishingGradients::draw_status(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  ImFont* font = canvas.fonts.text;
  const std::string bad = trouble(words);
  if (!bad.empty()) {
    font = trouble_font(canvas, area.width());
    canvas.list.AddText(font, font->FontSize, {area.x0, area.y0}, theme.bad, bad.data(), bad.data() + bad.size(),
                        area.width());
    return;
  }
  const std::string where =
      words.format("vanishing-gradients.status",
                   {std::to_string(study_->steps()),
                    study_->loss() < 1e4 ? words.number(study_->loss(), 3) : size_text(words, study_->loss()),
                    words.number(std::round(100.0 * study_->accuracy()), 3), std::to_string(study_->dead()),
                    std::to_string(study_->params().depth * study_->params().width)});
  const std::string what = verdict(words);
  const double decades = gradient_decades();
  const ImU32 colour = std::abs(decades) <= 2.0 ? theme.good : theme.bad;
  const bool two_lines = area.height() > 30.0F;
  const float y = area.y0 + (two_lines ? 9.0F : 0.5F * area.height());
  ImFont* const small = two_lines ? canvas.fonts.text_small : font;
  const float width = two_lines ? 0.0F : canvas.text_width(font, where) + 20.0F;
  canvas.text(small, area.x0, y, theme.ink, fitted(canvas, small, where, area.width()));
  canvas.text(small, two_lines ? area.x0 : area.x1, two_lines ? y + 20.0F : y, colour,
              fitted(canvas, small, what, area.width() - width), two_lines ? Align::left : Align::right);
}

Plot VanishingGradients::size_plot(const Canvas& canvas) const {
  const Words& words = canvas.words;
  double low = 1.0;
  double high = 0.0;
  for (const auto* sizes : {&activation_sizes_, &gradient_sizes_}) {
    for (const PlotPoint& p : *sizes) {
      if (!std::isfinite(p.y)) continue;
      low = std::min(low, p.y);
      high = std::max(high, p.y);
    }
  }
  high = std::max(high, 1.0);
  low = std::min(low, 0.01 * high);
  Plot plot;
  plot.name = words("vanishing-gradients.sizes");
  plot.x = {1.0, static_cast<double>(study_->params().depth)};
  plot.x_name = words("vanishing-gradients.layer_axis");
  plot.y = {std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(high))), true};
  plot.series.push_back({words("vanishing-gradients.activations"), activation_sizes_, canvas.theme.accent, 2.0F, true});
  plot.series.push_back({words("vanishing-gradients.gradients"), gradient_sizes_, canvas.theme.gradient, 2.0F, true});
  if (pointed_) plot.cursor = *pointed_ + 1.0;
  return plot;
}

std::string VanishingGradients::layer_note(const Words& words, int layer) const {
  const LayerStatistics& s = study_->layers()[static_cast<std::size_t>(layer)];
  const auto number = [&](double value) { return size_text(words, value); };
  return words.format("vanishing-gradients.layer_note",
                      {std::to_string(layer + 1), number(s.activation.rms), number(s.gradient.rms),
                       number(s.weight_gradient.rms), std::to_string(s.dead)});
}

void VanishingGradients::draw_sizes(const Canvas& canvas, const Rect& area) {
  const Plot plot = size_plot(canvas);
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("sizes", {map.area.x0 - 6.0F, map.area.y0, area.x1, map.area.y1});
  draw_plot(canvas, area, plot, left);
  if (!input.hovered) return;
  const int layer = std::clamp(static_cast<int>(std::lround(map.x_at(input.x))), 1, study_->params().depth) - 1;
  next_pointed_ = layer;
  draw_note(canvas, input.x, input.y, layer_note(canvas.words, layer));
}

// Pressing goes back to an earlier step.
void VanishingGradients::draw_loss(const Canvas& canvas, const Rect& area) {
  const Words& words = canvas.words;
  Plot plot;
  plot.name = words("vanishing-gradients.loss");
  plot.x_name = words("vanishing-gradients.step_axis");
  plot.x = {0.0, std::max(50.0, round_up(static_cast<double>(study_->steps())))};
  const double guess = std::log(2.0);
  double high = guess;
  for (const PlotPoint& p : loss_) {
    if (std::isfinite(p.y)) high = std::max(high, p.y);
  }
  plot.y = {0.0, round_up(std::min(1.1 * high, 1e38))};
  plot.levels.push_back({guess, words("vanishing-gradients.guess")});
  plot.series.push_back({"", loss_, canvas.theme.categorical[0], 2.0F, loss_.size() < 2});
  const float left = plot_left(canvas, area, plot);
  const PlotMap map = plot_map(area, plot, left);
  const AreaInput input = area_input("loss", map.area);
  if (input.hovered && study_->steps() > 0) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    const int at = std::clamp(static_cast<int>(std::lround(map.x_at(input.x))), 0, study_->steps());
    plot.cursor = at;
    draw_note(canvas, input.x, input.y,
              words.format("vanishing-gradients.loss_note",
                           {std::to_string(at), words.number(loss_[static_cast<std::size_t>(at)].y, 3)}));
    if (input.clicked) (void)state_.set("steps", std::to_string(at));
  }
  draw_plot(canvas, area, plot, left);
}

}  // namespace cvlab::app
