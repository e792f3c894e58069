#include "app/views/thumbnails.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "app/shell/text.hpp"
#include "app/views/cells.hpp"

namespace cvlab::app {

void Thumbnails::set(const Tensor& pictures, float low, float high) {
  assert(pictures.shape().rank() == 4 && pictures.size(1) == 1 && "thumbnails are (N, 1, H, W)");
  count_ = static_cast<int>(pictures.size(0));
  low_ = low;
  high_ = high;
  changed_ = true;
  const std::ptrdiff_t height = pictures.size(2);
  const std::ptrdiff_t width = pictures.size(3);
  sprite_ = Tensor(Shape{height, width * count_});
  for (int n = 0; n < count_; ++n) {
    for (std::ptrdiff_t row = 0; row < height; ++row) {
      std::copy_n(pictures.data() + (n * height + row) * width, width,
                  sprite_.data() + row * sprite_.size(1) + n * width);
    }
  }
}

Thumbnails::Grid Thumbnails::fit(const Rect& area, float side, int lines) {
  Grid grid;
  grid.lines = lines;
  grid.columns = static_cast<int>((area.width() + gap) / (side + gap));
  if (grid.columns < 1) return grid;
  const auto columns = static_cast<float>(grid.columns);
  grid.side = std::floor(std::min((area.width() + gap) / columns - gap, 1.35F * side));
  const float row = grid.side + grid.text_height();
  if (row > area.height()) grid.side = std::floor(area.height() - grid.text_height());
  grid.rows = std::max(1, static_cast<int>((area.height() + gap) / (row + gap)));
  return grid;
}

void Thumbnails::upload(const Canvas& canvas) {
  if (!texture_) texture_ = canvas.graphics.texture();
  if (!changed_) return;
  changed_ = false;
  texture_->upload(static_cast<int>(sprite_.size(1)), static_cast<int>(sprite_.size(0)), PixelFormat::r32f,
                   sprite_.data());
}

std::optional<int> Thumbnails::draw(const Canvas& canvas, const Rect& area, const Grid& grid,
                                    std::span<const ThumbnailCaption> captions) {
  std::optional<int> over;
  if (count_ == 0 || grid.side < 4.0F) return over;
  upload(canvas);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const std::ptrdiff_t each = sprite_.size(1) / count_;
  const auto width = static_cast<float>(each);
  for (int i = 0; i < std::min(count_, grid.rows * grid.columns); ++i) {
    const int line_number = i / grid.columns;
    const auto column = static_cast<float>(i % grid.columns);
    const auto row = static_cast<float>(line_number);
    const float x = area.x0 + column * (grid.side + gap);
    const float y = area.y0 + row * (grid.side + grid.text_height() + gap);
    const Rect picture{x, y, x + grid.side, y + grid.side};
    const auto from = static_cast<float>(i) * width;
    texture_->draw(canvas.list, {.screen = picture,
                                 .source = {from, 0.0F, from + width, static_cast<float>(sprite_.size(0))},
                                 .shade = Shade::grey,
                                 .low = low_,
                                 .high = high_});
    const Rect tile{x, y, picture.x1, picture.y1 + grid.text_height()};
    const bool hovered = tile.contains(mouse.x, mouse.y) && ImGui::IsWindowHovered();
    if (hovered) over = i;
    draw_frame(canvas, picture, hovered ? canvas.theme.focus : canvas.theme.rule_strong, hovered ? 2.0F : 1.0F);
    if (static_cast<std::size_t>(i) >= captions.size()) continue;
    const ThumbnailCaption& below = captions[static_cast<std::size_t>(i)];
    const float middle = 0.5F * (picture.x0 + picture.x1);
    const auto write = [&](int text_line, const std::string& text, ImU32 colour) {
      const float at = picture.y1 + 2.0F + line * (0.5F + static_cast<float>(text_line));
      const float room = grid.side + gap - 2.0F;
      canvas.text(canvas.fonts.text_small, middle, at, colour, fitted(canvas, canvas.fonts.text_small, text, room),
                  Align::centre);
    };
    write(0, below.text, below.colour);
    if (grid.lines > 1) write(1, below.second, canvas.theme.ink_faint);
  }
  return over;
}

std::string fitted(const Canvas& canvas, ImFont* font, std::string_view text, float width) {
  if (canvas.text_width(font, text) <= width) return std::string(text);
  while (!text.empty()) {
    // Whole characters: the bytes 10xxxxxx go with the one before.
    do text.remove_suffix(1);
    while (!text.empty() && !is_utf8(text));
    std::string cut = std::string(trim(text)) + "…";
    if (canvas.text_width(font, cut) <= width) return cut;
  }
  return {};
}

}  // namespace cvlab::app
