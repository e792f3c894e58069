#include "app/views/memory_strip.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace cvlab::app {

namespace {

constexpr float arc_room = 44.0F;
constexpr float comfortable = 19.0F;  // px of a cell: two digits, and a place below it
constexpr float too_small = 7.0F;
constexpr float tight = 14.5F;  // enough, if all of it lies in one row: no jump is broken

}  // namespace

// As few rows as leave the cells comfortable; else those that make them largest.
MemoryStrip MemoryStrip::fit(const Rect& area, std::ptrdiff_t count, float largest) {
  MemoryStrip best = fit_rows(area, count, largest, 14.0F);
  if (best.cell_ < too_small) best = fit_rows(area, count, largest, 0.0F);  // cells before places
  best.cell_ = std::max(best.cell_, 1.0F);
  return best;
}

MemoryStrip MemoryStrip::fit_rows(const Rect& area, std::ptrdiff_t count, float largest, float places) {
  MemoryStrip best;
  best.cell_ = 0.0F;
  for (std::ptrdiff_t rows = 1; rows <= std::max<std::ptrdiff_t>(1, count); ++rows) {
    const float enough = rows == 1 ? tight : comfortable;
    MemoryStrip s;
    s.count_ = count;
    s.places_ = places;
    s.columns_ = std::max<std::ptrdiff_t>(1, (count + rows - 1) / rows);
    if (rows > 1) s.columns_ = (s.columns_ + 3) / 4 * 4;
    for (const float arcs : {arc_room, 4.0F}) {
      s.arcs_ = arcs;
      const float high = area.height() / static_cast<float>(rows) - s.arcs_ - s.places_;
      s.cell_ = std::floor(std::min({largest, area.width() / static_cast<float>(s.columns_), high}));
      if (s.cell_ >= enough) break;
    }
    s.x_ = std::round(area.x0);
    s.y_ = std::round(area.y0);
    if (s.cell_ > best.cell_) best = s;
    if (best.cell_ >= enough || rows > 40) break;
  }
  return best;
}

float MemoryStrip::bottom() const {
  const std::ptrdiff_t rows = (count_ + columns_ - 1) / columns_;
  return y_ + row() * static_cast<float>(rows);
}

Rect MemoryStrip::rect(std::ptrdiff_t place) const {
  const std::ptrdiff_t line = place / columns_;
  const float x = x_ + cell_ * static_cast<float>(place - line * columns_);
  const float y = y_ + arcs_ + row() * static_cast<float>(line);
  return {x, y, x + cell_, y + cell_};
}

std::optional<std::ptrdiff_t> MemoryStrip::at(float x, float y) const {
  const float down = y - y_ - arcs_;
  if (x < x_ || down < 0.0F || x >= x_ + cell_ * static_cast<float>(columns_)) return std::nullopt;
  const auto line = static_cast<std::ptrdiff_t>(down / row());
  if (down - row() * static_cast<float>(line) >= cell_) return std::nullopt;
  const std::ptrdiff_t place = line * columns_ + static_cast<std::ptrdiff_t>((x - x_) / cell_);
  return place < count_ ? std::optional(place) : std::nullopt;
}

void MemoryStrip::draw(const Canvas& canvas, const std::function<NumberedCell(std::ptrdiff_t)>& look) const {
  if (count_ == 0) return;
  float greatest = 0.0F;
  for (std::ptrdiff_t i = 0; i < count_; ++i) greatest = std::max(greatest, look(i).value);
  const float number = shared_number_size(canvas, cell_, greatest);
  ImFont* const font = canvas.fonts.number_small;
  const float widest = canvas.text_width(font, std::to_string(count_ - 1), 10.0F) + 3.0F;
  std::ptrdiff_t every = 1;
  for (const std::ptrdiff_t step : {1, 2, 4, 8, 16, 32}) {
    every = step;
    if (widest <= cell_ * static_cast<float>(step)) break;
  }
  for (std::ptrdiff_t i = 0; i < count_; ++i) {
    const Rect cell = rect(i);
    if (i % columns_ == 0) {
      const auto here = static_cast<float>(std::min(columns_, count_ - i));
      canvas.list.AddRectFilled({cell.x0 - 1.5F, cell.y0 - 1.5F}, {cell.x0 + cell_ * here + 0.5F, cell.y1 + 0.5F},
                                canvas.theme.rule_strong, 2.0F);
    }
    draw_numbered_cell(canvas, cell, look(i), number);
    if (places_ > 0.0F && i % columns_ % every == 0)
      canvas.text(font, 0.5F * (cell.x0 + cell.x1), cell.y1 + 7.0F, canvas.theme.ink_faint, std::to_string(i),
                  Align::centre, 10.0F);
  }
}

void MemoryStrip::draw_jumps(const Canvas& canvas, std::ptrdiff_t from, std::span<const MemoryJump> jumps) const {
  std::vector<std::size_t> order(jumps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto far = [&](std::size_t i) { return std::abs(jumps[i].to - from); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return far(a) < far(b); });
  const Rect start = rect(from);
  struct Label {
    float x, y;
    const MemoryJump* jump;
  };
  std::vector<Label> labels;
  float height = 12.0F;
  for (const std::size_t i : order) {
    const MemoryJump& jump = jumps[i];
    if (jump.to == from || jump.to < 0 || jump.to >= count_) continue;
    const Rect end = rect(jump.to);
    canvas.list.AddRect({end.x0 - 0.5F, end.y0 - 0.5F}, {end.x1 - 0.5F, end.y1 - 0.5F}, jump.colour, 1.0F, 0, 2.0F);
    if (jump.to / columns_ != from / columns_ || arcs_ < arc_room) continue;
    const float x0 = 0.5F * (start.x0 + start.x1), x1 = 0.5F * (end.x0 + end.x1), y = start.y0 - 2.0F;
    const float top = y - 1.28F * height;  // a cubic reaches three quarters of its handles
    canvas.list.AddBezierCubic({x0, y}, {x0, top}, {x1, top}, {x1, y}, jump.colour, 1.5F);
    labels.push_back({0.5F * (x0 + x1), y - 0.96F * height, &jump});
    height = std::min(height + 10.0F, 38.0F);
  }
  for (const Label& label : labels) {  // over all arcs
    const std::string& text = label.jump->label;
    const float half = 0.5F * canvas.text_width(canvas.fonts.number_small, text, 11.0F) + 2.0F;
    canvas.list.AddRectFilled({label.x - half, label.y - 6.0F}, {label.x + half, label.y + 6.0F}, canvas.theme.paper);
    canvas.text(canvas.fonts.number_small, label.x, label.y, label.jump->colour, text, Align::centre, 11.0F);
  }
}

}  // namespace cvlab::app
