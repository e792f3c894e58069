#include <algorithm>
#include <cmath>

#include "app/demos/homography/homography.hpp"
#include "app/views/field.hpp"
#include "app/views/note.hpp"
#include "app/views/symbols.hpp"
#include "app/views/tensor_grid.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 24.0F;
constexpr float line = 22.0F;
constexpr float grip = 16.0F;  // px around a corner in which it is taken
constexpr const char* corner_names[] = {"1", "2", "3", "4"};
constexpr const char* unknowns[] = {"h_11", "h_12", "h_13", "h_21", "h_22", "h_23", "h_31", "h_32"};

ImU32 corner_colour(const Theme& theme, int i) {
  constexpr int colours[] = {0, 1, 2, 5};
  return theme.categorical[colours[i]];
}

}  // namespace

ImVec2 HomographyDemo::on_screen(const CellMap& map, Point2 p) {
  return {map.x + (static_cast<float>(p.x) + 0.5F) * map.size, map.y + (static_cast<float>(p.y) + 0.5F) * map.size};
}

HomographyDemo::Layout HomographyDemo::layout(const Canvas& canvas) const {
  Layout l;
  const Rect& a = canvas.area;
  const float pad = std::clamp(0.02F * a.width(), 10.0F, 24.0F);
  l.wide = a.width() >= 620.0F && a.width() > 1.1F * a.height();
  const auto photo_ratio = static_cast<float>(height_ / std::max(1.0, width_));
  const auto page_ratio = static_cast<float>(page_height_ / page_width_);
  const float top = a.y0 + pad + caption;
  if (l.wide) {
    const float width = 0.5F * (a.width() - 3.0F * pad);
    const float room = a.height() - 2.0F * pad - caption;
    const float height = std::min(width * std::max(photo_ratio, page_ratio), 0.58F * room);
    l.first = {a.x0 + pad, top, a.x0 + pad + width, top + height};
    l.second = {l.first.x1 + pad, top, a.x1 - pad, top + height};
    l.third = {l.first.x0, l.first.y1 + 16.0F, l.first.x1, a.y1 - pad};
    l.fourth = {l.second.x0, l.second.y1 + 16.0F, l.second.x1, a.y1 - pad};
    return l;
  }
  const float width = a.width() - 2.0F * pad;
  const float room = a.height() - 2.0F * caption - 24.0F;
  const float photo = std::min(width * photo_ratio, 0.36F * room);
  const float page = std::min(width * page_ratio, 0.28F * room);
  l.first = {a.x0 + pad, a.y0 + 2.0F + caption, a.x1 - pad, a.y0 + 2.0F + caption + photo};
  l.second = {l.first.x0, l.first.y1 + 6.0F + caption, l.first.x1, l.first.y1 + 6.0F + caption + page};
  const float rest = a.y1 - 4.0F - l.second.y1 - 10.0F;
  const float below = std::min(rest, 8.2F * line);
  l.fourth = {l.first.x0, l.second.y1 + 10.0F, l.first.x1, l.second.y1 + 10.0F + below};
  l.third = {l.first.x0, l.fourth.y1 + 8.0F, l.first.x1, a.y1 - 4.0F};
  return l;
}

void HomographyDemo::draw(Canvas& canvas) {
  if (canvas.area.width() < 60.0F || canvas.area.height() < 60.0F) return;
  pointed_.reset();
  if (task() == Task::stitch) return draw_stitch(canvas);
  if (task() == Task::ransac) return draw_ransac(canvas);
  draw_rectify(canvas);
}

// Its size is known before it has come.
CellMap HomographyDemo::photo_map(const Rect& area) const {
  CellMap map;
  map.size = std::min(area.width() / static_cast<float>(width_), area.height() / static_cast<float>(height_));
  map.x = area.x0 + 0.5F * (area.width() - map.size * static_cast<float>(width_));
  map.y = area.y0;
  map.clip = {map.x, map.y, map.x + map.size * static_cast<float>(width_),
              map.y + map.size * static_cast<float>(height_)};
  return map;
}

CellMap HomographyDemo::page_map(const Rect& area) const {
  CellMap map;
  map.size = std::min(area.width() / static_cast<float>(page_width_), area.height() / static_cast<float>(page_height_));
  map.x = area.x0 + 0.5F * (area.width() - map.size * static_cast<float>(page_width_));
  map.y = area.y0;
  map.clip = {map.x, map.y, map.x + map.size * static_cast<float>(page_width_),
              map.y + map.size * static_cast<float>(page_height_)};
  return map;
}

