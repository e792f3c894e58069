#include "app/views/note.hpp"

#include <algorithm>

namespace cvlab::app {

namespace {

// Of one line, or of as many as the stage is too narrow for.
struct Note {
  const Canvas& canvas;
  std::string_view text;
  ImFont* font;
  float wrap;
  ImVec2 words, size;

  Note(const Canvas& c, std::string_view t)
      : canvas(c),
        text(t),
        font(c.fonts.number),
        wrap(std::max(60.0F, c.area.width() - 24.0F)),
        words(font->CalcTextSizeA(font->FontSize, 1e6F, wrap, t.data(), t.data() + t.size())),
        size(words.x + 16.0F, words.y + 26.0F - font->FontSize) {}

  // Kept on the stage; above everything the demo draws afterwards.
  void draw(float x, float y) const {
    const Rect& area = canvas.area;
    const float left = std::clamp(x, area.x0 + 2.0F, std::max(area.x0 + 2.0F, area.x1 - size.x - 2.0F));
    const float top = std::clamp(y, area.y0 + 2.0F, std::max(area.y0 + 2.0F, area.y1 - size.y - 2.0F));
    ImDrawList& list = *ImGui::GetForegroundDrawList();
    list.AddRectFilled({left, top}, {left + size.x, top + size.y}, canvas.theme.raised, 5.0F);
    list.AddRect({left, top}, {left + size.x, top + size.y}, canvas.theme.rule_strong, 5.0F);
    list.AddText(font, font->FontSize, {left + 8.0F, top + 0.5F * (size.y - words.y)}, canvas.theme.ink, text.data(),
                 text.data() + text.size(), wrap);
  }
};

}  // namespace

void draw_note(const Canvas& canvas, float x, float y, std::string_view text) {
  const Note note(canvas, text);
  const float above = y - note.size.y - 12.0F;
  note.draw(x + 14.0F, above < canvas.area.y0 ? y + 20.0F : above);
}

void draw_note_beside(const Canvas& canvas, const Rect& item, std::string_view text) {
  const Note note(canvas, text);
  const bool below = item.y1 + 2.0F + note.size.y <= canvas.area.y1;
  note.draw(item.x0, below ? item.y1 + 2.0F : item.y0 - note.size.y - 2.0F);
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
