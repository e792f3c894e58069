#include "app/views/note.hpp"

#include <algorithm>

namespace cvlab::app {

// Of one line, or of as many as the stage is too narrow for.
void draw_note(const Canvas& canvas, float x, float y, std::string_view text) {
  ImFont* font = canvas.fonts.number;
  const char* end = text.data() + text.size();
  const Rect& area = canvas.area;
  const float wrap = std::max(60.0F, area.width() - 24.0F);
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e6F, wrap, text.data(), end);
  const float width = size.x + 16.0F;
  const float height = size.y + 26.0F - font->FontSize;
  const float left = std::clamp(x + 14.0F, area.x0 + 2.0F, std::max(area.x0 + 2.0F, area.x1 - width - 2.0F));
  const float top = y - height - 12.0F < area.y0 ? y + 20.0F : y - height - 12.0F;
  // Above everything the demo draws afterwards.
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.AddRectFilled({left, top}, {left + width, top + height}, canvas.theme.raised, 5.0F);
  list.AddRect({left, top}, {left + width, top + height}, canvas.theme.rule_strong, 5.0F);
  list.AddText(font, font->FontSize, {left + 8.0F, top + 0.5F * (height - size.y)}, canvas.theme.ink, text.data(), end,
               wrap);
}

void draw_note_at_pointer(const Canvas& canvas, std::string_view text) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  draw_note(canvas, mouse.x, mouse.y, text);
}

void draw_message(const Canvas& canvas, const Rect& area, std::string_view text) {
  ImFont* font = canvas.fonts.text;
  const float wrap = std::max(40.0F, std::min(420.0F, area.width() - 24.0F));
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e6F, wrap, text.data(), text.data() + text.size());
  canvas.list.AddText(font, font->FontSize, {0.5F * (area.x0 + area.x1 - size.x), 0.5F * (area.y0 + area.y1 - size.y)},
                      canvas.theme.ink_soft, text.data(), text.data() + text.size(), wrap);
}

}  // namespace cvlab::app