void HomographyDemo::draw_rectify(const Canvas& canvas) {
  const Layout l = layout(canvas);
  const CellMap photo = photo_map(l.first);
  draw_photo(canvas, photo, true);
  draw_page(canvas, page_map(l.second));
  if (to_page_ && l.third.height() > 7.0F * 14.0F) draw_system(canvas, l.third);
  if (!to_page_) return;
  const float matrix = std::min(l.fourth.width(), 330.0F);
  if (l.wide) {
    draw_matrix(canvas, {l.fourth.x0, l.fourth.y0, l.fourth.x0 + matrix, l.fourth.y0 + 4.0F * line});
    draw_division(canvas, {l.fourth.x0, l.fourth.y0 + 4.8F * line, l.fourth.x1, l.fourth.y1});
  } else {
    draw_matrix(canvas, {l.fourth.x0, l.fourth.y0, l.fourth.x0 + matrix, l.fourth.y0 + 3.0F * line});
    draw_division(canvas, {l.fourth.x0, l.fourth.y0 + 3.1F * line, l.fourth.x1, l.fourth.y1});
  }
}

// The photograph, the four corners and the quadrilateral between them, the place that is looked at.
void HomographyDemo::draw_photo(const Canvas& canvas, const CellMap& map, bool editable) {
  const Theme& theme = canvas.theme;
  draw_caption(canvas, map.clip, canvas.words(editable ? "homography.photo" : "homography.photo.points"), nullptr);
  if (!problem_.id.empty()) {
    canvas.list.AddRectFilled({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, theme.surface);
    draw_message(canvas, map.clip, canvas.words.sentence(problem_));
  } else {
    photo_view_.draw(canvas, map);
  }
  draw_frame(canvas, map.clip, theme.rule_strong, 1.0F);
  if (editable) edit_corners(map);
  std::array<ImVec2, 4> at;
  for (std::size_t i = 0; i < 4; ++i) at[i] = on_screen(map, corners_[i]);
  canvas.list.PushClipRect({map.clip.x0 - 12.0F, map.clip.y0 - 12.0F}, {map.clip.x1 + 12.0F, map.clip.y1 + 12.0F},
                           true);
  canvas.list.AddPolyline(at.data(), 4, IM_COL32(0, 0, 0, 140), ImDrawFlags_Closed, 4.0F);
  canvas.list.AddPolyline(at.data(), 4, IM_COL32(255, 255, 255, 235), ImDrawFlags_Closed, 2.0F);
  if (editable) {
    for (int i = 0; i < 4; ++i) {
      const ImVec2 p = at[static_cast<std::size_t>(i)];
      const float r = state_.integer("selected") == i + 1 ? 10.0F : 8.5F;
      canvas.list.AddCircleFilled(p, r + 1.5F, IM_COL32(255, 255, 255, 240));
      canvas.list.AddCircleFilled(p, r, corner_colour(theme, i));
      canvas.text(canvas.fonts.number, p.x, p.y, ink_on(corner_colour(theme, i)), corner_names[i], Align::centre,
                  12.0F);
    }
    const ImVec2 q = on_screen(map, pointed_.value_or(point_));
    canvas.list.AddCircle(q, 6.0F, IM_COL32(255, 255, 255, 230), 0, 4.5F);
    canvas.list.AddCircle(q, 6.0F, theme.focus, 0, 2.5F);
  }
  canvas.list.PopClipRect();
}

// A press near a corner takes it, elsewhere it keeps the place; arrow keys move the selected corner.
void HomographyDemo::edit_corners(const CellMap& map) {
  const Rect around{map.clip.x0 - 8.0F, map.clip.y0 - 8.0F, map.clip.x1 + 8.0F, map.clip.y1 + 8.0F};
  const AreaInput input = area_input("photo", around);
  const Point2 over{(input.x - map.x) / map.size - 0.5, (input.y - map.y) / map.size - 0.5};
  const Point2 inside{std::clamp(over.x, 0.0, width_ - 1), std::clamp(over.y, 0.0, height_ - 1)};
  int nearest = -1;
  float least = grip;
  for (int i = 0; i < 4; ++i) {
    const ImVec2 p = on_screen(map, corners_[static_cast<std::size_t>(i)]);
    const float d = std::hypot(p.x - input.x, p.y - input.y);
    if (d < least) {
      least = d;
      nearest = i;
    }
  }
  if (!input.pressed) dragged_ = -1;
  if (input.clicked && nearest >= 0) {
    dragged_ = nearest;
    (void)state_.set("selected", std::to_string(nearest + 1));
  }
  if (dragged_ >= 0 && (input.drag_x != 0.0F || input.drag_y != 0.0F)) {
    corners_[static_cast<std::size_t>(dragged_)] = {std::round(inside.x), std::round(inside.y)};
    put_corners();
  } else if (input.hovered && nearest < 0 && dragged_ < 0) {
    pointed_ = Point2{std::round(inside.x), std::round(inside.y)};
    if (input.clicked) look_at(*pointed_);
  }
  if (input.hovered && nearest >= 0) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  int down = 0;
  int right = 0;
  if (!arrow_keys(down, right)) return;
  Point2& p = corners_[static_cast<std::size_t>(state_.integer("selected") - 1)];
  p = {std::clamp(p.x + right, 0.0, width_ - 1), std::clamp(p.y + down, 0.0, height_ - 1)};
  put_corners();
}

void HomographyDemo::draw_page(const Canvas& canvas, const CellMap& map) {
  const Theme& theme = canvas.theme;
  const std::string size =
      canvas.words.number(page_width_, 4) + " \u00D7 " + canvas.words.number(page_height_, 4) + " px";
  draw_caption(canvas, map.clip, canvas.words("homography.page"), size.c_str());
  canvas.list.AddRectFilled({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, theme.surface);
  if (!remark_.id.empty()) {
    draw_message(canvas, map.clip, canvas.words.sentence(remark_));
  } else if (!page_view_.empty()) {
    page_view_.draw(canvas, map);
  }
  draw_frame(canvas, map.clip, theme.rule_strong, 1.0F);
  if (!to_page_ || crossed_) return;
  const AreaInput input = area_input("page", map.clip);
  if (input.hovered) {
    const Point2 over{(input.x - map.x) / map.size - 0.5, (input.y - map.y) / map.size - 0.5};
    const Point2 source = (*to_photo_)(over);
    if (std::isfinite(source.x) && std::isfinite(source.y)) {
      pointed_ = source;
      if (input.clicked) look_at(source);
    }
  }
  const Point2 p = (*to_page_)(pointed_.value_or(point_));
  const ImVec2 q = on_screen(map, p);
  if (std::isfinite(q.x) && std::isfinite(q.y) && map.clip.contains(q.x, q.y)) {
    canvas.list.AddCircle(q, 6.0F, IM_COL32(255, 255, 255, 230), 0, 4.5F);
    canvas.list.AddCircle(q, 6.0F, theme.focus, 0, 2.5F);
  }
  for (int i = 0; i < 4; ++i) {
    const float x = i == 0 || i == 3 ? map.clip.x0 + 11.0F : map.clip.x1 - 11.0F;
    const float y = i < 2 ? map.clip.y0 + 11.0F : map.clip.y1 - 11.0F;
    canvas.list.AddCircleFilled({x, y}, 8.0F, corner_colour(theme, i));
    canvas.text(canvas.fonts.number, x, y, ink_on(corner_colour(theme, i)), corner_names[i], Align::centre, 11.0F);
  }
}

// Eight equations, two for each corner; the unknowns stand over their columns.
void HomographyDemo::draw_system(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const std::array<Point2, 4> page = {{{0, 0}, {page_width_, 0}, {page_width_, page_height_}, {0, page_height_}}};
  const HomographySystem system = homography_system(corners_, page);
  const float left = 20.0F;
  // Ones, coordinates, products: the last two unknowns have the long numbers.
  constexpr float shares[] = {0.8F, 0.75F, 0.55F, 0.8F, 0.75F, 0.55F, 1.5F, 1.5F, 0.9F};
  const float unit = std::min((area.width() - left - 4.0F) / 8.1F, 72.0F);
  const float head = 44.0F;
  const float row = std::min((area.height() - head) / 8.0F, 30.0F);
  if (row < 10.0F || unit < 24.0F) return;
  const float size = std::min({row * 0.62F, 1.5F * unit / 7.6F / 0.6F, 14.0F});
  const float y0 = area.y0 + head;
  canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 8.0F, theme.ink, canvas.words("homography.system"));
  const auto right = [&](int c) {
    float x = area.x0 + left;
    for (int i = 0; i <= c; ++i) x += shares[i] * unit;
    return x;
  };
  for (int c = 0; c < 8; ++c) {
    draw_symbols(canvas, canvas.fonts.text, right(c), y0 - 10.0F, theme.ink_soft, unknowns[c], Align::right,
                 size + 1.0F);
  }
  for (int r = 0; r < 8; ++r) {
    const float y = y0 + (static_cast<float>(r) + 0.5F) * row;
    const int corner = r / 2;
    if (r % 2 == 0) {
      canvas.list.AddCircleFilled({area.x0 + 7.0F, y + 0.5F * row}, std::min(7.0F, 0.8F * row),
                                  corner_colour(theme, corner));
      canvas.text(canvas.fonts.number, area.x0 + 7.0F, y + 0.5F * row, ink_on(corner_colour(theme, corner)),
                  corner_names[corner], Align::centre, 10.0F);
      if (corner % 2 == 1) {
        canvas.list.AddRectFilled({area.x0 + left, y - 0.5F * row}, {right(8) + 4.0F, y + 1.5F * row}, theme.surface);
      }
    }
    for (int c = 0; c < 9; ++c) {
      const double v = c < 8 ? system.a[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)]
                             : system.b[static_cast<std::size_t>(r)];
      canvas.text(canvas.fonts.number, right(c), y, v == 0.0 ? theme.rule_strong : theme.ink,
                  canvas.words.number(v == 0.0 ? 0.0 : v, 6), Align::right, size);
    }
  }
  const float bar = right(7) + 7.0F;
  canvas.list.AddLine({bar, y0 - 2.0F}, {bar, y0 + 8.0F * row}, theme.rule_strong);
}

