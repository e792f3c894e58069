// How often each grey level occurs, and the curves that follow from it.
//
//   equalisation: T(v) = 255 (C(v) - C(m)) / (N - C(m)),  C(v) = sum_{u <= v} h(u),  m the least level that occurs
//
// rounded to the nearest whole number. A picture of one level stays as it is.
// CLAHE (contrast-limited adaptive equalisation): the picture is cut into tiles; each tile's histogram is clipped at
// clip * tile pixels / 256 (at least 1), the surplus is shared out evenly, T(v) = 255 C(v) / N; a pixel takes the
// bilinear mean of the curves of the four nearest tiles' middles. Where the tiles do not divide the picture it is
// mirrored beyond its right and lower edges without repeating the edge, as far as its size allows, and repeated from
// there.
// Sources: Gonzalez, Woods, Digital Image Processing, 4th ed. 2018, section 3.3; Zuiderveld, Contrast Limited Adaptive
// Histogram Equalization, Graphics Gems IV, 1994. Both follow OpenCV's rounding.
#pragma once

#include <array>
#include <cstdint>

#include "core/image/transfer.hpp"

namespace cvlab {

struct Levels {
  std::array<std::int64_t, 256> count{};

  std::int64_t total() const;
  std::int64_t fullest() const;
  double mean() const;       // 0 without pixels
  double deviation() const;  // sqrt(sum h (v - mean)^2 / N)
  int least() const;         // level that occurs; 0 without pixels
  int greatest() const;
  bool operator==(const Levels&) const = default;
};

Levels levels_ref(const Image& image, int channel);
Levels levels_of(const Image& image, int channel);

Transfer equalise_transfer(const Levels& levels);

// One channel; clip > 0, tiles >= 1 a side (no more than there are pixels are used). `out` may be `in`.
void clahe(const Image& in, double clip, int tiles_x, int tiles_y, Image& out);

}  // namespace cvlab
