#include <algorithm>
#include <cmath>

#include "app/demos/threshold/threshold.hpp"
#include "app/views/formula.hpp"
#include "app/views/level_bars.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

FormulaPiece sign(const char* text) { return {.top = text, .sign = true}; }

float height_at(const Rect& area, double share) {
  return area.y1 - area.height() * static_cast<float>(std::clamp(share, 0.0, 1.0));
}

// The line does not cross the words between the two plots; its grip is at the top.
void draw_handle(const Canvas& canvas, const Rect& above, const Rect& below, int level) {
  const ImU32 ink = canvas.theme.focus;
  const float x = level_x(below, level + 0.5);
  const float y = above.y0 + 9.0F;
  canvas.list.AddLine({x, y}, {x, above.y1}, ink, 2.0F);
  canvas.list.AddLine({x, below.y0}, {x, below.y1 + 4.0F}, ink, 2.0F);
  canvas.list.AddCircleFilled({x, y}, 9.0F, ink);
  for (const float side : {-1.0F, 1.0F}) {
    canvas.list.AddTriangleFilled({x + 6.0F * side, y}, {x + 2.0F * side, y - 4.0F}, {x + 2.0F * side, y + 4.0F},
                                  canvas.theme.surface);
  }
}

}  // namespace

// Otsu's objective over the histogram. Press or drag to set the threshold by hand.
void ThresholdDemo::draw_levels(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const AreaInput input = area_input("levels", {l.objective.x0, l.objective.y0, l.bars.x1, l.bars.y1 + 8.0F});
  const int over = level_at(l.bars, input.x);
  hovered_level_.reset();
  if (input.hovered) hovered_level_ = over;
  if (input.pressed) {
    (void)state_.set("method", "fixed");
    (void)state_.set("level", std::to_string(over));
  }
  const bool global = !adaptive();
  const int t = level();
  Palette colours{};
  for (int v = 0; v < 256; ++v) {
    const bool on = global && (v > t) != state_.toggle("dark");
    colours[static_cast<std::size_t>(v)] = on ? theme.accent : theme.ink_faint;
  }
  draw_caption(canvas, {l.bars.x0, l.bars.y0 + 4.0F, l.bars.x1, l.bars.y1}, words("threshold.histogram"), nullptr);
  draw_level_bars(canvas, l.bars, levels_, {.most = inner_fullest(levels_), .colours = &colours});
  draw_level_axis(canvas, l.bars, false);
  draw_objective(canvas, l.objective);
  if (global) {
    draw_handle(canvas, l.objective, l.bars, t);
  } else {
    const Cell cell = shown_cell();
    const int local = mean_.at(cell.row, cell.column) - state_.integer("offset");
    const float x = level_x(l.bars, std::clamp(local, 0, 255) + 0.5);
    canvas.list.AddLine({x, l.bars.y0}, {x, l.bars.y1}, theme.focus, 2.0F);
  }
  if (!hovered_level_ || input.pressed) return;
  const auto v = static_cast<std::size_t>(over);
  const double share = otsu_.total > 0.0 ? otsu_.between[v] / otsu_.total : 0.0;
  draw_note(
      canvas, input.x, input.y,
      words.format("threshold.note", {std::to_string(over), std::to_string(levels_.count[v]), words.number(share, 3)}));
}

void ThresholdDemo::draw_objective(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  if (area.height() < 12.0F) return;
  draw_caption(canvas, {area.x0, area.y0 + 2.0F, area.x1, area.y1}, canvas.words("threshold.objective"), nullptr);
  canvas.list.AddLine({area.x0, area.y1}, {area.x1, area.y1}, theme.rule_strong);
  canvas.list.AddLine({area.x0, area.y0}, {area.x1, area.y0}, theme.rule);
  if (otsu_.total <= 0.0) return;
  std::vector<ImVec2> line;
  line.reserve(256);
  for (int v = 0; v < 256; ++v) {
    const double share = otsu_.between[static_cast<std::size_t>(v)] / otsu_.total;
    line.push_back({level_x(area, v + 0.5), height_at(area, share)});
  }
  const ImU32 ink = adaptive() ? theme.ink_faint : theme.accent;
  canvas.list.AddPolyline(line.data(), static_cast<int>(line.size()), ink, 0, 2.0F);
  const ImVec2 best = line[static_cast<std::size_t>(otsu_.level)];
  canvas.list.AddCircleFilled(best, 5.0F, ink);
  const std::string name = "Otsu " + std::to_string(otsu_.level);
  const bool left = best.x + 90.0F > area.x1;
  canvas.text(canvas.fonts.text_small, best.x + (left ? -10.0F : 10.0F), best.y - 9.0F, theme.ink, name,
              left ? Align::right : Align::left);
}

