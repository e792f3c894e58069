#include <algorithm>
#include <string>

#include "app/demos/edges/edges.hpp"
#include "app/views/area_input.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"
#include "core/image/colormap.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 22.0F;
constexpr float legend_height = 24.0F;
constexpr float gap = 8.0F;

std::string stage_word(const char* stage) { return std::string("edges.stage.") + stage; }

}  // namespace

Edges::Layout Edges::layout(const Canvas& canvas) const {
  const Rect& a = canvas.area;
  Layout l;
  l.wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  l.names = l.wide || a.height() >= 500.0F;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const float ratio = static_cast<float>(rows()) / static_cast<float>(std::max(1, columns()));
  l.strip_columns = l.wide || !l.names ? stages : stages / 2;
  const float across = static_cast<float>(l.strip_columns);
  const float tile = (a.width() - 2.0F * pad - (across - 1.0F) * gap) / across;
  const float tile_height = std::clamp(tile * ratio, 20.0F, l.wide ? 0.17F * a.height() : 0.09F * a.height());
  const float lines = l.wide || !l.names ? 1.0F : 2.0F;
  l.strip = {a.x0 + pad, a.y0 + 4.0F, a.x1 - pad,
             a.y0 + 4.0F + lines * (caption + tile_height) + (lines - 1.0F) * 4.0F};
  const float top = l.strip.y1 + caption + 8.0F;
  if (l.wide) {
    // The pixel gets what the picture leaves.
    const float bottom = a.y1 - legend_height - 8.0F;
    const float least = std::clamp(0.34F * a.width(), 240.0F, 320.0F);
    const float picture = std::min((bottom - top) / ratio, a.width() - 3.0F * pad - least);
    l.picture = {a.x0 + pad, top, a.x0 + pad + picture, bottom};
    l.card = {l.picture.x1 + 1.2F * pad, l.strip.y1 + 12.0F, std::min(a.x1 - pad, l.picture.x1 + 1.2F * pad + 420.0F),
              a.y1 - 6.0F};
  } else {
    constexpr float verdict = 74.0F;
    const float side = std::clamp(0.36F * a.width(), 112.0F, 220.0F);
    l.picture = {a.x0 + pad, top, a.x1 - side - 1.6F * pad, a.y1 - verdict - legend_height - 8.0F};
    l.card = {l.picture.x1 + 0.6F * pad, top - caption, a.x1 - pad, l.picture.y1};
    l.verdict = {a.x0 + pad, a.y1 - verdict, a.x1 - pad, a.y1};
  }
  l.legend = {l.picture.x0, l.picture.y1 + 4.0F, l.wide ? l.picture.x1 : l.card.x1, l.picture.y1 + legend_height};
  return l;
}

void Edges::draw(Canvas& canvas) {
  if (smooth_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.picture.width() < 8.0F || l.picture.height() < 8.0F) return;
  hovered_.reset();
  keys(l.picture);
  draw_strip(canvas, l);
  draw_picture(canvas, l);
  draw_legend(canvas, l.legend);
  draw_card(canvas, l);
}

// All stages in order; clicking one shows it large.
void Edges::draw_strip(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const float across = static_cast<float>(l.strip_columns);
  const float width = (l.strip.width() - (across - 1.0F) * gap) / across;
  const int lines = stages / l.strip_columns;
  const float height = (l.strip.height() - static_cast<float>(lines - 1) * 4.0F) / static_cast<float>(lines);
  const int shown = shown_stage();
  for (int stage = 0; stage < stages; ++stage) {
    const float x = l.strip.x0 + static_cast<float>(stage % l.strip_columns) * (width + gap);
    const int row = stage / l.strip_columns;
    const float y = l.strip.y0 + static_cast<float>(row) * (height + 4.0F);
    const Rect box{x, y, x + width, y + height};
    const AreaInput input = area_input(stage_name(stage), box);
    if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (input.clicked) (void)state_.set("stage", stage_name(stage));
    const bool lit = stage == shown;
    const std::string name = l.names ? canvas.words(stage_word(stage_name(stage))) : std::to_string(stage + 1);
    canvas.text(canvas.fonts.text_small, x, y + 0.5F * caption, lit ? theme.focus : theme.ink,
                fitted(canvas, canvas.fonts.text_small, name, width));
    const Rect picture{x, y + caption, x + width, y + height};
    CellMap map = place(Camera{}, picture, rows(), columns());
    const float shift = map.clip.x0 - x;  // flush with its name
    map.x -= shift;
    map.clip.x0 -= shift;
    map.clip.x1 -= shift;
    views_[static_cast<std::size_t>(stage)].draw(canvas, map);
    draw_frame(canvas, map.clip, lit ? theme.focus : (input.hovered ? theme.ink_soft : theme.rule_strong),
               lit ? 2.0F : 1.0F);
  }
}

