#include <algorithm>
#include <cmath>

#include "app/demos/pixels/pixels.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "core/image/convert.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float row_height = 28.0F;
constexpr const char* channel_names[] = {"pixels.channel.red", "pixels.channel.green", "pixels.channel.blue",
                                         "pixels.channel.grey"};

// The hue of a channel: a label, not a measurement.
ImU32 channel_colour(const Theme& theme, int channel) {
  const ImU32 hues[] = {theme.red, theme.green, theme.blue};
  return channel > 2 ? theme.ink_soft : hues[channel];
}

}  // namespace

Pixels::Layout Pixels::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  l.wide = a.width() >= 420.0F && a.width() > 1.1F * a.height();
  if (l.wide) {
    const float side = std::clamp(0.34F * a.width(), 220.0F, 380.0F);
    l.picture = {a.x0 + pad, a.y0 + pad + caption, a.x1 - side - 2.0F * pad, a.y1 - pad};
    const float x0 = l.picture.x1 + pad;
    const float plane = std::min((side - 16.0F) / 3.0F, 0.34F * l.picture.height());
    l.planes = {x0, l.picture.y0, x0 + 3.0F * plane + 16.0F, l.picture.y0 + plane};
    l.card = {x0, l.planes.y1 + 18.0F, a.x1 - pad, l.picture.y1};
    return l;
  }
  const float card = 5.2F * row_height + 40.0F;
  const float plane = std::min((a.width() - 2.0F * pad - 16.0F) / 3.0F, 0.16F * a.height());
  l.picture = {a.x0 + pad, a.y0 + 4.0F + caption, a.x1 - pad, a.y1 - card - plane - caption - 20.0F};
  l.planes = {l.picture.x0, l.picture.y1 + caption + 4.0F, l.picture.x0 + 3.0F * plane + 16.0F,
              l.picture.y1 + caption + 4.0F + plane};
  l.card = {a.x0 + pad, l.planes.y1 + 10.0F, a.x1 - pad, a.y1 - 4.0F};
  return l;
}

void Pixels::draw(Canvas& canvas) {
  if (levels_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.picture.width() < 8.0F || l.picture.height() < 8.0F) return;
  hovered_.reset();
  keys(l.picture);
  draw_picture(canvas, l);
  draw_planes(canvas, l.planes);
  draw_card(canvas, l.card);
}

void Pixels::draw_picture(const Canvas& canvas, const Layout& l) {
  const std::string size = std::to_string(rows()) + " \u00D7 " + std::to_string(columns());
  Explored explored(state_, camera_, l.picture, rows(), columns());
  const CellMap& map = explored.map();
  draw_caption(canvas, {l.picture.x0, map.clip.y0, l.picture.x1, map.clip.y1},
               canvas.words(("picture." + chosen_.id()).c_str()), size.c_str());
  view_.draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);

  const AreaInput input = area_input("picture", l.picture);
  explored.move(input);
  if (const std::optional<Cell> over = explored.under(input)) {
    hovered_ = over;
    if (explored.keeps(input)) (void)state_.set("cell", State::format(*over));
  }
  mark(canvas, map, hovered_.value_or(cell_));
  explored.buttons(canvas, cell_);
}

// Red, green and blue as three grey pictures; clicking one shows it large, clicking again all three together.
void Pixels::draw_planes(const Canvas& canvas, const Rect& area) {
  const float side = area.height();
  constexpr const char* values[] = {"red", "green", "blue"};
  for (int c = 0; c < 3; ++c) {
    const float x = area.x0 + static_cast<float>(c) * (side + 8.0F);
    const Rect box{x, area.y0, x + side, area.y1};
    const CellMap map = place(Camera{}, box, rows(), columns());
    draw_caption(canvas, {x, map.clip.y0, x + side, area.y1}, canvas.words(channel_names[c]), nullptr);
    plane_views_[static_cast<std::size_t>(c)].draw(canvas, map);
    const bool chosen = state_.choice("channel") == values[c];
    const AreaInput input = area_input(values[c], box);
    if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (input.clicked) (void)state_.set("channel", chosen ? "colour" : values[c]);
    draw_frame(canvas, map.clip, chosen || input.hovered ? channel_colour(canvas.theme, c) : canvas.theme.rule_strong,
               chosen ? 3.0F : 1.0F);
  }
}