// What decides for the pixel that is looked at; the piece that it belongs to; how well the mask matches.
void ThresholdDemo::draw_card(const Canvas& canvas, const Rect& area) const {
  if (area.height() < 40.0F) return;
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  float y = area.y0 + draw_decision(canvas, area);
  const auto line = [&](const std::string& text, ImU32 ink) {
    const float height = sentence_height(canvas, text, area.width());
    if (y + height > area.y1) return;
    draw_sentence(canvas, {area.x0, y, area.x1, y + height}, text, ink);
    y += height + 5.0F;
  };
  const Cell cell = shown_cell();
  const std::string f = std::to_string(grey_.at(cell.row, cell.column));
  line(words.format(mask_.at(cell.row, cell.column) != 0 ? "threshold.pixel.on" : "threshold.pixel.off",
                    {State::format(cell), f}),
       theme.ink);
  if (overlap_.b > 0) {
    const std::vector<FormulaPiece> iou = {
        {.top = "IoU", .value = words.number(overlap_.iou, 3), .marked = true},
        sign("="),
        {.top = words("threshold.both"),
         .bottom = words("threshold.either"),
         .value = std::to_string(overlap_.both) + " / " + std::to_string(overlap_.either)}};
    if (y + 84.0F > area.y1) {
      line("IoU = " + iou.back().value + " = " + words.number(overlap_.iou, 3), theme.ink);
    } else {
      y += draw_formula(canvas, {area.x0, y, area.x1, area.y1}, iou) + 2.0F;
    }
  }
  if (const Component* at = piece()) {
    line(words.format("threshold.piece.at",
                      {std::to_string(at->area), std::to_string(at->width), std::to_string(at->height)}),
         theme.ink);
  }
  if (overlap_.b == 0) line(words("threshold.unpainted"), theme.ink_soft);
}

float ThresholdDemo::draw_decision(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const auto number = [&](double v) { return words.number(v, 3); };
  if (adaptive()) {
    const Cell cell = shown_cell();
    const int f = grey_.at(cell.row, cell.column), mean = mean_.at(cell.row, cell.column);
    const int offset = state_.integer("offset");
    const bool above = f > mean - offset;
    return draw_formula(canvas, area,
                        {{.top = "f", .value = std::to_string(f)},
                         sign(above ? ">" : "≤"),
                         {.top = "M", .value = std::to_string(mean)},
                         sign(offset < 0 ? "+" : "\u2212"),
                         {.top = offset < 0 ? "|C|" : "C", .value = std::to_string(std::abs(offset))},
                         sign("="),
                         {.top = "t", .value = words.number(mean - offset, 3), .marked = true}}) +
           4.0F;
  }
  const Classes c = classes_of(levels_, level());
  return draw_formula(canvas, area,
                      {{.top = "σ²_B", .value = words.number(c.between, 4), .marked = true},
                       sign("="),
                       {.top = "w_0", .value = number(c.share_below)},
                       sign("·"),
                       {.top = "w_1", .value = number(c.share_above)},
                       sign("·"),
                       sign("("),
                       {.top = "m_0", .value = words.number(c.mean_below, 4)},
                       sign("\u2212"),
                       {.top = "m_1", .value = words.number(c.mean_above, 4)},
                       sign(")²")}) +
         4.0F;
}

}  // namespace cvlab::app
