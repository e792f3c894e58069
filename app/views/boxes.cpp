#include "app/views/boxes.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cvlab::app {

namespace {

constexpr unsigned left = 1U;
constexpr unsigned top = 2U;
constexpr unsigned right = 4U;
constexpr unsigned bottom = 8U;
constexpr unsigned whole = left | top | right | bottom;

constexpr float reach = 9.0F;            // px from an edge that still count as on it
constexpr float selected_reach = 16.0F;  // of the selected box, whose handles are seen
constexpr float drag_from = 3.0F;        // px of movement before a press becomes a drag
constexpr float tag_height = 18.0F;

// The sides of `rect` that (x, y) is near, `whole` inside it, 0 elsewhere. A small box keeps an inside to move it by.
unsigned sides_at(const Rect& rect, float x, float y, float reach_px) {
  if (x < rect.x0 - reach_px || x > rect.x1 + reach_px || y < rect.y0 - reach_px || y > rect.y1 + reach_px) return 0U;
  const float inner_x = std::min(reach_px, 0.25F * rect.width());
  const float inner_y = std::min(reach_px, 0.25F * rect.height());
  unsigned sides = 0U;
  if (x <= rect.x0 + inner_x) sides |= left;
  if (x >= rect.x1 - inner_x && (sides & left) == 0U) sides |= right;
  if (y <= rect.y0 + inner_y) sides |= top;
  if (y >= rect.y1 - inner_y && (sides & top) == 0U) sides |= bottom;
  return sides == 0U ? whole : sides;
}

ImGuiMouseCursor cursor_of(unsigned sides) {
  if (sides == whole) return ImGuiMouseCursor_ResizeAll;
  if (sides == left || sides == right) return ImGuiMouseCursor_ResizeEW;
  if (sides == top || sides == bottom) return ImGuiMouseCursor_ResizeNS;
  return sides == (left | top) || sides == (right | bottom) ? ImGuiMouseCursor_ResizeNWSE : ImGuiMouseCursor_ResizeNESW;
}

// Whole pixels; a tiny picture has eighths.
double grain(double width, double height) { return std::min(width, height) >= 64.0 ? 1.0 : 0.125; }

double snapped(double value, double step) { return std::round(value / step) * step; }

// The box with its `sides` moved by (dx, dy), inside the picture.
Box pulled(const Box& box, unsigned sides, double dx, double dy, double width, double height) {
  const double step = grain(width, height);
  if (sides == whole) {
    const double x = std::clamp(snapped(box.x0 + dx, step), 0.0, std::max(0.0, width - box.width()));
    const double y = std::clamp(snapped(box.y0 + dy, step), 0.0, std::max(0.0, height - box.height()));
    return moved(box, x - box.x0, y - box.y0);
  }
  Box out = box;
  const auto pull = [&](unsigned side, double& value, double by, double end) {
    if ((sides & side) != 0U) value = std::clamp(snapped(value + by, step), 0.0, end);
  };
  pull(left, out.x0, dx, width);
  pull(right, out.x1, dx, width);
  pull(top, out.y0, dy, height);
  pull(bottom, out.y1, dy, height);
  return ordered(out);
}

void dashed_line(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness) {
  constexpr float dash = 6.0F;
  const float length = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  const int count = std::min(400, static_cast<int>(length / (2.0F * dash)) + 1);
  for (int i = 0; i < count; ++i) {
    const float a = static_cast<float>(i) / static_cast<float>(count);
    const float b = std::min(1.0F, a + 0.55F / static_cast<float>(count));
    list.AddLine({from.x + a * (to.x - from.x), from.y + a * (to.y - from.y)},
                 {from.x + b * (to.x - from.x), from.y + b * (to.y - from.y)}, colour, thickness);
  }
}

bool overlaps(const Rect& a, const Rect& b) { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1; }

// Above the upper left corner, or wherever else at the box there is room.
Rect place_tag(const Rect& box, float width, const Rect& clip, const std::vector<Rect>& taken) {
  const float x1 = box.x1 - width;
  const ImVec2 places[] = {{box.x0, box.y0 - tag_height},
                           {x1, box.y0 - tag_height},
                           {box.x0, box.y1},
                           {x1, box.y1},
                           {box.x0, box.y0},
                           {x1, box.y1 - tag_height},
                           {x1, box.y0},
                           {box.x0, box.y1 - tag_height}};
  const auto rect_at = [&](ImVec2 at) {
    const float x = std::clamp(at.x, clip.x0, std::max(clip.x0, clip.x1 - width));
    const float y = std::clamp(at.y, clip.y0, std::max(clip.y0, clip.y1 - tag_height));
    return Rect{x, y, x + width, y + tag_height};
  };
  for (const ImVec2 at : places) {
    const Rect tag = rect_at(at);
    if (tag.y0 != at.y) continue;  // had to be pushed back into the picture
    if (std::none_of(taken.begin(), taken.end(), [&](const Rect& other) { return overlaps(tag, other); })) return tag;
  }
  Rect tag = rect_at(places[0]);  // the first free line below, as far as there is one
  while (tag.y1 + tag_height <= clip.y1 &&
         std::any_of(taken.begin(), taken.end(), [&](const Rect& other) { return overlaps(tag, other); })) {
    tag.y0 += 2.0F;
    tag.y1 += 2.0F;
  }
  return tag;
}

void draw_handles(const Canvas& canvas, const Rect& r, ImU32 colour) {
  const float x[] = {r.x0, 0.5F * (r.x0 + r.x1), r.x1};
  const float y[] = {r.y0, 0.5F * (r.y0 + r.y1), r.y1};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      if (row == 1 && column == 1) continue;
      const bool corner = row != 1 && column != 1;
      if (!corner && ((row == 1 ? r.height() : r.width()) < 60.0F)) continue;
      const float size = corner ? 4.5F : 3.5F;
      const ImVec2 a{x[column] - size, y[row] - size};
      const ImVec2 b{x[column] + size, y[row] + size};
      canvas.list.AddRectFilled(a, b, IM_COL32_WHITE, 2.0F);
      canvas.list.AddRect(a, b, colour, 2.0F, 0, 1.5F);
    }
  }
}

}  // namespace