void HomographyDemo::draw_matrix(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const float row = std::min(1.25F * line, area.height() / 3.0F);
  const float y0 = area.y0 + 4.0F;
  canvas.text(canvas.fonts.text_large, area.x0, y0 + 1.5F * row, theme.ink, "H =");
  const float x0 = area.x0 + 46.0F;
  const float column = std::min((area.x1 - x0 - 10.0F) / 3.0F, 100.0F);
  const float x1 = x0 + 3.0F * column + 8.0F;
  for (const float x : {x0, x1}) {  // brackets
    const float inward = x == x0 ? 5.0F : -5.0F;
    canvas.list.AddLine({x, y0}, {x, y0 + 3.0F * row}, theme.ink_soft, 1.5F);
    canvas.list.AddLine({x, y0}, {x + inward, y0}, theme.ink_soft, 1.5F);
    canvas.list.AddLine({x, y0 + 3.0F * row}, {x + inward, y0 + 3.0F * row}, theme.ink_soft, 1.5F);
  }
  for (int i = 0; i < 9; ++i) {
    const double v = to_page_->h[static_cast<std::size_t>(i)];
    const int down = i / 3;
    canvas.text(canvas.fonts.number, x0 + static_cast<float>(i % 3 + 1) * column,
                y0 + (static_cast<float>(down) + 0.5F) * row, theme.ink, canvas.words.number(v, 4), Align::right);
  }
}

