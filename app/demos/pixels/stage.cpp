#include <algorithm>
#include <cmath>

#include "app/demos/pixels/pixels.hpp"
#include "app/views/area_input.hpp"
#include "app/views/colour_bar.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float small_caption = 20.0F;
constexpr float legend_height = 24.0F;

}  // namespace

Pixels::Layout Pixels::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  l.wide = a.width() >= 420.0F && a.width() > 1.1F * a.height();
  const float bar = view_shade_ == Shade::diverging ? legend_height : 0.0F;
  if (l.wide) {
    const float side = std::clamp(0.36F * a.width(), 220.0F, 400.0F);
    l.picture = {a.x0 + pad, a.y0 + pad + caption, a.x1 - side - 2.0F * pad, a.y1 - pad - bar};
    const float x0 = l.picture.x1 + pad;
    const float plane = std::min((side - 16.0F) / 3.0F, 0.3F * l.picture.height());
    l.planes = {x0, a.y0 + pad + caption, x0 + 3.0F * plane + 16.0F, a.y0 + pad + caption + plane};
    l.card = {x0, l.planes.y1 + 16.0F, a.x1 - pad, a.y1 - pad};
  } else {
    // The planes stand beside the picture, one below the other.
    const float ratio = static_cast<float>(rows()) / static_cast<float>(std::max(1, columns()));
    const float plane = std::clamp(0.19F * a.width(), 56.0F, 120.0F);
    const float width = a.width() - 3.0F * pad - plane;
    const float height = std::clamp(width * ratio, 80.0F, std::max(80.0F, a.height() - 226.0F - bar));
    l.picture = {a.x0 + pad, a.y0 + 4.0F + caption, a.x0 + pad + width, a.y0 + 4.0F + caption + height};
    l.planes = {a.x1 - pad - plane, a.y0 + 4.0F, a.x1 - pad, l.picture.y1};
    l.card = {a.x0 + pad, l.picture.y1 + bar + 8.0F, a.x1 - pad, a.y1 - 4.0F};
  }
  l.legend = {l.picture.x0, l.picture.y1 + 2.0F, std::min(l.picture.x1, l.picture.x0 + 360.0F),
              l.picture.y1 + legend_height};
  return l;
}

void Pixels::draw(Canvas& canvas) {
  if (grey_.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  const Layout l = layout(canvas);
  if (l.picture.width() < 8.0F || l.picture.height() < 8.0F) return;
  hovered_.reset();
  keys(l.picture);
  draw_picture(canvas, l);
  if (view_shade_ == Shade::diverging) draw_legend(canvas, l);
  draw_planes(canvas, l);
  draw_card(canvas, l);
}

void Pixels::draw_picture(const Canvas& canvas, const Layout& l) {
  const std::string size = std::to_string(rows()) + " \u00D7 " + std::to_string(columns());
  Explored explored(state_, camera_, l.picture, rows(), columns());
  const CellMap& map = explored.map();
  const std::string name =
      asked_.show == "error"
          ? canvas.words("pixels.error_picture")
          : std::string(canvas.words("picture." + chosen_.id())) + (asked_.channel == "colour" ? "" : ", ") +
                (asked_.channel == "colour" ? "" : canvas.words("pixels.channel." + asked_.channel));
  draw_caption(canvas, {l.picture.x0, map.clip.y0, l.picture.x1, map.clip.y1},
               fitted(canvas, canvas.fonts.text_small, name, l.picture.width()).c_str(), size.c_str());
  view_.draw(canvas, map);
  draw_frame(canvas, map.clip, canvas.theme.rule_strong, 1.0F);

  const AreaInput input = area_input("picture", l.picture);
  explored.move(input);
  if (const std::optional<Cell> over = explored.under(input)) {
    hovered_ = over;
    if (explored.keeps(input)) (void)state_.set("cell", State::format(*over));
  }
  mark(canvas, map, looked_at());
  explored.buttons(canvas, cell_);
}

// Right below the picture, however flat it is.
void Pixels::draw_legend(const Canvas& canvas, const Layout& l) {
  const Rect picture = place(camera_.read(state_, rows(), columns()), l.picture, rows(), columns()).clip;
  const Rect area{l.legend.x0, picture.y1 + 2.0F, l.legend.x1, picture.y1 + legend_height};
  const bool errors = asked_.show == "error";
  const double value =
      errors ? error(looked_at()) : (asked_.numbers == "unit" ? unit(level(looked_at())) : level(looked_at()));
  colour_bar(canvas, area, {Shade::diverging, 0.0F, view_high_, false, false, static_cast<float>(value)});
}

// The three planes of the colour space as three pictures; clicking one shows it large, clicking again all together.
void Pixels::draw_planes(const Canvas& canvas, const Layout& l) {
  const Theme& theme = canvas.theme;
  const ImU32 hues[] = {theme.red, theme.green, theme.blue};
  const float head = l.wide ? 0.0F : small_caption;
  const float step = l.wide ? (l.planes.width() - 16.0F) / 3.0F + 8.0F : l.planes.height() / 3.0F;
  for (int c = 0; c < 3; ++c) {
    const auto plane = static_cast<Plane>(first_of_strip() + c);
    const float at = static_cast<float>(c) * step;
    const Rect box = l.wide ? Rect{l.planes.x0 + at, l.planes.y0, l.planes.x0 + at + step - 8.0F, l.planes.y1}
                            : Rect{l.planes.x0, l.planes.y0 + at + head, l.planes.x1, l.planes.y0 + at + step - 4.0F};
    const CellMap map = place(Camera{}, box, rows(), columns());
    const std::string name = canvas.words(std::string("pixels.channel.") + plane_id(plane));
    canvas.text(canvas.fonts.text_small, box.x0, (l.wide ? map.clip.y0 : box.y0) - (l.wide ? 13.0F : 11.0F), theme.ink,
                fitted(canvas, canvas.fonts.text_small, name, box.width()));
    Palette palette = grey_palette();
    for (int v = 0; v < 256 && is_signed(plane); ++v) {
      palette[static_cast<std::size_t>(v)] =
          shade_colour(theme, Shade::diverging, 0.0F, 128.0F, static_cast<float>(v - 128));
    }
    strip_[static_cast<std::size_t>(c)].draw(canvas, map, palette, false);
    const bool chosen = asked_.channel == plane_id(plane);
    const AreaInput input = area_input(plane_id(plane), box);
    if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (input.clicked) (void)state_.set("channel", chosen ? "colour" : plane_id(plane));
    const ImU32 lit = plane < hue ? hues[c] : theme.focus;
    draw_frame(canvas, map.clip, chosen || input.hovered ? lit : theme.rule_strong, chosen ? 3.0F : 1.0F);
  }
}

void Pixels::keys(const Rect& area) {
  if (const auto cell = move_by_keys(state_, camera_, area, rows(), columns())) cell_ = *cell;
}

}  // namespace cvlab::app
