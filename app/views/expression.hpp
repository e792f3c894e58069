// A sum of products written out with its numbers, wrapped to a width; terms can be pointed at.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/gfx/canvas.hpp"

namespace cvlab::app {

struct Product {
  double a = 0.0;
  double b = 0.0;
  std::string name = {};  // "I_57·K_11" ("_" lowers), above the numbers where all find room
};

struct Expression {
  std::string left;  // "O(3, 4)"
  std::vector<Product> products;
  double result = 0.0;
};

// Draws "left = a·b + … = result" on a plate at the top of `area`, as tall as it needs; products that do not fit are
// counted ("… 17 more …"). Returns the index of the product under the pointer. `marked` is drawn in the focus colour.
std::optional<int> draw_expression(const Canvas& canvas, const Rect& area, const Expression& expression,
                                   std::optional<int> marked);

}  // namespace cvlab::app
