#include "app/views/nested_tensor.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/cells.hpp"

namespace cvlab::app {

namespace {

constexpr float line = 15.0F;    // px of a line of names above or below
constexpr float column = 30.0F;  // px of names at the left
constexpr float arrow = 22.0F;   // px of the name of the axis that runs down

std::size_t at_axis(int axis) { return static_cast<std::size_t>(axis); }

}  // namespace

// Axes from the last one: right, down, then in turn; `sideways` says whether the third one runs to the right.
void NestedTensor::arrange(bool sideways) {
  const int rank = shape_.rank();
  width_ = height_ = 1.0F;
  left_ = top_ = bottom_ = 0.0F;
  for (int axis = rank - 1; axis >= 0; --axis) {
    const int depth = rank - 1 - axis;
    const bool to_right = depth == 0 || (depth > 1 && (depth % 2 == 0) == sideways);
    const float gap = depth < 2 ? 0.0F : depth < 4 ? 0.5F : 1.0F;
    float& along = to_right ? width_ : height_;
    right_[at_axis(axis)] = to_right;
    pitch_[at_axis(axis)] = along + gap;
    along += pitch_[at_axis(axis)] * static_cast<float>(std::max<std::ptrdiff_t>(shape_[axis] - 1, 0));
    if (depth == 0) bottom_ = line + 2.0F;
    if (depth == 1) left_ = arrow;
    if (depth < 2) continue;
    label_[at_axis(axis)] = to_right ? top_ : left_;
    (to_right ? top_ : left_) += to_right ? line + 1.0F : column;
  }
  if (left_ > arrow && top_ == 0.0F) top_ = line + 1.0F;  // a long name stands above its numbers
}

NestedTensor NestedTensor::fit(const Rect& area, const Shape& shape, float largest) {
  NestedTensor best;
  for (const bool sideways : {true, false}) {
    NestedTensor t;
    t.shape_ = shape;
    t.arrange(sideways);
    const float size = std::min((area.width() - t.left_) / t.width_, (area.height() - t.top_ - t.bottom_) / t.height_);
    t.cell_ = std::clamp(std::floor(size), 1.0F, largest);
    t.x_ = std::round(area.x0 + t.left_);
    t.y_ = std::round(area.y0 + t.top_);
    if (sideways || t.cell_ > 1.15F * best.cell_) best = t;  // side by side is what one reads as a row of planes
  }
  return best;
}

float NestedTensor::extent(int axis, bool horizontal) const {
  float cells = 1.0F;
  for (int i = axis; i < shape_.rank(); ++i) {
    if (right(i) == horizontal)
      cells += pitch_[at_axis(i)] * static_cast<float>(std::max<std::ptrdiff_t>(shape_[i] - 1, 0));
  }
  return cells * cell_;
}

Rect NestedTensor::cells() const { return {x_, y_, x_ + extent(0, true), y_ + extent(0, false)}; }

Rect NestedTensor::rect(const TensorIndex& index) const {
  float x = x_, y = y_;
  for (int axis = 0; axis < shape_.rank(); ++axis)
    (right(axis) ? x : y) += pitch(axis) * static_cast<float>(index[at_axis(axis)]);
  return {x, y, x + cell_, y + cell_};
}

std::optional<TensorIndex> NestedTensor::at(float px, float py) const {
  if (shape_.count() == 0 || !cells().contains(px, py)) return std::nullopt;
  float x = px - x_, y = py - y_;
  TensorIndex index{};
  for (int axis = 0; axis < shape_.rank(); ++axis) {
    float& along = right(axis) ? x : y;
    const auto most = static_cast<float>(shape_[axis] - 1);
    const float i = std::clamp(std::floor(along / pitch(axis)), 0.0F, most);
    index[at_axis(axis)] = static_cast<std::ptrdiff_t>(i);
    along -= i * pitch(axis);
  }
  if (x >= cell_ || y >= cell_) return std::nullopt;  // between two blocks
  return index;
}

// "C 0", "C 1", … at the blocks; "W →" and "H ↓" at the first one.
void NestedTensor::draw_names(const Canvas& canvas, std::span<const std::string> names,
                              std::span<const ImU32> colours) const {
  const int rank = shape_.rank();
  ImFont* const font = canvas.fonts.text_small;
  constexpr float em = 12.0F;
  const Rect all = cells();
  for (int axis = 0; axis < rank; ++axis) {
    const std::string& name = names[at_axis(axis)];
    const ImU32 ink = colours[at_axis(axis)];
    if (name.empty() && axis >= rank - 2) continue;
    if (axis == rank - 1) {
      canvas.text(font, all.x0, all.y1 + 10.0F, ink, name + " \u2192", Align::left, em);
      continue;
    }
    if (axis == rank - 2) {
      canvas.text(font, all.x0 - 5.0F, all.y0 + std::min(0.5F * cell_, 12.0F), ink, name, Align::right, em);
      if (extent(axis, false) >= 30.0F)
        canvas.text(font, all.x0 - 5.0F, all.y0 + std::min(0.5F * cell_, 12.0F) + 14.0F, ink, "\u2193", Align::right,
                    em);
      continue;
    }
    const std::string last = name + ' ' + std::to_string(shape_[axis] - 1);
    const float room = right(axis) ? extent(axis + 1, true) + 0.4F * cell_ : column - 4.0F;
    const bool named = !name.empty() && canvas.text_width(font, last, em) <= room;
    if (!named && !name.empty()) {  // once, beside the numbers
      const float side = right(axis) ? all.x0 - 6.0F : all.x0 - label_[at_axis(axis)] - 6.0F;
      const float above = all.y0 - 9.0F - (right(axis) ? label_[at_axis(axis)] : 0.0F);
      canvas.text(font, side, above, ink, name, Align::right, em);
    }
    for (std::ptrdiff_t i = 0; i < shape_[axis]; ++i) {
      const float along = pitch(axis) * static_cast<float>(i);
      const std::string text = named ? name + ' ' + std::to_string(i) : std::to_string(i);
      if (right(axis)) {
        canvas.text(font, all.x0 + along, all.y0 - label_[at_axis(axis)] - 9.0F, ink, text, Align::left, em);
      } else {
        const float middle = all.y0 + along + std::min(0.5F * extent(axis + 1, false), 0.5F * cell_ + 6.0F);
        canvas.text(font, all.x0 - label_[at_axis(axis)] - 6.0F, middle, ink, text, Align::right, em);
      }
    }
  }
}

void NestedTensor::draw(const Canvas& canvas, std::span<const std::string> names, std::span<const ImU32> colours,
                        const std::function<NumberedCell(const TensorIndex&)>& look) const {
  if (shape_.count() == 0) return;
  draw_names(canvas, names, colours);
  TensorIndex index{};
  float greatest = 0.0F;
  do greatest = std::max(greatest, look(index).value);
  while (next_index(shape_, index));
  const float number = shared_number_size(canvas, cell_, greatest);
  index = {};
  do {
    if (shape_.rank() >= 2) {  // a plate behind each block of the last two axes
      const auto last = at_axis(shape_.rank() - 1);
      if (index[last] == 0 && index[last - 1] == 0) {
        const Rect corner = rect(index);
        const float x1 = corner.x0 + extent(shape_.rank() - 2, true), y1 = corner.y0 + extent(shape_.rank() - 2, false);
        canvas.list.AddRectFilled({corner.x0 - 1.5F, corner.y0 - 1.5F}, {x1 + 0.5F, y1 + 0.5F},
                                  canvas.theme.rule_strong, 2.0F);
      }
    }
    draw_numbered_cell(canvas, rect(index), look(index), number);
  } while (next_index(shape_, index));
}

float shared_number_size(const Canvas& canvas, float cell, float greatest) {
  if (cell < 14.0F) return 0.0F;
  char buffer[24];
  const int longest = glyph_count(format_cell(canvas.words, greatest, 6, buffer));
  return std::min({0.36F * cell + 3.5F, 0.9F * cell / (0.6F * static_cast<float>(std::max(2, longest))), 15.0F});
}

void draw_numbered_cell(const Canvas& canvas, const Rect& cell, const NumberedCell& look, float number) {
  const float gap = cell.width() >= 8.0F ? 1.0F : 0.0F;
  const ImU32 fill = look.pale ? mix(canvas.theme.surface, look.fill, 0.16F) : look.fill;
  canvas.list.AddRectFilled({cell.x0, cell.y0}, {cell.x1 - gap, cell.y1 - gap}, fill);
  if (number > 0.0F) draw_number(canvas, cell, look.value, look.pale ? canvas.theme.ink_faint : ink_on(fill), number);
}

}  // namespace cvlab::app
