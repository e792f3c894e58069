// The tensor as nested planes, and the one line of memory that all of it is.
#include <algorithm>
#include <cmath>

#include "app/demos/tensors/tensors.hpp"
#include "app/gfx/shade.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 18.0F;
constexpr float largest_cell = 46.0F;
constexpr float largest_place = 30.0F;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Axes have their own colours, the same in names, strides and jumps; in a dark theme a little lighter.
ImU32 named_colour(const Theme& theme, const std::string& name) {
  const auto calm = [&](int i) {
    const ImU32 colour = theme.categorical[i];
    return theme.dark ? mix(colour, theme.ink, 0.12F) : colour;
  };
  switch (name.empty() ? ' ' : name.front()) {
    case 'N':
      return calm(6);
    case 'C':
      return calm(0);
    case 'H':
      return calm(2);
    case 'W':
    case 'i':
      return calm(5);
    default:
      return theme.ink_soft;
  }
}

}  // namespace

std::vector<ImU32> Tensors::axis_colours(const Theme& theme, const LayoutStage& s) const {
  std::vector<ImU32> colours;
  for (const std::string& name : s.names) colours.push_back(named_colour(theme, name));
  return colours;
}

float Tensors::value_of(std::ptrdiff_t origin) const {
  return numbers_.values.empty() ? static_cast<float>(origin) : numbers_.values.data()[origin];
}

// A number that counts: by where it was at the start. A photograph's: so much red, green or blue.
ImU32 Tensors::fill_of(const Theme& theme, std::ptrdiff_t origin) const {
  if (numbers_.channels.empty()) {
    const auto last = static_cast<float>(std::max<std::ptrdiff_t>(1, chain_->memory(chain_->stages()[0]).count() - 1));
    return shade_colour(theme, Shade::sequential, 0.0F, last, static_cast<float>(origin));
  }
  const auto level = static_cast<ImU32>(std::lround(value_of(origin)));
  const ImU32 rest = level / 6;
  const int channel = numbers_.channels[static_cast<std::size_t>(origin)];
  return IM_COL32(channel == 0 ? level : rest, channel == 1 ? level : rest, channel == 2 ? level : rest, 255);
}

// Code and hints at the left, tensor (and goal) beside them; axes, formula and memory below, as high as they need.
Tensors::Layouts Tensors::wide_layouts(const Rect& rest) const {
  Layouts l;
  const float width = rest.width(), height = rest.height();
  const float most = std::clamp(0.3F * height, 60.0F, 240.0F);
  const MemoryStrip strip =
      MemoryStrip::fit({0.0F, 0.0F, width, most - caption}, chain_->memory(stage()).count(), largest_place);
  l.memory = {rest.x0, rest.y1 - caption - strip.bottom(), rest.x1, rest.y1};
  const float formula = height >= 600.0F ? 80.0F : height >= 360.0F ? 60.0F : 0.0F;
  l.formula = {rest.x0, l.memory.y0 - formula - 4.0F, rest.x1, l.memory.y0 - 4.0F};
  l.axes = {rest.x0, l.formula.y0 - 74.0F, rest.x0 + 0.45F * width, l.formula.y0 - 8.0F};
  l.tools = {l.axes.x1 + 14.0F, l.axes.y0, rest.x1, l.axes.y1};
  const float top = l.axes.y0 - 8.0F;
  const float code = std::clamp(0.3F * width, 200.0F, 320.0F);
  l.code = {rest.x0, rest.y0 + 2.0F, rest.x0 + code, top};
  const float x = l.code.x1 + 16.0F;
  l.tensor = {x, rest.y0 + caption, rest.x1, top};
  if (puzzle()) {
    l.tensor.x1 = x + 0.5F * (rest.x1 - x) - 8.0F;
    l.goal = {l.tensor.x1 + 16.0F, l.tensor.y0, rest.x1, top};
  }
  return l;
}

