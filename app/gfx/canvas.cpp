#include "app/gfx/canvas.hpp"

#include <cmath>

namespace cvlab::app {

namespace {

float to_linear(ImU32 byte) {
  const float c = static_cast<float>(byte & 0xFFU) / 255.0F;
  return c <= 0.04045F ? c / 12.92F : std::pow((c + 0.055F) / 1.055F, 2.4F);
}

ImU32 to_byte(float linear) {
  const float c = linear <= 0.0031308F ? linear * 12.92F : 1.055F * std::pow(linear, 1.0F / 2.4F) - 0.055F;
  return static_cast<ImU32>(std::lround(std::fmin(std::fmax(c, 0.0F), 1.0F) * 255.0F));
}

// ImGui measures fonts by the line, people by the em.
float line_height(const Fonts& fonts, const ImFont* font, float em) {
  if (em <= 0.0F) return font->FontSize;
  return em * (font == fonts.number || font == fonts.number_small ? fonts.number_line : fonts.text_line);
}

}  // namespace

float Canvas::text_width(ImFont* font, std::string_view text, float size) const {
  if (text.empty()) return 0.0F;  // ImGui takes a null end for "up to the zero"
  const char* begin = text.data();
  return font->CalcTextSizeA(line_height(fonts, font, size), 1e30F, 0.0F, begin, begin + text.size()).x;
}

float Canvas::text(ImFont* font, float x, float y, ImU32 colour, std::string_view text, Align align, float size) const {
  if (text.empty()) return 0.0F;
  const float width = text_width(font, text, size);
  const float height = line_height(fonts, font, size);
  const float left = align == Align::left ? x : align == Align::centre ? x - 0.5F * width : x - width;
  // Both families place the capitals in the middle of the line, so the line's middle is the text's. Whole pixels keep
  // it sharp.
  const ImVec2 at{std::round(left), std::round(y - 0.5F * height)};
  list.AddText(font, height, at, colour, text.data(), text.data() + text.size());
  return width;
}

ImU32 mix(ImU32 a, ImU32 b, float t) {
  ImU32 out = 0;
  for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT}) {
    const float from = to_linear(a >> shift);
    out |= to_byte(from + (to_linear(b >> shift) - from) * t) << shift;
  }
  const float alpha_a = static_cast<float>(a >> IM_COL32_A_SHIFT);
  const float alpha_b = static_cast<float>(b >> IM_COL32_A_SHIFT);
  return out | static_cast<ImU32>(std::lround(alpha_a + (alpha_b - alpha_a) * t)) << IM_COL32_A_SHIFT;
}

ImU32 with_alpha(ImU32 colour, float alpha) {
  const float old = static_cast<float>(colour >> IM_COL32_A_SHIFT);
  const auto scaled = static_cast<ImU32>(std::lround(old * std::fmin(std::fmax(alpha, 0.0F), 1.0F)));
  return (colour & ~IM_COL32_A_MASK) | scaled << IM_COL32_A_SHIFT;
}

}  // namespace cvlab::app
