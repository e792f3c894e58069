// A formula over its numbers: each factor has its symbol above and its value below, in one column. Fractions (∂E/∂w)
// are set as such. Breaks into lines where the width asks for it, and gets smaller before it does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

struct FormulaPiece {
  std::string top;          // symbol, "_" lowers; of a fraction the upper half
  std::string bottom = {};  // lower half of a fraction
  std::string value = {};   // below; "" for a sign that stands in both rows as it is
  ImU32 colour = 0;         // of the value; 0: ink
  bool sign = false;        // drawn in both rows
  bool pale = false;        // not its turn yet
  bool marked = false;      // on a plate in the focus colour
};

// Draws it at the top of `area`; returns the height that it took. `over` receives the piece under the pointer.
float draw_formula(const Canvas& canvas, const Rect& area, const std::vector<FormulaPiece>& pieces,
                   std::optional<int>* over = nullptr);

}  // namespace cvlab::app