void Pixels::draw_card(const Canvas& canvas, const Rect& area) const {
  if (area.height() < row_height) return;
  const Cell cell = hovered_.value_or(cell_);
  canvas.text(canvas.fonts.text_large, area.x0, area.y0 + 12.0F, canvas.theme.ink,
              canvas.words.format("pixels.pixel", {std::to_string(cell.row + 1), std::to_string(cell.column + 1)}));
  const ImU32 swatch = IM_COL32(value(0, cell), value(1, cell), value(2, cell), 255);
  canvas.list.AddRectFilled({area.x1 - 44.0F, area.y0}, {area.x1, area.y0 + 24.0F}, swatch, 4.0F);
  canvas.list.AddRect({area.x1 - 44.0F, area.y0}, {area.x1, area.y0 + 24.0F}, canvas.theme.rule_strong, 4.0F);
  float y = area.y0 + 34.0F;
  for (int channel = 0; channel < 4; ++channel) {
    if (y + row_height > area.y1) return;
    y = draw_channel_row(canvas, area, y, channel);
  }
  if (y + 40.0F <= area.y1) draw_levels(canvas, {area.x0, y + 8.0F, area.x1, y + 40.0F});
}

// Name, value, bar, and the value's bits: those that the bit depth keeps are in ink, the lost ones are faint.
float Pixels::draw_channel_row(const Canvas& canvas, const Rect& area, float y, int channel) const {
  const Cell cell = hovered_.value_or(cell_);
  const int v = value(channel, cell);
  const Theme& theme = canvas.theme;
  const float middle = y + 0.5F * row_height;
  const bool shown = channel == shown_channel();
  if (shown) canvas.list.AddRectFilled({area.x0 - 6.0F, y}, {area.x1 + 6.0F, y + row_height}, theme.focus_soft, 4.0F);
  canvas.text(canvas.fonts.text_small, area.x0, middle, theme.ink_soft, canvas.words(channel_names[channel]));
  canvas.text(canvas.fonts.number, area.x0 + 92.0F, middle, theme.ink, std::to_string(v), Align::right);
  const float digit = canvas.text_width(canvas.fonts.number, "0");
  const float bits_x = area.x1 - 8.0F * digit;
  const float x0 = area.x0 + 104.0F;
  const float x1 = bits_x - 12.0F;
  if (x1 - x0 > 20.0F) {
    canvas.list.AddRectFilled({x0, middle - 4.0F}, {x1, middle + 4.0F}, theme.rule, 4.0F);
    const float shown_value = static_cast<float>(quantised_value(quantise_level(v, bits_), bits_));
    if (shown_value > 0.0F) {
      canvas.list.AddRectFilled({x0, middle - 4.0F}, {x0 + (x1 - x0) * shown_value / 255.0F, middle + 4.0F},
                                channel_colour(theme, channel), 4.0F);
    }
  }
  for (int bit = 0; bit < 8; ++bit) {
    const char text[2] = {((v >> (7 - bit)) & 1) != 0 ? '1' : '0', '\0'};
    canvas.text(canvas.fonts.number, bits_x + static_cast<float>(bit) * digit, middle,
                bit < bits_ ? theme.ink : theme.rule_strong, text);
  }
  return y + row_height;
}

// The grey levels that the bit depth leaves, and where the shown value falls among them.
void Pixels::draw_levels(const Canvas& canvas, const Rect& area) const {
  const int count = 1 << bits_;
  const Cell cell = hovered_.value_or(cell_);
  const int level = quantise_level(value(shown_channel(), cell), bits_);
  const float width = area.width() / static_cast<float>(count);
  for (int i = 0; i < count; ++i) {
    const float x = area.x0 + width * static_cast<float>(i);
    canvas.list.AddRectFilled(
        {x, area.y0 + 8.0F}, {x + width + (count > 64 ? 1.0F : -1.0F), area.y0 + 20.0F},
        shade_colour(canvas.theme, Shade::grey, 0.0F, static_cast<float>(count - 1), static_cast<float>(i)));
  }
  canvas.list.AddRect({area.x0 - 0.5F, area.y0 + 7.5F}, {area.x1 + 0.5F, area.y0 + 20.5F}, canvas.theme.rule_strong);
  const float x = area.x0 + width * (static_cast<float>(level) + 0.5F);
  canvas.list.AddTriangleFilled({x - 5.0F, area.y0 + 1.0F}, {x + 5.0F, area.y0 + 1.0F}, {x, area.y0 + 8.0F},
                                canvas.theme.focus);
  canvas.text(canvas.fonts.text_small, area.x0, area.y1 - 3.0F, canvas.theme.ink_soft,
              canvas.words.format("pixels.level", {std::to_string(level), std::to_string(count)}));
}

void Pixels::keys(const Rect& area) {
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return;
  const Cell from = state_.cell("cell");
  cell_ = {std::clamp(from.row + down, 0, rows() - 1), std::clamp(from.column + right, 0, columns() - 1)};
  (void)state_.set("cell", State::format(cell_));
  const Camera& camera = camera_.read(state_, rows(), columns());
  if (camera.zoom > 1.0F) camera_.write(state_, revealed(camera, area, rows(), columns(), cell_));
}

}  // namespace cvlab::app