Rect on_screen(const CellMap& map, const Box& box) {
  const auto at = [&](double v, float origin) {
    return std::clamp(origin + static_cast<float>(v) * map.size, -1e5F, 1e5F);
  };
  return {at(box.x0, map.x), at(box.y0, map.y), at(box.x1, map.x), at(box.y1, map.y)};
}

void draw_box_outline(const Canvas& canvas, const Rect& r, ImU32 colour, float thickness, bool is_dashed) {
  // A dark line under the coloured one keeps it visible on any photograph.
  const ImU32 under = IM_COL32(0, 0, 0, 110 * (colour >> IM_COL32_A_SHIFT) / 255);
  canvas.list.AddRect({r.x0, r.y0}, {r.x1, r.y1}, under, 1.0F, 0, thickness + 2.0F);
  if (!is_dashed) {
    canvas.list.AddRect({r.x0, r.y0}, {r.x1, r.y1}, colour, 1.0F, 0, thickness);
    return;
  }
  dashed_line(canvas.list, {r.x0, r.y0}, {r.x1, r.y0}, colour, thickness);
  dashed_line(canvas.list, {r.x1, r.y0}, {r.x1, r.y1}, colour, thickness);
  dashed_line(canvas.list, {r.x0, r.y1}, {r.x1, r.y1}, colour, thickness);
  dashed_line(canvas.list, {r.x0, r.y0}, {r.x0, r.y1}, colour, thickness);
}

void draw_centre(const Canvas& canvas, const CellMap& map, const Box& box, ImU32 colour) {
  const Rect r = on_screen(map, box);
  const ImVec2 at{0.5F * (r.x0 + r.x1), 0.5F * (r.y0 + r.y1)};
  canvas.list.AddCircleFilled(at, 5.5F, IM_COL32_WHITE);
  canvas.list.AddCircleFilled(at, 4.0F, colour);
}

