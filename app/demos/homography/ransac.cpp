#include <algorithm>
#include <cmath>

#include "app/demos/homography/homography.hpp"
#include "app/views/field.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float line = 22.0F;
constexpr float caption = 24.0F;
constexpr float near = 9.0F;  // px in which a point is pointed at

}  // namespace

// The photograph over the page, the numbers beside them (below, on a narrow stage).
HomographyDemo::Layout HomographyDemo::ransac_layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  l.wide = a.width() >= 620.0F && a.width() > 1.1F * a.height();
  const float side = l.wide ? std::clamp(0.3F * a.width(), 220.0F, 330.0F) : 0.0F;
  const float rows = l.wide ? 0.0F : 6.0F * line + 8.0F;
  const float x1 = a.x1 - pad - (l.wide ? side + pad : 0.0F);
  const float width = x1 - a.x0 - pad;
  const float room = a.y1 - a.y0 - 2.0F * caption - 2.0F * pad - rows;
  const float photo = width * static_cast<float>(height_ / std::max(1.0, width_));
  const float page = width * static_cast<float>(page_height_ / page_width_);
  const float scale = std::min(1.0F, room / (photo + page));
  l.first = {a.x0 + pad, a.y0 + 4.0F + caption, x1, a.y0 + 4.0F + caption + scale * photo};
  l.second = {l.first.x0, l.first.y1 + 6.0F + caption, x1, l.first.y1 + 6.0F + caption + scale * page};
  l.third = l.wide ? Rect{x1 + pad, l.first.y0, a.x1 - pad, a.y1 - pad}
                   : Rect{l.first.x0, l.second.y1 + 10.0F, x1, a.y1 - 2.0F};
  return l;
}

void HomographyDemo::draw_ransac(const Canvas& canvas) {
  const Layout l = ransac_layout(canvas);
  const CellMap photo = photo_map(l.first);
  draw_photo(canvas, photo, false);
  const CellMap page = page_map(l.second);
  draw_caption(canvas, page.clip, canvas.words("homography.page.points"), nullptr);
  canvas.list.AddRectFilled({page.clip.x0, page.clip.y0}, {page.clip.x1, page.clip.y1}, canvas.theme.surface);
  if (!remark_.id.empty()) {
    draw_message(canvas, page.clip, canvas.words.sentence(remark_));
  } else {
    page_view_.draw(canvas, page, 0.28F);
    draw_outlines(canvas, page);
    draw_pairs(canvas, photo, page);
  }
  draw_frame(canvas, page.clip, canvas.theme.rule_strong, 1.0F);
  if (ransac_) draw_rounds(canvas, l.third);
}

// Where both homographies take the corners that were dragged: they should come to lie on the corners of the page.
void HomographyDemo::draw_outlines(const Canvas& canvas, const CellMap& page) const {
  const auto outline = [&](const Homography& h, ImU32 colour, float thickness) {
    std::array<ImVec2, 4> at;
    for (std::size_t i = 0; i < 4; ++i) {
      const Point2 p = h(corners_[i]);
      if (!std::isfinite(p.x) || !std::isfinite(p.y) || std::abs(p.x) + std::abs(p.y) > 1e5) return;
      at[i] = {page.x + static_cast<float>(p.x) * page.size, page.y + static_cast<float>(p.y) * page.size};
    }
    canvas.list.AddPolyline(at.data(), 4, colour, ImDrawFlags_Closed, thickness);
  };
  canvas.list.PushClipRect({page.clip.x0 - 4.0F, page.clip.y0 - 4.0F}, {page.clip.x1 + 4.0F, page.clip.y1 + 4.0F},
                           true);
  if (all_) outline(*all_, canvas.theme.categorical[1], 2.5F);
  if (fit_) outline(fit_->h, canvas.theme.good, 2.5F);
  canvas.list.PopClipRect();
}

