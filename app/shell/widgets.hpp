// The controls of panel and menus in the course's own style. ImGui does focus, keyboard, touch and hit tests; the
// drawing is ours. Every control draws a focus ring when the keyboard has reached it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

inline constexpr float wide_from = 900.0F;  // px: from here on the panel stands beside the stage

struct Look {
  const Canvas& canvas;
  float hit;  // height of a control: 44 for fingers, 32 on a wide window

  const Theme& theme() const { return canvas.theme; }
  const Fonts& fonts() const { return canvas.fonts; }
};

enum class Icon {
  none,
  play,
  pause,
  step_forward,
  step_back,
  reset,
  sun,
  moon,
  menu,
  link,
  open,
  camera,
  close,
  minus,
  plus,
  fold,
  unfold
};

void draw_icon(ImDrawList& list, Icon icon, float x, float y, float size, ImU32 colour);  // x, y: the middle

struct ButtonStyle {
  Icon icon = Icon::none;
  bool selected = false;
  bool framed = true;
  float width = 0.0F;  // 0: as wide as the words
};
float button_width(const Look& look, std::string_view label, Icon icon);
// `id` is the ImGui id, `label` may be empty for an icon alone: then give a `tip`.
bool button(const Look& look, const char* id, std::string_view label, const ButtonStyle& style,
            std::string_view tip = {});

// One of a few words, side by side; returns the index that was chosen, or -1.
int segmented(const Look& look, const char* id, std::span<const char* const> labels, int selected, float width);
// A row that is a switch: label at the left, switch at the right. True when it was changed.
bool toggle_switch(const Look& look, const char* id, std::string_view label, bool& on, float width,
                   std::string_view tip);
// Continuous when step is 0; logarithmic when the range spans factors of a hundred and more. True when the value
// changed.
bool slider(const Look& look, const char* id, double& value, double min, double max, double step, float width);
// One line; true when the text changed. `right` false draws the frame in the colour of errors.
bool text_field(const Look& look, const char* id, std::string& text, bool right, float width);
bool combo(const Look& look, const char* id, std::span<const char* const> labels, int& selected, float width);

void wrapped_text(ImFont* font, ImU32 colour, std::string_view text, float width);
void tooltip(const Look& look, std::string_view text);  // for the item just drawn: on hover and on keyboard focus
void gap(float height);                                 // vertical space

}  // namespace cvlab::app
