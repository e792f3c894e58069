// Small grey pictures in rows, each with a line or two of text below it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/gfx/canvas.hpp"
#include "app/gfx/graphics.hpp"
#include "core/tensor/tensor.hpp"

namespace cvlab::app {

struct ThumbnailCaption {
  std::string text;    // cut where it is too long
  std::string second;  // "" = one line
  ImU32 colour = 0;    // of the first line; the second is softer
};

class Thumbnails {
 public:
  // (N, 1, H, W): low is black, high is white. N may be 0.
  void set(const Tensor& pictures, float low, float high);
  int count() const { return count_; }

  struct Grid {
    int rows = 0;
    int columns = 0;
    float side = 0.0F;  // px of a picture
    int lines = 1;      // of text
    float text_height() const { return 2.0F + line * static_cast<float>(lines); }
  };
  static constexpr float line = 16.0F;  // px of a line of text
  static constexpr float gap = 8.0F;
  // Pictures of `side` px, or somewhat larger so that a row fills the width; as many rows as find room.
  static Grid fit(const Rect& area, float side, int lines);

  // From the upper left corner of `area`; those that find no room in the grid are left out. Returns the one under the
  // pointer.
  std::optional<int> draw(const Canvas& canvas, const Rect& area, const Grid& grid,
                          std::span<const ThumbnailCaption> captions);

 private:
  void upload(const Canvas& canvas);

  Tensor sprite_;  // (H, N * W)
  int count_ = 0;
  float low_ = 0.0F;
  float high_ = 1.0F;
  bool changed_ = false;
  std::unique_ptr<Texture> texture_;
};

// `text` cut to `width` px, with "…" where something is missing.
std::string fitted(const Canvas& canvas, ImFont* font, std::string_view text, float width);

}  // namespace cvlab::app
