// Gives a picture that is written whole its size; memory that was there is kept.
#pragma once

#include "core/image/image.hpp"

namespace cvlab {

inline void reshape(Image& image, int width, int height, int channels) {
  image.width = width;
  image.height = height;
  image.channels = channels;
  image.data.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                    static_cast<std::size_t>(channels));
}

}  // namespace cvlab
