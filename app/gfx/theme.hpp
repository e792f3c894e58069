// Colours and sizes of one theme, made by CMake from assets/tokens.json (the site's CSS is made from it too),
// and the fonts. Colours are ImGui's packed ImU32.
#pragma once

#include <imgui.h>

namespace cvlab::app {

struct Theme {
  bool dark;
  // tokens.cmake reads these names and fills them from assets/tokens.json
  ImU32 paper, surface, raised, rule, rule_strong;
  ImU32 ink, ink_soft, ink_faint;
  ImU32 accent, accent_soft, on_accent;
  ImU32 focus, focus_soft;
  ImU32 positive, negative, neutral, gradient;
  ImU32 good, bad, warn;
  ImU32 red, green, blue;
  ImU32 categorical[8];
};

const Theme& theme(bool dark);
// ImGui's own widgets take the same colours and radii. `scale` multiplies every size (1 in CSS px).
void apply_to_imgui(const Theme& theme, float scale);

// Inter for words, JetBrains Mono (tabular) for numbers; sizes in CSS px of the em, rasterised for the display's scale.
// ImGui's ImFont::FontSize is the height of the line, which is the em times text_line or number_line.
// Which characters there are: app/gfx/fonts/glyphs.txt.
struct Fonts {
  ImFont* text = nullptr;          // 15
  ImFont* text_small = nullptr;    // 13
  ImFont* text_large = nullptr;    // 18, semi-bold
  ImFont* title = nullptr;         // 24, semi-bold
  ImFont* number = nullptr;        // 14, mono
  ImFont* number_small = nullptr;  // 11, mono

  float text_line = 1.0F;    // line height of Inter in em
  float number_line = 1.0F;  // line height of JetBrains Mono in em
};

}  // namespace cvlab::app
