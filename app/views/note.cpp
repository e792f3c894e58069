#include "app/views/note.hpp"

#include <algorithm>

namespace cvlab::app {

void draw_note(const Canvas& canvas, float x, float y, std::string_view text) {
  const float width = canvas.text_width(canvas.fonts.number, text) + 16.0F;
  constexpr float height = 26.0F;
  const Rect& area = canvas.area;
  const float left = std::clamp(x + 14.0F, area.x0 + 2.0F, std::max(area.x0 + 2.0F, area.x1 - width - 2.0F));
  const float top = y - height - 12.0F < area.y0 ? y + 20.0F : y - height - 12.0F;
  // Above everything the demo draws afterwards.
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.AddRectFilled({left, top}, {left + width, top + height}, canvas.theme.raised, 5.0F);
  list.AddRect({left, top}, {left + width, top + height}, canvas.theme.rule_strong, 5.0F);
  list.AddText(canvas.fonts.number, canvas.fonts.number->FontSize, {left + 8.0F, top + 5.0F}, canvas.theme.ink,
               text.data(), text.data() + text.size());
}

void draw_message(const Canvas& canvas, const Rect& area, std::string_view text) {
  ImFont* font = canvas.fonts.text;
  const float wrap = std::max(40.0F, std::min(420.0F, area.width() - 24.0F));
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e6F, wrap, text.data(), text.data() + text.size());
  canvas.list.AddText(font, font->FontSize, {0.5F * (area.x0 + area.x1 - size.x), 0.5F * (area.y0 + area.y1 - size.y)},
                      canvas.theme.ink_soft, text.data(), text.data() + text.size(), wrap);
}

}  // namespace cvlab::app
