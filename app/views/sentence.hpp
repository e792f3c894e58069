// A sentence about the figure, above it, in as many lines as it needs.
#pragma once

#include <string_view>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

float sentence_height(const Canvas& canvas, std::string_view text, float width);
void draw_sentence(const Canvas& canvas, const Rect& area, std::string_view text, ImU32 ink);

}  // namespace cvlab::app
