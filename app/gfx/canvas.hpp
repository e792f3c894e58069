// What a demo draws on: a rectangle of the screen, the theme, the words, and where the pointer is.
// Coordinates are ImGui's (CSS px times nothing: 1 unit = 1 CSS px, whatever the display's density).
#pragma once

#include <imgui.h>

#include <string_view>

#include "app/gfx/graphics.hpp"
#include "app/gfx/theme.hpp"
#include "app/shell/words.hpp"

namespace cvlab::app {

enum class Align { left, centre, right };

class Canvas {
 public:
  ImDrawList& list;
  const Rect area;
  const Theme& theme;
  const Fonts& fonts;
  const Words& words;
  Graphics& graphics;
  const bool reduced_motion;

  // Text with the middle of its capitals at y; returns its width. `size` in px of the em, 0 = the font's own.
  float text(ImFont* font, float x, float y, ImU32 colour, std::string_view text, Align align = Align::left,
             float size = 0.0F) const;
  float text_width(ImFont* font, std::string_view text, float size = 0.0F) const;
};

ImU32 mix(ImU32 a, ImU32 b, float t);  // in linear light
ImU32 with_alpha(ImU32 colour, float alpha);

}  // namespace cvlab::app
