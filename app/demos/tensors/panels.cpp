// Axes that can be dragged, tools for one of them, the operations as code, and hints.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/demos/tensors/tensors.hpp"
#include "app/views/cells.hpp"
#include "app/views/note.hpp"
#include "app/views/sentence.hpp"
#include "app/views/thumbnails.hpp"

namespace cvlab::app {

namespace {

constexpr float caption = 18.0F;
constexpr float chip_gap = 6.0F;
constexpr float tool_gap = 4.0F;

struct ToolWord {
  AxisTool tool;
  const char* word;
};
constexpr std::array<ToolWord, 6> tools = {{{AxisTool::flip, "flip"},
                                            {AxisTool::split, "split"},
                                            {AxisTool::merge, "merge"},
                                            {AxisTool::every_second, "every_second"},
                                            {AxisTool::drop_first, "drop_first"},
                                            {AxisTool::drop_last, "drop_last"}}};

float tool_width(const Look& look, const std::string& label) { return button_width(look, label, Icon::none) - 8.0F; }

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::string signed_text(std::ptrdiff_t n) { return n < 0 ? "\u2212" + std::to_string(-n) : std::to_string(n); }

}  // namespace

// One chip an axis, outermost first. Dragged to another place, the tensor is permuted; pressed, the tools are for it.
void Tensors::draw_axes(const Canvas& canvas, const Rect& area) {
  const int rank = stage().layout.shape.rank();
  if (rank == 0) return;
  canvas.text(canvas.fonts.text_small, area.x0, area.y0 + 7.0F, canvas.theme.ink,
              fitted(canvas, canvas.fonts.text_small, canvas.words("tensors.axes"), area.width()));
  const float width = std::min(128.0F, (area.width() + chip_gap) / static_cast<float>(rank));
  const float top = area.y0 + caption;
  const auto chip = [&](int place) {
    const float x = area.x0 + width * static_cast<float>(place);
    return Rect{x, top, x + width - chip_gap, area.y1};
  };
  const AreaInput input = area_input("axes", {area.x0, top, area.x0 + width * static_cast<float>(rank), area.y1});
  const int under =
      std::clamp(static_cast<int>(std::floor((std::clamp(input.x, area.x0, area.x1) - area.x0) / width)), 0, rank - 1);
  if (input.clicked) {
    lifted_ = under;
    lifted_x_ = input.x;
    dragged_ = false;
  }
  if (lifted_ >= rank) lifted_ = -1;
  if (input.pressed && std::abs(input.x - lifted_x_) > 6.0F) dragged_ = true;
  if (input.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const bool moving = lifted_ >= 0 && input.pressed && dragged_;
  for (int axis = 0, place = 0; axis < rank; ++axis) {
    if (moving && axis == lifted_) continue;
    if (moving && place == under) ++place;  // the chip_gap where it would go
    draw_chip(canvas, chip(moving ? place : axis), axis, false);
    ++place;
  }
  if (moving) {
    Rect lifted = chip(lifted_);
    const float by = std::clamp(input.x - lifted_x_, area.x0 - lifted.x0, chip(rank - 1).x0 - lifted.x0);
    lifted.x0 += by;
    lifted.x1 += by;
    draw_chip(canvas, lifted, lifted_, true);
  }
  if (input.hovered && !input.pressed && input.y >= top) {
    const LayoutStage& s = stage();
    draw_note_at_pointer(canvas,
                         canvas.words.format("tensors.chip", {s.names[at(under)], std::to_string(s.layout.shape[under]),
                                                              signed_text(s.layout.strides[at(under)])}));
  }
  if (lifted_ >= 0 && !input.pressed) {  // let go
    const int axis = std::exchange(lifted_, -1);
    if (dragged_)
      move_axis(axis, under);
    else
      (void)state_.set("axis", std::to_string(axis));
  }
}

void Tensors::draw_chip(const Canvas& canvas, const Rect& chip, int axis, bool lifted) const {
  const Theme& theme = canvas.theme;
  const LayoutStage& s = stage();
  const bool chosen = std::min(state_.integer("axis"), s.layout.shape.rank() - 1) == axis;
  const ImU32 colour = axis_colours(theme, s)[at(axis)];
  const ImU32 fill = lifted ? theme.focus_soft : chosen ? theme.accent_soft : theme.raised;
  canvas.list.AddRectFilled({chip.x0, chip.y0}, {chip.x1, chip.y1}, fill, 6.0F);
  canvas.list.AddRectFilled({chip.x0, chip.y0 + 5.0F}, {chip.x0 + 3.5F, chip.y1 - 5.0F}, colour, 2.0F);
  canvas.list.AddRect({chip.x0, chip.y0}, {chip.x1, chip.y1},
                      lifted   ? theme.focus
                      : chosen ? theme.accent
                               : theme.rule_strong,
                      6.0F);
  const float upper = chip.y0 + 0.3F * chip.height(), lower = chip.y0 + 0.72F * chip.height();
  const float left = chip.x0 + 9.0F, right = chip.x1 - 7.0F;
  const std::string size = std::to_string(s.layout.shape[axis]);
  const float room = right - left - canvas.text_width(canvas.fonts.number, size) - 4.0F;
  canvas.text(canvas.fonts.text, left, upper, colour, fitted(canvas, canvas.fonts.text, s.names[at(axis)], room));
  canvas.text(canvas.fonts.number, right, upper, theme.ink, size, Align::right);
  const std::string stride = signed_text(s.layout.strides[at(axis)]);
  const float number = canvas.text_width(canvas.fonts.number_small, stride, 12.0F);
  const std::string word = canvas.words("tensors.stride");
  if (canvas.text_width(canvas.fonts.text_small, word, 12.0F) + number + 6.0F <= right - left)
    canvas.text(canvas.fonts.text_small, left, lower, theme.ink_soft, word, Align::left, 12.0F);
  canvas.text(canvas.fonts.number_small, right, lower, colour, stride, Align::right, 12.0F);
}

int Tensors::tool_rows(const Canvas& canvas, float width) {
  const Look look{canvas, 38.0F};
  float x = tool_width(look, canvas.words("tensors.undo"));
  int rows = 1;
  for (const ToolWord& t : tools) {
    const float next = tool_width(look, canvas.words(std::string("tensors.tool.") + t.word));
    x += tool_gap + next;
    if (x <= width) continue;
    x = next;
    ++rows;
  }
  return rows;
}

void Tensors::draw_tools(const Canvas& canvas, const Rect& area) {
  const LayoutStage& s = stage();
  const int rank = s.layout.shape.rank();
  const bool narrow = canvas.area.width() < 620.0F;
  const Look look{canvas, narrow ? 38.0F : 30.0F};
  const int axis = std::clamp(state_.integer("axis"), 0, std::max(0, rank - 1));
  float y = area.y0;
  if (!narrow) {
    const std::string name = rank > 0 ? s.names[at(axis)] : std::string();
    canvas.text(canvas.fonts.text_small, area.x0, y + 7.0F, canvas.theme.ink,
                fitted(canvas, canvas.fonts.text_small, canvas.words.format("tensors.tools", {name}), area.width()));
    y += caption;
  }
  const ImVec2 back = ImGui::GetCursorScreenPos();
  float x = area.x0;
  std::optional<AxisTool> used;
  const auto place = [&](float width) {
    if (x > area.x0 && x + width > area.x1) {
      x = area.x0;
      y += look.hit + tool_gap;
    }
    ImGui::SetCursorScreenPos({x, y});
    x += width + tool_gap;
    return y + look.hit <= area.y1 + 4.0F;
  };
  // Undo comes first, where it always has room.
  const std::string undo_word = canvas.words("tensors.undo");
  const bool any = !ops_.empty() || faulty_ >= 0;
  if (place(tool_width(look, undo_word)) &&
      button(look, "undo", undo_word, {.framed = any, .width = tool_width(look, undo_word)},
             canvas.words("tensors.tip.undo")) &&
      any)
    undo();
  for (const ToolWord& row : tools) {
    const std::string key = std::string("tensors.tool.") + row.word;
    const std::string label = canvas.words(key);
    if (!place(tool_width(look, label))) break;
    const bool possible = can(row.tool, axis);
    if (button(look, row.word, label, {.framed = possible, .width = tool_width(look, label)},
               canvas.words(std::string("tensors.tip.") + row.word)) &&
        possible)
      used = row.tool;
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  if (used) use(*used, axis);
}

// The chain as it would stand in a program; each line with what it cost. A click goes back to it.
void Tensors::draw_code(const Canvas& canvas, const Rect& area) {
  const Theme& theme = canvas.theme;
  if (area.width() < 60.0F || area.height() < 24.0F) return;
  const auto lines = static_cast<float>(ops_.size() + 1);
  float y = area.y0;
  if (puzzle()) y += draw_hints(canvas, area);
  const float height = (area.y1 - y) / lines >= 40.0F ? 40.0F : std::clamp((area.y1 - y) / lines, 15.0F, 24.0F);
  const AreaInput input = area_input("code", {area.x0, y, area.x1, std::min(area.y1, y + height * lines)});
  for (int i = 0; i <= static_cast<int>(ops_.size()); ++i, y += height) {
    if (y + height > area.y1 + 1.0F) break;
    const Rect line{area.x0, y, area.x1, y + height};
    const bool faulty = faulty_ >= 0 && i == faulty_ + 1, later = i > shown_;
    const bool there = i < static_cast<int>(chain_->stages().size());
    if (i == shown_) canvas.list.AddRectFilled({line.x0, line.y0}, {line.x1, line.y1}, theme.accent_soft, 4.0F);
    if (there && input.hovered && line.contains(input.x, input.y)) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      canvas.list.AddRect({line.x0, line.y0}, {line.x1, line.y1}, theme.accent, 4.0F);
      if (input.clicked) (void)state_.set("upto", std::to_string(i));
    }
    const bool two = height >= 40.0F && there;
    const float middle = two ? line.y0 + 12.0F : 0.5F * (line.y0 + line.y1);
    if (two) {
      const Layout& layout = chain_->stages()[at(i)].layout;
      std::string below = shape_text(layout.shape) + ", " + canvas.words("tensors.strides");
      for (int axis = 0; axis < layout.shape.rank(); ++axis) below += ' ' + signed_text(layout.strides[at(axis)]);
      canvas.text(canvas.fonts.text_small, line.x0 + 6.0F, line.y1 - 11.0F, later ? theme.ink_faint : theme.ink_soft,
                  fitted(canvas, canvas.fonts.text_small, below, line.width() - 10.0F));
    }
    std::string cost;
    ImU32 ink = theme.good;
    if (i > 0 && there) {
      const LayoutStage& s = chain_->stages()[at(i)];
      cost = s.copied ? canvas.words.format("tensors.cost_copy", {std::to_string(s.layout.shape.count())})
                      : std::string(canvas.words("tensors.cost_none"));
      if (s.copied) ink = theme.warn;
    } else if (faulty) {
      cost = "\u2717";
      ink = theme.bad;
    }
    const float cost_width = canvas.text(canvas.fonts.text_small, line.x1 - 6.0F, middle,
                                         with_alpha(ink, later && !faulty ? 0.5F : 1.0F), cost, Align::right, 12.0F);
    std::string text = two ? "x" : "x: " + shape_text(chain_->stages()[0].layout.shape);
    if (i > 0) text = (ops_[at(i - 1)].kind == LayoutOpKind::index ? " " : ".") + layout_op_text(ops_[at(i - 1)]);
    text.erase(std::remove(text.begin() + 1, text.end(), ' '), text.end());  // shorter
    canvas.text(canvas.fonts.number, line.x0 + 6.0F, middle,
                faulty  ? theme.bad
                : later ? theme.ink_faint
                        : theme.ink,
                fitted(canvas, canvas.fonts.number, text, line.width() - cost_width - 20.0F));
  }
}

// First which operations, then the first one with its numbers, then all of it.
std::vector<std::string> Tensors::hints(const Words& words) const {
  const auto way = parse_layout_ops(layout_puzzle(state_.integer("level")).solution).value();
  std::vector<std::string> list;
  std::string kinds;
  for (const LayoutOp& op : way) {
    std::string text = layout_op_text(op);
    if (op.kind != LayoutOpKind::index)
      text = text.substr(0, text.find('('));
    else
      text = "[ ]";
    kinds += (kinds.empty() ? "" : ", ") + text;
  }
  list.push_back(words.format("tensors.hint_kinds", {kinds}));
  list.push_back(words.format("tensors.hint_first", {layout_op_text(way.front())}));
  list.push_back(words.format("tensors.hint_all", {layout_ops_text(way)}));
  return list;
}

// Buttons, and what has been asked for; returns the height that it took.
float Tensors::draw_hints(const Canvas& canvas, const Rect& area) {
  const Look look{canvas, canvas.area.width() < 620.0F ? 38.0F : 30.0F};
  const int hint = state_.integer("hint"), level = state_.integer("level");
  const ImVec2 back = ImGui::GetCursorScreenPos();
  float x = area.x0;
  if (hint < 3 && !verdict_.solved) {
    const std::string more = canvas.words.format("tensors.hint_button", {std::to_string(hint + 1)});
    ImGui::SetCursorScreenPos({x, area.y0});
    if (button(look, "hint", more, {}, canvas.words("tensors.hint.help")))
      (void)state_.set("hint", std::to_string(hint + 1));
    x += button_width(look, more, Icon::none) + 6.0F;
  }
  if (level < layout_puzzles) {
    const std::string next = canvas.words("tensors.next");
    ImGui::SetCursorScreenPos({x, area.y0});
    if (button(look, "next", next, {.selected = verdict_.solved})) {
      (void)state_.set("level", std::to_string(level + 1));
      for (const char* id : {"answer", "hint", "upto"})
        (void)state_.set(id, id[0] == 'a' ? "" : id[0] == 'h' ? "0" : "12");
    }
  }
  ImGui::SetCursorScreenPos(back);
  ImGui::Dummy({0.0F, 0.0F});
  ImGui::SetCursorScreenPos(back);
  float y = area.y0 + look.hit + 6.0F;
  if (hint > 0) {
    const std::vector<std::string> all = hints(canvas.words);
    const std::string& text = all[at(std::min(hint, 3) - 1)];
    const float height = sentence_height(canvas, text, area.width() - 10.0F);
    if (y + height <= area.y1) {
      canvas.list.AddRectFilled({area.x0, y}, {area.x0 + 3.0F, y + height}, canvas.theme.rule_strong);
      draw_sentence(canvas, {area.x0 + 10.0F, y, area.x1, y + height}, text, canvas.theme.ink_soft);
      y += height + 6.0F;
    }
  }
  return y - area.y0;
}

}  // namespace cvlab::app
