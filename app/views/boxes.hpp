// Labelled boxes over a picture: drawn, pointed at, moved and resized by mouse, finger and keyboard.
//   drag inside a box moves it, dragging an edge or a corner resizes it; arrow keys move the selected box by a pixel
//   (ten with Shift), with Ctrl they move its lower right corner.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/gfx/canvas.hpp"
#include "app/views/area_input.hpp"
#include "app/views/cells.hpp"
#include "core/detect/box.hpp"

namespace cvlab::app {

struct LabelledBox {
  Box box;            // in pixels of the picture
  std::string label;  // on a tag at a corner; "" = none
  ImU32 colour = 0;
  float thickness = 2.0F;
  bool dashed = false;
  float alpha = 1.0F;  // a box that no longer counts is pale
  bool fixed = false;  // cannot be chosen or changed
};

// Box of the picture on the screen. map.size is the size of one pixel.
Rect on_screen(const CellMap& map, const Box& box);

// The boxes in order, the later ones on top, then the tags, none over another where there is room.
void draw_boxes(const Canvas& canvas, const CellMap& map, std::span<const LabelledBox> boxes,
                std::optional<int> selected);
void draw_box_outline(const Canvas& canvas, const Rect& rect, ImU32 colour, float thickness, bool dashed);
void draw_centre(const Canvas& canvas, const CellMap& map, const Box& box, ImU32 colour);  // a dot at its centre

// What the pointer and the keys did in this frame.
struct BoxEvent {
  std::optional<int> hovered;
  std::optional<int> chosen;   // pressed on: becomes the selected one
  std::optional<Box> changed;  // of the selected one (`chosen`, if there is one)
  bool clicked = false;        // pressed just now, at (x, y)
  bool double_clicked = false;
  bool over = false;  // the pointer is over the picture at (x, y), in its pixels
  double x = 0.0;
  double y = 0.0;
};

class BoxEditor {
 public:
  // `width` and `height` are the picture's; changed boxes stay inside it and lie on whole pixels.
  BoxEvent edit(const char* id, const CellMap& map, std::span<const LabelledBox> boxes, std::optional<int> selected,
                double width, double height);

 private:
  struct Grip {
    int box = -1;
    unsigned sides = 0;  // of left, top, right, bottom: those that follow the pointer
  };
  static Grip find(const CellMap& map, std::span<const LabelledBox> boxes, std::optional<int> selected, float x,
                   float y);

  Grip grip_;  // while the button is down
  Box start_;  // the box as it was then
  float start_x_ = 0.0F;
  float start_y_ = 0.0F;
  bool moved_ = false;
};

}  // namespace cvlab::app
