// Names of quantities as formulas have them: what follows "_" is lowered and smaller, up to the next sign that is
// neither letter nor digit. "∂E/∂net_h1" lowers "h1".
#pragma once

#include <string_view>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

float symbols_width(const Canvas& canvas, ImFont* font, std::string_view text, float size = 0.0F);
// As Canvas::text: the middle of the capitals is at y; returns the width.
float draw_symbols(const Canvas& canvas, ImFont* font, float x, float y, ImU32 colour, std::string_view text,
                   Align align = Align::left, float size = 0.0F);

}  // namespace cvlab::app
