// What the pointer does over a part of the stage. One invisible ImGui item per area, so that overlapping popups,
// focus and touch behave like everywhere else.
#pragma once

#include "app/gfx/graphics.hpp"

namespace cvlab::app {

struct AreaInput {
  bool hovered = false;
  bool pressed = false;  // the button (finger) is down and went down here
  bool clicked = false;  // went down in this frame
  bool double_clicked = false;
  float x = 0.0F;
  float y = 0.0F;
  float drag_x = 0.0F;  // movement in this frame while pressed
  float drag_y = 0.0F;
  bool secondary_drag = false;  // with the right or middle button: pans pictures
  float zoom = 1.0F;            // factor asked for by wheel or pinch, 1 = none
};

AreaInput area_input(const char* id, const Rect& area);

// Arrow keys of a stage that has the keyboard: -1, 0, +1; ten at a time with Shift. False when a text field has it.
bool arrow_keys(int& rows, int& columns);

}  // namespace cvlab::app
