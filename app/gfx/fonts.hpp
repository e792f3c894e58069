// Puts the two type families into ImGui's atlas.
#pragma once

#include "app/gfx/theme.hpp"

namespace cvlab::app {

// Replaces all fonts of the current ImGui context, rasterised for `scale` device pixels per CSS px. The caller renews
// the texture of the atlas. Sizes stay in CSS px.
Fonts load_fonts(float scale);

}  // namespace cvlab::app
