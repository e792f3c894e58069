// What both figures share: the pen, the keys, names of classes.
#include <algorithm>
#include <cmath>

#include "app/demos/filter-viz/filter_viz.hpp"
#include "app/shell/widgets.hpp"
#include "app/views/area_input.hpp"
#include "app/views/note.hpp"

namespace cvlab::app {

void FilterViz::draw(Canvas& canvas) {
  if (!ready()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(problem_));
    return;
  }
  keys();
  if (decision()) {
    draw_decision(canvas);
  } else {
    draw_unit(canvas);
  }
}

// Arrow keys: from unit to unit, or from pixel to pixel.
void FilterViz::keys() {
  int rows = 0;
  int columns = 0;
  if (!arrow_keys(rows, columns)) return;
  if (decision()) {
    const Cell cell = state_.cell("cell");
    const Cell to{std::clamp(cell.row + rows, 0, side - 1), std::clamp(cell.column + columns, 0, side - 1)};
    (void)state_.set("cell", State::format(to));
  } else if (run_) {
    const int next = std::clamp(recipe_.unit.channel + rows + columns, 0, unit_count() - 1);
    (void)state_.set("unit", std::to_string(next + first_unit(recipe_.unit.layer)));
  }
}

std::string FilterViz::class_name(const Words& words, int index) const {
  if (data_name() == "digits") return std::to_string(index);
  return words("filter-viz.class." + std::to_string(index));
}

// Never 0 or 100 where it is only near.
std::string FilterViz::percent(const Words& words, double share) const {
  constexpr double least = 1e-4;
  if (share < least && share > 0.0) return "<\u00A0" + words.number(100.0 * least, 2) + "\u00A0%";
  if (share > 1.0 - least && share < 1.0) return ">\u00A0" + words.number(100.0 * (1.0 - least), 4) + "\u00A0%";
  return words.number(100.0 * share, share > 0.995 ? 4 : 3) + "\u00A0%";
}

// As it follows a name: "= 12 %", "< 0.01 %".
std::string FilterViz::equals_percent(const Words& words, double share) const {
  const std::string text = percent(words, share);
  return text[0] == '<' || text[0] == '>' ? text : "= " + text;
}

// A point of the stroke under way, where the pointer is.
void FilterViz::draw_pen(const CellMap& map, bool clicked, bool pressed) {
  if (clicked) {
    strokes_.emplace_back();
    pen_down_ = true;
  }
  if (!pressed) pen_down_ = false;
  if (!pen_down_) return;
  if (strokes_.empty()) strokes_.emplace_back();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto half = [&](float from, float to) {
    return std::clamp(static_cast<int>(std::floor(2.0F * (to - from) / map.size)), 0, pen_half_pixels - 1);
  };
  const PenPoint to{half(map.x, mouse.x), half(map.y, mouse.y)};
  PenStroke& stroke = strokes_.back();
  if (!stroke.empty()) {
    const int dx = to.x - stroke.back().x;
    const int dy = to.y - stroke.back().y;
    if (dx * dx + dy * dy < 4) return;  // less than a pixel away
  }
  stroke.push_back(to);
  const std::string text = format_strokes(strokes_);
  if (text.size() <= static_cast<std::size_t>(most_strokes)) {
    (void)state_.set("strokes", text);
  } else {
    stroke.pop_back();
    if (stroke.empty()) strokes_.pop_back();
  }
}

// One button under the picture: a pen, or an empty square again.
void FilterViz::draw_buttons(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, area.height()};
  const ImVec2 back = ImGui::GetCursorScreenPos();
  const char* key = drawn() ? "filter-viz.clear" : "filter-viz.draw";
  const std::string label = canvas.words(key);
  ImGui::SetCursorScreenPos({area.x0, area.y0});
  const float width = std::min(area.width(), button_width(look, label, Icon::none));
  if (button(look, "pen", label, {.width = width},
             canvas.words(drawn() ? "filter-viz.clear.tip" : "filter-viz.draw.tip"))) {
    (void)state_.set("strokes", "");
    (void)state_.set("source", "drawn");
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
}

}  // namespace cvlab::app