// Green: agrees with the homography. Red: does not; a line leads from where H takes the point to where it was said to
// be. The four of the last round are ringed.
void HomographyDemo::draw_pairs(const Canvas& canvas, const CellMap& photo, const CellMap& page) {
  const Theme& theme = canvas.theme;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto on_page = [&](Point2 p) {
    return ImVec2{page.x + static_cast<float>(p.x) * page.size, page.y + static_cast<float>(p.y) * page.size};
  };
  int over = -1;
  for (std::size_t i = 0; i < pairs_.from.size(); ++i) {
    const ImVec2 a = on_screen(photo, pairs_.from[i]);
    const ImVec2 b = on_page(pairs_.to[i]);
    const bool agrees = fit_ && fit_->inliers[i] != 0;
    const ImU32 colour = agrees ? theme.good : theme.bad;
    if (fit_ && !agrees) {
      const Point2 wanted = fit_->h(pairs_.from[i]);
      const ImVec2 w = on_page(wanted);
      if (page.clip.contains(w.x, w.y)) canvas.list.AddLine(w, b, with_alpha(theme.bad, 0.35F), 1.0F);
    }
    if (photo.clip.contains(a.x, a.y)) draw_dot(canvas, a, 3.5F, colour);
    if (page.clip.contains(b.x, b.y)) draw_dot(canvas, b, 3.5F, colour);
    if (std::hypot(a.x - mouse.x, a.y - mouse.y) < near || std::hypot(b.x - mouse.x, b.y - mouse.y) < near) {
      over = static_cast<int>(i);
    }
  }
  for (const std::size_t i : ransac_->sample()) {
    if (i >= pairs_.from.size()) continue;
    canvas.list.AddCircle(on_screen(photo, pairs_.from[i]), 7.0F, theme.focus, 0, 2.0F);
    canvas.list.AddCircle(on_page(pairs_.to[i]), 7.0F, theme.focus, 0, 2.0F);
  }
  if (over < 0 || !fit_) return;
  const auto i = static_cast<std::size_t>(over);
  canvas.list.AddCircle(on_screen(photo, pairs_.from[i]), 6.0F, theme.ink, 0, 2.0F);
  canvas.list.AddCircle(on_page(pairs_.to[i]), 6.0F, theme.ink, 0, 2.0F);
  const Point2 wanted = fit_->h(pairs_.from[i]);
  const auto n = [&](double v) { return canvas.words.number(v, 3); };
  draw_note(
      canvas, mouse.x, mouse.y,
      canvas.words.format("homography.note.pair", {n(wanted.x), n(wanted.y), n(pairs_.to[i].x), n(pairs_.to[i].y),
                                                   n(reprojection_error(fit_->h, pairs_.from[i], pairs_.to[i]))}));
}

void HomographyDemo::draw_rounds(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const std::string total = std::to_string(pairs_.from.size());
  struct Row {
    std::string label, value;
    ImU32 swatch;
  };
  const Row rows[] = {
      {words("homography.row.rounds"),
       words.format("homography.of", {std::to_string(ransac_->rounds()), words.number(ransac_->rounds_needed(), 4)}),
       0},
      {words("homography.row.sample"),
       words.format("homography.of", {std::to_string(ransac_->sample_inliers()), total}), theme.focus},
      {words("homography.row.inliers"), words.format("homography.of", {std::to_string(fit_ ? fit_->count : 0), total}),
       theme.good},
      {words("homography.row.rms"), words.number(fit_ ? fit_->rms : NAN, 3) + " px", 0},
      {words("homography.row.fit"), words.number(fit_error_, 3) + " px", theme.good},
      {words("homography.row.all"), words.number(all_error_, 3) + " px", theme.categorical[1]},
  };
  const float width = std::min(area.width(), 560.0F);
  float y = area.y0 + 0.5F * line;
  for (const Row& row : rows) {
    if (y + 0.5F * line > area.y1 + 4.0F) return;
    if (row.swatch != 0) {
      canvas.list.AddRectFilled({area.x0, y - 2.0F}, {area.x0 + 16.0F, y + 2.0F}, row.swatch, 2.0F);
    }
    const float value = canvas.text_width(canvas.fonts.number, row.value);
    canvas.text(canvas.fonts.text_small, area.x0 + 24.0F, y, theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, row.label, width - 36.0F - value));
    canvas.text(canvas.fonts.number, area.x0 + width, y, theme.ink, row.value, Align::right);
    y += line;
  }
}

}  // namespace cvlab::app