Tensors::Layouts Tensors::narrow_layouts(const Rect& rest, int tool_rows) const {
  Layouts l;
  l.wide = false;
  const float height = rest.height();
  const bool tall = height >= 480.0F;  // else only the most telling parts
  const float axes = 62.0F, tools = tall ? 42.0F * static_cast<float>(tool_rows) : 40.0F,
              formula = height >= 330.0F ? 60.0F : 0.0F;
  const float code = !tall ? 0.0F : std::clamp(0.16F * height, 52.0F, puzzle() ? 150.0F : 110.0F);
  const MemoryStrip strip =
      MemoryStrip::fit({0.0F, 0.0F, rest.width(), std::clamp(0.22F * height, 60.0F, 150.0F) - caption},
                       chain_->memory(stage()).count(), largest_place);
  const float memory = strip.bottom() + caption;
  const float middle = height - axes - tools - formula - code - memory - (tall ? 30.0F : 16.0F);
  l.axes = {rest.x0, rest.y0, rest.x1, rest.y0 + axes};
  l.tensor = {rest.x0, l.axes.y1 + caption + 4.0F, rest.x1, l.axes.y1 + 4.0F + std::max(20.0F, middle)};
  if (puzzle()) {
    const float half = 0.5F * rest.width();
    l.goal = {rest.x0 + half + 6.0F, l.tensor.y0, rest.x1, l.tensor.y1};
    l.tensor.x1 = rest.x0 + half - 6.0F;
  }
  l.tools = {rest.x0, l.tensor.y1 + 6.0F, rest.x1, l.tensor.y1 + 6.0F + tools};
  l.formula = {rest.x0, l.tools.y1 + 4.0F, rest.x1, l.tools.y1 + 4.0F + formula};
  l.memory = {rest.x0, l.formula.y1 + 2.0F, rest.x1, l.formula.y1 + 2.0F + memory};
  l.code = {rest.x0, l.memory.y1 + 8.0F, rest.x1, rest.y1};
  return l;
}

Tensors::Layouts Tensors::layouts(const Canvas& canvas, const std::string& text) const {
  const StageRoom room = stage_room(canvas, text);
  Layouts l = room.wide ? wide_layouts(room.rest) : narrow_layouts(room.rest, tool_rows(canvas, room.rest.width()));
  l.status = room.status;
  return l;
}

void Tensors::draw(Canvas& canvas) {
  keys();
  if (broadcast()) {
    draw_broadcast(canvas);
    return;
  }
  if (!no_picture_.id.empty()) {
    draw_message(canvas, canvas.area, canvas.words.sentence(no_picture_));
    return;
  }
  const std::string text = sentence(canvas.words);
  const Layouts l = layouts(canvas, text);
  if (l.tensor.width() < 30.0F || l.tensor.height() < 30.0F) return;
  const ImU32 ink = !problem_.id.empty()          ? canvas.theme.bad
                    : verdict_.solved && puzzle() ? canvas.theme.good
                                                  : canvas.theme.ink;
  draw_sentence(canvas, l.status, text, ink);
  const LayoutStage& s = stage();
  const NestedTensor tensor = NestedTensor::fit(l.tensor, s.layout.shape, largest_cell);
  const Rect strip_area{l.memory.x0, l.memory.y0 + caption, l.memory.x1, l.memory.y1};
  const MemoryStrip strip = MemoryStrip::fit(strip_area, chain_->memory(s).count(), largest_place);
  point(tensor, strip, strip_area);
  if (puzzle()) draw_goal(canvas, l.goal);
  const std::string name = canvas.words(puzzle() ? "tensors.yours" : "tensors.tensor");
  draw_caption(canvas, {l.tensor.x0, l.tensor.y0, l.tensor.x1, l.tensor.y1}, name.c_str(),
               shape_text(s.layout.shape).c_str());
  draw_tensor(canvas, tensor);
  draw_memory(canvas, strip, l.memory);
  draw_place(canvas, l.formula);
  draw_axes(canvas, l.axes);
  draw_tools(canvas, l.tools);
  draw_code(canvas, l.code);
}

