// Cells on the screen: where they are, what number they show, in which ink. Every picture of a matrix uses this.
#pragma once

#include <imgui.h>

#include <optional>

#include "app/gfx/canvas.hpp"
#include "app/gfx/shade.hpp"
#include "app/shell/state.hpp"

namespace cvlab::app {

// Maps cell (row, column) of a matrix to the screen. `clip` is the part of the screen that may be drawn on.
struct CellMap {
  float x = 0.0F;  // screen position of the corner of cell (0, 0)
  float y = 0.0F;
  float size = 1.0F;  // of a cell, in px
  Rect clip;

  Rect rect(int row, int column, int rows = 1, int columns = 1) const {
    return {x + static_cast<float>(column) * size, y + static_cast<float>(row) * size,
            x + static_cast<float>(column + columns) * size, y + static_cast<float>(row + rows) * size};
  }
  Cell at(float px, float py) const;  // may lie outside the matrix
  // The cells of a rows x columns matrix that touch `clip`: first inclusive, last exclusive.
  struct Range {
    int row0, row1, column0, column1;
  };
  Range visible(int rows, int columns) const;
};

inline constexpr float number_cell = 18.0F;  // a cell smaller than this shows no number

// Short text of a value for a cell: whole numbers as such, else as many decimals as `characters` allow, true minus
// sign. Writes into `buffer` (at least 24 bytes) and returns it.
const char* format_cell(const Words& words, float value, int characters, char* buffer);

// Characters that the numbers of a `size` px cell may have, and the font size at which `longest` of them fit.
int cell_characters(float size);
float number_size(float size, int longest);
int glyph_count(const char* text);  // of UTF-8

// Number in the middle of a cell.
void draw_number(const Canvas& canvas, const Rect& cell, float value, ImU32 ink, float font_size);

void draw_frame(const Canvas& canvas, const Rect& rect, ImU32 colour, float thickness);  // outline, outside the cells

// Name at the left and detail at the right, in the line above a picture; the detail is left out where it does not fit.
void draw_caption(const Canvas& canvas, const Rect& above, const char* name, const char* detail);

}  // namespace cvlab::app
