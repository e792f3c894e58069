// Histograms of the activations and of the gradients, one pair a layer.
#include <algorithm>
#include <cmath>

#include "app/demos/vanishing-gradients/vanishing_gradients.hpp"
#include "app/views/cells.hpp"
#include "app/views/histogram.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float gap = 14.0F;  // between two
constexpr float heading = 22.0F;
constexpr float two_lines = 32.0F;  // above the bars

}  // namespace

void VanishingGradients::draw_layers(const Canvas& canvas, const Rect& area) {
  if (area.height() < 120.0F) return;
  // Name and size beside each other where five and more find room so, else one below the other.
  const std::string name = canvas.words.format("vanishing-gradients.layer", {"00"});
  const float wanted =
      canvas.text_width(canvas.fonts.text_small, name) + 8.0F + canvas.text_width(canvas.fonts.number_small, "0.0e-00");
  const int beside = static_cast<int>((area.width() + gap) / (wanted + gap));
  const int fit = beside >= 5 ? beside : std::max(2, static_cast<int>(area.width() / 82.0F));
  if (const int room = std::min(fit, most_shown); room != shown_) {
    shown_ = room;
    collect();
  }
  const float half = 0.5F * (area.height() - 8.0F);
  draw_row(canvas, {area.x0, area.y0, area.x1, area.y0 + half}, false);
  draw_row(canvas, {area.x0, area.y1 - half, area.x1, area.y1}, true);
}

void VanishingGradients::draw_row(const Canvas& canvas, const Rect& area, bool gradients) {
  const Words& words = canvas.words;
  const char* const name = gradients ? "vanishing-gradients.row_gradients" : "vanishing-gradients.row_activations";
  draw_caption(canvas, {area.x0, area.y0 + 21.0F, area.x1, area.y1}, words(name),
               words(state_.toggle("own") ? "vanishing-gradients.own_axes" : "vanishing-gradients.one_axis"));
  const float each = (area.width() + gap) / static_cast<float>(pictures_.size()) - gap;
  for (std::size_t i = 0; i < pictures_.size(); ++i) {
    const float x = area.x0 + static_cast<float>(i) * (each + gap);
    draw_one(canvas, {x, area.y0 + heading, x + each, area.y1}, gradients, pictures_[i]);
  }
}

void VanishingGradients::draw_one(const Canvas& canvas, const Rect& area, bool gradients, const LayerPicture& picture) {
  const Words& words = canvas.words;
  const Theme& theme = canvas.theme;
  const LayerStatistics& s = study_->layers()[static_cast<std::size_t>(picture.layer)];
  const Moments& moments = gradients ? s.gradient : s.activation;
  const Histogram& h = gradients ? picture.gradient : picture.activation;
  const bool marked = pointed_ == picture.layer;
  const std::string title = words.format("vanishing-gradients.layer", {std::to_string(picture.layer + 1)});
  const float width =
      canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 7.0F, marked ? theme.focus : theme.ink, title);
  if (moments.not_finite == 0) {
    const std::string size = size_text(words, moments.rms);
    const bool beside = width + canvas.text_width(canvas.fonts.number_small, "0.0e-00") + 6.0F <= area.width();
    canvas.text(canvas.fonts.number_small, beside ? area.x1 : area.x0, area.y0 + (beside ? 7.0F : 22.0F),
                theme.ink_soft, size, beside ? Align::right : Align::left);
    if (!gradients && s.dead > 0) {
      const std::string dead =
          beside ? words.format("vanishing-gradients.dead", {std::to_string(s.dead)}) : "✗" + std::to_string(s.dead);
      canvas.text(canvas.fonts.text_small, beside ? area.x0 : area.x1, area.y0 + 22.0F, theme.bad, dead,
                  beside ? Align::left : Align::right);
    }
  }
  const Rect bars{area.x0, area.y0 + two_lines, area.x1, area.y1};
  if (bars.height() < 24.0F) return;
  if (moments.not_finite > 0) {
    canvas.text(canvas.fonts.text_large, 0.5F * (bars.x0 + bars.x1), 0.5F * (bars.y0 + bars.y1), theme.bad, "∞",
                Align::centre);
    return;
  }
  HistogramStyle style;
  style.logarithmic = state_.toggle("log");
  const auto total = static_cast<double>(moments.count);
  const auto bin = draw_histogram(canvas, bars, h, style.logarithmic ? total : 0.0, style);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (area.contains(mouse.x, mouse.y)) next_pointed_ = picture.layer;
  if (!bin) return;
  const double low = h.low + *bin * h.width();
  draw_note(canvas, mouse.x, mouse.y,
            words.format("vanishing-gradients.bin_note",
                         {std::to_string(h.counts[static_cast<std::size_t>(*bin)]), std::to_string(moments.count),
                          words.number(low, 2), words.number(low + h.width(), 2)}));
}

}  // namespace cvlab::app
