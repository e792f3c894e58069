// Files that are part of the program: app/gfx/embedded.cmake turns each into an array at build time.
#pragma once

#include <cstddef>
#include <string_view>

namespace cvlab::app::embedded {

struct Bytes {
  const unsigned char* data;
  std::size_t size;
  std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
};

Bytes inter_regular();
Bytes inter_semibold();
Bytes jetbrains_mono();
Bytes glyphs();      // app/gfx/fonts/glyphs.txt
Bytes image_vert();  // shaders/display/image.vert
Bytes image_frag();

}  // namespace cvlab::app::embedded
