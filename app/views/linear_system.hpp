// Two linear equations as a product of matrices, each number under its symbol:
//   [a b] [x]   [e]        x = …
//   [b d] [y] = [f]        y = …
#pragma once

#include <array>
#include <optional>
#include <string>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

struct LinearSystem {
  struct Entry {
    std::string symbol;  // above, small and soft
    std::string value;
  };
  std::array<Entry, 4> matrix;  // row by row
  std::array<std::string, 2> unknowns;
  std::array<Entry, 2> right;
  std::array<std::string, 2> solution;  // "u = 1.2"; "" = not shown
};

inline constexpr float linear_system_row = 36.0F;  // px; two rows

// At the top of `area`; the solution stands to the right where there is room, else below. Returns the height used;
// `over` receives what the pointer is on: 0 .. 3 matrix, 4, 5 right-hand side.
float draw_linear_system(const Canvas& canvas, const Rect& area, const LinearSystem& system,
                         std::optional<int>* over = nullptr);

}  // namespace cvlab::app
