#include "app/views/sentence.hpp"

#include <algorithm>
#include <vector>

namespace cvlab::app {

namespace {

constexpr float least_width = 40.0F;
constexpr float least_height = 24.0F;

// Broken at spaces only: ImGui's own wrapping would also break behind the point of a number.
std::vector<std::string_view> lines_of(const Canvas& canvas, std::string_view text, float width) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    while (end < text.size()) {
      const std::size_t next = std::min(text.find(' ', end + 1), text.size());
      if (canvas.text_width(canvas.fonts.text, text.substr(0, next)) > std::max(least_width, width)) break;
      end = next;
    }
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

float sentence_height(const Canvas& canvas, std::string_view text, float width) {
  const auto lines = static_cast<float>(lines_of(canvas, text, width).size());
  return std::max(least_height, lines * canvas.fonts.text->FontSize + 2.0F);
}

StageRoom stage_room(const Canvas& canvas, std::string_view text) {
  const Rect& a = canvas.area;
  StageRoom room;
  room.wide = a.width() >= 620.0F && a.width() > 1.05F * a.height();
  room.pad = room.wide ? std::clamp(0.02F * a.width(), 12.0F, 26.0F) : 10.0F;
  const float x0 = a.x0 + room.pad, x1 = a.x1 - room.pad, y = a.y0 + 6.0F;
  room.status = {x0, y, x1, y + sentence_height(canvas, text, x1 - x0)};
  room.rest = {x0, room.status.y1 + 6.0F, x1, a.y1 - (room.wide ? room.pad : 6.0F)};
  return room;
}

void draw_sentence(const Canvas& canvas, const Rect& area, std::string_view text, ImU32 ink) {
  ImFont* const font = canvas.fonts.text;
  float y = area.y0 + 2.0F;
  for (const std::string_view line : lines_of(canvas, text, area.width())) {
    canvas.list.AddText(font, font->FontSize, {area.x0, y}, ink, line.data(), line.data() + line.size());
    y += font->FontSize;
  }
}

}  // namespace cvlab::app
