// A sentence about the figure, above it, in as many lines as it needs.
#pragma once

#include <string_view>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

float sentence_height(const Canvas& canvas, std::string_view text, float width);

// What a stage has left below its sentence, between its margins. Wide: room for panels side by side.
struct StageRoom {
  bool wide = false;
  float pad = 0.0F;
  Rect status;  // of the sentence
  Rect rest;
};
StageRoom stage_room(const Canvas& canvas, std::string_view text);

void draw_sentence(const Canvas& canvas, const Rect& area, std::string_view text, ImU32 ink);

}  // namespace cvlab::app