void draw_boxes(const Canvas& canvas, const CellMap& map, std::span<const LabelledBox> boxes,
                std::optional<int> selected) {
  const Rect& clip = map.clip;
  canvas.list.PushClipRect({clip.x0 - 6.0F, clip.y0 - 6.0F}, {clip.x1 + 6.0F, clip.y1 + 6.0F}, true);
  const auto is_selected = [&](std::size_t i) { return selected && static_cast<std::size_t>(*selected) == i; };
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const LabelledBox& b = boxes[i];
    draw_box_outline(canvas, on_screen(map, b.box), with_alpha(b.colour, b.alpha),
                     b.thickness + (is_selected(i) ? 1.0F : 0.0F), b.dashed);
  }
  std::vector<Rect> taken;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const LabelledBox& b = boxes[i];
    if (b.label.empty()) continue;
    const float width = canvas.text_width(canvas.fonts.text_small, b.label) + 10.0F;
    const Rect tag = place_tag(on_screen(map, b.box), width, clip, taken);
    taken.push_back(tag);
    const ImU32 fill = with_alpha(b.colour, std::min(1.0F, 0.35F + 0.65F * b.alpha));
    canvas.list.AddRectFilled({tag.x0, tag.y0}, {tag.x1, tag.y1}, fill, 3.0F);
    canvas.text(canvas.fonts.text_small, tag.x0 + 5.0F, 0.5F * (tag.y0 + tag.y1), ink_on(b.colour), b.label);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (is_selected(i)) draw_handles(canvas, on_screen(map, boxes[i].box), boxes[i].colour);
  }
  canvas.list.PopClipRect();
}

// The selected box first, so that what is seen can be gripped; then edges; then the smallest box around the pointer.
BoxEditor::Grip BoxEditor::find(const CellMap& map, std::span<const LabelledBox> boxes, std::optional<int> selected,
                                float x, float y) {
  Grip inside;
  Grip edge;
  double smallest = 0.0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].fixed) continue;
    const int index = static_cast<int>(i);
    const bool chosen = selected == index;
    const unsigned sides = sides_at(on_screen(map, boxes[i].box), x, y, chosen ? selected_reach : reach);
    if (sides == 0U) continue;
    if (chosen && sides != whole) return {index, sides};
    const double area = boxes[i].box.area();
    if (sides != whole) {
      edge = {index, sides};
    } else if (inside.box < 0 || area < smallest) {
      inside = {index, sides};
      smallest = area;
    }
  }
  return edge.box >= 0 ? edge : inside;
}

BoxEvent BoxEditor::edit(const char* id, const CellMap& map, std::span<const LabelledBox> boxes,
                         std::optional<int> selected, double width, double height) {
  BoxEvent event;
  const AreaInput input = area_input(id, map.clip);
  event.x = static_cast<double>((input.x - map.x) / map.size);
  event.y = static_cast<double>((input.y - map.y) / map.size);
  event.double_clicked = input.double_clicked;
  event.over = input.hovered && map.clip.contains(input.x, input.y);
  if (input.hovered && !input.pressed) {
    const Grip over = find(map, boxes, selected, input.x, input.y);
    if (over.box >= 0) {
      event.hovered = over.box;
      ImGui::SetMouseCursor(cursor_of(over.sides));
    }
  }
  if (input.clicked) {
    grip_ = find(map, boxes, selected, input.x, input.y);
    start_x_ = input.x;
    start_y_ = input.y;
    moved_ = false;
    if (grip_.box >= 0) {
      start_ = boxes[static_cast<std::size_t>(grip_.box)].box;
      event.chosen = grip_.box;
    }
  }
  if (input.pressed) {
    moved_ = moved_ || std::hypot(input.x - start_x_, input.y - start_y_) >= drag_from;
    if (moved_ && grip_.box >= 0 && grip_.box < static_cast<int>(boxes.size())) {
      event.chosen = event.hovered = grip_.box;
      event.changed = pulled(start_, grip_.sides, static_cast<double>((input.x - start_x_) / map.size),
                             static_cast<double>((input.y - start_y_) / map.size), width, height);
      ImGui::SetMouseCursor(cursor_of(grip_.sides));
    }
    event.clicked = input.clicked;
  }
  int rows = 0;
  int columns = 0;
  if (!event.changed && selected && static_cast<std::size_t>(*selected) < boxes.size() && arrow_keys(rows, columns)) {
    const double step = grain(width, height);
    const unsigned sides = ImGui::GetIO().KeyCtrl ? right | bottom : whole;
    event.changed =
        pulled(boxes[static_cast<std::size_t>(*selected)].box, sides, columns * step, rows * step, width, height);
  }
  return event;
}

}  // namespace cvlab::app
