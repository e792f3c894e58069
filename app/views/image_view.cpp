#include "app/views/image_view.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/image/convert.hpp"

namespace cvlab::app {

void ImageView::set_plane(const Tensor& plane, Shade shade, float low, float high) {
  values_ = plane;
  shade_ = shade;
  low_ = low;
  high_ = high;
  changed_ = true;
}

void ImageView::set_colour(const Tensor& planes, float high) {
  values_ = planes;
  low_ = 0.0F;
  high_ = high;
  shade_ = Shade::colour;
  changed_ = true;
}

void ImageView::upload(const Canvas& canvas) {
  if (!changed_) return;
  if (texture_ == nullptr) texture_ = canvas.graphics.texture();
  const int height = static_cast<int>(values_.size(2));
  const int width = static_cast<int>(values_.size(3));
  if (shade_ == Shade::colour) {
    Tensor full = values_;
    const float scale = 255.0F / high_;
    std::for_each(full.data(), full.data() + full.count(), [&](float& v) { v *= scale; });
    const Image rgba = to_rgba(tensor_to_image(full.view()));
    texture_->upload(width, height, PixelFormat::rgba8, rgba.data.data());
  } else {
    texture_->upload(width, height, PixelFormat::r32f, values_.data());
  }
  changed_ = false;
}

void ImageView::draw(const Canvas& canvas, const CellMap& map, float alpha) {
  if (values_.empty() || map.clip.width() <= 0.0F || map.clip.height() <= 0.0F) return;
  upload(canvas);
  TextureQuad quad;
  quad.screen = map.clip;
  quad.source = {(map.clip.x0 - map.x) / map.size, (map.clip.y0 - map.y) / map.size, (map.clip.x1 - map.x) / map.size,
                 (map.clip.y1 - map.y) / map.size};
  quad.shade = shade_;
  quad.low = low_;
  quad.high = high_;
  quad.grid = std::clamp((map.size - 7.0F) / 10.0F, 0.0F, 1.0F);
  quad.alpha = alpha;
  texture_->draw(canvas.list, quad);
  if (map.size >= number_cell) draw_numbers(canvas, map);
}

void ImageView::draw_numbers(const Canvas& canvas, const CellMap& map) const {
  const int channels = static_cast<int>(values_.size(1));
  const CellMap::Range range = map.visible(static_cast<int>(values_.size(2)), static_cast<int>(values_.size(3)));
  int longest = 1;
  for (int row = range.row0; channels == 1 && row < range.row1; ++row) {
    for (int column = range.column0; column < range.column1; ++column) {
      char buffer[24];
      longest = std::max(longest, glyph_count(format_cell(canvas.words, values_(0, 0, row, column),
                                                          cell_characters(map.size), buffer)));
    }
  }
  const float font_size = number_size(map.size, longest);
  canvas.list.PushClipRect({map.clip.x0, map.clip.y0}, {map.clip.x1, map.clip.y1}, true);
  for (int row = range.row0; row < range.row1; ++row) {
    for (int column = range.column0; column < range.column1; ++column) {
      const Rect cell = map.rect(row, column);
      if (channels == 1) {
        const float value = values_(0, 0, row, column);
        draw_number(canvas, cell, value, ink_on(shade_colour(canvas.theme, shade_, low_, high_, value)), font_size);
        continue;
      }
      if (map.size < 34.0F) continue;
      const auto channel = [&](int c) {
        return static_cast<ImU32>(std::lround(values_(0, c, row, column) * 255.0F / high_));
      };
      const ImU32 ink = ink_on(IM_COL32(channel(0), channel(1), channel(2), 255));
      for (int c = 0; c < 3; ++c) {
        char buffer[24];
        const float y = cell.y0 + map.size * (0.22F + 0.28F * static_cast<float>(c));
        canvas.text(canvas.fonts.number, 0.5F * (cell.x0 + cell.x1), y, ink,
                    format_cell(canvas.words, values_(0, c, row, column), 4, buffer), Align::centre,
                    std::min(0.24F * map.size, 15.0F));
      }
    }
  }
  canvas.list.PopClipRect();
}

namespace {

bool round_button(const Canvas& canvas, const char* id, float x, float y, float radius, int strokes) {
  ImGui::SetCursorScreenPos({x - radius, y - radius});
  ImGui::PushID(id);
  const bool clicked = ImGui::InvisibleButton("zoom", {2.0F * radius, 2.0F * radius});
  const bool hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  ImGui::PopID();
  const Theme& theme = canvas.theme;
  const ImU32 ink = hot ? theme.accent : theme.ink_soft;
  canvas.list.AddCircleFilled({x, y}, radius - 2.0F, with_alpha(theme.raised, 0.92F));
  canvas.list.AddCircle({x, y}, radius - 2.0F, hot ? theme.accent : theme.rule_strong, 0, 1.0F);
  const float arm = 0.36F * radius;
  if (strokes == 0) {
    canvas.list.AddRect({x - arm, y - arm}, {x + arm, y + arm}, ink, 1.0F, 0, 1.6F);
  } else {
    canvas.list.AddLine({x - arm, y}, {x + arm, y}, ink, 1.8F);
    if (strokes == 2) canvas.list.AddLine({x, y - arm}, {x, y + arm}, ink, 1.8F);
  }
  return clicked;
}

}  // namespace

float zoom_buttons(const Canvas& canvas, const Rect& area, float zoom) {
  const float radius = canvas.area.width() < 520.0F ? 20.0F : 15.0F;
  if (area.width() < 7.0F * radius || area.height() < 3.0F * radius) return 1.0F;
  const ImVec2 back = ImGui::GetCursorScreenPos();
  const float y = area.y1 - radius - 6.0F;
  const float x = area.x1 - radius - 6.0F;
  float factor = 1.0F;
  if (round_button(canvas, "in", x, y, radius, 2)) factor = 2.0F;
  if (zoom > 1.0F) {
    if (round_button(canvas, "out", x - 2.1F * radius, y, radius, 1)) factor = 0.5F;
    if (round_button(canvas, "whole", x - 4.2F * radius, y, radius, 0)) factor = 0.0F;
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  return factor;
}

}  // namespace cvlab::app