// The way of one place: three sums, two divisions.
void HomographyDemo::draw_division(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const Words& words = canvas.words;
  const Point2 p = pointed_.value_or(point_);
  const MappedPoint m = to_page_->map(p);
  const auto n = [&](double v) { return words.number(v, 4); };
  const auto sum = [&](const char* name, std::size_t i, double value) {
    const auto& h = to_page_->h;
    std::string text = std::string(name) + " = " + n(h[i]) + "\u00B7" + n(p.x);
    text += (h[i + 1] < 0 ? " \u2212 " : " + ") + n(std::abs(h[i + 1])) + "\u00B7" + n(p.y);
    text += (h[i + 2] < 0 ? " \u2212 " : " + ") + n(std::abs(h[i + 2])) + " = " + n(value);
    return text;
  };
  const std::pair<std::string, ImU32> lines[] = {
      {words.format("homography.place", {n(p.x), n(p.y)}), theme.focus},
      {sum("u", 0, m.u), theme.ink},
      {sum("v", 3, m.v), theme.ink},
      {sum("w", 6, m.w), theme.ink},
      {"x\u2032 = u / w = " + n(m.u) + " / " + n(m.w) + " = " + n(m.point.x), theme.ink},
      {"y\u2032 = v / w = " + n(m.v) + " / " + n(m.w) + " = " + n(m.point.y), theme.ink},
  };
  const float step = std::min(1.25F * line, area.height() / 6.0F);
  if (step < 11.0F) return;
  float y = area.y0 + 0.5F * step;
  for (const auto& [text, ink] : lines) {
    const bool first = &text == &lines[0].first;
    const bool fits = canvas.text_width(canvas.fonts.number, text) <= area.width();
    ImFont* font = first ? canvas.fonts.text_small : fits ? canvas.fonts.number : canvas.fonts.number_small;
    canvas.text(font, area.x0, y, ink, fitted(canvas, font, text, area.width()));
    y += step;
  }
}

}  // namespace cvlab::app
