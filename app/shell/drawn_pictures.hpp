// The pictures that need no file: the slide's table, an index grid, a ramp and a small coloured drawing.
#pragma once

#include <optional>
#include <string_view>

#include "core/image/image.hpp"

namespace cvlab::app {

// box: the course's 10x10 table, grey. numbered: 6x9, I(i,j) = 10 i + j counted from 1. ramp: 64x64, black to white.
// shapes: 256x256 RGB. Empty for any other id.
std::optional<Image> draw_picture(std::string_view id);

}  // namespace cvlab::app
