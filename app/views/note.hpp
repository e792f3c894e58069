// A short text beside the pointer, and a sentence in the middle of an area that has nothing else to show.
#pragma once

#include <string_view>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

void draw_note(const Canvas& canvas, float x, float y, std::string_view text);
// About something as large as a row: below it, or above where the stage ends, so that it can still be read itself.
void draw_note_beside(const Canvas& canvas, const Rect& item, std::string_view text);
void draw_note_at_pointer(const Canvas& canvas, std::string_view text);
void draw_message(const Canvas& canvas, const Rect& area, std::string_view text);

}  // namespace cvlab::app
