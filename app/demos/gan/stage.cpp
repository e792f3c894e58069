// The plane: the discriminator's opinion, real and generated points, what pulls them.
#include <algorithm>
#include <cmath>

#include "app/demos/gan/gan.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"
#include "app/views/point_editor.hpp"
#include "app/views/sentence.hpp"

namespace cvlab::app {

namespace {

constexpr float key_height = 22.0F;
constexpr double edge = 1.25;  // of the plane
constexpr float longest_arrow = 34.0F;

}  // namespace

Gan::Layout Gan::layout(const Canvas& canvas) const {
  const StageRoom room = stage_room(canvas, sentence(canvas.words));
  Layout l;
  l.status = room.status;
  if (room.wide) {
    arrange_wide(l, room);
    return l;
  }
  const float x0 = room.rest.x0, x1 = room.rest.x1, top = room.rest.y0, bottom = room.rest.y1;
  float y = top;
  const auto take = [&](Rect& part, float height) {
    if (bottom + 2.0F - y < height) return;
    part = {x0, y, x1, y + height};
    y += height + 10.0F;
  };
  if (recipe_.digits) {
    take(l.field, std::min(DigitGame::wall_height(x1 - x0), bottom - y));
    take(l.walk, DigitGame::walk_height(x1 - x0));
  } else {
    const float field = std::min(x1 - x0 - field_left, bottom - y - field_below - key_height);
    l.field = {x0, y, x0 + field + field_left + 1.0F, y + field + field_below};
    l.key = {x0 + field_left, l.field.y1, x1, l.field.y1 + key_height};
    y = l.key.y1 + 8.0F;
  }
  take(l.players, 116.0F);
  take(l.losses, 130.0F);
  take(l.meter, 140.0F);
  return l;
}

// The plane, or wall and walk, at the left; the panels at the right.
void Gan::arrange_wide(Layout& l, const StageRoom& room) const {
  const float x0 = room.rest.x0, x1 = room.rest.x1, y = room.rest.y0, bottom = room.rest.y1;
  if (recipe_.digits) {
    const float width = 0.62F * (x1 - x0), walk = DigitGame::walk_height(width);
    l.field = {x0, y, x0 + width, std::min(bottom - walk - 10.0F, y + DigitGame::wall_height(width))};
    l.walk = {x0, l.field.y1 + 14.0F, l.field.x1, bottom};
  } else {
    const float field = std::min(bottom - y - field_below - key_height, 0.66F * (x1 - x0) - field_left);
    l.field = {x0, y, x0 + field + field_left + 1.0F, y + field + field_below};
    l.key = {l.field.x0 + field_left, l.field.y1, l.field.x1, l.field.y1 + key_height};
  }
  const float left = l.field.x1 + room.pad, height = bottom - y;
  l.players = {left, y, x1, y + 116.0F};
  if (height < 360.0F) return;
  const bool modes = recipe_.digits || real_->mode_count() > 0;
  const float meter = modes ? std::clamp(0.3F * height, 130.0F, 210.0F) : 76.0F;
  l.losses = {left, l.players.y1 + 12.0F, x1, bottom - meter - 10.0F};
  l.meter = {left, bottom - meter, x1, bottom};
}

void Gan::draw(Canvas& canvas) {
  if (canvas.area.width() < 140.0F || canvas.area.height() < 140.0F) return;
  if (!running()) {
    if (recipe_.digits) draw_message(canvas, canvas.area, sentence(canvas.words));
    return;
  }
  if (looked_ < 0) look();
  const Layout l = layout(canvas);
  draw_sentence(canvas, l.status, sentence(canvas.words), canvas.theme.ink);
  pointed_mode_.reset();
  if (recipe_.digits) {
    digits_.draw_wall(canvas, l.field);
    if (l.walk.height() > 60.0F) digits_.draw_walk(canvas, l.walk);
    if (l.meter.height() > 60.0F) digits_.draw_meter(canvas, l.meter);
  } else {
    if (l.meter.height() > 60.0F) draw_meter(canvas, l.meter);
    draw_plane(canvas, l.field);  // rings the mode that is pointed at in the meter
    draw_key(canvas, l.key);
  }
  if (l.players.height() > 60.0F) draw_players(canvas, l.players);
  if (l.losses.height() > 60.0F) draw_losses(canvas, l.losses);
  int rows = 0, columns = 0;
  if (arrow_keys(rows, columns) && columns != 0)
    (void)state_.set("step", std::to_string(std::clamp(steps() + columns, 0, most_steps)));
}

void Gan::draw_plane(const Canvas& canvas, const Rect& area) {
  const FieldMap map = fit_field(area, {{}, -edge, edge, -edge, edge});
  const AreaInput input = area_input("plane", map.area);
  surface_.draw(canvas, map, canvas.theme.dark ? 0.85F : 0.75F);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  surface_.draw_levels(canvas, map, with_alpha(canvas.theme.ink, 0.25F));
  if (state_.toggle("mesh")) draw_mesh(canvas, map);
  draw_points(canvas, map);
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, "x₁", "x₂");
  if (problem_ == "gan.no_points") draw_message(canvas, map.area, canvas.words(problem_));
  if (recipe_.data == "own") {
    if (const auto text = edit_points(canvas, map, input, drawn_, {0, 0.04, canvas.words("gan.clear")}))
      (void)state_.set("points", *text);
  }
  if (input.hovered && !input.pressed) explain(canvas, map, input.x, input.y);
}

