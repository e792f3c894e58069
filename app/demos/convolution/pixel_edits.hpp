// Pixels changed by hand, as the text of the parameter "edits": "3,4=200;3,5=0" (row,column from 1 = value).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/shell/state.hpp"
#include "core/result.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

struct PixelEdit {
  Cell cell;
  double value = 0.0;
};

Result<std::vector<PixelEdit>> parse_pixel_edits(std::string_view text);
std::string format_pixel_edits(const std::vector<PixelEdit>& edits);
std::vector<PixelEdit> with_edit(std::vector<PixelEdit> edits,
                                 const PixelEdit& edit);  // replaces an older one of the cell
// plane: (1, 1, H, W). An edit outside it is refused with a sentence; those before it are made.
Result<void> apply_pixel_edits(const std::vector<PixelEdit>& edits, Tensor& plane);

}  // namespace cvlab::app
