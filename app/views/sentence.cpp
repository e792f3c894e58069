#include "app/views/sentence.hpp"

#include <algorithm>

namespace cvlab::app {

namespace {

constexpr float least_width = 40.0F;
constexpr float least_height = 24.0F;

}  // namespace

float sentence_height(const Canvas& canvas, std::string_view text, float width) {
  ImFont* const font = canvas.fonts.text;
  const ImVec2 size =
      font->CalcTextSizeA(font->FontSize, 1e6F, std::max(least_width, width), text.data(), text.data() + text.size());
  return std::max(least_height, size.y + 2.0F);
}

void draw_sentence(const Canvas& canvas, const Rect& area, std::string_view text, ImU32 ink) {
  ImFont* const font = canvas.fonts.text;
  canvas.list.AddText(font, font->FontSize, {area.x0, area.y0 + 2.0F}, ink, text.data(), text.data() + text.size(),
                      std::max(least_width, area.width()));
}

}  // namespace cvlab::app