// Pointing looks, clicking keeps.
void Tensors::point(const NestedTensor& tensor, const MemoryStrip& strip, const Rect& memory) {
  hovered_.reset();
  hovered_place_.reset();
  hovered_origin_.reset();
  const Layout& layout = stage().layout;
  const AreaInput over = area_input("tensor", tensor.cells());
  if (over.hovered || over.pressed) hovered_ = tensor.at(over.x, over.y);
  if (over.pressed && hovered_) keep(*hovered_, layout.shape.rank());
  const AreaInput below = area_input("memory", {memory.x0, memory.y0, memory.x1, std::min(memory.y1, strip.bottom())});
  const auto place = below.hovered || below.pressed ? strip.at(below.x, below.y) : std::nullopt;
  if (!place || layout.shape.count() == 0) return;
  TensorIndex index{};
  do {
    if (layout.place(index) != *place) continue;
    hovered_ = index;
    if (below.pressed) keep(index, layout.shape.rank());
    return;
  } while (next_index(layout.shape, index));
  hovered_place_ = place;  // no element looks there
}

void Tensors::mark_origin(const Canvas& canvas, const NestedTensor& tensor, const LayoutChain& chain,
                          const LayoutStage& s, std::ptrdiff_t origin) const {
  const Layout& layout = s.layout;
  if (layout.shape.count() == 0) return;
  const float* memory = chain.memory(s).data();
  TensorIndex index{};
  do {
    if (static_cast<std::ptrdiff_t>(memory[layout.place(index)]) == origin)
      draw_frame(canvas, tensor.rect(index), canvas.theme.focus, 2.5F);
  } while (next_index(layout.shape, index));
}

void Tensors::draw_tensor(const Canvas& canvas, const NestedTensor& tensor) const {
  const LayoutStage& s = stage();
  const Layout& layout = s.layout;
  const std::vector<ImU32> colours = axis_colours(canvas.theme, s);
  if (layout.shape.count() == 0) return;
  const bool judged = puzzle() && verdict_.same_shape && !verdict_.solved && shown_ > 0;
  const ConstView goal = goal_ ? goal_->view(goal_->last()) : ConstView{};
  tensor.draw(canvas, s.names, colours, [&](const TensorIndex& index) {
    const std::ptrdiff_t origin = origin_of(layout.place(index));
    bool wrong = false;
    if (judged) {
      const Layout wanted{goal.shape(), goal.strides(), 0};
      wrong = static_cast<std::ptrdiff_t>(goal.data()[wanted.place(index)]) != origin;
    }
    return NumberedCell{fill_of(canvas.theme, origin), value_of(origin), wrong};
  });
  if (hovered_place_) return;
  if (hovered_origin_) {
    mark_origin(canvas, tensor, *chain_, s, *hovered_origin_);
    return;
  }
  const TensorIndex index = looked_at();
  for (int axis = 0; axis < layout.shape.rank(); ++axis) {
    TensorIndex next = index;
    if (++next[at(axis)] < layout.shape[axis]) draw_frame(canvas, tensor.rect(next), colours[at(axis)], 2.0F);
  }
  if (const auto place = looked_place()) mark_origin(canvas, tensor, *chain_, s, origin_of(*place));
}

void Tensors::draw_goal(const Canvas& canvas, const Rect& area) {
  const LayoutStage& s = goal_->last();
  const NestedTensor tensor = NestedTensor::fit(area, s.layout.shape, largest_cell);
  draw_caption(canvas, area, canvas.words("tensors.goal"), shape_text(s.layout.shape).c_str());
  const ConstView view = goal_->view(s);
  const Layout layout{view.shape(), view.strides(), 0};
  const auto origin = [&](const TensorIndex& index) {
    return static_cast<std::ptrdiff_t>(view.data()[layout.place(index)]);
  };
  tensor.draw(canvas, s.names, axis_colours(canvas.theme, s), [&](const TensorIndex& index) {
    return NumberedCell{fill_of(canvas.theme, origin(index)), value_of(origin(index)), false};
  });
  const AreaInput input = area_input("goal", tensor.cells());
  const auto over = input.hovered || input.pressed ? tensor.at(input.x, input.y) : std::nullopt;
  if (over) hovered_origin_ = origin(*over);
  const auto place = looked_place();
  if (hovered_origin_ || place)
    mark_origin(canvas, tensor, *goal_, s, hovered_origin_ ? *hovered_origin_ : origin_of(*place));
  if (over && !input.pressed)
    draw_note_at_pointer(canvas, canvas.words.format("tensors.was_at", {std::to_string(*hovered_origin_)}));
}

