#include <algorithm>
#include <cmath>

#include "app/demos/homography/homography.hpp"
#include "app/views/field.hpp"
#include "app/views/note.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float line = 20.0F;

}  // namespace

void HomographyDemo::draw_stitch(const Canvas& canvas) {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  if (!problem_.id.empty()) {
    draw_message(canvas, canvas.area, words.sentence(problem_));
    return;
  }
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  const float ratio = static_cast<float>(a_view_.height()) / static_cast<float>(std::max(1, a_view_.width()));
  const float width = 0.5F * (a.width() - 2.0F * pad - 12.0F);
  const float height = std::min(width * ratio, 0.42F * (a.height() - 2.0F * caption));
  const float top = a.y0 + 4.0F + caption;
  const Rect left{a.x0 + pad, top, a.x0 + pad + width, top + height};
  const Rect right{left.x1 + 12.0F, top, a.x1 - pad, top + height};
  CellMap map_a = a_view_.map(left);
  CellMap map_b = b_view_.map(right);
  draw_caption(canvas, map_a.clip, words(real_pair_ ? "homography.left" : "homography.view_a"), nullptr);
  draw_caption(canvas, map_b.clip, words(real_pair_ ? "homography.right" : "homography.view_b"), nullptr);
  a_view_.draw(canvas, map_a);
  b_view_.draw(canvas, map_b);
  draw_frame(canvas, map_a.clip, theme.rule_strong, 1.0F);
  draw_frame(canvas, map_b.clip, theme.rule_strong, 1.0F);
  draw_matches(canvas, map_a, map_b);
  const bool wide = a.width() >= 620.0F;
  const float counts = wide ? 250.0F : 0.0F;
  const Rect below{a.x0 + pad, top + height + 10.0F + caption, a.x1 - pad - counts,
                   a.y1 - (wide ? pad : pad + 3.4F * line)};
  if (below.height() < 20.0F) return;
  float bottom = below.y1;
  if (!remark_.id.empty()) {
    draw_message(canvas, below, words.sentence(remark_));
  } else {
    const CellMap map = mosaic_view_.map(below);
    bottom = map.clip.y1;
    draw_caption(canvas, {below.x0, map.clip.y0, below.x1, map.clip.y1}, words("homography.mosaic"), nullptr);
    mosaic_view_.draw(canvas, map);
    std::array<ImVec2, 4> at;
    const double x = views_.b.width - 1;
    const double y = views_.b.height - 1;
    const std::array<Point2, 4> corners = {{{0, 0}, {x, 0}, {x, y}, {0, y}}};
    for (std::size_t i = 0; i < 4; ++i) {
      const Point2 p = registration_.fit->h(corners[i]);
      at[i] = on_screen(map, {p.x + mosaic_.origin.x, p.y + mosaic_.origin.y});
    }
    canvas.list.AddPolyline(at.data(), 4, theme.focus, ImDrawFlags_Closed, 1.5F);
  }
  draw_count(canvas, wide ? Rect{below.x1 + 16.0F, below.y0, a.x1 - pad, a.y1 - pad}
                          : Rect{a.x0 + pad, bottom + 10.0F, a.x1 - pad, a.y1});
}

// A line for each match, the false ones below the true ones.
void HomographyDemo::draw_matches(const Canvas& canvas, const CellMap& a, const CellMap& b) {
  const Theme& theme = canvas.theme;
  for (const Corner& corner : features_a_.corners) {
    canvas.list.AddCircleFilled(on_screen(a, corner.point), 1.5F, IM_COL32(255, 255, 255, 150));
  }
  for (const Corner& corner : features_b_.corners) {
    canvas.list.AddCircleFilled(on_screen(b, corner.point), 1.5F, IM_COL32(255, 255, 255, 150));
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  int over = -1;
  for (const bool agreeing : {false, true}) {
    for (std::size_t i = 0; i < registration_.matches.size(); ++i) {
      const Match& m = registration_.matches[i];
      const bool agrees = registration_.fit && registration_.fit->inliers[i] != 0;
      if (agrees != agreeing) continue;
      const ImVec2 p = on_screen(a, features_a_.corners[static_cast<std::size_t>(m.a)].point);
      const ImVec2 q = on_screen(b, features_b_.corners[static_cast<std::size_t>(m.b)].point);
      canvas.list.AddLine(p, q, with_alpha(agrees ? theme.good : theme.bad, agrees ? 0.55F : 0.6F), 1.0F);
      draw_dot(canvas, p, 2.2F, agrees ? theme.good : theme.bad);
      draw_dot(canvas, q, 2.2F, agrees ? theme.good : theme.bad);
      if (std::hypot(p.x - mouse.x, p.y - mouse.y) < 8.0F || std::hypot(q.x - mouse.x, q.y - mouse.y) < 8.0F) {
        over = static_cast<int>(i);
      }
    }
  }
  if (over < 0) return;
  const Match& m = registration_.matches[static_cast<std::size_t>(over)];
  canvas.list.AddLine(on_screen(a, features_a_.corners[static_cast<std::size_t>(m.a)].point),
                      on_screen(b, features_b_.corners[static_cast<std::size_t>(m.b)].point), theme.focus, 2.5F);
  draw_note(
      canvas, mouse.x, mouse.y,
      canvas.words.format("homography.note.match", {std::to_string(m.distance), std::to_string(descriptor_bits)}));
}

void HomographyDemo::draw_count(const Canvas& canvas, const Rect& area) const {
  const Words& words = canvas.words;
  const auto& fit = registration_.fit;
  const std::pair<std::string, std::string> rows[] = {
      {words("homography.row.matches"), std::to_string(registration_.matches.size())},
      {words("homography.row.agree"), std::to_string(fit ? fit->count : 0)},
      {words("homography.row.rms"), words.number(fit ? fit->rms : NAN, 3) + " px"},
      {words("homography.row.corners"),
       std::to_string(features_a_.corners.size()) + " | " + std::to_string(features_b_.corners.size())},
  };
  float y = area.y0 + 0.5F * line;
  for (const auto& [label, value] : rows) {
    if (y + 0.5F * line > area.y1 + 4.0F) return;
    const float taken = canvas.text_width(canvas.fonts.number, value);
    canvas.text(canvas.fonts.text_small, area.x0, y, canvas.theme.ink_soft,
                fitted(canvas, canvas.fonts.text_small, label, area.width() - taken - 10.0F));
    canvas.text(canvas.fonts.number, area.x1, y, canvas.theme.ink, value, Align::right);
    y += line;
  }
}

}  // namespace cvlab::app