void Edges::draw_picture(const Canvas& canvas, const Layout& l) {
  const int shown = shown_stage();
  Explored explored(state_, camera_, l.picture, rows(), columns());
  const CellMap& map = explored.map();
  const std::string name = canvas.words(stage_word(stage_name(shown)) + ".caption");
  const std::string size = std::to_string(rows()) + " \u00D7 " + std::to_string(columns());
  draw_caption(canvas, {map.clip.x0, map.clip.y0, map.clip.x1, map.clip.y1},
               fitted(canvas, canvas.fonts.text_small, name, l.wide ? map.clip.width() : l.picture.width()).c_str(),
               size.c_str());
  views_[static_cast<std::size_t>(shown)].draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);
  const AreaInput input = area_input("picture", l.picture);
  explored.move(input);
  if (const std::optional<Cell> over = explored.under(input)) {
    hovered_ = over;
    if (explored.keeps(input)) (void)state_.set("cell", State::format(*over));
  }
  draw_mark(canvas, map);
  explored.buttons(canvas, cell_);
}

// The pixel, its 3x3 window, and from the thinning on the two neighbours that it is compared with.
void Edges::draw_mark(const Canvas& canvas, const CellMap& map) const {
  const Cell cell = looked_at();
  mark(canvas, map, cell);
  if (map.size < 7.0F) return;
  canvas.list.PushClipRect({map.clip.x0 - 2.0F, map.clip.y0 - 2.0F}, {map.clip.x1 + 2.0F, map.clip.y1 + 2.0F}, true);
  draw_frame(canvas, map.rect(cell.row - 1, cell.column - 1, 3, 3), with_alpha(canvas.theme.focus, 0.6F), 1.0F);
  const Pixel at = pixel(cell);
  for (const int side : {-1, 1}) {
    if (at.magnitude <= 0.0) break;
    const Rect there = map.rect(cell.row + side * at.across.row, cell.column + side * at.across.column);
    canvas.list.AddCircle({0.5F * (there.x0 + there.x1), 0.5F * (there.y0 + there.y1)}, 0.36F * map.size,
                          canvas.theme.focus, 0, 2.0F);
  }
  canvas.list.PopClipRect();
}

void Edges::draw_legend(const Canvas& canvas, const Rect& area) const {
  const Pixel at = pixel(looked_at());
  const int shown = shown_stage();
  const Rect bar{area.x0, area.y0, std::min(area.x1, area.x0 + 360.0F), area.y1};
  const auto value = [](double v) { return std::optional<float>(static_cast<float>(v)); };
  switch (shown) {
    case 1:
    case 2:
      return colour_bar(canvas, bar,
                        {Shade::diverging, 0.0F, gradient_high_, true, true, value(shown == 1 ? at.gx : at.gy)});
    case 3:
    case 5:
      return colour_bar(canvas, bar, {Shade::sequential, 0.0F, magnitude_high_, false, true, value(at.magnitude)});
    case 4:
    case 6:
    case 7:
      break;
    default:
      return colour_bar(canvas, bar, {Shade::grey, 0.0F, 255.0F, false, false, value(at.value)});
  }
  const Words& words = canvas.words;
  const float y = 0.5F * (area.y0 + area.y1);
  ImFont* const font = canvas.fonts.text_small;
  if (shown == 4) {
    canvas.text(font, area.x0, y, canvas.theme.ink_soft,
                fitted(canvas, font, words("edges.direction_legend"), area.width()));
    return;
  }
  float x = area.x0;
  const auto chip = [&](ImU32 colour, const std::string& text) {
    if (x + 18.0F + canvas.text_width(font, text) > area.x1) return;
    canvas.list.AddRectFilled({x, y - 6.0F}, {x + 12.0F, y + 6.0F}, colour, 2.0F);
    canvas.list.AddRect({x, y - 6.0F}, {x + 12.0F, y + 6.0F}, canvas.theme.rule_strong, 2.0F);
    x += 18.0F + canvas.text(font, x + 18.0F, y, canvas.theme.ink_soft, text) + 16.0F;
  };
  if (shown == 7) {
    chip(IM_COL32_WHITE, words.format("edges.kept_legend", {std::to_string(edge_pixels_)}));
    return;
  }
  const Rgb weak = colormap_categorical(1);
  chip(IM_COL32_WHITE, words.format("edges.strong_legend", {std::to_string(strong_)}));
  chip(IM_COL32(weak[0], weak[1], weak[2], 255), words.format("edges.weak_legend", {std::to_string(weak_)}));
}

void Edges::keys(const Rect& area) {
  if (const auto cell = move_by_keys(state_, camera_, area, rows(), columns())) cell_ = *cell;
}

}  // namespace cvlab::app