void Tensors::draw_memory(const Canvas& canvas, const MemoryStrip& strip, const Rect& area) const {
  const LayoutStage& s = stage();
  const Layout& layout = s.layout;
  const Tensor& memory = chain_->memory(s);
  const std::string count = std::to_string(memory.count());
  const std::string name = s.memory > 0 ? canvas.words.format("tensors.new_memory", {count})
                                        : canvas.words.format("tensors.memory", {count});
  canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 8.0F, canvas.theme.ink,
              fitted(canvas, canvas.fonts.text_small, name, area.width()));
  std::vector<bool> read(static_cast<std::size_t>(memory.count()), false);
  TensorIndex index{};
  if (layout.shape.count() > 0) {
    do read[static_cast<std::size_t>(layout.place(index))] = true;
    while (next_index(layout.shape, index));
  }
  strip.draw(canvas, [&](std::ptrdiff_t place) {
    const std::ptrdiff_t origin = origin_of(place);
    return NumberedCell{fill_of(canvas.theme, origin), value_of(origin), !read[static_cast<std::size_t>(place)]};
  });
  if (hovered_origin_) {
    for (std::ptrdiff_t place = 0; place < memory.count(); ++place) {
      if (origin_of(place) == *hovered_origin_) draw_frame(canvas, strip.rect(place), canvas.theme.focus, 2.5F);
    }
    return;
  }
  const auto place = looked_place();
  if (!place) return;
  std::vector<MemoryJump> jumps;
  const std::vector<ImU32> colours = axis_colours(canvas.theme, s);
  const TensorIndex here = looked_at();
  for (int axis = 0; !hovered_place_ && axis < layout.shape.rank(); ++axis) {
    const std::ptrdiff_t stride = layout.strides[at(axis)];
    if (here[at(axis)] + 1 >= layout.shape[axis]) continue;
    const std::string label = (stride < 0 ? "\u2212" : "+") + std::to_string(std::abs(stride));
    jumps.push_back({*place + stride, label, colours[at(axis)]});
  }
  strip.draw_jumps(canvas, *place, jumps);
  draw_frame(canvas, strip.rect(*place), canvas.theme.focus, 2.5F);
  if (hovered_place_) draw_note_at_pointer(canvas, canvas.words("tensors.not_read"));
}

// place = start + n · s_N + c · s_C + …, with its numbers below.
void Tensors::draw_place(const Canvas& canvas, const Rect& area) const {
  const LayoutStage& s = stage();
  const Layout& layout = s.layout;
  const auto place = looked_place();
  if (!place || hovered_place_ || hovered_origin_) return;
  const TensorIndex index = looked_at();
  const std::vector<ImU32> colours = axis_colours(canvas.theme, s);
  const auto number = [](std::ptrdiff_t n) { return n < 0 ? "\u2212" + std::to_string(-n) : std::to_string(n); };
  const auto sign = [](const char* text) { return FormulaPiece{.top = text, .sign = true}; };
  std::vector<FormulaPiece> pieces = {
      {.top = canvas.words("tensors.place"), .value = number(*place), .colour = canvas.theme.focus}, sign("=")};
  if (layout.offset != 0 || layout.shape.rank() == 0)
    pieces.push_back({.top = canvas.words("tensors.first"), .value = number(layout.offset)});
  for (int axis = 0; axis < layout.shape.rank(); ++axis) {
    std::string low = s.names[at(axis)];
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (pieces.size() > 2) pieces.push_back(sign("+"));
    pieces.push_back({.top = low, .value = number(index[at(axis)])});
    pieces.push_back(sign("\u00B7"));
    pieces.push_back(
        {.top = "s_" + s.names[at(axis)], .value = number(layout.strides[at(axis)]), .colour = colours[at(axis)]});
  }
  draw_formula(canvas, area, pieces);
}

}  // namespace cvlab::app
