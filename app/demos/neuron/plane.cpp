// The plane of both inputs: what the neuron says everywhere, its line, and the four corners of the task.
#include <algorithm>
#include <cmath>

#include "app/demos/neuron/neuron.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

namespace {

constexpr double low = -0.6, high = 1.6;
constexpr float reach = 16.0F;  // px, of a finger

}  // namespace

// A full disc is a yes, an empty one a no.
void Neuron::draw_answer(const Canvas& canvas, ImVec2 at, float radius, bool yes) {
  canvas.list.AddCircleFilled(at, radius, yes ? canvas.theme.positive : canvas.theme.negative);
  if (!yes) canvas.list.AddCircleFilled(at, 0.65F * radius, canvas.theme.paper);
}

FieldMap Neuron::plane_map(const Rect& area) const {
  const float spare = std::max(0.0F, area.width() - area.height());  // in the middle of what is wider than high
  return fit_field({area.x0 + 0.5F * spare, area.y0, area.x1, area.y1}, {{}, low, high, low, high});
}

void Neuron::draw_plane(const Canvas& canvas, const Rect& area) {
  const FieldMap map = plane_map(area);
  drag(canvas, map);
  field_.draw(canvas, map, canvas.theme.dark ? 0.8F : 0.75F);
  canvas.list.PushClipRect({map.area.x0, map.area.y0}, {map.area.x1, map.area.y1}, true);
  draw_line(canvas, map);
  draw_corners(canvas, map);
  canvas.list.PopClipRect();
  draw_field_axes(canvas, map, "x\u2081", "x\u2082");
}

void Neuron::draw_line(const Canvas& canvas, const FieldMap& map) const {
  const Theme& theme = canvas.theme;
  const auto line = boundary();
  if (!line) {
    draw_message(canvas, map.area, canvas.words("neuron.no_line"));
    return;
  }
  int above = 0;
  for (const double x : {low, high}) {
    for (const double y : {low, high}) above += neuron_.says_yes(x, y) ? 1 : 0;
  }
  if (above == 0 || above == 4) {
    const char* text = canvas.words("neuron.outside");
    canvas.text(canvas.fonts.text_small, 0.5F * (map.area.x0 + map.area.x1), map.py(0.5), theme.ink, text,
                Align::centre);
    return;
  }
  canvas.list.AddLine(map.at(line->x[0], line->y[0]), map.at(line->x[1], line->y[1]), theme.ink,
                      grip_ == Grip::line ? 4.5F : 3.0F);
  draw_arrow(canvas, map.at(line->foot_x, line->foot_y), map.at(line->tip_x, line->tip_y), theme.ink,
             grip_ == Grip::arrow ? 4.0F : 2.5F);
  draw_dot(canvas, map.at(line->tip_x, line->tip_y), 5.0F, theme.ink);
}

// What is wanted at the corners; a wrong answer is crossed out.
void Neuron::draw_corners(const Canvas& canvas, const FieldMap& map) const {
  const Theme& theme = canvas.theme;
  for (std::size_t i = 0; i < logic_corners.size(); ++i) {
    const ImVec2 at = map.at(logic_corners[i][0], logic_corners[i][1]);
    const bool right = neuron_.says_yes(logic_corners[i][0], logic_corners[i][1]) == task_[i];
    canvas.list.AddCircleFilled(at, 13.0F, theme.paper);
    draw_answer(canvas, at, 11.0F, task_[i]);
    if (right) continue;
    canvas.list.AddCircle(at, 17.0F, theme.bad, 0, 2.5F);
    canvas.text(canvas.fonts.text, at.x + 20.0F, at.y - 16.0F, theme.bad, "\u2717", Align::centre);
  }
  const ImVec2 shown = map.at(x1(), x2());
  canvas.list.AddCircle(shown, 21.0F, theme.focus, 0, 2.0F);
  for (const float side : {-1.0F, 1.0F}) {
    canvas.list.AddLine({shown.x + side * 18.0F, shown.y}, {shown.x + side * 26.0F, shown.y}, theme.focus, 2.0F);
    canvas.list.AddLine({shown.x, shown.y + side * 18.0F}, {shown.x, shown.y + side * 26.0F}, theme.focus, 2.0F);
  }
}

Neuron::Grip Neuron::grip_at(const FieldMap& map, float x, float y) const {
  const auto line = boundary();
  if (!line) return Grip::input;
  const ImVec2 tip = map.at(line->tip_x, line->tip_y);
  if (std::hypot(x - tip.x, y - tip.y) < reach) return Grip::arrow;
  // A corner is to be shown to the neuron even where the line passes near it.
  for (const auto& corner : logic_corners) {
    const ImVec2 at = map.at(corner[0], corner[1]);
    if (std::hypot(x - at.x, y - at.y) < 13.0F) return Grip::input;
  }
  const double w = std::hypot(neuron_.w1, neuron_.w2);
  const double distance = std::fabs(neuron_.net(map.x_at(x), map.y_at(y)) - neuron_.threshold()) / w;
  const double pixels = distance * static_cast<double>(map.area.width()) / (map.x1 - map.x0);
  return pixels < static_cast<double>(0.7F * reach) ? Grip::line : Grip::input;
}

void Neuron::pull(Grip grip, double x, double y) {
  if (grip == Grip::input) {
    for (const auto& corner : logic_corners) {  // they are what one means
      if (std::hypot(x - corner[0], y - corner[1]) < 0.09) {
        x = corner[0];
        y = corner[1];
      }
    }
    return set_input(x, y);
  }
  const auto line = boundary();
  if (!line) return;
  const double size = std::hypot(neuron_.w1, neuron_.w2);
  if (grip == Grip::line) {
    return set_weights(neuron_.w1, neuron_.w2, neuron_.threshold() - neuron_.w1 * x - neuron_.w2 * y);
  }
  // The arrow turns about its foot, and the line with it.
  const double dx = x - line->foot_x;
  const double dy = y - line->foot_y;
  const double length = std::hypot(dx, dy);
  if (length < 0.03) return;
  const double w1 = size * dx / length;
  const double w2 = size * dy / length;
  set_weights(w1, w2, neuron_.threshold() - w1 * line->foot_x - w2 * line->foot_y);
}

void Neuron::drag(const Canvas& canvas, const FieldMap& map) {
  const AreaInput input = area_input("plane", map.area);
  const Grip over = grip_at(map, input.x, input.y);
  if (input.clicked) grip_ = over;
  if (!input.pressed) grip_ = Grip::none;
  if (input.pressed && (input.clicked || input.drag_x != 0.0F || input.drag_y != 0.0F)) {
    if (grip_ != Grip::line || !input.clicked) pull(grip_, map.x_at(input.x), map.y_at(input.y));
  }
  if (!input.hovered || input.pressed) return;
  ImGui::SetMouseCursor(over == Grip::input ? ImGuiMouseCursor_Hand : ImGuiMouseCursor_ResizeAll);
  const double x = map.x_at(input.x);
  const double y = map.y_at(input.y);
  const Words& words = canvas.words;
  const char* key = over == Grip::arrow  ? "neuron.note_arrow"
                    : over == Grip::line ? "neuron.note_line"
                                         : "neuron.note_point";
  draw_note(canvas, input.x, input.y,
            words.format(key, {words.number(neuron_.net(x, y), 3), words.number(neuron_.out(x, y), 3)}));
}

}  // namespace cvlab::app