void Gan::draw_points(const Canvas& canvas, const FieldMap& map) const {
  const Theme& theme = canvas.theme;
  for (int m = 0; m < real_->mode_count(); ++m) {
    const auto k = static_cast<std::size_t>(m), modes = static_cast<std::size_t>(real_->mode_count());
    const float radius = map.px(3.0 * real_->spread) - map.px(0.0);
    const bool pointed = pointed_mode_ == m;
    canvas.list.AddCircle(map.at(real_->modes[k], real_->modes[modes + k]), radius,
                          pointed ? theme.focus : with_alpha(theme.ink, 0.45F), 0, pointed ? 2.5F : 1.0F);
  }
  const std::size_t n = real_->points.size() / 2;
  for (std::size_t i = 0; i < n; ++i)
    draw_dot(canvas, map.at(real_->points[i], real_->points[n + i]), 2.5F, theme.positive);
  const std::size_t count = seen_.cloud.size() / 2;
  if (state_.toggle("arrows") && seen_.pull_length > 0.0) {
    // On a common scale: the mean pull is a third of the longest arrow.
    const double scale = static_cast<double>(longest_arrow) / (3.0 * seen_.pull_length);
    for (std::size_t i = 0; i < count; ++i) {
      const ImVec2 from = map.at(seen_.cloud[i], seen_.cloud[count + i]);
      const double dx = scale * seen_.pull[i], dy = scale * seen_.pull[count + i];
      const double shrink =
          std::min(1.0, static_cast<double>(longest_arrow) / std::max(1e-9, std::sqrt(dx * dx + dy * dy)));
      draw_arrow(canvas, from, {from.x + static_cast<float>(shrink * dx), from.y - static_cast<float>(shrink * dy)},
                 theme.gradient, 1.5F);
    }
  }
  for (std::size_t i = 0; i < count; ++i)
    draw_dot(canvas, map.at(seen_.cloud[i], seen_.cloud[count + i]), 2.5F, theme.negative);
}

void Gan::draw_key(const Canvas& canvas, const Rect& area) const {
  const Theme& theme = canvas.theme;
  const float y = 0.5F * (area.y0 + area.y1) + 3.0F;
  float x = area.x0;
  const auto label = [&](const char* key) {
    x += 12.0F;
    x += canvas.text(canvas.fonts.text_small, x, y, theme.ink_soft, canvas.words(key)) + 16.0F;
  };
  draw_dot(canvas, {x + 4.0F, y}, 3.5F, theme.positive);
  label("gan.key_real");
  draw_dot(canvas, {x + 4.0F, y}, 3.5F, theme.negative);
  label("gan.key_fake");
  if (!state_.toggle("arrows")) return;
  draw_arrow(canvas, {x - 4.0F, y}, {x + 10.0F, y}, theme.gradient, 1.5F);
  x += 4.0F;
  label("gan.key_pull");
}

// What the generator makes of a square sheet ruled in squares.
void Gan::draw_mesh(const Canvas& canvas, const FieldMap& map) {
  constexpr int lines = 9, pieces = 40;
  std::vector<double> noise;
  for (int axis = 0; axis < 2; ++axis) {
    for (int across = 0; across < 2; ++across) {
      for (int line = 0; line < lines; ++line) {
        for (int k = 0; k <= pieces; ++k) {
          const double along = 2.0 * k / pieces - 1.0, fixed = 2.0 * line / (lines - 1) - 1.0;
          noise.push_back((axis == 0) == (across == 0) ? along : fixed);
        }
      }
    }
  }
  const std::vector<double> at = run_->run().generate(noise);
  const std::size_t count = at.size() / 2;
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back(map.at(at[i], at[count + i]));
    if (points.size() <= pieces) continue;
    canvas.list.AddPolyline(points.data(), static_cast<int>(points.size()), with_alpha(canvas.theme.ink, 0.55F),
                            ImDrawFlags_None, 1.0F);
    points.clear();
  }
}

void Gan::explain(const Canvas& canvas, const FieldMap& map, float x, float y) {
  const Words& words = canvas.words;
  const std::size_t count = seen_.cloud.size() / 2;
  float nearest = 9.0F;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < count; ++i) {
    const ImVec2 at = map.at(seen_.cloud[i], seen_.cloud[count + i]);
    const float distance = std::hypot(at.x - x, at.y - y);
    if (distance >= nearest) continue;
    nearest = distance;
    found = i;
  }
  if (found) {
    const std::size_t i = *found;
    draw_note(canvas, x, y,
              words.format("gan.sample_note", {words.number(noise_[i], 2), words.number(noise_[count + i], 2),
                                               words.number(seen_.judged[i], 3), words.number(seen_.pull[i], 3),
                                               words.number(seen_.pull[count + i], 3)}));
    return;
  }
  const double at[2] = {map.x_at(x), map.y_at(y)};
  draw_note(canvas, x, y,
            words.format("gan.place_note", {words.number(at[0], 2), words.number(at[1], 2),
                                            words.number(run_->run().discriminate(at)[0], 3)}));
}

}  // namespace cvlab::app
